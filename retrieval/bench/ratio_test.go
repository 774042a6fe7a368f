//go:build slow

package bench

import (
	"context"
	"testing"
)

// At 10,000 chunks, with the same segmentation in the same process, the index answers at least ten times as fast as
// the others and finds no less.
func TestTenTimesAsFast(t *testing.T) {
	r, err := Run(context.Background(), analyzer(t), 10_000, 300)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Others {
		t.Logf("%s: %.1f times as long; p50 %.3f ms against %.3f, nDCG@10 %.3f against %.3f", f.Name, r.Ratio(f), f.P50, r.Index.P50, f.NDCG, r.Index.NDCG)
		if r.Ratio(f) < 10 || r.Index.NDCG < f.NDCG {
			t.Errorf("%s: want at least 10 times as fast at no lower nDCG: %+v", f.Name, r)
		}
	}
}
