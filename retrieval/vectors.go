package retrieval

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Vector is the embedding of one chunk.
type Vector struct {
	ID     string
	Values []float32
}

// Scored is a chunk near a vector; Score is the cosine, -1 to 1.
type Scored struct {
	ID    string
	Score float64
}

// Vectors is an engine that finds the nearest vectors of a collection.
type Vectors interface {
	// Swap replaces a whole collection at once: searches see the old one or the
	// new one, never a mixture. No docs takes the collection away. One bad vector
	// (ErrVector) refuses the whole swap and the old collection stays.
	Swap(ctx context.Context, collection string, docs []Vector) error
	// Nearest returns at most k chunks by falling cosine, ties by id. A collection
	// that does not exist has none.
	Nearest(ctx context.Context, collection string, v []float32, k int) ([]Scored, error)
	// Count is the number of vectors in a collection.
	Count(collection string) int
}

// ErrVector: a vector is empty, all zero, not finite, or of another length than
// the rest.
var ErrVector = errors.New("retrieval: unusable vector")

// Embedder turns text into vectors of Dim numbers and length one. ID changes
// whenever the same text would get another vector. A text with nothing to embed
// gets a zero vector, which no engine takes.
type Embedder interface {
	ID() string
	Dim() int
	Embed(ctx context.Context, texts []string) ([][]float32, error)
}

// Unit returns v scaled to length one, a copy. It fails with ErrVector unless v
// has dim finite numbers, not all zero; dim 0 accepts any length.
func Unit(v []float32, dim int) ([]float32, error) {
	if len(v) == 0 || dim > 0 && len(v) != dim {
		return nil, fmt.Errorf("%w: %d numbers, want %d", ErrVector, len(v), dim)
	}
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("%w: not finite", ErrVector)
	}
	if sum == 0 {
		return nil, fmt.Errorf("%w: all zero", ErrVector)
	}
	n := math.Sqrt(sum)
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(float64(x) / n)
	}
	return out, nil
}
