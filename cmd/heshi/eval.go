package main

import (
	"encoding/json"
	"flag"
	"fmt"

	"heshi/bot/app"
	"heshi/evals"
)

// evaluate runs one suite. Only retrieval over external files exists so far.
func evaluate(c *call) error {
	if len(c.args) == 0 || c.args[0] != "retrieval" {
		return fmt.Errorf("%w: name a suite: retrieval", errMisuse)
	}
	c.args = c.args[1:]
	var asJSON bool
	var conf evals.EvalConfig
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.StringVar(&conf.Corpus, "corpus", "", `{"_id","title","text"} lines`)
		fs.StringVar(&conf.Queries, "queries", "", `{"_id","text"} lines`)
		fs.StringVar(&conf.Qrels, "qrels", "", "query-id, corpus-id, score, tab-separated with a header")
	})
	if err != nil {
		return err
	}
	if conf.Corpus == "" || conf.Queries == "" || conf.Qrels == "" {
		return fmt.Errorf("%w: -corpus, -queries and -qrels are all needed", errMisuse)
	}
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return err
	}
	brain, err := app.Think(c.ctx, quiet(c.err), cfg)
	if err != nil {
		return err
	}
	conf.Analyzer, conf.Options = brain.Analyzer, brain.IndexOptions
	r, err := evals.Retrieval(c.ctx, conf)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(c.out).Encode(r)
	}
	_, err = fmt.Fprintf(c.out, "%d queries over %d documents\nrecall@10 %.4f  recall@100 %.4f  mrr@10 %.4f  ndcg@10 %.4f\nindex %.1f s  query p50 %.2f ms  p99 %.2f ms\n",
		r.Queries, r.Docs, r.Recall10, r.Recall100, r.MRR10, r.NDCG10, r.IndexS, r.P50, r.P99)
	return err
}
