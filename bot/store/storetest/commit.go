package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"heshi/bot"
	"heshi/intake"
)

func commitFinishes(w *world) {
	w.says("a", "1")
	work := w.lease()
	c := bot.NewConversation(user("a"))
	c.Lang = "zh-Hans"
	r := w.reply(user("a"), "answer")
	r.Cause = work.Message.Key
	turn := bot.Commit{Work: &work, Conversations: []bot.Conversation{c}, Replies: []bot.Reply{r}}
	w.ok(w.Commit(w.ctx, turn))
	w.is(w.Commit(w.ctx, turn), bot.ErrConflict) // a turn is committed once
	w.equal("replies", w.history("a"), []string{"answer"})
	got, err := w.Conversation(w.ctx, user("a"))
	w.ok(err)
	w.equal("lang", got.Lang, "zh-Hans")
	w.equal("version", got.Version, 1)
	_, err = w.Conversation(w.ctx, user("stranger"))
	w.is(err, bot.ErrNotFound)
}

// commitAtomic puts something that cannot be written last into an otherwise good commit, in every way there is.
func commitAtomic(w *world) {
	w.ok(w.Commit(w.ctx, bot.Commit{
		Matters: []intake.Matter{matter("m1", intake.Draft)}, Entries: []bot.Entry{{ID: "e1", Matter: "m1", Party: user("a"), At: w.now}},
		Conversations: []bot.Conversation{bot.NewConversation(user("b"))},
	}))
	w.write("b", "taken")
	taken := w.n
	stale := matter("m1", intake.Received)
	stale.Version = 7
	for name, spoil := range map[string]func(*bot.Commit){
		"matter":       func(c *bot.Commit) { c.Matters = append(c.Matters, stale) },
		"new matter":   func(c *bot.Commit) { c.Matters = append(c.Matters, matter("m1", intake.Draft)) },
		"gone matter":  func(c *bot.Commit) { m := matter("m9", intake.Draft); m.Version = 1; c.Matters = append(c.Matters, m) },
		"conversation": func(c *bot.Commit) { c.Conversations = append(c.Conversations, bot.NewConversation(user("b"))) },
		"reply": func(c *bot.Commit) {
			r := w.reply(user("a"), "twice")
			r.ID = fmt.Sprintf("r%d-taken", taken)
			c.Replies = append(c.Replies, r)
		},
		"reply twice": func(c *bot.Commit) { c.Replies = append(c.Replies, c.Replies[0]) },
		"entry": func(c *bot.Commit) {
			c.Entries = append(c.Entries, bot.Entry{ID: "e1", Matter: "m1", Party: user("a")})
		},
	} {
		m := w.says("a", "for "+name)
		work := w.lease()
		c := bot.Commit{
			Work: &work, Conversations: []bot.Conversation{bot.NewConversation(user("a"))},
			Replies: []bot.Reply{w.reply(user("a"), "lost")}, Matters: []intake.Matter{matter("m2", intake.Draft)},
			Entries: []bot.Entry{{ID: "e2", Matter: "m2", Party: user("a"), At: w.now}}, Audit: []bot.Audit{{At: w.now, Who: "system", What: "lost"}},
			Erase: []bot.Address{user("b")},
		}
		if name == "conversation" || name == "reply" { // what they collide with must not be erased first
			c.Erase = nil
		}
		spoil(&c)
		if err := w.Commit(w.ctx, c); !errors.Is(err, bot.ErrConflict) {
			w.Fatalf("%s: error is %v, want a conflict", name, err)
		}
		w.equal(name+": replies", w.history("a"), []string{})
		w.equal(name+": what was to be erased", w.history("b"), []string{"taken"})
		_, err := w.Conversation(w.ctx, user("a"))
		w.is(err, bot.ErrNotFound)
		_, err = w.Conversation(w.ctx, user("b"))
		w.ok(err)
		_, err = w.Matter(w.ctx, "m2")
		w.is(err, bot.ErrNotFound)
		es, err := w.Thread(w.ctx, "m2", user("a"))
		w.ok(err)
		w.equal(name+": entries", len(es), 0)
		n, err := w.VerifyAudit(w.ctx)
		w.ok(err)
		w.equal(name+": audit", n, 0)
		// The message is still held by this worker, and can be finished.
		w.equal(name+": pending", w.pending(), 1)
		w.equal(name+": message", work.Message.Key, m.Key)
		w.ok(w.Commit(w.ctx, bot.Commit{Work: &work}))
	}
}

func commitConversationSwap(w *world) {
	c := bot.NewConversation(user("a"))
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
	w.is(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}), bot.ErrConflict)
	one, err := w.Conversation(w.ctx, user("a"))
	w.ok(err)
	other := one
	one.Mode, other.Mode = bot.ModeHuman, bot.ModeIntake
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{one}}))
	w.is(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{other}}), bot.ErrConflict)
	got, err := w.Conversation(w.ctx, user("a"))
	w.ok(err)
	w.equal("mode", got.Mode, bot.ModeHuman)
	w.equal("version", got.Version, 2)
}

func commitMatterSwap(w *world) {
	m := matter("m1", intake.Draft)
	m.Session.Answers = map[string]intake.Answer{"amount": {Value: "800000", Source: intake.Said}}
	w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{m}}))
	w.is(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{m}}), bot.ErrConflict)
	got, err := w.Matter(w.ctx, "m1")
	w.ok(err)
	w.equal("version", got.Version, 1)
	w.equal("answer", got.Session.Answers["amount"].Value, "800000")
	stale := got
	got.Status = intake.Received
	w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{got}}))
	w.is(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{stale}}), bot.ErrConflict)
	_, err = w.Matter(w.ctx, "none")
	w.is(err, bot.ErrNotFound)
}

// commitClaimRace lets ten staff claim one matter.
func commitClaimRace(w *world) {
	w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{matter("m1", intake.Accepted)}}))
	m, err := w.Matter(w.ctx, "m1")
	w.ok(err)
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			mine := m
			mine.Assignee, mine.Status = fmt.Sprint("s", i), intake.Assigned
			switch err := w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{mine}}); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, bot.ErrConflict):
				w.Error(err)
			}
		})
	}
	wg.Wait()
	w.equal("winners", won.Load(), 1)
}

// commitAliasing changes what was given to the store and what was read from it: neither may change the store.
func commitAliasing(w *world) {
	m := matter("m1", intake.Draft)
	m.Flags = []string{"minor"}
	w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{m}}))
	m.Flags[0] = "changed"
	got, err := w.Matter(w.ctx, "m1")
	w.ok(err)
	w.equal("flags", got.Flags, []string{"minor"})
	got.Flags[0] = "changed"
	got, err = w.Matter(w.ctx, "m1")
	w.ok(err)
	w.equal("flags", got.Flags, []string{"minor"})
}
