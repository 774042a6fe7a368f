package text

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Token is one unit of comparison: Key is what is compared, Text what was
// typed, Script how it was written.
type Token struct {
	Key, Text string
	Script    Script
}

// Analyzer turns text into tokens. It may be used from many goroutines.
type Analyzer struct {
	start sync.Once
	dict  Dictionary
	words []string
	heads map[string]bool
}

// NewAnalyzer returns an analyzer over dict that also keeps userWords whole
// beside the built-in domain words. The segmenter itself starts at the first
// use (about half a second); Warm starts it early. Without a usable dictionary
// the analyzer still works, on characters and pairs of them only, and the error
// (wrapping ErrNoDictionary) says so; any other error means no analyzer.
func NewAnalyzer(dict Dictionary, userWords []string) (*Analyzer, error) {
	words := append(DomainWords(), userWords...)
	if err := checkWords(words); err != nil {
		return nil, err
	}
	a := &Analyzer{dict: dict, words: words, heads: map[string]bool{}}
	if dict.Source == SourceNone || dict.Dir == "" {
		a.dict = Dictionary{Source: SourceNone}
		return a, ErrNoDictionary
	}
	if err := dict.present(); err != nil {
		a.dict = Dictionary{Source: SourceNone}
		return a, joinMissing(err)
	}
	return a, nil
}

// Learn adds known Mongolian words, in either script, that stemming must keep:
// the terms of the library. Call it before the first analysis; indexes built
// with and without them do not match each other.
func (a *Analyzer) Learn(words []string) {
	for _, w := range words {
		for _, run := range Runs(Clean(w)) {
			switch run.Script {
			case Mong:
				for _, h := range hudumWords(run.Text) {
					if !isInfinitive(h.key) {
						a.heads[h.key] = true
					}
				}
			case Cyrl:
				for _, c := range cyrlWords(run.Text) {
					a.heads[cyrlHead(c)] = true
				}
			}
		}
	}
}

// isInfinitive reports verbs given in the dictionary form, which must still be
// stemmed to meet their other forms.
func isInfinitive(key string) bool { return strings.HasSuffix(key, "qo") && len(key) > 3 }

// cyrlHead is the key of a dictionary word: verbs without -х and its vowel.
func cyrlHead(w string) string {
	if stem, ok := strings.CutSuffix(w, "х"); ok && utf8.RuneCountInString(stem) >= 3 {
		return rootCyrl(strings.TrimRight(stem, "аэоөи"))
	}
	return rootCyrl(w)
}

// Warm starts the segmenter now.
func (a *Analyzer) Warm() {
	a.start.Do(func() {
		if a.dict.Source != SourceNone {
			theSegmenter.prepare(a.dict, a.words)
		}
	})
}

// Segments reports whether Chinese is cut into words, or only into characters.
func (a *Analyzer) Segments() bool { return a.dict.Source != SourceNone }

// Words returns the word keys of s in order, stop words left out: Chinese words
// (Simplified, search mode), Cyrillic stems, folded stems of traditional
// Mongolian (with a leading "~"), lower-case Latin words and numbers.
func (a *Analyzer) Words(s string) []string {
	toks := a.Tokens(s)
	out := make([]string, len(toks))
	for i, t := range toks {
		out[i] = t.Key
	}
	return out
}

// Tokens is Words with the text as typed.
func (a *Analyzer) Tokens(s string) []Token {
	a.Warm()
	stop := stopWords()
	var out []Token
	add := func(t Token) {
		if t.Key != "" && !stop[t.Key] {
			out = append(out, t)
		}
	}
	for _, run := range Runs(Clean(s)) {
		switch run.Script {
		case Mong:
			for _, w := range hudumWords(run.Text) {
				if stop[hudumMark+w.key] {
					continue
				}
				key := hudumMark + stemHudum(w.key, a.heads)
				if strings.Trim(w.key, "0123456789") == "" {
					key = w.key // a number is a number in any digits
				}
				add(Token{Key: key, Text: w.text, Script: Mong})
			}
			continue
		case Cyrl:
			for _, w := range cyrlWords(run.Text) {
				if stop[w] {
					continue
				}
				add(Token{Key: stemCyrl(w, a.heads), Text: w, Script: Cyrl})
			}
		case Hans, Hant:
			for _, h := range hanRuns(Simplify(run.Text)) {
				for _, w := range a.cut(h) {
					add(Token{Key: w, Text: w, Script: run.Script})
				}
			}
		}
		for _, w := range asciiWords(run.Text) {
			add(Token{Key: w, Text: w, Script: Latn})
		}
	}
	return out
}

// IsStop reports whether a key is one of the words too common to tell texts
// apart; Words leaves them out, Grams does not.
func IsStop(key string) bool { return stopWords()[key] }

// cut segments Han text, or pairs its characters when there is no dictionary.
func (a *Analyzer) cut(han string) []string {
	if a.Segments() {
		return theSegmenter.cut(han)
	}
	return pairs(han, nil)
}

// Grams returns the single Chinese characters of s and the pairs of adjacent
// ones, simplified.
func (a *Analyzer) Grams(s string) []string {
	var out []string
	for _, h := range HanRuns(s) {
		for _, r := range h {
			out = append(out, string(r))
		}
		out = pairs(h, out)
	}
	return out
}

// HanRuns returns the unbroken stretches of Chinese characters of s, simplified.
func HanRuns(s string) []string {
	var out []string
	for _, run := range Runs(Clean(s)) {
		if run.Script == Hans || run.Script == Hant {
			out = append(out, hanRuns(Simplify(run.Text))...)
		}
	}
	return out
}

// pairs appends the pairs of adjacent characters of s to out.
func pairs(s string, out []string) []string {
	prev := -1
	for i, r := range s {
		if prev >= 0 {
			out = append(out, s[prev:i+utf8.RuneLen(r)])
		}
		prev = i
	}
	return out
}

// cyrlWords yields the Cyrillic words of s, lower case.
func cyrlWords(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Cyrillic, r) }) {
		out = append(out, cyrlWord(w))
	}
	return out
}

// asciiWords yields Latin words and numbers, lower case, full-width forms
// narrowed; single letters are dropped, single digits kept.
func asciiWords(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.Map(narrow, s), func(r rune) bool {
		return !(unicode.Is(unicode.Latin, r) || r >= '0' && r <= '9')
	}) {
		w = strings.ToLower(w)
		if len(w) > 1 || w[0] >= '0' && w[0] <= '9' {
			out = append(out, w)
		}
	}
	return out
}
