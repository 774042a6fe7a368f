//go:build slow

package bench

import (
	"context"
	"testing"
)

// At 10,000 chunks, with the same segmentation in the same process, the index answers at least five times as fast as
// bleve and finds at least as much.
func TestFiveTimesAsFastAsBleve(t *testing.T) {
	r, err := Run(context.Background(), analyzer(t), 10_000, 300)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("own p50 %.3f ms, hit@10 %.3f; bleve p50 %.3f ms, hit@10 %.3f; %.1f times as fast", r.Index.P50, r.Index.Hit10, r.Bleve.P50, r.Bleve.Hit10, r.Ratio)
	if r.Ratio < 5 || r.Index.Hit10 < r.Bleve.Hit10 {
		t.Errorf("want at least 5 times as fast at no fewer hits: %+v", r)
	}
}
