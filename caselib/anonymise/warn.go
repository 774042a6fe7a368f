package anonymise

import (
	"regexp"
	"unicode"
)

var (
	quoted = regexp.MustCompile(`“[^”]{4,}”`)
	// herd is an exact count nobody else has: 327只.
	herd   = regexp.MustCompile(`[1-9][0-9]{2,}\s?[只头匹峰亩]`)
	lettrs = regexp.MustCompile(`[A-Z][a-z]+(?:\s[A-Z][a-z]+)+`)
)

// warnings points at what no rule can decide.
func (a *Anonymiser) warnings(t *text) []Warning {
	var out []Warning
	for i := 0; i < len(t.f); i++ {
		if k := a.rare.at(t.f, i); k > 0 {
			out = append(out, Warning{t.offs[i], t.offs[i+k], "rare", string(t.f[i : i+k])})
			i += k - 1
		}
	}
	for kind, form := range map[string]*regexp.Regexp{"quotation": quoted, "count": herd, "latin": lettrs} {
		for _, m := range form.FindAllStringIndex(t.plain, -1) {
			out = append(out, Warning{t.offs[t.byteR[m[0]]], t.offs[t.byteR[m[1]]], kind, ""})
		}
	}
	for i, r := range t.f { // names are not looked for in this script
		if unicode.Is(unicode.Mongolian, r) && unicode.IsLetter(r) {
			out = append(out, Warning{t.offs[i], t.offs[len(t.r)], "script", ""})
			break
		}
	}
	sortWarnings(out)
	return out
}
