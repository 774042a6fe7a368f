//go:build !race

// Times are measured without the race detector, which slows one side of the comparison more than the other.

package sqlite

import (
	"testing"
)

// TestGroupCommitPays holds the reason for the writer: many conversations share the price of a sync.
func TestGroupCommitPays(t *testing.T) {
	r, err := bench(t.Context(), t.TempDir(), 5)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("sync %v; turns/s: 1 conversation %.0f, 32 conversations %.0f (p50 %v, p99 %v), ungrouped %.0f: ratio %.2f",
		r.Sync, r.One, r.Many, r.P50, r.P99, r.Alone, r.Ratio)
	if r.Ratio < 2.5 {
		t.Errorf("group commit is %.2f times one commit per request with 32 conversations, want at least 2.5", r.Ratio)
	}
}

// BenchmarkTurns reports turns a second with durable commit beside the disk and beside ungrouped commits.
func BenchmarkTurns(b *testing.B) {
	for b.Loop() {
		r, err := Bench(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(r.Sync.Microseconds()), "fdatasync-µs")
		b.ReportMetric(r.One, "turns/s-1")
		b.ReportMetric(r.Many, "turns/s-32")
		b.ReportMetric(r.Alone, "turns/s-32-ungrouped")
		b.ReportMetric(r.Ratio, "times-ungrouped")
	}
}
