package retrieval

import (
	"cmp"
	"context"
	"math"
	"slices"

	"heshi/retrieval/text"
)

// lookup is one term of a query: where it stands in the vocabulary of a part,
// its weight, and how to show it.
type lookup struct {
	id     uint32
	weight float32
	show   string
	space  space
	hidden bool // a reason the reader would not understand
	led    bool // came through a table
}

// plan is a query made ready for one part.
type plan struct {
	terms []lookup
	best  float64 // the score of an imaginary chunk that matches everything fully
}

// wanted is a term of a query before it is looked up in a part.
type wanted struct {
	word   string // set for words
	gram   gram   // set for characters and pairs
	space  space
	weight float64
	show   string
	hidden bool
	led    bool
}

// terms lists what a query looks for: its own terms, then those its words lead
// to through the tables. A term met twice keeps its greater weight.
func (x *Index) terms(q Query) []wanted {
	cut := analyse(x.analyzer, q.Text)
	type key struct {
		word string
		gram gram
	}
	at := map[key]int{}
	counts := map[key]int{}
	var out []wanted
	put := func(w wanted) {
		k := key{w.word, w.gram}
		counts[k]++
		if i, ok := at[k]; ok {
			out[i].weight = max(out[i].weight, w.weight)
			return
		}
		at[k] = len(out)
		out = append(out, w)
	}
	p := x.params
	for _, t := range cut.tokens {
		put(wanted{word: t.Key, space: words, weight: p.Word, show: t.Text})
	}
	for _, g := range cut.grams[pairs] {
		put(wanted{gram: g, space: pairs, weight: p.Pair, show: g.String()})
	}
	for _, g := range cut.grams[singles] {
		put(wanted{gram: g, space: singles, weight: p.Single, show: g.String()})
	}
	for k, i := range at { // said twice counts a little more
		out[i].weight *= 1 + 0.3*math.Log(float64(counts[k]))
	}
	for _, w := range x.widen.find(q.Text, cut.tokens) {
		for i, c := range w.row.cut {
			share := p.Expand * w.row.weight
			show := w.via + "→" + w.row.to[i]
			for _, t := range c.tokens {
				// A Chinese question that met Mongolian text met the Chinese beside it too.
				hidden := w.row.silent || w.chinese && t.Script != text.Hans
				put(wanted{word: t.Key, space: words, weight: share * p.Word, show: show, hidden: hidden, led: true})
			}
			for _, g := range c.grams[pairs] {
				put(wanted{gram: g, space: pairs, weight: share * p.Pair, show: show, hidden: w.row.silent, led: true})
			}
		}
	}
	return out
}

// plan looks the terms up in part p. Terms that stand in a large share of the
// chunks are left out unless nothing else is left: they cost most and tell least.
func (p *part) plan(terms []wanted, par Params) plan {
	var pl plan
	var common []lookup
	limit := uint32(max(50, par.Prune*float64(len(p.chunks))))
	for _, w := range terms {
		var id uint32
		var ok bool
		if w.space == words {
			id, ok = p.voc.words[w.word]
		} else {
			id, ok = p.voc.grams[w.gram]
		}
		if !ok {
			// A term no chunk has still counts against the best imaginable score.
			if w.space == pairs || w.space == words {
				pl.best += w.weight * math.Log(1+2*float64(len(p.chunks)+1)) * (par.K1 + 1) * 0.5
			}
			continue
		}
		pl.best += w.weight * float64(p.idf[id]) * (par.K1 + 1)
		l := lookup{id: id, weight: float32(w.weight), show: w.show, space: w.space, hidden: w.hidden, led: w.led}
		if p.start[id+1]-p.start[id] > limit {
			common = append(common, l)
			continue
		}
		pl.terms = append(pl.terms, l)
	}
	if len(pl.terms) == 0 {
		pl.terms = common
	}
	return pl
}

// candidate is a chunk with a score.
type candidate struct {
	doc   uint32
	score float32
}

// top adds up the postings and returns the n best chunks, best first, ties by id.
// The best are found by their score and their prior and ordered with what their
// neighbours add.
func (p *part) top(pl plan, n int, par Params) []candidate {
	acc := p.take()
	defer p.pool.Put(acc)
	for _, t := range pl.terms {
		docs := p.docs[p.start[t.id]:p.start[t.id+1]]
		impact := p.impact[p.start[t.id]:p.start[t.id+1]]
		for i, d := range docs {
			(*acc)[d] += t.weight * impact[i]
		}
	}
	unit := float32(par.Prior) * slices.Max(*acc)
	h := heap{n: n, less: p.worse}
	for d, s := range *acc {
		if s > 0 {
			h.offer(candidate{uint32(d), s + unit*p.chunks[d].prior})
		}
	}
	best := h.c
	for i := range best {
		c := &best[i]
		c.score += float32(par.Around) * p.beside(*acc, c.doc)
	}
	return h.sorted()
}

// worse orders candidates: lower score, then later id.
func (p *part) worse(a, b candidate) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	return p.chunks[a.doc].id > p.chunks[b.doc].id
}

// beside is the best score among the eight chunks on either side in the same
// group: articles about one thing stand together.
func (p *part) beside(acc []float32, doc uint32) float32 {
	m := p.chunks[doc]
	best := float32(0)
	for d := max(int(m.first), int(doc)-8); d < min(int(m.last), int(doc)+9); d++ {
		if d != int(doc) {
			best = max(best, acc[d])
		}
	}
	return best
}

// take gets a cleared score array.
func (p *part) take() *[]float32 {
	if v, ok := p.pool.Get().(*[]float32); ok {
		clear(*v)
		return v
	}
	v := make([]float32, len(p.chunks))
	return &v
}

// Search implements Searcher.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	terms := x.terms(q)
	if len(terms) == 0 {
		return nil, ErrEmptyQuery
	}
	k := q.limit()
	type found struct {
		part *part
		plan plan
		candidate
		share float64
	}
	var all []found
	for _, p := range x.parts {
		if q.Kind != "" && p.kind != q.Kind {
			continue
		}
		pl := p.plan(terms, x.params)
		cands := p.top(pl, max(k, x.params.Shorten), x.params)
		for _, c := range cands {
			c.score *= float32(1 + x.params.Boost*p.prefers(c.doc, q.Types))
			all = append(all, found{p, pl, c, float64(c.score) / pl.best})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.part.chunks[a.doc].id, b.part.chunks[b.doc].id), cmp.Compare(a.part.kind, b.part.kind))
	})
	hits := make([]Hit, 0, min(k, len(all)))
	for _, f := range all {
		if len(hits) == k {
			break
		}
		if !f.part.substantial(f.plan, f.doc) {
			continue
		}
		m := f.part.chunks[f.doc]
		hits = append(hits, Hit{
			ID: m.id, Kind: f.part.kind, Score: f.share, Outcome: m.outcome,
			Words: f.part.explain(f.plan, f.doc),
			Facts: f.part.shared(x.analyzer, q.Facts, f.doc),
		})
	}
	return hits, nil
}

// prefers is 1 when the chunk has a wanted subtype, a half when it only shares
// the type above it, else 0.
func (p *part) prefers(doc uint32, types []string) float64 {
	best := 0.0
	for _, want := range types {
		for _, t := range p.chunks[doc].types {
			switch {
			case t == want:
				return 1
			case len(t) >= 3 && len(want) >= 3 && t[:3] == want[:3]:
				best = 0.5
			}
		}
	}
	return best
}
