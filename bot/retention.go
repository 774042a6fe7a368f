package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

const day = 24 * time.Hour

// Retention erases what people left behind who do not come back: an application that was begun and not submitted,
// questions, alarms. Whatever became a file is kept on the file's terms and is never touched here. Nothing of it is
// kept in memory: what is due is read from the store each time.
type Retention struct {
	Log   *slog.Logger
	Store Store
	Now   func() time.Time
	// How long each is kept after the person was last seen; zero means the default. The law names no periods: it
	// asks for the shortest that the purpose needs (个人信息保护法 19).
	Drafts    time.Duration // 30 days
	Questions time.Duration // 90 days
	Urgent    time.Duration // 180 days
}

// Run looks once an hour until ctx ends.
func (r *Retention) Run(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		n, err := r.Flush(ctx)
		if n > 0 {
			r.Log.Info("old conversations erased", "n", n)
		}
		if err != nil && ctx.Err() == nil {
			r.Log.Error("old conversations could not be erased", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Flush erases what is due and gives how many conversations that were. One that cannot be erased does not keep the
// others: its error is given when all were tried.
func (r *Retention) Flush(ctx context.Context) (int, error) {
	now, total := r.Now(), 0
	var errs []error
	for _, rule := range []struct {
		left Trace
		keep time.Duration
	}{
		{TraceDraft, orElse(r.Drafts, 30*day)},
		{TraceQuestions, orElse(r.Questions, 90*day)},
		{TraceUrgent, orElse(r.Urgent, 180*day)},
	} {
		const batch = 100
		for {
			old, err := r.Store.Forgotten(ctx, rule.left, now.Add(-rule.keep), batch)
			if err != nil {
				return total, errors.Join(append(errs, err)...)
			}
			n := 0
			for _, a := range old {
				done, err := r.erase(ctx, a, rule.left, now)
				if err != nil {
					errs = append(errs, err)
				}
				if done {
					n++
				}
			}
			total += n
			if len(old) < batch || n == 0 {
				break
			}
		}
	}
	return total, errors.Join(errs...)
}

// erase removes one conversation with everything the person sent, unless they came back meanwhile.
func (r *Retention) erase(ctx context.Context, a Address, left Trace, now time.Time) (bool, error) {
	conv, err := r.Store.Conversation(ctx, a)
	if errors.Is(err, ErrNotFound) {
		return false, nil // they had it erased themselves
	}
	if err != nil {
		return false, err
	}
	err = r.Store.Commit(ctx, Commit{
		Untouched: []Conversation{conv},
		Erase:     []Address{a},
		Audit:     []Audit{{At: now, Who: "system", What: "erase", Subject: "conversation:" + shortHash(a.String()), Detail: "retention " + string(left)}},
	})
	if errors.Is(err, ErrConflict) {
		return false, nil
	}
	return err == nil, err
}

func orElse(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}
