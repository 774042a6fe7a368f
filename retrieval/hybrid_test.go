package retrieval_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/retrievaltest"
)

// scan is a small exact vector engine of the test's own.
type scan struct {
	m    map[string][]retrieval.Vector
	fail error
}

func (s *scan) Swap(_ context.Context, c string, docs []retrieval.Vector) error {
	s.m[c] = docs
	return nil
}
func (s *scan) Count(c string) int { return len(s.m[c]) }
func (s *scan) Nearest(_ context.Context, c string, v []float32, k int) ([]retrieval.Scored, error) {
	if s.fail != nil {
		return nil, s.fail
	}
	var out []retrieval.Scored
	for _, d := range s.m[c] {
		x := 0.0
		for i := range v {
			x += float64(v[i] * d.Values[i])
		}
		out = append(out, retrieval.Scored{ID: d.ID, Score: x})
	}
	slices.SortFunc(out, func(a, b retrieval.Scored) int {
		if a.Score != b.Score {
			return int((b.Score - a.Score) * 1000)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out[:min(k, len(out))], nil
}

// topics embeds by a few known words: money, water, grass.
type topics struct{}

func (topics) ID() string { return "topics" }
func (topics) Dim() int   { return 3 }
func (topics) Embed(_ context.Context, texts []string) ([][]float32, error) {
	var out [][]float32
	for _, t := range texts {
		v := make([]float32, 3)
		for i, ws := range [][]string{{"工资", "工钱", "血汗"}, {"漏水", "水管", "滴答"}, {"草场", "羊"}} {
			for _, w := range ws {
				if strings.Contains(t, w) {
					v[i] = 1
				}
			}
		}
		if u, err := retrieval.Unit(v, 3); err == nil {
			v = u
		}
		out = append(out, v)
	}
	return out, nil
}

func hybrid(t *testing.T, chunks []retrieval.Chunk, v retrieval.Vectors) *retrieval.Hybrid {
	t.Helper()
	x, err := retrieval.Build(context.Background(), newAnalyzer(t), chunks, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := retrieval.NewHybrid(context.Background(), slog.New(slog.DiscardHandler), x, v, topics{}, chunks, nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHybridContract(t *testing.T) {
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		return hybrid(t, chunks, &scan{m: map[string][]retrieval.Vector{}})
	})
}

func TestMeaningFindsWhatWordsMiss(t *testing.T) {
	v := &scan{m: map[string][]retrieval.Vector{}}
	h := hybrid(t, retrievaltest.Shelf(), v)
	hits, err := h.Search(context.Background(), retrieval.Query{Text: "血汗", Kind: retrieval.KindCase})
	if err != nil || len(hits) == 0 || hits[0].ID != "wage" {
		t.Errorf("got %v %v", hits, err)
	}
	v.fail = errors.New("engine down")
	hits, err = h.Search(context.Background(), retrieval.Query{Text: "老板拖欠工资", Kind: retrieval.KindCase, K: 1})
	if err != nil || len(hits) != 1 || hits[0].ID != "wage" {
		t.Errorf("words alone: %v %v", hits, err)
	}
}
