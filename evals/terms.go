package evals

import (
	"context"
	"slices"
	"strings"

	"heshi/bot"
	"heshi/bot/app"
	"heshi/caselib"
)

// runTerms looks up every form of every term of the library that has a
// counterpart in the other language, as the conversation and the desk do: the
// term must come first, or behind nothing but homographs, and among the first
// three. Each form in traditional script is also looked up as somebody types it
// who chose other letters that look the same on paper.
func runTerms(ctx context.Context, b *app.Brain) (Report, error) {
	var labels []string
	var first, third, alike []bool
	byScript := groups{}
	var r Report
	finder := &bot.Finder{Library: b.Library, Index: b.Index}
	lookUp := func(s, id string) (at int, lead bool, got []string, err error) {
		hits, err := finder.Terms(ctx, s, 3)
		at = slices.IndexFunc(hits, func(h bot.TermHit) bool { return h.Term.ID == id })
		for _, h := range hits {
			got = append(got, h.Term.ID)
		}
		return at, at == 0 || at > 0 && hits[at].Exact, got, err
	}
	for _, t := range b.Library.Terms {
		if t.Zh == "" || t.Mn.Empty() {
			continue
		}
		for _, f := range termForms(t) {
			i := len(labels)
			labels = append(labels, f.text+"\t"+t.ID)
			at, lead, found, err := lookUp(f.text, t.ID)
			if err != nil {
				return Report{}, err
			}
			first, third = append(first, lead), append(third, at >= 0)
			byScript.add(f.script, i)
			if !lead {
				m := Miss{Text: f.text, Want: t.ID + " " + t.Zh, Got: strings.Join(found, " "), Why: f.script}
				if at < 0 {
					m.rank = 1
				}
				r.Misses = append(r.Misses, m)
			}
			if other := lookalike.Replace(f.text); f.script == "mn-Mong" && other != f.text {
				_, lead, found, err := lookUp(other, t.ID)
				if err != nil {
					return Report{}, err
				}
				if alike = append(alike, lead); !lead {
					r.Misses = append(r.Misses, Miss{Text: other, Want: t.ID + " " + t.Zh, Got: strings.Join(found, " "), Why: "looks like " + f.text})
				}
			}
		}
	}
	n := len(labels)
	figures := func(pick []int) []Figure {
		return []Figure{share("found first", yes(first, pick), len(pick)), share("found@3", yes(third, pick), len(pick))}
	}
	r.Questions, r.Data = n, "library" // asks what the library has: comparable at any size
	r.Figures = append(figures(all(n)), share("lookalike first", yes(alike, all(len(alike))), len(alike)))
	r.must("found first", 0.99)
	r.Slices = byScript.slices("script", nil, figures)
	return r, nil
}

// lookalike swaps letters of the traditional script that look the same inside a
// word, and leaves out the separator before a final vowel.
var lookalike = strings.NewReplacer("ᠣ", "ᠤ", "ᠤ", "ᠣ", "ᠳ", "ᠲ", "\u180e", "")

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
