package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/store/memory"
	"heshi/intake"
)

const day = 24 * time.Hour

// attic is a store with conversations of every age and kind, and the job that clears it.
type attic struct {
	t     *testing.T
	store bot.Store
	now   time.Time
	job   *bot.Retention
}

func newAttic(t *testing.T) *attic {
	a := &attic{t: t, store: memory.New(), now: noon}
	a.job = &bot.Retention{Log: slog.New(slog.DiscardHandler), Store: a.store, Now: func() time.Time { return a.now }}
	return a
}

func (a *attic) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func address(user string) bot.Address { return bot.Address{Channel: "wechat", User: user} }

func photoOf(user string) string {
	sum := sha256.Sum256([]byte("photo of " + user))
	return hex.EncodeToString(sum[:])
}

// add puts a conversation with a message and a photo that was last seen so long ago.
func (a *attic) add(user string, ago time.Duration, change func(*bot.Conversation), matters ...intake.Matter) {
	a.t.Helper()
	ctx, from := a.t.Context(), address(user)
	_, err := a.store.Accept(ctx, bot.Message{Key: user, From: from, Text: "我的事", At: a.now.Add(-ago)})
	a.must(err)
	work, err := a.store.Lease(ctx, a.now, a.now.Add(time.Minute))
	a.must(err)
	a.must(a.store.PutBlob(ctx, from, photoOf(user), "image/png", []byte("photo of "+user)))
	c := bot.NewConversation(from)
	c.LastSeen = a.now.Add(-ago)
	if change != nil {
		change(&c)
	}
	for i := range matters {
		matters[i].Conversation = from.String()
	}
	a.must(a.store.Commit(ctx, bot.Commit{Work: &work, Conversations: []bot.Conversation{c}, Matters: matters}))
}

func (a *attic) flush(want int) {
	a.t.Helper()
	n, err := a.job.Flush(a.t.Context())
	a.must(err)
	if n != want {
		a.t.Errorf("%d erased, want %d", n, want)
	}
}

// kept reports whether everything of a person is there; half of it is a fault.
func (a *attic) kept(user string) bool {
	a.t.Helper()
	_, err := a.store.Conversation(a.t.Context(), address(user))
	_, _, blobErr := a.store.Blob(a.t.Context(), photoOf(user))
	heard, heardErr := a.store.Heard(a.t.Context(), address(user), 10)
	a.must(heardErr)
	if (err == nil) != (blobErr == nil) || (err == nil) != (len(heard) > 0) {
		a.t.Errorf("%s is erased by half: %v, %v, %d messages", user, err, blobErr, len(heard))
	}
	return err == nil
}

func begun(c *bot.Conversation) { c.Session, c.Mode = &intake.Session{Form: "F1"}, bot.ModeIntake }

func TestRetention(t *testing.T) {
	a := newAttic(t)
	danger := func(c *bot.Conversation) { begun(c); c.Urgent = []string{"T-DV"} }
	want := map[string]bool{}
	put := func(user string, kept bool, ago time.Duration, change func(*bot.Conversation), matters ...intake.Matter) {
		a.add(user, ago, change, matters...)
		want[user] = kept
	}
	put("began-29-days-ago", true, 29*day, begun)
	put("began-31-days-ago", false, 31*day, begun)
	put("draft-of-a-matter", false, 31*day, begun, intake.Matter{ID: "m1", Status: intake.Draft})
	put("asked-89-days-ago", true, 89*day, nil)
	put("asked-91-days-ago", false, 91*day, nil)
	put("danger-91-days-ago", true, 91*day, danger)
	put("danger-181-days-ago", false, 181*day, danger)
	put("on-hold-91-days-ago", true, 91*day, func(c *bot.Conversation) { c.SafetyHold = true })
	put("waits-for-the-office", true, 400*day, func(c *bot.Conversation) { c.Matter, c.Mode = "m2", bot.ModeHuman },
		intake.Matter{ID: "m2", Status: intake.Received})
	put("second-form-beside-a-file", true, 400*day, begun, intake.Matter{ID: "m3", Status: intake.InProgress})
	put("closed-file", true, 400*day, nil, intake.Matter{ID: "m4", Status: intake.Closed})
	gone := 0
	for _, kept := range want {
		if !kept {
			gone++
		}
	}
	a.flush(gone)
	for user, kept := range want {
		if a.kept(user) != kept {
			t.Errorf("%s: kept %v, want %v", user, !kept, kept)
		}
	}
	if _, err := a.store.Matter(t.Context(), "m1"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("the draft stays: %v", err)
	}
	lines, err := a.store.AuditLog(t.Context(), 0, 100)
	a.must(err)
	for _, l := range lines {
		if l.Who != "system" || l.What != "erase" || !l.At.Equal(a.now) || !strings.HasPrefix(l.Detail, "retention ") {
			t.Errorf("audit: %+v", l.Audit)
		}
		for user := range want {
			if strings.Contains(l.Subject+l.Detail, user) {
				t.Errorf("the record names a person: %+v", l.Audit)
			}
		}
	}
	if len(lines) != gone {
		t.Errorf("%d lines in the record, %d erased", len(lines), gone)
	}
	a.flush(0)
	// Time goes on for those who were kept, files excepted.
	a.now = a.now.Add(2 * day)
	a.flush(2)
	if a.kept("began-29-days-ago") || a.kept("asked-89-days-ago") || !a.kept("closed-file") {
		t.Error("two days later the wrong ones are gone")
	}
}

func TestRetentionPeriodsAreSet(t *testing.T) {
	a := newAttic(t)
	a.job.Drafts, a.job.Questions, a.job.Urgent = 2*day, 3*day, 4*day
	a.add("draft", 3*day, begun)
	a.add("asked", 2*day, nil)
	a.add("asked-longer", 4*day, nil)
	a.add("danger", 3*day, func(c *bot.Conversation) { c.Urgent = []string{"T-DV"} })
	a.add("danger-longer", 5*day, func(c *bot.Conversation) { c.Urgent = []string{"T-DV"} })
	a.flush(3)
	if !a.kept("asked") || !a.kept("danger") {
		t.Error("the wrong ones are gone")
	}
}

func TestRetentionClearsMany(t *testing.T) {
	a := newAttic(t)
	for i := range 250 {
		a.add("p"+string(rune('一'+i)), 91*day, nil)
	}
	a.flush(250)
}

// returning is a store in which a person comes back between being listed and being erased.
type returning struct {
	bot.Store
	say func()
}

func (r returning) Forgotten(ctx context.Context, left bot.Trace, before time.Time, n int) ([]bot.Address, error) {
	as, err := r.Store.Forgotten(ctx, left, before, n)
	if len(as) > 0 {
		r.say()
	}
	return as, err
}

func TestRetentionSparesWhoComesBack(t *testing.T) {
	a := newAttic(t)
	a.add("back", 91*day, nil)
	a.add("gone", 92*day, nil)
	said := false
	a.job.Store = returning{a.store, func() {
		if !said {
			_, err := a.store.Accept(t.Context(), bot.Message{Key: "again", From: address("back"), Text: "我又来了", At: a.now})
			a.must(err)
			said = true
		}
	}}
	a.flush(1)
	if !a.kept("back") || a.kept("gone") {
		t.Error("the wrong one is gone")
	}
	if work, err := a.store.Lease(t.Context(), a.now, a.now.Add(time.Minute)); err != nil || work.Message.Text != "我又来了" {
		t.Errorf("the word said meanwhile is lost: %v", err)
	}
}
