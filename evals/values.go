package evals

import (
	"context"
	"slices"
	"strings"

	"heshi/bot/app"
)

// valueKinds are the kinds the suite knows the answers of.
var valueKinds = []string{"money", "date", "region"}

// runValues measures sums, dates and places read out of sentences: precision
// and recall over single values, and the share of sentences without a mistake.
func runValues(ctx context.Context, b *app.Brain) (Report, error) {
	var set valueSet
	if err := readYAML("data/values.yaml", &set); err != nil {
		return Report{}, err
	}
	now, err := set.day()
	if err != nil {
		return Report{}, err
	}
	type tally struct{ good, wanted, given int }
	by := map[string]*tally{}
	for _, k := range valueKinds {
		by[k] = &tally{}
	}
	var labels []string
	var clean []bool
	byLang, byHalf := groups{}, groups{}
	var r Report
	for _, it := range set.Items {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		want := map[string][]string{"money": it.Money, "date": it.Date, "region": it.Region}
		got := map[string][]string{}
		for _, v := range b.Extractor.Values(it.Say, now) {
			got[v.Kind] = append(got[v.Kind], v.Value)
		}
		got["region"] = narrowest(b, got["region"])
		ok := true
		var wants, gots []string
		for _, k := range valueKinds {
			good := common(want[k], got[k])
			t := by[k]
			t.good, t.wanted, t.given = t.good+good, t.wanted+len(want[k]), t.given+len(got[k])
			if good < len(want[k]) || good < len(got[k]) {
				ok = false
				wants, gots = append(wants, k+"="+orNone(want[k])), append(gots, k+"="+orNone(got[k]))
			}
		}
		byLang.add(language(it.Say), len(labels))
		byHalf.add(half(it.Say), len(labels))
		labels = append(labels, it.Say+"\t"+strings.Join(slices.Concat(it.Money, it.Date, it.Region), " "))
		clean = append(clean, ok)
		if !ok {
			r.miss(Miss{Text: it.Say, Want: strings.Join(wants, "; "), Got: strings.Join(gots, "; ")})
		}
	}
	n := len(labels)
	figures := func(pick []int) []Figure { return []Figure{share("sentences right", yes(clean, pick), len(pick))} }
	r.Questions, r.Data = n, dataHash(labels)
	r.Figures = figures(all(n))
	for _, k := range valueKinds {
		t := by[k]
		f := []Figure{share(k+" recall", t.good, t.wanted), share(k+" precision", t.good, t.given)}
		r.Figures = append(r.Figures, f...)
		r.Slices = append(r.Slices, Slice{By: "kind", Name: k, N: t.wanted, Figures: []Figure{share("recall", t.good, t.wanted), share("precision", t.good, t.given)}})
	}
	r.Slices = slices.Concat(r.Slices, byHalf.slices("half", nil, figures), byLang.slices("language", nil, figures))
	return r, nil
}

// narrowest leaves out places named only to say where another lies: the league of
// a banner.
func narrowest(b *app.Brain, codes []string) []string {
	return slices.DeleteFunc(slices.Clone(codes), func(outer string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return c != outer && b.Book.Regions().Within(c, outer) })
	})
}

// common counts how many values of want are in got, each once.
func common(want, got []string) int {
	left := slices.Clone(got)
	n := 0
	for _, w := range want {
		if i := slices.Index(left, w); i >= 0 {
			left = slices.Delete(left, i, i+1)
			n++
		}
	}
	return n
}
