package retrieval

import (
	"cmp"
	"math"
	"slices"
)

// article is an article found, with its features.
type article struct {
	candidate
	f [nFeatures]float32
}

// lawFound is what the articles found say about their law.
type lawFound struct {
	best, sum, title, meaning, types, asked float32
	first                                   int
}

// Sums a score is kept apart by.
const (
	ownWords = iota
	ownPairs
	ownSingles
	ledTo
	nSums
)

// sumOf says where a term's postings are added.
func sumOf(t lookup) int {
	switch {
	case t.led:
		return ledTo
	case t.space == words:
		return ownWords
	case t.space == pairs:
		return ownPairs
	}
	return ownSingles
}

// describe finds the n best articles by the index's own score, best first, and
// describes them.
func (r *Ranked) describe(pl plan, text string, n int) []article {
	s, p, par := r.shelf, r.shelf.part, r.words.params
	var sums [nSums][]float32
	for i := range sums {
		acc := p.take()
		defer p.pool.Put(acc)
		sums[i] = *acc
	}
	for _, t := range pl.terms {
		acc := sums[sumOf(t)]
		impact := p.impact[p.start[t.id]:p.start[t.id+1]]
		for k, d := range p.docs[p.start[t.id]:p.start[t.id+1]] {
			acc[d] += t.weight * impact[k]
		}
	}
	byWords, byPairs, bySingles, whole := sums[ownWords], sums[ownPairs], sums[ownSingles], sums[ledTo]
	best := float32(0)
	for d := range whole {
		whole[d] += byWords[d] + byPairs[d] + bySingles[d]
		best = max(best, whole[d])
	}
	if best == 0 {
		return nil
	}
	grade := float32(par.Prior) * best
	h := heap{n: n, less: p.worse}
	for d, x := range whole {
		if x > 0 {
			h.offer(candidate{uint32(d), x + grade*p.chunks[d].prior})
		}
	}
	for i := range h.c {
		h.c[i].score += float32(par.Around) * p.beside(whole, h.c[i].doc)
	}
	found := h.sorted()
	out := make([]article, len(found))
	laws := map[int32]*lawFound{}
	for i, c := range found {
		d := c.doc
		out[i].candidate = c
		f := &out[i].f
		f[fWhole] = whole[d] / best
		f[fShare] = whole[d] / float32(pl.best)
		f[fWords], f[fPairs], f[fSingles] = byWords[d]/best, byPairs[d]/best, bySingles[d]/best
		f[fLed] = f[fWhole] - f[fWords] - f[fPairs] - f[fSingles]
		f[fRank] = 1 / float32(i+5)
		f[fBeside] = p.beside(whole, d) / best
		copy(f[firstStatic:], s.static[d][:])
		l := laws[s.law[d]]
		if l == nil {
			l = &lawFound{first: i}
			laws[s.law[d]] = l
		}
		l.best = max(l.best, f[fWhole])
		l.sum += f[fWhole]
	}
	r.titles(pl, laws)
	r.near(text, out, laws)
	r.kinds(text, out, laws)
	p.cover(pl, out, best)
	for i := range out {
		f, l := &out[i].f, laws[s.law[out[i].doc]]
		f[fLawBest], f[fLawSum], f[fLawFirst] = l.best, float32(math.Log1p(float64(l.sum))), 1/float32(l.first+2)
		f[fTitle], f[fLawMeaning], f[fLawType], f[fLawAsked] = l.title, l.meaning, l.types, l.asked
	}
	return out
}

// titles tells how much of the question stands in the names of the laws.
func (r *Ranked) titles(pl plan, laws map[int32]*lawFound) {
	asks := make(map[uint32]float32, len(pl.terms))
	all := float32(0)
	for _, t := range pl.terms {
		if t.space != singles {
			asks[t.id] = t.weight * r.shelf.part.idf[t.id]
			all += asks[t.id]
		}
	}
	for n, l := range laws {
		for _, t := range r.shelf.laws[n].title {
			l.title += asks[t]
		}
		l.title /= max(all, 1e-6)
	}
}

// near adds what meaning says: of the article, of the law as a whole, of the
// questions people ask of the article and of those beside it.
func (r *Ranked) near(text string, out []article, laws map[int32]*lawFound) {
	if r.lexicon == nil {
		return
	}
	s, q := r.shelf, meaningOf(r.words, r.lexicon, text)
	for n, l := range laws {
		l.meaning = inner(s.laws[n].vec, q)
	}
	best := float32(-1)
	asked := map[uint32]float32{}
	for i := range out {
		d, f := out[i].doc, &out[i].f
		f[fMeaning] = s.cosine(d, q)
		best = max(best, f[fMeaning])
		for vs := s.asked[d]; len(vs) > 0; vs = vs[len(q):] {
			f[fAsked] = max(f[fAsked], inner(q, vs))
		}
		if f[fAsked] > 0 {
			asked[d] = f[fAsked]
			l := laws[s.law[d]]
			l.asked = max(l.asked, f[fAsked])
		}
	}
	for i := range out {
		d, f := out[i].doc, &out[i].f
		f[fBehind] = best - f[fMeaning]
		m := s.part.chunks[d]
		for k := max(int(m.first), int(d)-6); k < min(int(m.last), int(d)+7); k++ {
			f[fNearAsked] = max(f[fNearAsked], asked[uint32(k)])
		}
	}
}

// kinds adds what the types of dispute say.
func (r *Ranked) kinds(text string, out []article, laws map[int32]*lawFound) {
	if r.types == nil {
		return
	}
	types := r.types(text)
	belief := make(map[string]float32, len(types))
	for _, t := range types {
		belief[t.Code] += float32(t.Score)
	}
	for n, l := range laws {
		if about := r.shelf.laws[n].types; about != nil {
			for _, t := range types {
				l.types += float32(t.Score) * about[t.Code]
			}
		}
	}
	for i := range out {
		for _, have := range r.shelf.part.chunks[out[i].doc].types {
			out[i].f[fType] += belief[have]
		}
	}
}

// cover tells how many of the question's words each article has, whatever each
// of them weighs.
func (p *part) cover(pl plan, out []article, best float32) {
	order := make([]int32, len(out))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(out[a].doc, out[b].doc) })
	all := float32(0)
	for _, t := range pl.terms {
		if t.space != words || t.led {
			continue
		}
		w := t.weight * p.idf[t.id]
		all += w
		docs, impact := p.docs[p.start[t.id]:p.start[t.id+1]], p.impact[p.start[t.id]:p.start[t.id+1]]
		at := 0
		for _, i := range order {
			at = gallop(docs, at, out[i].doc)
			if at == len(docs) {
				break
			}
			if docs[at] == out[i].doc {
				f := &out[i].f
				f[fCover] += w
				f[fMet]++
				f[fMost] = max(f[fMost], t.weight*impact[at]/best)
			}
		}
	}
	for i := range out {
		out[i].f[fCover] /= max(all, 1e-6)
	}
}

// gallop is the first place from at on where docs is not below d.
func gallop(docs []uint32, at int, d uint32) int {
	lo, step := at, 1
	for at < len(docs) && docs[at] < d {
		lo = at + 1
		at += step
		step *= 2
	}
	i, _ := slices.BinarySearch(docs[lo:min(at, len(docs))], d)
	return lo + i
}
