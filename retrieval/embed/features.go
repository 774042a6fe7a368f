package embed

import (
	"unicode/utf8"

	"heshi/retrieval/text"
)

// features lists what a text is made of: its words and the pairs of adjacent
// Chinese characters, each with its damped count.
func features(a *text.Analyzer, s string) map[string]float32 {
	n := map[string]float32{}
	for _, w := range a.Words(s) {
		n["w:"+w]++
	}
	for _, g := range a.Grams(s) {
		if utf8.RuneCountInString(g) == 2 {
			n["p:"+g]++
		}
	}
	return n
}
