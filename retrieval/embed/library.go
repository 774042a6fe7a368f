package embed

import (
	"context"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// ForLibrary is the built-in embedder for a library of these chunks: the shipped
// one, which knows its words better than anything learned from the chunks alone
// (README.md has the figures).
func ForLibrary(ctx context.Context, a *text.Analyzer, _ []retrieval.Chunk) (*Dual, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return Shipped(a)
}
