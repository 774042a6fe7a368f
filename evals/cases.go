package evals

import (
	"context"
	"errors"
	"slices"
	"strings"

	"heshi/bot"
	"heshi/bot/app"
	"heshi/retrieval"
)

// Depths of the suite: three cases are shown; ten articles are within reach.
const (
	caseDepth    = 3
	articleDepth = 10
)

// runCases measures whether a question reaches cases of its kind and an article
// that answers it, searched as a conversation searches: the types recognised
// are preferred. Questions of procedure ask for articles only. "shown" is what a citizen sees in the end, filters and all.
func runCases(ctx context.Context, b *app.Brain) (Report, error) {
	sets, err := readSets[querySet]("cases")
	if err != nil {
		return Report{}, err
	}
	finder := &bot.Finder{Library: b.Library, Index: b.Index}
	var labels []string
	var asksCase, hit, hitSub, article, shown []bool
	var reciprocal []float64
	byLang, byType, byHalf := groups{}, groups{}, groups{}
	var r Report
	for _, set := range sets {
		for _, q := range set.Ask {
			i := len(labels)
			labels = append(labels, q+"\t"+strings.Join(set.Types, " ")+"\t"+strings.Join(set.Articles, " "))
			types := b.Classifier.Types(q)
			prefer := make([]string, len(types))
			for j, t := range types {
				prefer[j] = t.Code
			}
			cases, err := search(ctx, b, retrieval.Query{Text: q, Kind: retrieval.KindCase, Types: prefer, K: caseDepth})
			if err != nil {
				return Report{}, err
			}
			laws, err := search(ctx, b, retrieval.Query{Text: q, Kind: retrieval.KindLaw, Types: prefer, K: articleDepth})
			if err != nil {
				return Report{}, err
			}
			kind, sub, names := kinds(b, cases, set.Types)
			at := slices.IndexFunc(laws, func(id string) bool { return slices.Contains(set.Articles, id) })
			hit, hitSub, article = append(hit, kind), append(hitSub, sub), append(article, at >= 0)
			reciprocal = append(reciprocal, 0)
			if at >= 0 {
				reciprocal[i] = 1 / float64(at+1)
			}
			var seen []string
			for _, c := range finder.Find(ctx, q, types, nil).Cases {
				seen = append(seen, c.ID)
			}
			good, _, _ := kinds(b, seen, set.Types)
			shown = append(shown, good)
			byLang.add(language(q), i)
			byHalf.add(half(q), i)
			asksCase = append(asksCase, len(set.Types) > 0)
			if asksCase[i] {
				byType.add(level1(set.Types[0]), i)
			} else {
				byType.add("procedure", i)
			}
			if noCase := !kind && asksCase[i]; noCase || at < 0 {
				r.miss(queryMiss(q, set, !noCase, at, names, laws))
			}
		}
	}
	n := len(labels)
	figures := func(pick []int) []Figure {
		mine := make([]float64, len(pick))
		for j, i := range pick {
			mine[j] = reciprocal[i]
		}
		out := []Figure{
			share("article hit@10", yes(article, pick), len(pick)),
			bootstrap("article MRR@10", len(pick), meanOf(mine)),
		}
		if n := yes(asksCase, pick); n > 0 {
			out = append(out,
				share("case type hit@3", yes(hit, pick), n),
				share("case subtype hit@3", yes(hitSub, pick), n),
				share("case shown", yes(shown, pick), n))
		}
		return out
	}
	r.Questions, r.Data = n, dataHash(labels)
	r.Figures = figures(all(n))
	r.Slices = slices.Concat(byHalf.slices("half", nil, figures), byLang.slices("language", nil, figures), byType.slices("type", b.Library.Taxonomy.Name, figures))
	return r, nil
}

// search returns the ids found; nothing to look for is nothing found.
func search(ctx context.Context, b *app.Brain, q retrieval.Query) ([]string, error) {
	hits, err := b.Index.Search(ctx, q)
	if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids, nil
}

// kinds reports whether one of the cases is of a wanted type, and of a wanted
// subtype, and names what the cases are.
func kinds(b *app.Brain, ids, want []string) (kind, sub bool, names []string) {
	for _, id := range ids {
		c, ok := b.Library.Case(id)
		if !ok {
			continue
		}
		names = append(names, id+" "+strings.Join(c.Types, "/"))
		for _, t := range c.Types {
			sub = sub || slices.Contains(want, t)
			kind = kind || slices.ContainsFunc(want, func(w string) bool { return level1(w) == level1(t) })
		}
	}
	return kind, sub, names
}

func queryMiss(q string, set querySet, kind bool, at int, cases, laws []string) Miss {
	m := Miss{Text: q}
	if !kind {
		m.Want, m.Got, m.Why, m.rank = strings.Join(set.Types, " "), strings.Join(cases, "; "), "no case of its kind", 1
		if len(cases) == 0 {
			m.Why, m.rank = "no case at all", 2
		}
	}
	if at < 0 {
		if m.Want != "" {
			m.Want, m.Got, m.Why, m.rank = m.Want+" · ", m.Got+" · ", m.Why+", no article", m.rank+2
		} else {
			m.Why, m.rank = "no article", 1
		}
		m.Want += strings.Join(set.Articles[:min(4, len(set.Articles))], " ")
		m.Got += strings.Join(laws[:min(4, len(laws))], " ")
	}
	return m
}
