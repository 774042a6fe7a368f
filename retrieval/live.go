package retrieval

import (
	"context"
	"fmt"
	"sync/atomic"
)

// Live is a Searcher whose index can be replaced while it is searched. The zero
// value has no index yet and answers ErrUnavailable.
type Live struct {
	current atomic.Pointer[Searcher]
}

// NewLive returns a Live that searches s.
func NewLive(s Searcher) *Live {
	l := &Live{}
	l.Swap(s)
	return l
}

// Swap puts s in place of the index in use; searches under way finish on the
// old one. nil takes the index away.
func (l *Live) Swap(s Searcher) {
	if s == nil {
		l.current.Store(nil)
		return
	}
	l.current.Store(&s)
}

// Search implements Searcher.
func (l *Live) Search(ctx context.Context, q Query) ([]Hit, error) {
	s := l.current.Load()
	if s == nil {
		return nil, fmt.Errorf("%w: the index is still being built", ErrUnavailable)
	}
	return (*s).Search(ctx, q)
}
