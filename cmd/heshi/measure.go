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
	fmt.Fprintf(c.out, "\nSearch over %d chunks, %d questions:\n  own index   p50 %.3f ms  p99 %.3f ms  found %.3f  built in %.1f s\n  bleve       p50 %.3f ms  p99 %.3f ms  found %.3f  built in %.1f s\n  %.1f times as fast\n",
		r.Chunks, r.Queries, r.Index.P50, r.Index.P99, r.Index.Hit10, r.Index.IndexS, r.Bleve.P50, r.Bleve.P99, r.Bleve.Hit10, r.Bleve.IndexS, r.Ratio)
	return nil
}
