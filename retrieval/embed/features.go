package embed

import (
	"unicode/utf8"

	"heshi/retrieval/text"
)

// feature is something a text is made of, and how often.
type feature struct {
	name  string
	count float32
}

// cut lists what a text is made of, in order of appearance: its words and the
// pairs of adjacent Chinese characters.
func cut(a *text.Analyzer, s string) []feature {
	var out []feature
	at := map[string]int{}
	put := func(name string) {
		if i, ok := at[name]; ok {
			out[i].count++
			return
		}
		at[name] = len(out)
		out = append(out, feature{name, 1})
	}
	for _, w := range a.Words(s) {
		put("w:" + w)
	}
	for _, g := range a.Grams(s) {
		if utf8.RuneCountInString(g) == 2 {
			put("p:" + g)
		}
	}
	return out
}

// features is cut as a bag.
func features(a *text.Analyzer, s string) map[string]float32 {
	n := map[string]float32{}
	for _, f := range cut(a, s) {
		n[f.name] = f.count
	}
	return n
}
