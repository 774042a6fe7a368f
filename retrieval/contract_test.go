package retrieval_test

import (
	"context"
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/retrievaltest"
	"heshi/retrieval/text"
)

func TestIndexContract(t *testing.T) {
	a := newAnalyzer(t)
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		x, err := retrieval.Build(context.Background(), a, chunks, retrieval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return x
	})
}

func TestLiveContract(t *testing.T) {
	a := newAnalyzer(t)
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		x, err := retrieval.Build(context.Background(), a, chunks, retrieval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return retrieval.NewLive(x)
	})
}

func newAnalyzer(t *testing.T) *text.Analyzer {
	t.Helper()
	d, err := text.FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	a, err := text.NewAnalyzer(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
