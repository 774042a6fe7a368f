package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"heshi/evals"
)

// trainRanking learns from judged questions how articles found are put in order, and prints how well rankings learned
// on four fifths of the questions order the rest.
func trainRanking(c *call) error {
	var conf evals.EvalConfig
	var sets []evals.LearnSet
	var note string
	out, folds := "retrieval/ranking.json", 5
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&conf.Corpus, "corpus", "", `{"_id","title","text"} lines`)
		fs.Func("set", "QUERIES,QRELS: a set of judged questions; may be given again", func(s string) error {
			q, r, ok := strings.Cut(s, ",")
			if !ok {
				return fmt.Errorf("%q: write QUERIES,QRELS", s)
			}
			sets = append(sets, evals.LearnSet{Queries: q, Qrels: r})
			return nil
		})
		fs.StringVar(&note, "note", "", "what is written of its origin into the file")
		fs.StringVar(&out, "o", out, "file to write")
	})
	if err != nil {
		return err
	}
	if conf.Corpus == "" || len(sets) == 0 {
		return fmt.Errorf("%w: -corpus and at least one -set are needed", errMisuse)
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	conf.Analyzer, conf.Options, conf.Library = brain.Analyzer, brain.IndexOptions, brain.Library
	learned, err := evals.LearnRanking(c.ctx, conf, sets, folds)
	if err != nil {
		return err
	}
	b, err := learned.Ranking.Encode(note)
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return err
	}
	for i, h := range learned.Held {
		fmt.Fprintf(c.out, "%s, held out: recall@100 %.4f  ndcg@10 %.4f\n", sets[i].Queries, h.Recall100, h.NDCG10)
	}
	_, err = fmt.Fprintf(c.out, "%s: written\n", out)
	return err
}
