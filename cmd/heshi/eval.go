package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"heshi/evals"
)

// evaluate runs suites of our own, or retrieval over files from elsewhere. A figure below its baseline, beyond noise,
// makes it fail.
func evaluate(c *call) error {
	var suites []string
	for len(c.args) > 0 && !strings.HasPrefix(c.args[0], "-") {
		suites = append(suites, c.args[0])
		c.args = c.args[1:]
	}
	if len(suites) == 1 && suites[0] == "retrieval" {
		return evalRetrieval(c)
	}
	if len(suites) == 1 && suites[0] == "labels" {
		return evalLabels(c)
	}
	if len(suites) == 1 && suites[0] == "similar" {
		return evalSimilar(c)
	}
	if len(suites) == 1 && suites[0] == "amounts" {
		return evalAmounts(c)
	}
	if len(suites) == 1 && suites[0] == "spans" {
		return evalSpans(c)
	}
	for _, s := range suites {
		if !slices.Contains(evals.Suites(), s) {
			suites = nil
			break
		}
	}
	if len(suites) == 0 {
		return fmt.Errorf("%w: name suites: retrieval, or of %s", errMisuse, strings.Join(evals.Suites(), " "))
	}
	var asJSON, must bool
	var html string
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "reports as JSON lines")
		fs.BoolVar(&must, "must", false, "fail too when a figure is not what the project demands of it")
		fs.StringVar(&html, "html", "", "write a page with plots to this file too")
	})
	if err != nil {
		return err
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	var reports []evals.Report
	var short []string
	regressed := false
	for _, s := range suites {
		r, err := evals.Run(c.ctx, brain, s)
		if err != nil {
			return err
		}
		reports = append(reports, r)
		regressed = regressed || r.Regressed()
		for _, f := range r.Short() {
			short = append(short, fmt.Sprintf("%s %s %.3f, must %.3f", s, f.Name, f.Value, f.Must))
		}
		if asJSON {
			if err := json.NewEncoder(c.out).Encode(r); err != nil {
				return err
			}
		}
	}
	if !asJSON {
		fmt.Fprintln(c.out, evals.Markdown(reports...))
	}
	if html != "" {
		f, err := os.Create(html)
		if err != nil {
			return err
		}
		if err := errors.Join(evals.HTML(f, reports...), f.Close()); err != nil {
			return err
		}
	}
	if regressed {
		return errors.New("a figure fell below its baseline")
	}
	if must && len(short) > 0 {
		return fmt.Errorf("short of what must be: %s", strings.Join(short, "; "))
	}
	return nil
}

func evalRetrieval(c *call) error {
	var must string
	var asJSON bool
	var conf evals.EvalConfig
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.StringVar(&must, "must", "", mustHelp)
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
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	conf.Analyzer, conf.Options, conf.Library = brain.Analyzer, brain.IndexOptions, brain.Library
	r, err := evals.Retrieval(c.ctx, conf)
	if err != nil {
		return err
	}
	if asJSON {
		return errors.Join(json.NewEncoder(c.out).Encode(r), demand(r, must))
	}
	_, err = fmt.Fprintf(c.out, "%d queries over %d documents\nrecall@10 %.4f  recall@100 %.4f  mrr@10 %.4f  ndcg@10 %.4f\nindex %.1f s  query p50 %.2f ms  p99 %.2f ms\n",
		r.Queries, r.Docs, r.Recall10, r.Recall100, r.MRR10, r.NDCG10, r.IndexS, r.P50, r.P99)
	return errors.Join(err, demand(r, must))
}

func evalLabels(c *call) error {
	var must string
	var asJSON bool
	var conf evals.LabelConfig
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.StringVar(&must, "must", "", mustHelp)
		fs.StringVar(&conf.Texts, "texts", "", `{"id","text","label"} lines`)
		fs.StringVar(&conf.Table, "table", "", "which of our types fall under each label; see evals/tables")
	})
	if err != nil {
		return err
	}
	if conf.Texts == "" || conf.Table == "" {
		return fmt.Errorf("%w: -texts and -table are both needed", errMisuse)
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	conf.Classifier = brain.Classifier
	r, err := evals.Labels(c.ctx, conf)
	if err != nil {
		return err
	}
	if asJSON {
		return errors.Join(json.NewEncoder(c.out).Encode(r), demand(r, must))
	}
	_, err = fmt.Fprintf(c.out, "%d texts\naccuracy %.4f  macro-F1 %.4f\n", r.Texts, r.Accuracy, r.MacroF1)
	return errors.Join(err, demand(r, must))
}
