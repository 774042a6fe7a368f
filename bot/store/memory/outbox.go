package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"heshi/bot"
)

type state string

const (
	due          state = "due"
	sending      state = "sending"
	sent         state = "sent"
	windowClosed state = "window_closed"
	unknown      state = "unknown"
)

// reply is one outbox item; its place in the outbox is its sequence.
type reply struct {
	body     doc[bot.Reply]
	seq      int64
	id       string
	to       bot.Address
	cause    string
	matter   string
	resend   bot.Resend
	state    state
	due      time.Time
	attempts int
	code     string
}

func (r *reply) unsent() bool { return r.state == due || r.state == sending }

func (r *reply) open() (bot.Reply, error) {
	v, err := r.body.open()
	v.Attempts = r.attempts
	return v, err
}

func (r *reply) send() (bot.Reply, error) {
	r.state = sending
	r.attempts++
	return r.open()
}

// Due implements bot.Outbox. No channels means all of them.
func (s *Store) Due(ctx context.Context, now time.Time, channels []string, n int) ([]bot.Reply, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	heads := map[bot.Address]*reply{}
	for _, r := range s.replies {
		if h := heads[r.to]; r.unsent() && (h == nil || r.state == sending && h.state != sending) {
			heads[r.to] = r // one that is being sent holds the lane, even behind one that became due again
		}
	}
	var ready []*reply
	for _, r := range heads {
		if r.state == due && !r.due.After(now) && (len(channels) == 0 || slices.Contains(channels, r.to.Channel)) {
			ready = append(ready, r)
		}
	}
	slices.SortFunc(ready, func(a, b *reply) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.seq, b.seq)) })
	return sendAll(ready[:min(n, len(ready))])
}

func sendAll(rs []*reply) ([]bot.Reply, error) {
	out := make([]bot.Reply, 0, len(rs))
	for _, r := range rs {
		v, err := r.send()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Claim implements bot.Outbox. Only replies to the sender of the message count.
func (s *Store) Claim(ctx context.Context, cause string, _ time.Time) ([]bot.Reply, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	i := slices.IndexFunc(s.messages, func(m *message) bool { return m.key == cause })
	if i < 0 {
		return nil, nil
	}
	var mine []*reply
	for _, r := range s.replies {
		if r.to != s.messages[i].from || !r.unsent() {
			continue
		}
		if r.cause == cause && r.state == due {
			mine = append(mine, r)
		} else if len(mine) == 0 {
			return nil, nil
		}
	}
	return sendAll(mine)
}

// Settle implements bot.Outbox.
func (s *Store) Settle(ctx context.Context, id string, d bot.Delivery, now time.Time) error {
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	i := slices.IndexFunc(s.replies, func(r *reply) bool { return r.id == id })
	if i < 0 {
		return fmt.Errorf("settling a reply: %w", bot.ErrNotFound)
	}
	r := s.replies[i]
	next, at := state(d.Kind), time.Time{}
	switch d.Kind {
	case bot.Retry:
		next, at = due, now.Add(d.RetryAfter)
	case bot.Sent, bot.Blocked, bot.WindowClosed, bot.Failed:
	default:
		return fmt.Errorf("settling a reply: %q is no kind of delivery", d.Kind)
	}
	switch {
	case r.state == sent && next == sent:
		return nil
	case r.state == sent || r.state == due:
		return fmt.Errorf("settling a reply: it is %s: %w", r.state, bot.ErrConflict)
	}
	r.state, r.due, r.code = next, at, d.Code
	return nil
}

// Undelivered implements bot.Outbox. An empty matter means all of them.
func (s *Store) Undelivered(ctx context.Context, matter string) ([]bot.Undelivered, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []bot.Undelivered
	for _, r := range s.replies {
		if r.unsent() || r.state == sent || matter != "" && r.matter != matter {
			continue
		}
		v, err := r.open()
		if err != nil {
			return nil, err
		}
		out = append(out, bot.Undelivered{Reply: v, State: string(r.state), Code: r.code})
	}
	return out, nil
}

// History implements bot.Outbox.
func (s *Store) History(ctx context.Context, to bot.Address, after int64, n int) ([]bot.Sequenced, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []bot.Sequenced
	for _, r := range s.replies {
		if r.to != to || r.seq <= after || len(out) == n {
			continue
		}
		v, err := r.open()
		if err != nil {
			return nil, err
		}
		out = append(out, bot.Sequenced{Seq: r.seq, Reply: v})
	}
	return out, nil
}
