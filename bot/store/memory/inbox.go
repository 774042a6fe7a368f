package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heshi/bot"
)

// message is one inbox item. Done ones stay as long as the process, like everything here.
type message struct {
	body     doc[bot.Message]
	key      string
	from     bot.Address
	done     bool
	leased   bool
	due      time.Time // not before: the end of the lease, or the time of the retry
	attempts int
}

func (m *message) lease() string { return fmt.Sprint(m.key, "/", m.attempts) }

// Accept implements bot.Inbox.
func (s *Store) Accept(ctx context.Context, m bot.Message) (bool, error) {
	if m.Key == "" || m.From.IsZero() {
		return false, errors.New("accepting a message: it has no key or no sender")
	}
	end, err := s.begin(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	if s.keys[m.Key] {
		return false, nil
	}
	body, err := pack(m)
	if err != nil {
		return false, err
	}
	s.keys[m.Key] = true
	s.messages = append(s.messages, &message{body: body, key: m.Key, from: m.From})
	for _, r := range s.replies {
		if r.to == m.From && r.state == windowClosed {
			r.state, r.due = due, time.Time{}
		}
	}
	return true, nil
}

// Lease implements bot.Lanes.
func (s *Store) Lease(ctx context.Context, now, until time.Time) (bot.Work, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return bot.Work{}, err
	}
	defer end()
	passed := map[bot.Address]bool{}
	for _, m := range s.messages {
		if m.done || passed[m.from] {
			continue
		}
		passed[m.from] = true
		if m.due.After(now) {
			continue
		}
		msg, err := m.body.open()
		if err != nil {
			return bot.Work{}, err
		}
		m.leased, m.due = true, until
		m.attempts++
		return bot.Work{Message: msg, Attempt: m.attempts, Lease: m.lease()}, nil
	}
	return bot.Work{}, bot.ErrNothing
}

// held finds the message that w holds.
func (s *Store) held(w bot.Work) (*message, error) {
	i := slices.IndexFunc(s.messages, func(m *message) bool { return m.key == w.Message.Key })
	if i < 0 || !s.messages[i].leased || s.messages[i].lease() != w.Lease {
		return nil, fmt.Errorf("the lease of the message is gone: %w", bot.ErrConflict)
	}
	return s.messages[i], nil
}

// Release implements bot.Lanes.
func (s *Store) Release(ctx context.Context, w bot.Work, retry time.Time) error {
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	m, err := s.held(w)
	if err != nil {
		return err
	}
	m.leased, m.due = false, retry
	return nil
}

// Pending implements bot.Lanes.
func (s *Store) Pending(ctx context.Context) (int, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	n := 0
	for _, m := range s.messages {
		if !m.done {
			n++
		}
	}
	return n, nil
}

// waiting reports whether a message of a has no turn yet.
func (s *Store) waiting(a bot.Address) bool {
	return slices.ContainsFunc(s.messages, func(m *message) bool { return m.from == a && !m.done })
}

// Heard implements bot.Hearing.
func (s *Store) Heard(ctx context.Context, from bot.Address, n int) ([]bot.Message, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []bot.Message
	for i := len(s.messages) - 1; i >= 0 && len(out) < n; i-- {
		if s.messages[i].from != from {
			continue
		}
		m, err := s.messages[i].body.open()
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	slices.Reverse(out)
	return out, nil
}
