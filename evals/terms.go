package evals

import (
	"context"
	"slices"
	"strings"

	"heshi/bot/app"
	"heshi/caselib"
	"heshi/retrieval"
)

// runTerms looks up every form of every term of the library that has a
// counterpart in the other language: the term, or one written just like it,
// must be first, and among the first three.
func runTerms(ctx context.Context, b *app.Brain) (Report, error) {
	var labels []string
	var first, third []bool
	byScript := groups{}
	var r Report
	for _, t := range b.Library.Terms {
		if t.Zh == "" || t.Mn.Empty() {
			continue
		}
		for _, f := range termForms(t) {
			i := len(labels)
			labels = append(labels, f.text+"\t"+t.ID)
			found, err := search(ctx, b, retrieval.Query{Text: f.text, Kind: retrieval.KindTerm, K: 3})
			if err != nil {
				return Report{}, err
			}
			var same []string // homographs answer as well
			for _, o := range b.Library.FindTerm(f.text) {
				same = append(same, o.ID)
			}
			at := slices.IndexFunc(found, func(id string) bool { return id == t.ID || slices.Contains(same, id) })
			first, third = append(first, at == 0), append(third, at >= 0)
			byScript.add(f.script, i)
			if at != 0 {
				m := Miss{Text: f.text, Want: t.ID + " " + t.Zh, Got: strings.Join(found, " "), Why: f.script}
				if at < 0 {
					m.rank = 1
				}
				r.Misses = append(r.Misses, m)
			}
		}
	}
	n := len(labels)
	figures := func(pick []int) []Figure {
		return []Figure{share("found first", yes(first, pick), len(pick)), share("found@3", yes(third, pick), len(pick))}
	}
	r.Questions, r.Data = n, "library" // asks what the library has: comparable at any size
	r.Figures = figures(all(n))
	r.Slices = byScript.slices("script", nil, figures)
	return r, nil
}

// termForm is one way of writing a term.
type termForm struct{ text, script string }

// termForms lists how a term is written, alternatives apart.
func termForms(t caselib.Term) []termForm {
	var out []termForm
	add := func(s, script string) {
		for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("／/，,、;；᠂", r) }) {
			if part = strings.TrimSpace(part); part != "" && !slices.ContainsFunc(out, func(f termForm) bool { return f.text == part }) {
				out = append(out, termForm{part, script})
			}
		}
	}
	add(t.Zh, "zh-Hans")
	add(t.ZhHant, "zh-Hant")
	add(t.Mn.Cyrl, "mn-Cyrl")
	add(t.Mn.Mong, "mn-Mong")
	return out
}
