package wechat

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
)

// turn is one message being answered inside its request. done is closed when body is final; a nil body says that
// the message could not be stored.
type turn struct {
	done   chan struct{}
	stored atomic.Bool
	body   []byte
	at     time.Time
}

// turns remembers, for a minute, how each message was answered: the platform asks up to three times when an answer
// is lost on the way, and must get the same one, not a second.
type turns struct {
	mu   sync.Mutex
	now  func() time.Time
	byID map[string]*turn
}

func newTurns(now func() time.Time) *turns { return &turns{now: now, byID: map[string]*turn{}} }

// begin gives the turn of key; mine is true for the caller that has to answer it.
func (t *turns) begin(key string) (tn *turn, mine bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	for k, v := range t.byID {
		if now.Sub(v.at) > time.Minute {
			delete(t.byID, k)
		}
	}
	if tn, ok := t.byID[key]; ok {
		return tn, false
	}
	tn = &turn{done: make(chan struct{}), at: now}
	t.byID[key] = tn
	return tn, true
}

// finish publishes the answer. With nil the message was not stored: the next try is a first one.
func (t *turns) finish(key string, tn *turn, body []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tn.body = body
	close(tn.done)
	if body == nil && t.byID[key] == tn {
		delete(t.byID, key)
	}
}

// slot is the room left in an answer that is about to be given to one follower.
type slot struct {
	mu     sync.Mutex
	closed bool
	text   string
}

// add puts text behind what is there, if it fits.
func (s *slot) add(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || text == "" {
		return false
	}
	if s.text != "" {
		text = s.text + "\n\n" + text
	}
	if len(text) > maxText {
		return false
	}
	s.text = text
	return true
}

// close ends the adding and gives the text.
func (s *slot) close() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.text
}

// slots holds the open slot of each follower whose request is waiting.
type slots struct {
	mu   sync.Mutex
	open map[string]*slot
}

func newSlots() *slots { return &slots{open: map[string]*slot{}} }

func (s *slots) begin(user string) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	sl := &slot{}
	s.open[user] = sl
	return sl
}

func (s *slots) end(user string, sl *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[user] == sl {
		delete(s.open, user)
	}
}

func (s *slots) of(user string) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[user]
}

// offer puts r, or as much of it as fits, into the answer that is waiting for its follower. The rest, or all of it,
// waits for the citizen's next word. An answer lost on the way is given again from turns.
func (c *Channel) offer(ctx context.Context, r bot.Reply) bot.Delivery {
	sl := c.slots.of(r.To.User)
	if sl == nil {
		return bot.Delivery{Kind: bot.WindowClosed, Code: "passive_only"}
	}
	return c.fill(ctx, sl, r)
}

// fill adds the parts of r to sl that fit.
func (c *Channel) fill(ctx context.Context, sl *slot, r bot.Reply) bot.Delivery {
	more := c.say.Text("", "channel.wechat.more", nil)
	parts := c.parts(ctx, r, true)
	if len(parts) == 0 {
		return bot.Delivery{Kind: bot.Failed, Code: "empty"}
	}
	if len(parts) > 1 { // cut again, with room to say that there is more
		text := r.Text
		if len(r.Buttons) > 0 {
			text += "\n\n" + channel.Numbered(r.Buttons)
		}
		parts = texts(channel.Split(text, maxText-len(more)-4, channel.Bytes))
	}
	for i := c.progress.Taken(r.ID); i < len(parts); i++ {
		text, last := parts[i].text, i == len(parts)-1
		if !last {
			text += "\n\n" + more
		}
		if !sl.add(text) {
			return bot.Delivery{Kind: bot.WindowClosed, Code: "passive_only"}
		}
		c.progress.Take(r.ID, i+1)
		if !last { // one part of a long reply per answer: the next word brings the next part
			return bot.Delivery{Kind: bot.WindowClosed, Code: "passive_only"}
		}
	}
	c.progress.Forget(r.ID)
	return bot.Delivery{Kind: bot.Sent}
}
