package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// Conversation implements bot.Conversations.
func (s *Store) Conversation(ctx context.Context, a bot.Address) (bot.Conversation, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return bot.Conversation{}, err
	}
	defer end()
	d, ok := s.conversations[a]
	if !ok {
		return bot.Conversation{}, fmt.Errorf("reading a conversation: %w", bot.ErrNotFound)
	}
	return d.open()
}

// Reminders implements bot.Conversations, those due longest first.
func (s *Store) Reminders(ctx context.Context, now time.Time, n int) ([]bot.Address, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var ready []bot.Conversation
	for _, d := range s.conversations {
		c, err := d.open()
		if err != nil {
			return nil, err
		}
		if !c.Reminded && !c.RemindAt.IsZero() && !c.RemindAt.After(now) {
			ready = append(ready, c)
		}
	}
	slices.SortFunc(ready, func(a, b bot.Conversation) int {
		return cmp.Or(a.RemindAt.Compare(b.RemindAt), cmp.Compare(a.Address.String(), b.Address.String()))
	})
	var out []bot.Address
	for _, c := range ready[:min(n, len(ready))] {
		out = append(out, c.Address)
	}
	return out, nil
}

// Forgotten implements bot.Conversations.
func (s *Store) Forgotten(ctx context.Context, left bot.Trace, before time.Time, n int) ([]bot.Address, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	filed := map[string]bool{}
	for _, d := range s.matters {
		m, err := d.open()
		if err != nil {
			return nil, err
		}
		if m.Status != intake.Draft {
			filed[m.Conversation] = true
		}
	}
	var old []bot.Conversation
	for a, d := range s.conversations {
		c, err := d.open()
		if err != nil {
			return nil, err
		}
		if c.Trace() == left && !c.LastSeen.IsZero() && c.LastSeen.Before(before) && !filed[a.String()] && !s.waiting(a) {
			old = append(old, c)
		}
	}
	slices.SortFunc(old, func(a, b bot.Conversation) int {
		return cmp.Or(a.LastSeen.Compare(b.LastSeen), cmp.Compare(a.Address.String(), b.Address.String()))
	})
	var out []bot.Address
	for _, c := range old[:min(n, len(old))] {
		out = append(out, c.Address)
	}
	return out, nil
}

// Matter implements bot.Matters.
func (s *Store) Matter(ctx context.Context, id string) (intake.Matter, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return intake.Matter{}, err
	}
	defer end()
	d, ok := s.matters[id]
	if !ok {
		return intake.Matter{}, fmt.Errorf("reading a matter: %w", bot.ErrNotFound)
	}
	return d.open()
}

// Matters implements bot.Matters. Urgent are matters of that kind and those flagged urgent or safety_hold.
func (s *Store) Matters(ctx context.Context, f bot.MatterFilter) ([]intake.Matter, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []intake.Matter
	for _, d := range s.matters {
		m, err := d.open()
		if err != nil {
			return nil, err
		}
		if passes(f, m) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b intake.Matter) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	out = out[min(max(f.Offset, 0), len(out)):]
	if f.Limit > 0 {
		out = out[:min(f.Limit, len(out))]
	}
	return out, nil
}

func passes(f bot.MatterFilter, m intake.Matter) bool {
	return (len(f.Offices) == 0 || slices.Contains(f.Offices, m.Office)) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, m.Status)) &&
		(f.Assignee == "" || f.Assignee == m.Assignee) &&
		(f.Address.IsZero() || f.Address.String() == m.Conversation) &&
		strings.HasPrefix(m.No, f.Text)
}

func rank(m intake.Matter) int {
	if m.Kind == intake.ForUrgent || m.Flagged("urgent") || m.Flagged("safety_hold") {
		return 0
	}
	return 1
}

// Thread implements bot.Matters. The zero party has the notes of staff.
func (s *Store) Thread(ctx context.Context, matter string, party bot.Address) ([]bot.Entry, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []bot.Entry
	for _, e := range s.entries {
		if e.matter != matter || e.party != party {
			continue
		}
		v, err := e.body.open()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// NextSerial implements bot.Matters.
func (s *Store) NextSerial(ctx context.Context, series string) (int, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	s.serials[series]++
	return s.serials[series], nil
}
