package storetest

import (
	"time"

	"heshi/bot"
	"heshi/intake"
)

// left commits a conversation that was seen at a moment, changed as a turn would.
func (w *world) left(who string, seen time.Time, change func(*bot.Conversation)) {
	w.Helper()
	c := bot.NewConversation(user(who))
	c.LastSeen = seen
	if change != nil {
		change(&c)
	}
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
}

func (w *world) forgotten(left bot.Trace, before time.Time, n int) []string {
	w.Helper()
	as, err := w.Forgotten(w.ctx, left, before, n)
	w.ok(err)
	out := []string{}
	for _, a := range as {
		out = append(out, a.User)
	}
	return out
}

func began(c *bot.Conversation) { c.Session = &intake.Session{Form: "F1"} }

func forgotten(w *world) {
	day := 24 * time.Hour
	w.left("asked", w.now.Add(-3*day), nil)
	w.left("asked-long-ago", w.now.Add(-4*day), nil)
	w.left("asked-at-that-moment", w.now.Add(-2*day), nil)
	w.left("never-seen", time.Time{}, nil)
	w.left("began", w.now.Add(-3*day), began)
	w.left("began-in-danger", w.now.Add(-3*day), func(c *bot.Conversation) { began(c); c.Urgent = []string{"T-DV"} })
	w.left("held", w.now.Add(-4*day), func(c *bot.Conversation) { c.SafetyHold = true })
	w.left("with-a-person", w.now.Add(-5*day), func(c *bot.Conversation) { began(c); c.Matter = "m1" })
	before := w.now.Add(-2 * day)
	w.equal("questions", w.forgotten(bot.TraceQuestions, before, 10), []string{"asked-long-ago", "asked"})
	w.equal("limit", w.forgotten(bot.TraceQuestions, before, 1), []string{"asked-long-ago"})
	w.equal("drafts", w.forgotten(bot.TraceDraft, before, 10), []string{"began"})
	w.equal("urgent", w.forgotten(bot.TraceUrgent, before, 10), []string{"held", "began-in-danger"})
	w.equal("a moment later", w.forgotten(bot.TraceQuestions, before.Add(1), 10), []string{"asked-long-ago", "asked", "asked-at-that-moment"})
	// Whoever comes back is not forgotten, and what they leave behind may have changed.
	c, err := w.Conversation(w.ctx, user("asked"))
	w.ok(err)
	c.LastSeen = w.now
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
	c, err = w.Conversation(w.ctx, user("began"))
	w.ok(err)
	c.Session = nil
	w.ok(w.Commit(w.ctx, bot.Commit{Conversations: []bot.Conversation{c}}))
	w.equal("drafts", w.forgotten(bot.TraceDraft, before, 10), []string{})
	w.equal("questions", w.forgotten(bot.TraceQuestions, before, 10), []string{"asked-long-ago", "began"})
}

func forgottenKept(w *world) {
	seen := w.now.Add(-time.Hour)
	for who, status := range map[string]intake.Status{"drafted": intake.Draft, "filed": intake.Received, "closed": intake.Closed, "withdrawn": intake.Withdrawn} {
		w.left(who, seen, began)
		m := matter("of-"+who, status)
		m.Conversation = user(who).String()
		w.ok(w.Commit(w.ctx, bot.Commit{Matters: []intake.Matter{m}}))
	}
	w.equal("only a draft", w.forgotten(bot.TraceDraft, w.now, 10), []string{"drafted"})
	w.says("drafted", "I am back")
	w.equal("waiting", w.forgotten(bot.TraceDraft, w.now, 10), []string{})
	work := w.lease()
	w.equal("in work", w.forgotten(bot.TraceDraft, w.now, 10), []string{})
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &work}))
	w.equal("done", w.forgotten(bot.TraceDraft, w.now, 10), []string{"drafted"})
}

// eraseUntouched is the race between whoever erases what is old and the person who comes back at that moment.
func eraseUntouched(w *world) {
	w.left("a", w.now, nil)
	w.left("b", w.now, nil)
	read, err := w.Conversation(w.ctx, user("a"))
	w.ok(err)
	erase := bot.Commit{Untouched: []bot.Conversation{read}, Erase: []bot.Address{user("a")}, Audit: []bot.Audit{{At: w.now, Who: "system", What: "erase"}}}
	w.says("a", "I am back")
	w.is(w.Commit(w.ctx, erase), bot.ErrConflict)
	w.equal("pending", w.pending(), 1)
	work := w.lease()
	w.is(w.Commit(w.ctx, erase), bot.ErrConflict)
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &work, Conversations: []bot.Conversation{read}}))
	w.is(w.Commit(w.ctx, erase), bot.ErrConflict)
	w.equal("heard", w.heard("a", 10), []string{"I am back"})
	lines, err := w.VerifyAudit(w.ctx)
	w.ok(err)
	w.equal("lines for what was not erased", lines, 0)
	erase.Untouched[0], err = w.Conversation(w.ctx, user("a"))
	w.ok(err)
	w.ok(w.Commit(w.ctx, erase))
	_, err = w.Conversation(w.ctx, user("a"))
	w.is(err, bot.ErrNotFound)
	w.is(w.Commit(w.ctx, erase), bot.ErrConflict) // nobody there
	_, err = w.Conversation(w.ctx, user("b"))
	w.ok(err)
}
