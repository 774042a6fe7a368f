package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"heshi/bot"
	"heshi/bot/desk/docket"
	"heshi/intake"
)

// queueMost is how many matters one look at the queue reads; the page shows queuePage of them.
const (
	queueMost = 2000
	queuePage = 100
)

type queueView struct {
	Who, Status, Find string // the filters as chosen
	Rows              []queueRow
	Total, Shown      int
	Mine, Free, All   int // of the open ones
	Statuses          []string
	Works             bool
	Offices           bool // several offices are shown: name them
	State             string
}

type queueRow struct {
	ID, No, Type, Kind, Office, Status, Wait, Lang, Channel, Assignee string
	Urgent                                                            string // reason in words, or empty
	Hold                                                              bool
	Clock, ClockName                                                  string // level, and name with date
	Free, Mine                                                        bool
}

// shownStatuses are those the filter offers.
var shownStatuses = []intake.Status{
	intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Scheduled,
	intake.Agreed, intake.Partly, intake.Failed, intake.Withdrawn, intake.Refused, intake.Closed, intake.FollowUp, intake.Archived,
}

func openStatuses() []intake.Status {
	var out []intake.Status
	for _, s := range shownStatuses {
		if docket.Open(s) {
			out = append(out, s)
		}
	}
	return out
}

func (d *Desk) queue(w http.ResponseWriter, r *http.Request) {
	me := staffOf(r)
	if !mayRead(me) { // an auditor has no queue
		http.Redirect(w, r, "/desk/record", http.StatusSeeOther)
		return
	}
	v, matters, err := d.queueOf(r, me)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	// A whole receipt number goes straight to its file.
	if v.Find != "" && len(matters) == 1 && strings.EqualFold(matters[0].No, v.Find) {
		http.Redirect(w, r, "/desk/m/"+url.PathEscape(matters[0].ID), http.StatusSeeOther)
		return
	}
	d.page(w, r, http.StatusOK, "queue", v)
}

func (d *Desk) queueOf(r *http.Request, me bot.Staff) (queueView, []intake.Matter, error) {
	ctx, q := r.Context(), r.URL.Query()
	v := queueView{Who: q.Get("who"), Status: q.Get("status"), Find: trimmed(q.Get("q"), 40), Works: docket.Works(me)}
	if v.Who != "mine" && v.Who != "all" && v.Who != "free" {
		v.Who = "all"
	}
	for _, s := range shownStatuses {
		v.Statuses = append(v.Statuses, string(s))
	}
	f := bot.MatterFilter{Offices: scope(me), Statuses: openStatuses(), Limit: queueMost}
	if v.Find != "" {
		f.Text, f.Statuses = strings.ToUpper(v.Find), shownStatuses
	} else if s := intake.Status(v.Status); slices.Contains(shownStatuses, s) {
		f.Statuses = []intake.Status{s}
	} else {
		v.Status = ""
	}
	matters, err := d.store.Matters(ctx, f)
	if err != nil {
		return v, nil, err
	}
	if v.State = stateOf(matters); v.Find != "" || v.Status != "" { // the stream watches the open queue, whatever is shown of it
		if v.State, err = d.queueState(ctx, me); err != nil {
			return v, nil, err
		}
	}
	offices, err := d.store.Offices(ctx)
	if err != nil {
		return v, nil, err
	}
	staff, err := d.store.AllStaff(ctx)
	if err != nil {
		return v, nil, err
	}
	now := d.now()
	d.sortQueue(matters, now)
	kept := matters[:0:0]
	for _, m := range matters {
		v.All++
		if m.Assignee == "" {
			v.Free++
		}
		if m.Assignee == me.ID {
			v.Mine++
		}
		if v.Who == "mine" && m.Assignee != me.ID || v.Who == "free" && m.Assignee != "" {
			continue
		}
		kept = append(kept, m)
	}
	v.Total, v.Offices = len(kept), scope(me) == nil
	for _, m := range kept[:min(len(kept), queuePage)] {
		v.Rows = append(v.Rows, d.queueRow(m, me, offices, staff, now))
	}
	v.Shown = len(v.Rows)
	return v, kept, nil
}

func (d *Desk) queueRow(m intake.Matter, me bot.Staff, offices []intake.Office, staff []bot.Staff, now time.Time) queueRow {
	row := queueRow{
		ID: m.ID, No: m.No, Type: d.mainType(m), Kind: string(m.Kind), Status: d.statusWord(m.Kind, m.Status),
		Wait: d.waited(since(m), now), Lang: cmp.Or(m.Lang, "zh-Hans"), Channel: channelOf(m),
		Urgent: d.urgency(m, now), Hold: m.Flagged("safety_hold"), Mine: m.Assignee == me.ID,
		Free: m.Assignee == "" && (docket.Receivable(m.Status) || m.Status == intake.Accepted),
	}
	for _, o := range offices {
		if o.ID == m.Office {
			row.Office = o.Name
		}
	}
	row.Assignee = nameOf(staff, m.Assignee)
	if c, level, ok := nearest(m, now); ok {
		row.Clock, row.ClockName = level, c.Name+" "+c.Due
	}
	return row
}

// sortQueue puts the most urgent first, then the nearest clock, then who has waited longest.
func (d *Desk) sortQueue(ms []intake.Matter, now time.Time) {
	type key struct{ urgency, clock int }
	keys := make(map[string]key, len(ms))
	for _, m := range ms {
		k := key{clock: 9}
		k.urgency = urgencyRank(m)
		if _, level, ok := nearest(m, now); ok {
			k.clock = levelRank(level)
		}
		if k.clock == 0 && k.urgency > 1 {
			k.urgency = 1 // a period that ends within the week is urgent whatever it is about
		}
		keys[m.ID] = k
	}
	slices.SortStableFunc(ms, func(a, b intake.Matter) int {
		x, y := keys[a.ID], keys[b.ID]
		return cmp.Or(cmp.Compare(x.urgency, y.urgency), cmp.Compare(x.clock, y.clock), since(a).Compare(since(b)), cmp.Compare(a.ID, b.ID))
	})
}

// urgencyRank: 0 somebody may be in danger, 1 urgent, 2 many people or a child, 3 the rest.
func urgencyRank(m intake.Matter) int {
	switch {
	case m.Flagged("safety_hold"):
		return 0
	case m.Kind == intake.ForUrgent || m.Flagged("urgent"):
		return 1
	case m.Flagged("minor") || m.Flagged("mass") || m.Flagged("complaint"):
		return 2
	}
	return 3
}

// urgency says in words why a matter stands at the top, or nothing.
func (d *Desk) urgency(m intake.Matter, now time.Time) string {
	var out []string
	add := func(key string) { out = append(out, d.cat.Text("", "desk.urgent."+key, nil)) }
	if m.Flagged("safety_hold") {
		add("safety_hold")
	}
	if m.Kind == intake.ForUrgent || m.Flagged("urgent") {
		add("urgent")
	}
	if m.Flagged("minor") {
		add("minor")
	}
	for _, f := range []string{"mass", "complaint"} {
		if m.Flagged(f) {
			add(f)
		}
	}
	if _, level, ok := nearest(m, now); ok && level == "red" {
		add("clock")
	}
	return strings.Join(out, " · ")
}

// since is when the matter reached the office: the submission, which also starts the periods of the law.
func since(m intake.Matter) time.Time {
	for _, e := range m.Events {
		if e.To == intake.Received {
			return e.At
		}
	}
	return m.Created
}

// nearest is the clock that runs out first, with the level it has today: it was computed when the file came in.
func nearest(m intake.Matter, now time.Time) (clock intake.Deadline, level string, ok bool) {
	for _, c := range m.Clocks {
		if c.Due != "" && (!ok || c.Due < clock.Due) {
			clock, ok = c, true
		}
	}
	return clock, levelOn(clock.Due, now), ok
}

// levelOn is the colour of a period that ends on due: red within 7 days or past, orange within 30, yellow within 90.
func levelOn(due string, now time.Time) string {
	end, err := time.ParseInLocation("2006-01-02", due, beijing(now).Location())
	if err != nil {
		return "none"
	}
	day := beijing(now)
	today := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, day.Location())
	switch days := int(end.Sub(today).Hours() / 24); {
	case days <= 7:
		return "red"
	case days <= 30:
		return "orange"
	case days <= 90:
		return "yellow"
	}
	return "green"
}

func levelRank(level string) int {
	return slices.Index([]string{"red", "orange", "yellow", "green", "none"}, level)
}

func channelOf(m intake.Matter) string {
	a, ok := bot.ParseAddress(m.Conversation)
	if !ok {
		return ""
	}
	return a.Channel
}

func nameOf(staff []bot.Staff, id string) string {
	for _, s := range staff {
		if s.ID == id {
			return s.Name
		}
	}
	return id
}
