package evals

import (
	"context"
	"strings"

	"heshi/bot/app"
	"heshi/caselib"
	"heshi/retrieval"
)

// twinSet is a case, the same case told by somebody else, and another case of
// the same kind.
type twinSet struct {
	Case  string `yaml:"case"`
	Again string `yaml:"again"`
	Other string `yaml:"other"`
}

// runDuplicates measures whether a case told twice is recognised among the
// library and all the other cases, and whether another case of the same kind is
// left alone. What is found counts only when it is the very case; precision is
// over all alarms raised.
func runDuplicates(ctx context.Context, b *app.Brain) (Report, error) {
	sets, err := readSets[twinSet]("duplicates")
	if err != nil {
		return Report{}, err
	}
	var docs []retrieval.Document
	for _, c := range b.Library.Cases {
		docs = append(docs, retrieval.Document{ID: c.ID, Text: caseText(c)})
	}
	for _, s := range sets {
		docs = append(docs, retrieval.Document{ID: "told:" + s.Case, Text: s.Case})
	}
	similar, err := retrieval.NewSimilar(ctx, b.Analyzer, docs)
	if err != nil {
		return Report{}, err
	}
	var r Report
	var labels []string
	var again, found, alarm, right []bool
	byHalf := groups{}
	for _, s := range sets {
		for _, q := range []string{s.Again, s.Other} {
			i := len(labels)
			labels = append(labels, q+"\t"+s.Case)
			near, err := similar.Twins(ctx, q, 1)
			if err != nil {
				return Report{}, err
			}
			same := q == s.Again
			hit := len(near) > 0 && near[0].ID == "told:"+s.Case
			again = append(again, same)
			found = append(found, same && hit)
			alarm = append(alarm, len(near) > 0)
			right = append(right, same && hit)
			byHalf.add(half(s.Case), i)
			switch {
			case same && !hit:
				r.miss(Miss{Text: q, Want: s.Case, Got: idsOf(near), Why: "not recognised", rank: 1})
			case !same && len(near) > 0:
				r.miss(Miss{Text: q, Want: "another case", Got: idsOf(near), Why: "taken for the same", rank: 2})
			}
		}
	}
	figures := func(pick []int) []Figure {
		recall := share("recall", yes(found, pick), yes(again, pick))
		precision := share("precision", yes(right, pick), yes(alarm, pick))
		return []Figure{recall, precision}
	}
	r.Questions, r.Data = len(labels), dataHash(labels)
	r.Figures = figures(all(len(labels)))
	r.Slices = byHalf.slices("half", nil, figures)
	return r, nil
}

// caseText is what a case of the library tells of what happened.
func caseText(c caselib.Case) string {
	return strings.Join([]string{c.Title.Zh, c.Facts, c.Focus, c.Process, c.Result}, "\n")
}

func idsOf(list []retrieval.Scored) string {
	var ids []string
	for _, x := range list {
		ids = append(ids, strings.TrimPrefix(x.ID, "told:"))
	}
	return strings.Join(ids, "; ")
}
