package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"heshi/prompts"
)

// LeaseTime is how long a worker may hold a message before another takes it. A turn with a model takes seconds.
const LeaseTime = 2 * time.Minute

// maxAttempts is how often a turn is tried before the citizen is told that something is broken here.
const maxAttempts = 5

// Worker takes messages from the lanes, lets the engine decide, and commits. It holds nothing between messages.
type Worker struct {
	Log    *slog.Logger
	Store  Store
	Engine *Engine
	Signal *Signal
	Fetch  func(ctx context.Context, m Message) Message // media, outside any transaction; nil: nothing to fetch
	Now    func() time.Time
	Lanes  int
}

// Run works until ctx ends, with Lanes messages of different conversations at a time.
func (w *Worker) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for range max(w.Lanes, 1) {
		wg.Go(func() { w.lane(ctx) })
	}
	wg.Wait()
}

func (w *Worker) lane(ctx context.Context) {
	news, stop := w.Signal.inbox.watch("")
	defer stop()
	for ctx.Err() == nil {
		did, err := w.One(ctx)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("a turn failed", "err", err)
		}
		if did {
			continue
		}
		select {
		case <-ctx.Done():
		case <-news:
		case <-time.After(time.Second): // retries become due without a signal
		}
	}
}

// One works one message; did is false when there was none.
func (w *Worker) One(ctx context.Context) (did bool, err error) {
	now := w.Now()
	work, err := w.Store.Lease(ctx, now, now.Add(LeaseTime))
	if errors.Is(err, ErrNothing) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if w.Fetch != nil {
		work.Message = w.Fetch(ctx, work.Message)
	}
	err = w.turn(ctx, work)
	if err == nil || ctx.Err() != nil {
		return true, err
	}
	if work.Attempt >= maxAttempts {
		return true, errors.Join(err, w.giveUp(ctx, work))
	}
	retry := w.Now().Add(backOff(work.Attempt))
	if errors.Is(err, ErrConflict) {
		retry, err = w.Now(), nil // somebody at the desk was faster: read again and decide again
	}
	return true, errors.Join(err, w.Store.Release(ctx, work, retry))
}

func (w *Worker) turn(ctx context.Context, work Work) error {
	conv, err := w.Store.Conversation(ctx, work.Message.From)
	if errors.Is(err, ErrNotFound) {
		conv = NewConversation(work.Message.From)
	} else if err != nil {
		return err
	}
	d, err := w.Engine.Turn(ctx, conv, work.Message)
	if err != nil {
		return err
	}
	return w.commit(ctx, work, d)
}

func (w *Worker) commit(ctx context.Context, work Work, d Decision) error {
	err := w.Store.Commit(ctx, Commit{
		Work: &work, Conversations: []Conversation{d.Conversation}, Replies: d.Replies, Matters: d.Matters,
		Entries: d.Entries, Audit: d.Audit, Erase: d.Erase,
	})
	if err == nil {
		w.Signal.Outbox(work.Message.From, work.Message.Key)
		if len(d.Matters) > 0 || len(d.Entries) > 0 {
			w.Signal.Desk()
		}
	}
	return err
}

// giveUp ends a message whose turn keeps failing: the citizen is told, the record says so, the lane goes on.
func (w *Worker) giveUp(ctx context.Context, work Work) error {
	conv, err := w.Store.Conversation(ctx, work.Message.From)
	if errors.Is(err, ErrNotFound) {
		conv = NewConversation(work.Message.From)
	} else if err != nil {
		return err
	}
	now := w.Now()
	lang := conv.Lang
	if lang == "" {
		lang = prompts.Chinese
	}
	r := Reply{ID: w.Engine.NewID(), To: conv.Address, Kind: "error", Cause: work.Message.Key, Resend: ResendAgain, NotBefore: now, Made: now,
		Text: w.Engine.Say.Text(lang, "error.internal", nil)}
	return w.commit(ctx, work, Decision{Conversation: conv, Replies: []Reply{r},
		Audit: []Audit{{At: now, Who: "system", What: "turn_failed", Subject: "message:" + shortHash(work.Message.Key)}}})
}
