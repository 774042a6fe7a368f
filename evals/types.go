package evals

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"heshi/bot/app"
	"heshi/retrieval"
)

// outsideType marks sentences of no dispute of the taxonomy.
const outsideType = "outside"

// runTypes measures on sentences held apart: whoever wrote them saw nothing that
// teaches, and their misses are counted, never listed.
func runTypes(ctx context.Context, b *app.Brain) (Report, error) {
	r, err := kindsOf(ctx, b, "heldapart", false)
	if err != nil {
		return r, err
	}
	r.must("top-2", 0.95)
	r.must("macro-F1", 0.88)
	return r, nil
}

// runTypesSeen measures on older sentences, half of whose misses are read while
// the recognition is being improved.
func runTypesSeen(ctx context.Context, b *app.Brain) (Report, error) {
	return kindsOf(ctx, b, "types", true)
}

// kindsOf measures whether the dispute in a lay sentence is recognised:
// first-level type first (top-1), among the first two (top-2), macro-F1 over
// the types, and the subtype first; and whether what is no dispute is left alone.
func kindsOf(ctx context.Context, b *app.Brain, prefix string, list bool) (Report, error) {
	sets, err := readSets[laySet](prefix)
	if err != nil {
		return Report{}, err
	}
	outside, strangers := 0, 0
	var said, want, got, labels []string
	var top1, top2, sub []bool
	byType, byLang, byHalf := groups{}, groups{}, groups{}
	var r Report
	for _, set := range sets {
		for _, s := range set.Say {
			if err := ctx.Err(); err != nil {
				return Report{}, err
			}
			if set.Type == outsideType {
				strangers++
				if len(b.Classifier.Types(s)) == 0 || b.Classifier.Outside(s) != "" {
					outside++
				}
				continue
			}
			i := len(said)
			scores := b.Classifier.Types(s)
			types := firstLevel(scores)
			best := ""
			if len(types) > 0 {
				best = types[0].Code
			}
			code := level1(set.Type)
			if slices.Contains(set.Also, best) {
				code = best // right as well
			}
			said = append(said, s)
			labels = append(labels, s+"\t"+set.Type)
			want, got = append(want, code), append(got, best)
			top1 = append(top1, best == code)
			at := slices.IndexFunc(types, func(t retrieval.TypeScore) bool { return t.Code == code || slices.Contains(set.Also, t.Code) })
			top2 = append(top2, at >= 0 && at < 2)
			sub = append(sub, firstSubtype(scores) == set.Type)
			byType.add(code, i)
			byLang.add(language(s), i)
			byHalf.add(half(s), i)
			if best != code && list {
				r.miss(typeMiss(s, set.Type, at, types))
			}
		}
	}
	n := len(said)
	figures := func(pick []int) []Figure {
		return []Figure{share("top-1", yes(top1, pick), len(pick)), share("top-2", yes(top2, pick), len(pick)), share("subtype", yes(sub, pick), len(pick))}
	}
	r.Questions, r.Data = n, dataHash(labels)
	r.Figures = figures(all(n))
	r.Figures = append(r.Figures, bootstrap("macro-F1", n, macroF1(want, got)))
	if strangers > 0 {
		r.Figures = append(r.Figures, share("outside left alone", outside, strangers))
	}
	r.Slices = slices.Concat(byHalf.slices("half", nil, figures), byLang.slices("language", nil, figures), byType.slices("type", b.Library.Taxonomy.Name, figures))
	return r, nil
}

// firstLevel lists types in the order in which they, or a subtype of theirs,
// first appear among the classifier's answers.
func firstLevel(scores []retrieval.TypeScore) []retrieval.TypeScore {
	var out []retrieval.TypeScore
	for _, t := range scores {
		code := level1(t.Code)
		if i := slices.IndexFunc(out, func(o retrieval.TypeScore) bool { return o.Code == code }); i >= 0 {
			out[i].Score = max(out[i].Score, t.Score)
			continue
		}
		out = append(out, retrieval.TypeScore{Code: code, Score: t.Score})
	}
	return out
}

func firstSubtype(scores []retrieval.TypeScore) string {
	for _, t := range scores {
		if strings.Contains(t.Code, "-") {
			return t.Code
		}
	}
	return ""
}

// typeMiss is worse the surer the wrong answer and the later the right one.
func typeMiss(s, want string, at int, types []retrieval.TypeScore) Miss {
	m := Miss{Text: s, Want: want}
	var got []string
	for _, t := range types[:min(3, len(types))] {
		got = append(got, fmt.Sprintf("%s %.2f", t.Code, t.Score))
	}
	m.Got = strings.Join(got, ", ")
	if len(types) > 0 {
		m.rank = types[0].Score
	}
	switch {
	case at < 0:
		m.Why, m.rank = "right type not listed", m.rank+2
	case at >= 2:
		m.Why, m.rank = fmt.Sprintf("right type at %d", at+1), m.rank+1
	default:
		m.Why = "right type second"
	}
	return m
}
