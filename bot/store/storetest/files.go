package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"heshi/bot"
	"heshi/intake"
)

func reminders(w *world) {
	put := func(who string, at time.Time, reminded bool) {
		c := bot.NewConversation(user(who))
		c.RemindAt, c.Reminded = at, reminded
		w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
	}
	put("late", w.now.Add(-time.Hour), false)
	put("later", w.now.Add(-time.Minute), false)
	put("future", w.now.Add(time.Hour), false)
	put("reminded", w.now.Add(-time.Hour), true)
	put("none", time.Time{}, false)
	as, err := w.Reminders(w.ctx, w.now, 10)
	w.ok(err)
	w.equal("due", as, []bot.Address{user("late"), user("later")})
	as, err = w.Reminders(w.ctx, w.now, 1)
	w.ok(err)
	w.equal("limit", as, []bot.Address{user("late")})
	c, err := w.Conversation(w.ctx, user("late"))
	w.ok(err)
	c.Reminded = true
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
	as, err = w.Reminders(w.ctx, w.now, 10)
	w.ok(err)
	w.equal("once", as, []bot.Address{user("later")})
}

func mattersFilter(w *world) {
	var c bot.Commit
	add := func(id, no, office, assignee, who string, status intake.Status, minutes int, flags ...string) {
		m := intake.Matter{
			ID: id, No: no, Kind: intake.ForMediation, Office: office, Assignee: assignee, Status: status, Conversation: user(who).String(),
			Created: w.now.Add(time.Duration(minutes) * time.Minute), Flags: flags,
		}
		if slices.Contains(flags, "kind") {
			m.Kind = intake.ForUrgent
		}
		c.Matters = append(c.Matters, m)
	}
	add("m1", "2026-A01-0001", "o1", "", "a", intake.Received, 10)
	add("m2", "2026-A01-0002", "o1", "s1", "a", intake.Assigned, 5)
	add("m3", "2026-A02-0001", "o2", "s1", "b", intake.Received, 30, "urgent")
	add("m4", "2026-A02-0002", "o2", "", "b", intake.Draft, 20, "safety_hold")
	add("m5", "2025-A01-0009", "o3", "", "c", intake.Archived, 1, "minor")
	add("m6", "", "o3", "", "c", intake.Draft, 40, "kind")
	w.ok(w.Commit(w.ctx, c))
	for _, test := range []struct {
		what string
		f    bot.MatterFilter
		want []string
	}{
		{"all", bot.MatterFilter{}, []string{"m4", "m3", "m6", "m5", "m2", "m1"}},
		{"office", bot.MatterFilter{Offices: []string{"o1"}}, []string{"m2", "m1"}},
		{"offices", bot.MatterFilter{Offices: []string{"o1", "o2"}}, []string{"m4", "m3", "m2", "m1"}},
		{"status", bot.MatterFilter{Statuses: []intake.Status{intake.Received, intake.Archived}}, []string{"m3", "m5", "m1"}},
		{"assignee", bot.MatterFilter{Assignee: "s1"}, []string{"m3", "m2"}},
		{"address", bot.MatterFilter{Address: user("b")}, []string{"m4", "m3"}},
		{"receipt", bot.MatterFilter{Text: "2026-A01"}, []string{"m2", "m1"}},
		{"no wildcards", bot.MatterFilter{Text: "%A01"}, []string{}},
		{"several", bot.MatterFilter{Offices: []string{"o2", "o3"}, Statuses: []intake.Status{intake.Draft}, Address: user("c")}, []string{"m6"}},
		{"limit", bot.MatterFilter{Limit: 2}, []string{"m4", "m3"}},
		{"page", bot.MatterFilter{Limit: 2, Offset: 2}, []string{"m6", "m5"}},
		{"rest", bot.MatterFilter{Offset: 5}, []string{"m1"}},
		{"beyond", bot.MatterFilter{Offset: 9}, []string{}},
		{"nobody", bot.MatterFilter{Offices: []string{"o9"}}, []string{}},
	} {
		ms, err := w.Matters(w.ctx, test.f)
		w.ok(err)
		got := []string{}
		for _, m := range ms {
			got = append(got, m.ID)
		}
		w.equal(test.what, got, test.want)
	}
	m, err := w.Matter(w.ctx, "m1")
	w.ok(err)
	m.Flags, m.Office = []string{"urgent"}, "o9" // what is asked for follows the document
	w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{m}}))
	ms, err := w.Matters(w.ctx, bot.MatterFilter{Limit: 1})
	w.ok(err)
	w.equal("first", ms[0].ID, "m1")
	ms, err = w.Matters(w.ctx, bot.MatterFilter{Offices: []string{"o1"}})
	w.ok(err)
	w.equal("moved", len(ms), 1)
}

// threadIsolation is the rule that nothing crosses between the parties of one matter.
func threadIsolation(w *world) {
	entry := func(id, matter, text string, party bot.Address) bot.Entry {
		return bot.Entry{ID: id, Matter: matter, Party: party, From: "citizen", Text: text, At: w.now}
	}
	w.ok(w.Commit(w.ctx, bot.Commit{Entries: []bot.Entry{
		entry("1", "m1", "applicant 1", user("a")), entry("2", "m1", "respondent", user("b")), entry("3", "m1", "note", bot.Address{}),
		entry("4", "m2", "another matter", user("a")), entry("5", "m1", "applicant 2", user("a")),
		entry("6", "m1", "same user elsewhere", bot.Address{Channel: "wechat", User: "a"}),
	}}))
	for _, c := range []struct {
		matter string
		party  bot.Address
		want   []string
	}{
		{"m1", user("a"), []string{"applicant 1", "applicant 2"}},
		{"m1", user("b"), []string{"respondent"}},
		{"m1", bot.Address{}, []string{"note"}},
		{"m1", user("c"), []string{}},
		{"m2", user("a"), []string{"another matter"}},
		{"m2", user("b"), []string{}},
		{"m3", user("a"), []string{}},
		{"m1", bot.Address{Channel: "wechat", User: "a"}, []string{"same user elsewhere"}},
	} {
		es, err := w.Thread(w.ctx, c.matter, c.party)
		w.ok(err)
		got := []string{}
		for _, e := range es {
			got = append(got, e.Text)
		}
		w.equal(c.matter+" with "+c.party.String(), got, c.want)
	}
}

func serials(w *world) {
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 15 {
				series := fmt.Sprint("2026-A0", i%2)
				n, err := w.NextSerial(w.ctx, series)
				mu.Lock()
				if key := fmt.Sprint(series, "/", n); err != nil || n < 1 || seen[key] {
					w.Errorf("%s twice, or %v", key, err)
				} else {
					seen[key] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	w.equal("numbers", len(seen), 120)
	n, err := w.NextSerial(w.ctx, "2027-A00")
	w.ok(err)
	w.equal("a new series begins at", n, 1)
}

func staff(w *world) {
	p := bot.Staff{ID: "s1", Login: "wu", Name: "乌云", Roles: []string{"mediator"}, Office: "o1", Password: "$argon2id$x", Created: w.now}
	w.ok(w.SaveStaff(w.ctx, p))
	w.is(w.SaveStaff(w.ctx, p), bot.ErrConflict)
	got, err := w.StaffByLogin(w.ctx, "wu")
	w.ok(err)
	w.equal("name", got.Name, "乌云")
	w.equal("version", got.Version, 1)
	w.equal("role", got.HasRole("mediator"), true)
	stale := got
	got.Disabled = true
	w.ok(w.SaveStaff(w.ctx, got))
	w.is(w.SaveStaff(w.ctx, stale), bot.ErrConflict)
	got, err = w.Staff(w.ctx, "s1")
	w.ok(err)
	w.equal("disabled", got.Disabled, true)
	w.is(w.SaveStaff(w.ctx, bot.Staff{ID: "s2", Login: "wu"}), bot.ErrConflict) // a login is one person
	w.ok(w.SaveStaff(w.ctx, bot.Staff{ID: "s0", Login: "bao"}))
	other, err := w.Staff(w.ctx, "s0")
	w.ok(err)
	other.Login = "wu"
	w.is(w.SaveStaff(w.ctx, other), bot.ErrConflict)
	got.Login = "wuyun"
	w.ok(w.SaveStaff(w.ctx, got))
	_, err = w.StaffByLogin(w.ctx, "wu")
	w.is(err, bot.ErrNotFound)
	w.ok(w.SaveStaff(w.ctx, other)) // the login is free again
	all, err := w.AllStaff(w.ctx)
	w.ok(err)
	w.equal("by id", []string{all[0].ID, all[1].ID}, []string{"s0", "s1"})
	_, err = w.Staff(w.ctx, "none")
	w.is(err, bot.ErrNotFound)
	gone := bot.Staff{ID: "s9", Login: "gone", Version: 3}
	w.is(w.SaveStaff(w.ctx, gone), bot.ErrConflict)
}

func offices(w *world) {
	w.ok(w.SaveOffice(w.ctx, intake.Office{ID: "o2", Name: "B", Types: []string{"D01"}}))
	w.ok(w.SaveOffice(w.ctx, intake.Office{ID: "o1", Name: "A"}))
	w.ok(w.SaveOffice(w.ctx, intake.Office{ID: "o2", Name: "C"}))
	os, err := w.Offices(w.ctx)
	w.ok(err)
	got := []string{}
	for _, o := range os {
		got = append(got, o.ID+o.Name)
	}
	w.equal("offices", got, []string{"o1A", "o2C"})
}

func blobs(w *world) {
	data := string([]byte{1, 0, 255, 'x'})
	w.ok(w.PutBlob(w.ctx, user("a"), hashOf(data), "image/png", []byte(data)))
	w.ok(w.PutBlob(w.ctx, user("a"), hashOf(data), "image/png", []byte(data)))
	got, mime, err := w.Blob(w.ctx, hashOf(data))
	w.ok(err)
	w.equal("data", got, []byte(data))
	w.equal("mime", mime, "image/png")
	_, _, err = w.Blob(w.ctx, hashOf("none"))
	w.is(err, bot.ErrNotFound)
	if err := w.PutBlob(w.ctx, user("a"), hashOf("x"), "image/png", []byte("y")); err == nil {
		w.Fatal("kept content under a name that is not its hash")
	}
	if err := w.PutBlob(w.ctx, bot.Address{}, hashOf("x"), "image/png", []byte("x")); err == nil {
		w.Fatal("kept content that nobody owns")
	}
}
