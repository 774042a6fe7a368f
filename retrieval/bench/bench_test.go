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
func TestEveryEngineAnswers(t *testing.T) {
	r, err := Run(context.Background(), analyzer(t), 600, 60)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(r.Others, r.Index) {
		if f.Hit10 < 0.8 || f.NDCG < 0.5 || f.NDCG > f.Hit10 {
			t.Errorf("%s: a question made from a chunk finds it: %+v", f.Name, f)
		}
		if f.P50 <= 0 {
			t.Errorf("%s: no time measured", f.Name)
		}
	}
}

// BenchmarkAgainstOthers reports the comparison at 10,000 chunks.
func BenchmarkAgainstOthers(b *testing.B) {
	a := analyzer(b)
	for b.Loop() {
		r, err := Run(context.Background(), a, 10_000, 300)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.Index.P50, "p50-ms")
		b.ReportMetric(r.Index.NDCG, "ndcg@10")
		for _, f := range r.Others {
			b.ReportMetric(f.P50, f.Name+"-p50-ms")
			b.ReportMetric(f.NDCG, f.Name+"-ndcg@10")
			b.ReportMetric(r.Ratio(f), f.Name+"-times-slower")
		}
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
		if _, err := x.Search(context.Background(), retrieval.Query{Text: qs[i%len(qs)].Text, K: 10}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
