// Package chromem is the default vector engine: chromem-go in memory behind
// retrieval.Vectors.
//
// Data owned: copies of the vectors given to Swap. Nothing is written to disk:
// the library persists to files that lose documents, so our own store stays the
// truth and collections are rebuilt from it.
//
// Invariants: every stored vector has length one and the dimension of its
// collection; a collection is never changed, only replaced; results are ordered
// by cosine, ties by id.
package chromem

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	chromem "github.com/philippgille/chromem-go"

	"heshi/retrieval"
)

// Engine implements retrieval.Vectors. Make it with New.
type Engine struct {
	mu    sync.RWMutex
	shelf map[string]*collection
}

// collection is one immutable set of vectors.
type collection struct {
	docs *chromem.Collection
	dim  int
}

// New returns an empty engine.
func New() *Engine { return &Engine{shelf: map[string]*collection{}} }

var errNoText = errors.New("chromem: only vectors are stored, never text")

// noText stands where a nil function would make the library call OpenAI.
func noText(context.Context, string) ([]float32, error) { return nil, errNoText }

// Swap implements retrieval.Vectors.
func (e *Engine) Swap(ctx context.Context, name string, docs []retrieval.Vector) error {
	c, err := load(ctx, name, docs)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if c == nil {
		delete(e.shelf, name)
	} else {
		e.shelf[name] = c
	}
	return nil
}

func load(ctx context.Context, name string, docs []retrieval.Vector) (*collection, error) {
	if len(docs) == 0 {
		return nil, ctx.Err()
	}
	dim := len(docs[0].Values)
	seen := make(map[string]bool, len(docs))
	in := make([]chromem.Document, len(docs))
	for i, d := range docs {
		if d.ID == "" || seen[d.ID] {
			return nil, fmt.Errorf("%w: id %q empty or doubled", retrieval.ErrVector, d.ID)
		}
		seen[d.ID] = true
		v, err := retrieval.Unit(d.Values, dim)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.ID, err)
		}
		in[i] = chromem.Document{ID: d.ID, Embedding: v}
	}
	// A database of its own: the library can only add to a collection in use, and
	// adding waits for every query.
	c, err := chromem.NewDB().CreateCollection(name, nil, noText)
	if err != nil {
		return nil, fmt.Errorf("chromem: %w", err)
	}
	if err := c.AddDocuments(ctx, in, runtime.GOMAXPROCS(0)); err != nil {
		return nil, fmt.Errorf("chromem: %w", err)
	}
	if err := ctx.Err(); err != nil { // a cancelled add reports nothing
		return nil, err
	}
	if c.Count() != len(docs) {
		return nil, fmt.Errorf("chromem: %d of %d vectors stored", c.Count(), len(docs))
	}
	return &collection{docs: c, dim: dim}, nil
}

// Count implements retrieval.Vectors.
func (e *Engine) Count(name string) int {
	if c := e.get(name); c != nil {
		return c.docs.Count()
	}
	return 0
}

func (e *Engine) get(name string) *collection {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.shelf[name]
}

// spare is how many more than wanted are fetched, to order ties at the end.
const spare = 16

// Nearest implements retrieval.Vectors.
func (e *Engine) Nearest(ctx context.Context, name string, v []float32, k int) ([]retrieval.Scored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := e.get(name)
	if c == nil || k <= 0 {
		return nil, nil
	}
	v, err := retrieval.Unit(v, c.dim)
	if err != nil {
		return nil, err
	}
	all := c.docs.Count()
	for n := min(all, k+spare); ; n = all {
		found, err := c.docs.QueryEmbedding(ctx, v, n, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("chromem: %w", err)
		}
		if err := ctx.Err(); err != nil { // a cancelled query returns part of the answer and no error
			return nil, err
		}
		out := make([]retrieval.Scored, len(found))
		for i, r := range found {
			out[i] = retrieval.Scored{ID: r.ID, Score: float64(r.Similarity)}
		}
		slices.SortFunc(out, func(a, b retrieval.Scored) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
		})
		// The library breaks ties at random: when the last one fetched ties with the
		// last one wanted, others with the same score may be missing.
		if n == all || k > len(out) || out[len(out)-1].Score != out[k-1].Score {
			return out[:min(k, len(out))], nil
		}
	}
}
