package retrieval

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Spare searches with First as long as its embedder answers in time, and with
// Second when it does not. After a failure nobody asks First for Pause, so that
// a server that is down delays one question and not all. The embedder must
// remember what it was asked last, as Kept does: First asks it again.
type Spare struct {
	Log           *slog.Logger
	First, Second Searcher
	Embedder      Embedder      // of First
	Patience      time.Duration // for one question
	Pause         time.Duration
	Now           func() time.Time

	mu    sync.Mutex
	until time.Time
}

// Search implements Searcher.
func (s *Spare) Search(ctx context.Context, q Query) ([]Hit, error) {
	if q.Kind == KindTerm { // found by their forms, not by meaning
		return s.First.Search(ctx, q)
	}
	switch err := s.ready(ctx, q.Text); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return s.Second.Search(ctx, q)
	}
	return s.First.Search(ctx, q)
}

var errResting = errors.New("it failed a moment ago")

// ready asks the embedder for the question.
func (s *Spare) ready(ctx context.Context, question string) error {
	s.mu.Lock()
	resting := s.Now().Before(s.until)
	s.mu.Unlock()
	if resting {
		return errResting
	}
	one, stop := context.WithTimeout(ctx, s.Patience)
	defer stop()
	_, err := s.Embedder.Embed(one, []string{question})
	if err == nil || ctx.Err() != nil {
		return err
	}
	if one.Err() != nil {
		err = fmt.Errorf("no answer within %v", s.Patience)
	}
	s.Log.Warn("retrieval: the embeddings server does not answer, the built-in embedder does", "err", err, "asking again in", s.Pause)
	s.mu.Lock()
	s.until = s.Now().Add(s.Pause)
	s.mu.Unlock()
	return err
}

// Without searches as From does, except that some things are not found any
// more: those that left the library while a newer index is being built.
type Without struct {
	From Searcher
	Gone map[string]bool // ids
}

// Search implements Searcher.
func (w Without) Search(ctx context.Context, q Query) ([]Hit, error) {
	wide := q
	wide.K = min(q.limit()+len(w.Gone), MaxK)
	hits, err := w.From.Search(ctx, wide)
	hits = slices.DeleteFunc(hits, func(h Hit) bool { return w.Gone[h.ID] })
	return hits[:min(len(hits), q.limit())], err
}
