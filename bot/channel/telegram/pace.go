package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// errBusy says that there is no free place under the limits soon.
type errBusy struct{ wait time.Duration }

func (errBusy) Error() string { return "rate limit" }

// pace keeps us under Telegram's limits: so many messages a second to one chat, and to all.
type pace struct {
	mu     sync.Mutex
	now    func() time.Time
	each   rate.Limit
	all    *rate.Limiter
	chats  map[int64]*chatPace
	pruned time.Time
}

type chatPace struct {
	limiter *rate.Limiter
	used    time.Time
}

func newPace(each, all rate.Limit, now func() time.Time) *pace {
	burst := 1
	if all != rate.Inf && all > 1 {
		burst = int(all)
	}
	return &pace{now: now, each: each, all: rate.NewLimiter(all, burst), chats: map[int64]*chatPace{}}
}

// wait returns when a message may go to chat. When that is more than maxWait away it gives an errBusy at once.
func (p *pace) wait(ctx context.Context, chat int64) error {
	now := time.Now()
	one := p.chat(chat).ReserveN(now, 1)
	all := p.all.ReserveN(now, 1)
	if d := max(one.DelayFrom(now), all.DelayFrom(now)); d > maxWait {
		one.CancelAt(now)
		all.CancelAt(now)
		return errBusy{d}
	} else if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			one.Cancel()
			all.Cancel()
			return ctx.Err()
		}
	}
	return nil
}

func (p *pace) chat(id int64) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.pruned) > time.Minute { // a chat at rest has its place back long ago
		for k, v := range p.chats {
			if now.Sub(v.used) > time.Minute {
				delete(p.chats, k)
			}
		}
		p.pruned = now
	}
	c := p.chats[id]
	if c == nil {
		c = &chatPace{limiter: rate.NewLimiter(p.each, 1)}
		p.chats[id] = c
	}
	c.used = now
	return c.limiter
}

func busy(err error) (time.Duration, bool) {
	var b errBusy
	if errors.As(err, &b) {
		return b.wait, true
	}
	return 0, false
}
