package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Sender takes due replies from the outbox and hands them to their channels. What the platform said is stored;
// nothing is dropped silently.
type Sender struct {
	Log      *slog.Logger
	Store    Outbox
	Channels map[string]Channel
	Signal   *Signal
	Now      func() time.Time
	Parallel int
}

// sendTime bounds one call to a platform.
const sendTime = 15 * time.Second

// Run sends until ctx ends.
func (s *Sender) Run(ctx context.Context) {
	news, stop := s.Signal.outbox.watch("")
	defer stop()
	for ctx.Err() == nil {
		n, err := s.Flush(ctx)
		if err != nil && ctx.Err() == nil {
			s.Log.Error("the outbox could not be read", "err", err)
		}
		if n > 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-news:
		case <-time.After(time.Second): // held and retried replies become due without a signal
		}
	}
}

// Flush sends what is due now, one reply per conversation and round, and gives how many it handled.
func (s *Sender) Flush(ctx context.Context) (int, error) {
	names := make([]string, 0, len(s.Channels))
	for name := range s.Channels {
		names = append(names, name)
	}
	due, err := s.Store.Due(ctx, s.Now(), names, max(s.Parallel, 1))
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	for _, r := range due {
		wg.Go(func() { s.send(ctx, r) })
	}
	wg.Wait()
	return len(due), nil
}

func (s *Sender) send(ctx context.Context, r Reply) {
	call, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	d := s.Channels[r.To.Channel].Send(call, r)
	if ctx.Err() != nil {
		return // stopping: the reply stays "sending" and Recover decides by its kind
	}
	if d.Kind == Retry && d.RetryAfter <= 0 {
		d.RetryAfter = backOff(r.Attempts)
	}
	if err := s.Store.Settle(ctx, r.ID, d, s.Now()); err != nil {
		s.Log.Error("a delivery could not be recorded", "reply", r.ID, "err", err)
	}
	if d.Kind != Sent {
		s.Log.Warn("a reply was not delivered", "reply", r.ID, "channel", r.To.Channel, "kind", d.Kind, "code", d.Code)
		s.Signal.Desk()
	}
}

// backOff doubles from two seconds to a minute.
func backOff(attempt int) time.Duration {
	d := time.Second << min(attempt, 6)
	return min(d, time.Minute)
}
