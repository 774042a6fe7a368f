package embed

import (
	"context"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// libraryDim is the number of directions learned from a library: more gave no
// better hits on held-out questions of the digests.
const libraryDim = 128

// ForLibrary learns the built-in embedder from the cases and articles among
// chunks. It takes about a second for two thousand; search by words alone until
// it is there.
func ForLibrary(ctx context.Context, a *text.Analyzer, chunks []retrieval.Chunk) (*LSI, error) {
	var texts []string
	for _, c := range chunks {
		if c.Kind == retrieval.KindCase || c.Kind == retrieval.KindLaw {
			texts = append(texts, c.Body())
		}
	}
	return Train(ctx, a, texts, TrainConfig{Dim: libraryDim})
}
