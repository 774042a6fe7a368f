package bench

import (
	"context"
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

func analyzer(t testing.TB) *text.Analyzer {
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

// A small run keeps the comparison itself working; the figures of a full one
// are for the benchmarks.
func TestBothEnginesAnswer(t *testing.T) {
	r, err := Run(context.Background(), analyzer(t), 600, 60)
	if err != nil {
		t.Fatal(err)
	}
	if r.Index.Hit10 < 0.8 || r.Bleve.Hit10 < 0.8 {
		t.Errorf("a question made from a chunk finds it: %+v", r)
	}
	if r.Index.P50 <= 0 || r.Bleve.P50 <= 0 {
		t.Errorf("no time measured: %+v", r)
	}
}

// BenchmarkAgainstBleve reports the comparison at 10,000 chunks.
func BenchmarkAgainstBleve(b *testing.B) {
	a := analyzer(b)
	for b.Loop() {
		r, err := Run(context.Background(), a, 10_000, 300)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.Index.P50, "p50-ms")
		b.ReportMetric(r.Bleve.P50, "bleve-p50-ms")
		b.ReportMetric(r.Ratio, "times-faster")
		b.ReportMetric(r.Index.Hit10, "hit@10")
		b.ReportMetric(r.Bleve.Hit10, "bleve-hit@10")
	}
}

func BenchmarkSearch(b *testing.B) {
	chunks, qs := material(10_000, 300)
	x, err := retrieval.Build(context.Background(), analyzer(b), chunks, retrieval.Options{})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if _, err := x.Search(context.Background(), retrieval.Query{Text: qs[i%len(qs)].text, K: 10}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
