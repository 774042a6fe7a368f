package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"strconv"

	"heshi/evals"
)

// evalSimilar measures similar cases over a file of judged ones from elsewhere.
func evalSimilar(c *call) error {
	var must string
	var asJSON, asRun bool
	var conf evals.SimilarConfig
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.StringVar(&must, "must", "", mustHelp)
		fs.BoolVar(&asRun, "run", false, "print query-id, case-id, score of every neighbour instead")
		fs.StringVar(&conf.Cases, "cases", "", `{"id","casename","text"} lines; casename is the cause of action`)
	})
	if err != nil {
		return err
	}
	if conf.Cases == "" {
		return fmt.Errorf("%w: -cases is needed", errMisuse)
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	conf.Analyzer = brain.Analyzer
	if asRun {
		conf.Run = func(query, doc string, score float64) {
			fmt.Fprintf(c.out, "%s\t%s\t%s\n", query, doc, strconv.FormatFloat(score, 'f', 6, 64))
		}
	}
	r, err := evals.Similar(c.ctx, conf)
	switch {
	case err != nil:
		return err
	case asRun:
		return nil
	case asJSON:
		return errors.Join(json.NewEncoder(c.out).Encode(r), demand(r, must))
	}
	line := func(name string, s evals.Same) {
		fmt.Fprintf(c.out, "%-34s %5d  P@1 %.4f  P@5 %.4f\n", name, s.Cases, s.P1, s.P5)
	}
	line("all cases", r.Same)
	line("cause shared by another case", r.Partnered)
	line("cause with five cases or more", r.FiveOrMore)
	_, err = fmt.Fprintf(c.out, "cause first %.4f  among three %.4f\nindex %.1f s  query p50 %.2f ms  p99 %.2f ms\n", r.Cause1, r.Cause3, r.IndexS, r.P50, r.P99)
	return errors.Join(err, demand(r, must))
}
