package bot

import (
	"context"
	"errors"
	"strings"

	"heshi/caselib"
	"heshi/retrieval"
)

// Finder looks up cases and articles. It is the only way an answer gets content.
type Finder struct {
	Library *caselib.Library
	Index   retrieval.Searcher
}

// Find retrieves at most MaxCases cases (one per kind of outcome) and three articles for a question of the given
// types (best first). An index that cannot answer gives Unavailable, not an empty NoMatch.
func (f *Finder) Find(ctx context.Context, text string, types []retrieval.TypeScore, facts []string) Answer {
	a := Answer{State: NoMatch}
	want := codes(likely(types))
	hits, err := f.Index.Search(ctx, retrieval.Query{Text: text, Kind: retrieval.KindCase, Types: want, K: 12, Facts: facts})
	if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
		return Answer{State: Unavailable}
	}
	sure := certain(types)
	a.Cases = f.cases(hits, want, sure)
	laws, err := f.Index.Search(ctx, retrieval.Query{Text: text, Kind: retrieval.KindLaw, Types: want, K: 8})
	if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
		return Answer{State: Unavailable}
	}
	a.Articles = f.articles(laws, a.Cases, want, sure)
	if len(a.Cases) > 0 || len(a.Articles) > 0 {
		a.State = Grounded
	}
	return a
}

// cases keeps the best hit of each outcome, so that a reader sees that the same story can end differently.
func (f *Finder) cases(hits []retrieval.Hit, want []string, sure bool) []CaseHit {
	var out []CaseHit
	seen := map[string]bool{}
	for _, h := range hits {
		c, ok := f.Library.Case(h.ID)
		if !ok || seen[c.Outcome] || !related(c.Types, want) || !enough(h, sure) {
			continue
		}
		seen[c.Outcome] = true
		out = append(out, CaseHit{
			ID: c.ID, Title: c.Title.Zh, Summary: c.Summary.Zh, Outcome: c.Outcome,
			Words: h.Words, Facts: h.Facts, Illustrative: c.Illustrative, Year: c.Year, Score: h.Score, Articles: c.Articles,
		})
		if len(out) == MaxCases {
			break
		}
	}
	return out
}

// articles takes what the question itself finds first, then what the shown cases rest on.
func (f *Finder) articles(hits []retrieval.Hit, cases []CaseHit, want []string, sure bool) []Article {
	var out []Article
	seen := map[string]bool{}
	add := func(key string, score float64, why []string) {
		s, ok := f.Library.Statute(key)
		if !ok || seen[key] || len(out) == 3 {
			return
		}
		seen[key] = true
		out = append(out, Article{Key: key, Cite: s.Cite(), Digest: digest(s), Why: why, Score: score})
	}
	n := 0
	for _, h := range hits {
		s, ok := f.Library.Statute(h.ID)
		if ok && n < 2 && related(s.Types, want) && enough(h, sure) {
			add(h.ID, h.Score, h.Words)
			n++
		}
	}
	for _, c := range cases {
		for _, key := range c.Articles {
			add(key, c.Score, []string{c.ID})
		}
	}
	for _, h := range hits {
		if s, ok := f.Library.Statute(h.ID); ok && related(s.Types, want) && enough(h, sure) {
			add(h.ID, h.Score, h.Words)
		}
	}
	return out
}

// maxArticle is how much of an article nobody has digested yet is shown, in characters.
const maxArticle = 120

// digest is what the library says an article means; an imported article that nobody has digested speaks for itself.
func digest(s caselib.Statute) string {
	if s.Digest != "" {
		return s.Digest
	}
	if r := []rune(s.Text); len(r) > maxArticle {
		return string(r[:maxArticle]) + "……"
	}
	return s.Text
}

// likelyType is the belief in a type from which its cases and articles may be shown.
const likelyType = 0.03

// likely leaves out what is hardly believed.
func likely(types []retrieval.TypeScore) []retrieval.TypeScore {
	var out []retrieval.TypeScore
	for _, t := range types {
		if t.Score >= likelyType {
			out = append(out, t)
		}
	}
	return out
}

// sureType is the belief in one first-level type from which a single shared word is enough to show a hit.
const sureType = 0.5

// certain reports whether the question is clearly of one kind.
func certain(types []retrieval.TypeScore) bool {
	for _, t := range types {
		if t.Score >= sureType {
			return true
		}
	}
	return false
}

// enough keeps chance hits out: one shared word in a question of no clear kind is no similarity.
func enough(h retrieval.Hit, sure bool) bool { return sure || len(h.Words) >= 2 }

// related keeps a hit whose types share a first-level type with the question; without known types everything is kept.
func related(have, want []string) bool {
	if len(want) == 0 || len(have) == 0 {
		return true
	}
	for _, h := range have {
		for _, w := range want {
			if level1(h) == level1(w) {
				return true
			}
		}
	}
	return false
}

func level1(code string) string {
	l, _, _ := strings.Cut(code, "-")
	return l
}

func codes(types []retrieval.TypeScore) []string {
	var out []string
	for _, t := range types {
		out = append(out, t.Code)
	}
	return out
}
