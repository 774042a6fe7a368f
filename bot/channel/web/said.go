package web

import (
	"context"
	"sync"
	"time"

	"heshi/bot"
)

// The words of citizens kept in memory when the store cannot give them back: so many conversations, so many words
// each, so long.
const (
	saidPeople = 2000
	saidEach   = 100
	saidLife   = 12 * time.Hour
)

// said remembers what visitors said lately, for showing it back to them. It is a copy for the page, not a record:
// what the store has erased is not shown either (see prune).
type said struct {
	mu   sync.Mutex
	now  func() time.Time
	by   map[string][]bot.Message
	last map[string]time.Time
}

func newSaid(now func() time.Time) *said {
	return &said{now: now, by: map[string][]bot.Message{}, last: map[string]time.Time{}}
}

func (s *said) add(m bot.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if _, known := s.by[m.From.User]; !known && len(s.by) >= saidPeople {
		for user, at := range s.last {
			if now.Sub(at) > saidLife {
				delete(s.by, user)
				delete(s.last, user)
			}
		}
		if len(s.by) >= saidPeople {
			return
		}
	}
	list := append(s.by[m.From.User], m)
	if len(list) > saidEach {
		list = append([]bot.Message(nil), list[len(list)-saidEach:]...)
	}
	s.by[m.From.User], s.last[m.From.User] = list, now
}

func (s *said) of(user string) []bot.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bot.Message(nil), s.by[user]...)
}

// prune drops the words older than the oldest answer that is left: the citizen had everything erased.
func (s *said) prune(user string, oldest bot.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept []bot.Message
	for _, m := range s.by[user] {
		if m.Key == oldest.Cause || !m.At.Before(oldest.Made) {
			kept = append(kept, m)
		}
	}
	if len(kept) == 0 {
		delete(s.by, user)
		delete(s.last, user)
		return
	}
	s.by[user] = kept
}

// words gives what v said, oldest first: from the store when it can, else from memory.
func (c *Channel) words(ctx context.Context, v visitor, replies []bot.Sequenced) ([]bot.Message, error) {
	if h, ok := c.store.(Heard); ok {
		return h.Heard(ctx, v.address(), saidEach)
	}
	if len(replies) > 0 {
		c.said.prune(v.user, replies[0].Reply)
	}
	return c.said.of(v.user), nil
}
