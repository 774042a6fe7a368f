package caselib

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Term is a legal or everyday word in Chinese and Mongolian.
type Term struct {
	ID      string    `json:"id"`
	Domain  string    `json:"domain"`
	Zh      string    `json:"zh"`      // alternatives separated by ／
	ZhHant  string    `json:"zh_hant"` // for matching only
	Mn      Mongolian `json:"mn"`
	Also    []string  `json:"also,omitempty"` // other Mongolian forms met in use: search only, never shown
	Latin   string    `json:"latin,omitempty"`
	Article string    `json:"article,omitempty"`
	Note    string    `json:"note,omitempty"`

	At string `json:"-"`
}

// LayTerm maps how people say a thing to the word the law uses: 工钱 to
// 劳动报酬. Types are the taxonomy codes the saying points to, if any.
type LayTerm struct {
	Lay   string   `json:"lay"`
	Legal string   `json:"legal"`
	Types []string `json:"types,omitempty"`
	Note  string   `json:"note,omitempty"`

	At string `json:"-"`
}

// Forms lists every form the term can be met in: the Chinese alternatives with
// and without a bracketed qualifier, Traditional Chinese, Cyrillic,
// traditional Mongolian and the Latin transcription.
func (t Term) Forms() []string {
	var forms []string
	seen := map[string]bool{}
	add := func(s string) {
		s = strings.TrimSpace(s)
		if s != "" && !seen[s] {
			seen[s] = true
			forms = append(forms, s)
		}
	}
	for _, zh := range []string{t.Zh, t.ZhHant} {
		for _, alt := range strings.Split(zh, "／") {
			add(alt)
			if i := strings.IndexRune(alt, '（'); i > 0 {
				add(alt[:i])
			}
		}
	}
	for _, mn := range append([]string{t.Mn.Cyrl, t.Mn.Mong, t.Latin}, t.Also...) {
		add(mn)
		if parts := strings.FieldsFunc(mn, func(r rune) bool { return r == ',' || r == '᠂' }); len(parts) > 1 {
			for _, p := range parts {
				add(p)
			}
		}
	}
	return forms
}

// formKey makes forms comparable: NFC, lower case, no spaces, and none of the
// Mongolian format controls and joiners that differ between keyboards.
func formKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == 0x202F, // NNBSP joins a suffix
			r >= 0x180B && r <= 0x180F,           // variation selectors, MVS
			r == 0x200C || r == 0x200D || r == 0: // joiners
			return -1
		}
		return r
	}, strings.ToLower(norm.NFC.String(strings.TrimSpace(s))))
}
