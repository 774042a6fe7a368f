package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"heshi/evals"
	"heshi/intake"
	"heshi/intake/extract"
)

// writtenOn is the day the sentences of our own tables were written: it decides what 昨天 means there.
const writtenOn = "2026-03-15"

// newExtractor makes what finds values, without the rest of the product.
func newExtractor() (*extract.Extractor, error) {
	regions, err := intake.LoadRegions(intake.Data())
	if err != nil {
		return nil, err
	}
	return extract.New(regions)
}

// evalAmounts measures sums and dates that questions ask for, and totals, over files from elsewhere.
func evalAmounts(c *call) error {
	var must, on string
	var asJSON, misses bool
	var conf evals.AmountConfig
	if _, _, _, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.BoolVar(&misses, "misses", false, "print what was answered wrongly in the half that may be read")
		fs.StringVar(&must, "must", "", mustHelp)
		fs.StringVar(&on, "on", writtenOn, "the day of writing")
		fs.StringVar(&conf.Cases, "cases", "", `{"id","text"} lines`)
		fs.StringVar(&conf.Questions, "questions", "", `{"id","case","question","refs","type"} lines; amount and date are the types asked`)
		fs.StringVar(&conf.Totals, "totals", "", `{"id","text","total_yuan"} lines`)
	}); err != nil {
		return err
	}
	if (conf.Cases == "") != (conf.Questions == "") || conf.Questions == "" && conf.Totals == "" {
		return fmt.Errorf("%w: -cases with -questions, or -totals, or all three are needed", errMisuse)
	}
	var err error
	if conf.Now, err = dayOf(on); err != nil {
		return err
	}
	if conf.Extractor, err = newExtractor(); err != nil {
		return err
	}
	if misses {
		conf.Miss = c.miss
	}
	r, err := evals.Amounts(c.ctx, conf)
	if err != nil {
		return err
	}
	if asJSON {
		return errors.Join(json.NewEncoder(c.out).Encode(r), demand(r, must))
	}
	for _, f := range []struct {
		name string
		e    *evals.Exact
	}{{"sums asked for", r.Amount}, {"dates asked for", r.Date}, {"totals", r.Total}} {
		if f.e != nil {
			fmt.Fprintf(c.out, "%-16s %5d  exact %.4f  read half %.4f  other half %.4f\n", f.name, f.e.N, f.e.All, f.e.Read, f.e.Apart)
		}
	}
	return demand(r, must)
}

// evalSpans measures how exactly values are found, in marked texts from elsewhere or in our own tables.
func evalSpans(c *call) error {
	var must, on, labels, own string
	var asJSON, misses bool
	var conf evals.SpanConfig
	if _, _, _, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "result as JSON")
		fs.BoolVar(&misses, "misses", false, "print texts with a mistake, of files from elsewhere in the half that may be read")
		fs.StringVar(&must, "must", "", mustHelp)
		fs.StringVar(&on, "on", writtenOn, "the day of writing")
		fs.StringVar(&conf.Texts, "texts", "", `{"id","text","entities":[{"label","start","end"}]} lines`)
		fs.StringVar(&conf.Kind, "kind", intake.KindMoney, "which kind of value the labels mean")
		fs.StringVar(&labels, "labels", "", "labels that count, with commas between")
		fs.StringVar(&own, "sentences", "", "tables of text, a tab, kind=value, with commas between")
	}); err != nil {
		return err
	}
	if conf.Texts == "" && own == "" || (conf.Texts == "") != (labels == "") {
		return fmt.Errorf("%w: -texts with -labels, or -sentences, or all three are needed", errMisuse)
	}
	var err error
	if conf.Now, err = dayOf(on); err != nil {
		return err
	}
	if conf.Extractor, err = newExtractor(); err != nil {
		return err
	}
	if labels != "" {
		conf.Labels = strings.Split(labels, ",")
	}
	if own != "" {
		conf.Sentences = strings.Split(own, ",")
	}
	if misses {
		conf.Miss = c.miss
	}
	r, err := evals.Spans(c.ctx, conf)
	if err != nil {
		return err
	}
	if asJSON {
		return errors.Join(json.NewEncoder(c.out).Encode(r), demand(r, must))
	}
	line := func(name string, s *evals.Score) {
		fmt.Fprintf(c.out, "%-12s wanted %5d  found %5d  precision %.4f  recall %.4f  F1 %.4f\n", name, s.Wanted, s.Found, s.Precision, s.Recall, s.F1)
	}
	if r.Spans != nil {
		fmt.Fprintf(c.out, "%d texts\n", r.Texts)
		line("all", r.Spans)
		line("read half", r.Read)
		line("other half", r.Apart)
	}
	if r.Sentences > 0 {
		fmt.Fprintf(c.out, "%d sentences\n", r.Sentences)
	}
	for _, kind := range slices.Sorted(maps.Keys(r.Kinds)) {
		line(kind, r.Kinds[kind])
	}
	return demand(r, must)
}

// dayOf is noon of the day: what was written then.
func dayOf(on string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return day, fmt.Errorf("%w: -on %q: %w", errMisuse, on, err)
	}
	return day.Add(12 * time.Hour), nil
}

func (c *call) miss(id, want, got string) {
	fmt.Fprintf(c.out, "%s\n\twant %s\n\tgot  %s\n", id, want, got)
}
