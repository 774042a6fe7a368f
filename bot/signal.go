package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Signal wakes those who wait for news in this process: workers, the sender, live pages. A signal carries no content
// and may be missed; whoever waits reads the store.
type Signal struct{ inbox, outbox, address, cause, desk bell }

// NewSignal makes one; every part of one process shares it.
func NewSignal() *Signal { return &Signal{} }

// Inbox says that a message was accepted.
func (s *Signal) Inbox() { s.inbox.ring("") }

// Outbox says that replies to a were committed, caused by the message with this key ("" for the desk).
func (s *Signal) Outbox(a Address, cause string) {
	s.outbox.ring("")
	s.address.ring(a.String())
	if cause != "" {
		s.cause.ring(cause)
	}
}

// Desk says that a matter changed.
func (s *Signal) Desk() { s.desk.ring("") }

// Watch implements Watcher.
func (s *Signal) Watch(a Address) (<-chan struct{}, func()) { return s.address.watch(a.String()) }

// WatchDesk is Watch for pages of the desk.
func (s *Signal) WatchDesk() (<-chan struct{}, func()) { return s.desk.watch("") }

// bell is a set of waiters by name. Its zero value is ready.
type bell struct {
	mu   sync.Mutex
	wait map[string]map[chan struct{}]bool
}

func (b *bell) watch(name string) (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wait == nil {
		b.wait = map[string]map[chan struct{}]bool{}
	}
	if b.wait[name] == nil {
		b.wait[name] = map[chan struct{}]bool{}
	}
	b.wait[name][c] = true
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.wait[name], c)
		if len(b.wait[name]) == 0 {
			delete(b.wait, name)
		}
	}
}

func (b *bell) ring(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.wait[name] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Gateway is what channels see of the rest: it takes messages, and hands over replies for a passive answer.
type Gateway struct {
	Store  Store
	Signal *Signal
	Now    func() time.Time
}

var _ Intake = (*Gateway)(nil)

// Accept implements Inbox and wakes a worker.
func (g *Gateway) Accept(ctx context.Context, m Message) (bool, error) {
	fresh, err := g.Store.Accept(ctx, m)
	if err == nil && fresh {
		g.Signal.Inbox()
	}
	return fresh, err
}

// Await implements Intake.
func (g *Gateway) Await(ctx context.Context, key string, d time.Duration) ([]Reply, error) {
	news, stop := g.Signal.cause.watch(key)
	defer stop()
	end := time.NewTimer(d)
	defer end.Stop()
	decided := false
	for {
		rs, err := g.Store.Claim(ctx, key, g.Now())
		if err != nil && !errors.Is(err, ErrNothing) || len(rs) > 0 || decided {
			return rs, ignoreNothing(err)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-end.C:
			return nil, nil
		case <-news: // the turn is committed: what is not there now does not come
			decided = true
		}
	}
}

func ignoreNothing(err error) error {
	if errors.Is(err, ErrNothing) {
		return nil
	}
	return err
}

// Settle implements Intake.
func (g *Gateway) Settle(ctx context.Context, id string, d Delivery) error {
	err := g.Store.Settle(ctx, id, d, g.Now())
	if err == nil && d.Kind != Sent {
		g.Signal.outbox.ring("")
	}
	return err
}
