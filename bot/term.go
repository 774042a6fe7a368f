package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/prompts"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// TermHit is one term of the bilingual table as it was found.
type TermHit struct {
	Term caselib.Term
	// Exact is true when the term is written just like what was looked up, in whatever language or script; it is false
	// for a term that is only near.
	Exact bool
	// Score is comparable within one look-up only; an exact hit has 1.
	Score float64
	// Cite names the article that defines the term, and Digest says in plain words what it says; either may be empty.
	Cite, Digest string
}

// TermForm is one way of writing a term.
type TermForm struct {
	Lang string // zh-Hans, mn-Cyrl or mn-Mong
	Text string
	// Unsure marks a form that nobody has reviewed and that is not certain: it is shown with a mark, or not at all.
	Unsure bool
}

// Forms lists how the term is written, Chinese first: a Mongolian form of low confidence never stands alone.
func (h TermHit) Forms() []TermForm {
	var out []TermForm
	if h.Term.Zh != "" {
		out = append(out, TermForm{Lang: prompts.Chinese, Text: h.Term.Zh})
	}
	mn := h.Term.Mn
	add := func(lang, s string, c caselib.Confidence) {
		if s != "" && (len(out) > 0 || mn.Reviewed || c != caselib.Low) {
			out = append(out, TermForm{Lang: lang, Text: s, Unsure: !mn.Reviewed && c != caselib.High})
		}
	}
	add(prompts.Cyrillic, mn.Cyrl, mn.CyrlConf)
	add(prompts.Vertical, mn.Mong, mn.MongConf)
	return out
}

// Terms looks a word up in the bilingual table: first every term written just like it, all homographs, then what the
// index finds near it, at most k in all unless there are more homographs. An index that cannot answer is an error only
// when nothing was found without it.
func (f *Finder) Terms(ctx context.Context, s string, k int) ([]TermHit, error) {
	out := f.exactly(s)
	if len(out) >= k {
		return out, nil
	}
	hits, err := f.Index.Search(ctx, retrieval.Query{Text: s, Kind: retrieval.KindTerm, K: max(k, nearMost)})
	if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
		if len(out) > 0 {
			return out, nil
		}
		return nil, err
	}
	byID := map[string]caselib.Term{}
	for _, t := range f.Library.Terms {
		byID[t.ID] = t
	}
	shape := hudumKey(s)
	for _, h := range hits {
		t, ok := byID[h.ID]
		if !ok || slices.ContainsFunc(out, func(o TermHit) bool { return o.Term.ID == t.ID }) {
			continue
		}
		hit := f.termHit(t, h.Score)
		if shape != "" && slices.ContainsFunc(t.Forms(), func(form string) bool { return hudumKey(form) == shape }) {
			hit.Exact, hit.Score = true, 1 // spelled otherwise, but it looks the same on paper
		}
		out = append(out, hit)
	}
	slices.SortStableFunc(out, func(a, b TermHit) int { return cmp.Compare(b.rank(), a.rank()) })
	same := len(out)
	for same > 0 && !out[same-1].Exact {
		same--
	}
	return out[:min(len(out), max(k, same))], nil
}

// nearMost is how many hits of the index are looked through for one that is written alike.
const nearMost = 10

func (h TermHit) rank() float64 {
	if h.Exact {
		return 2
	}
	return 0 // in the order of the index
}

// exactly finds the terms written just like s; where there is none and s lists alternatives ("诉讼／官司"), those of each.
// A term whose own form it is stands before one that is also met in that form.
func (f *Finder) exactly(s string) []TermHit {
	s = text.DecodeMenksoft(text.Clean(s))
	found := f.Library.FindTerm(s)
	if len(found) == 0 {
		found = f.Library.FindTerm(text.Simplify(s))
	}
	if len(found) == 0 {
		for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("／/，,、;；᠂", r) }) {
			for _, t := range f.Library.FindTerm(part) {
				if !slices.ContainsFunc(found, func(o caselib.Term) bool { return o.ID == t.ID }) {
					found = append(found, t)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b caselib.Term) int { return cmp.Compare(alsoWritten(a, s), alsoWritten(b, s)) })
	var out []TermHit
	for _, t := range found {
		hit := f.termHit(t, 1)
		hit.Exact = true
		out = append(out, hit)
	}
	return out
}

// alsoWritten is 1 when s is but another form of t met in use, 0 when it is its own.
func alsoWritten(t caselib.Term, s string) int {
	if slices.Contains(t.Also, s) {
		return 1
	}
	return 0
}

func (f *Finder) termHit(t caselib.Term, score float64) TermHit {
	h := TermHit{Term: t, Score: score}
	if t.Article == "" {
		return h
	}
	if cite, err := f.Library.Cite(t.Article); err == nil {
		h.Cite = cite
		if s, ok := f.Library.Statute(t.Article); ok {
			h.Digest = s.Digest
		}
	}
	return h
}

// hudumKey is what two spellings in traditional script have in common that look the same on paper; "" for other scripts.
func hudumKey(s string) string {
	if text.Lang(s) != "mn-Mong" {
		return ""
	}
	return text.Fold(s)
}
