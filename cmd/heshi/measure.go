package main

import (
	"fmt"
	"os"

	"heshi/bot/store/sqlite"
	"heshi/retrieval/bench"
	"heshi/retrieval/text"
)

// measure prints durable turns a second beside the disk and beside ungrouped commits, and search beside bleve with the
// same segmentation, all in this process.
func measure(c *call) error {
	dir, err := os.MkdirTemp("", "heshi-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := sqlite.Bench(c.ctx, dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\nTurns with durable commit:\n  fdatasync of 4 KB      %s\n  1 conversation         %.0f a second\n  32 conversations       %.0f a second (p50 %s, p99 %s)\n  32, one commit a turn  %.0f a second: grouping gives %.1f times as many\n",
		s.Sync, s.One, s.Many, s.P50, s.P99, s.Alone, s.Ratio)
	dict, err := text.FindDictionary(dir)
	if err != nil {
		return err
	}
	a, err := text.NewAnalyzer(dict, nil)
	if err != nil {
		return err
	}
	r, err := bench.Run(c.ctx, a, 10_000, 300)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\nSearch over %d chunks, %d questions:\n", r.Chunks, r.Queries)
	for _, f := range append([]bench.Figures{r.Index}, r.Others...) {
		fmt.Fprintf(c.out, "  %-6s p50 %.3f ms  p99 %.3f ms  nDCG@10 %.3f  built in %.1f s  %.1f times as long\n", f.Name, f.P50, f.P99, f.NDCG, f.IndexS, r.Ratio(f))
	}
	return nil
}
