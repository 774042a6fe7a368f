package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"heshi/intake"
)

// remindAfter is when an unfinished form is mentioned, once: inside WeChat's 48 hours.
const remindAfter = 40 * time.Hour

// Reminder sends the one reminder of an unfinished form. Its timers live in the store, so a restart loses none.
type Reminder struct {
	Log    *slog.Logger
	Store  Store
	Engine *Engine
	Signal *Signal
	Now    func() time.Time
}

// Run looks once a minute until ctx ends.
func (r *Reminder) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if _, err := r.Flush(ctx); err != nil && ctx.Err() == nil {
			r.Log.Error("reminders could not be sent", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Flush writes the reminders that are due and gives how many.
func (r *Reminder) Flush(ctx context.Context) (int, error) {
	now := r.Now()
	due, err := r.Store.Reminders(ctx, now, 100)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, a := range due {
		conv, err := r.Store.Conversation(ctx, a)
		if err != nil {
			return n, err
		}
		reply, ok := r.Engine.remind(&conv, now)
		c := Commit{Conversations: []Conversation{conv}}
		if ok {
			c.Replies = []Reply{reply}
		}
		switch err := r.Store.Commit(ctx, c); {
		case errors.Is(err, ErrConflict): // the citizen wrote meanwhile: no reminder is needed
		case err != nil:
			return n, err
		case ok:
			n++
			r.Signal.Outbox(a, "")
		}
	}
	return n, nil
}

// remind decides whether a conversation is still worth a reminder. Whatever it decides, the timer is off afterwards.
func (e *Engine) remind(c *Conversation, now time.Time) (Reply, bool) {
	c.RemindAt = time.Time{}
	if c.Session == nil || c.Reminded || c.SafetyHold {
		return Reply{}, false
	}
	c.Reminded = true
	t := &turn{Engine: e, now: now, conv: *c}
	r := t.say("notice", "reminder.unfinished", nil, []intake.Button{button("go:resume", "button.resume"), button("go:human", "button.human"), button("go:delete", "button.delete")})
	c.Offered = t.conv.Offered
	return *r, true
}
