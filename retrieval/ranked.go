package retrieval

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Lexicon gives the vectors of single words and pairs of Chinese characters; the
// vector of a text is their sum. The built-in embedder is one.
type Lexicon interface {
	ID() string
	Dim() int
	// AddWord and AddPair add the vector of a feature, w times, to v, and report
	// whether there is one.
	AddWord(v []float32, key string, w float32) bool
	AddPair(v []float32, a, b rune, w float32) bool
}

// Ranked searches an index and puts the articles it finds best in order anew: by
// what each part of the question says, by nearness in meaning, by what the law
// as a whole is about and by what kind of article each is. It is for the full
// text of laws; chunks of other kinds keep the order of the index.
type Ranked struct {
	words   *Index
	lexicon Lexicon
	types   func(string) []TypeScore
	ranking Ranking
	shelf   *lawShelf // nil when the index holds no articles
}

// RankOptions are what a Ranked may use besides the index.
type RankOptions struct {
	Lexicon Lexicon                  // nil: no meaning
	Types   func(string) []TypeScore // which disputes a question is about; nil: not asked
	Ranking *Ranking                 // nil: the shipped one
}

// NewRanked prepares the articles among chunks, from which words was built: a
// second or so for 50,000.
func NewRanked(ctx context.Context, words *Index, chunks []Chunk, o RankOptions) (*Ranked, error) {
	r := &Ranked{words: words, lexicon: o.Lexicon, types: o.Types}
	if o.Ranking != nil {
		r.ranking = *o.Ranking
	} else {
		shipped, err := ShippedRanking()
		if err != nil {
			return nil, err
		}
		r.ranking = shipped
	}
	for _, p := range words.parts {
		if p.kind == KindLaw {
			shelf, err := newLawShelf(ctx, words, p, chunks, o.Lexicon)
			if err != nil {
				return nil, err
			}
			r.shelf = shelf
		}
	}
	return r, nil
}

// Search implements Searcher.
func (r *Ranked) Search(ctx context.Context, q Query) ([]Hit, error) {
	if r.shelf == nil || q.Kind != "" && q.Kind != KindLaw {
		return r.words.Search(ctx, q)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	terms := r.words.terms(q)
	if len(terms) == 0 {
		return nil, ErrEmptyQuery
	}
	var others []Hit
	if q.Kind == "" && len(r.words.parts) > 1 {
		all, err := r.words.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		others = slices.DeleteFunc(all, func(h Hit) bool { return h.Kind == KindLaw })
	}
	hits := r.articles(q, terms)
	if len(others) > 0 {
		hits = append(hits, others...)
		slices.SortStableFunc(hits, func(a, b Hit) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Kind, b.Kind))
		})
	}
	return hits[:min(len(hits), q.limit())], ctx.Err()
}

// articles are the hits among the articles. They keep the scores of the index,
// given out in the new order, so that they compare with hits of other kinds.
func (r *Ranked) articles(q Query, terms []wanted) []Hit {
	p, par := r.shelf.part, r.words.params
	pl := p.plan(terms, par)
	found := r.describe(pl, q.Text, max(q.limit(), par.Shorten))
	shares := make([]float64, len(found))
	for i, a := range found {
		shares[i] = float64(a.score) / pl.best
	}
	slices.SortFunc(shares, func(a, b float64) int { return cmp.Compare(b, a) })
	places := r.order(found, func(a *article) float64 { return par.Boost * p.prefers(a.doc, q.Types) })
	hits := make([]Hit, 0, min(len(found), q.limit()))
	for i, at := range places {
		a := &found[at]
		if len(hits) == q.limit() {
			break
		}
		if !p.substantial(pl, a.doc) {
			continue
		}
		hits = append(hits, Hit{
			ID: p.chunks[a.doc].id, Kind: KindLaw, Score: shares[i], Outcome: p.chunks[a.doc].outcome,
			Words: p.explain(pl, a.doc), Facts: p.shared(r.words.analyzer, q.Facts, a.doc),
		})
	}
	return hits
}

// order gives the places of articles, best first by the ranking, those of
// a preferred type raised; ties by id.
func (r *Ranked) order(found []article, raised func(*article) float64) []int {
	scores := make([]float64, len(found))
	places := make([]int, len(found))
	for i := range found {
		places[i] = i
		scores[i] = r.ranking.score(&found[i].f) + r.ranking.spread*raised(&found[i])
	}
	chunks := r.shelf.part.chunks
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), strings.Compare(chunks[found[a].doc].id, chunks[found[b].doc].id))
	})
	return places
}

// Candidate is an article the index found, and its features: what a ranking is
// learned from.
type Candidate struct {
	ID       string
	Features []float32
}

// Candidates describes the articles found for a question, best by the index
// first.
func (r *Ranked) Candidates(q Query) []Candidate {
	terms := r.words.terms(q)
	if len(terms) == 0 || r.shelf == nil {
		return nil
	}
	p := r.shelf.part
	var out []Candidate
	for _, a := range r.describe(p.plan(terms, r.words.params), q.Text, r.words.params.Shorten) {
		out = append(out, Candidate{p.chunks[a.doc].id, slices.Clone(a.f[:])})
	}
	return out
}
