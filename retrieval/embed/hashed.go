package embed

import (
	"context"
	"fmt"
	"hash/fnv"

	"heshi/retrieval/text"
)

// Hashed is the embedder that learns nothing: each word and pair of characters
// adds or takes one in a place its hash names. It is what anything learned has
// to beat. It implements retrieval.Embedder.
type Hashed struct {
	analyzer *text.Analyzer
	dim      int
}

// NewHashed returns a Hashed of dim numbers.
func NewHashed(a *text.Analyzer, dim int) *Hashed { return &Hashed{a, dim} }

// ID implements retrieval.Embedder.
func (h *Hashed) ID() string { return fmt.Sprintf("hashed-%d", h.dim) }

// Dim implements retrieval.Embedder.
func (h *Hashed) Dim() int { return h.dim }

// Embed implements retrieval.Embedder.
func (h *Hashed) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v := make([]float32, h.dim)
		for _, f := range cut(h.analyzer, t) {
			sum := fnv.New64a()
			sum.Write([]byte(f.name))
			n := sum.Sum64()
			w := damped(f.count)
			if n>>63 == 1 {
				w = -w
			}
			v[n%uint64(h.dim)] += w
		}
		normalise(v)
		out[i] = v
	}
	return out, nil
}
