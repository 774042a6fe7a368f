package retrieval

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
)

// embed sums up the vectors of the articles from the posting lists: no text is
// cut twice.
func (s *lawShelf) embed(ctx context.Context, lex Lexicon) error {
	p, dim := s.part, lex.Dim()
	all := make([]float32, len(p.chunks)*dim)
	row := make([]float32, dim)
	// Only features the lexicon has, in order: sums of floats depend on it.
	type known struct {
		id   uint32
		word string
		gram gram
	}
	var features []known
	for w, id := range p.voc.words {
		if p.idf[id] > 0 && lex.AddWord(row, w, 0) {
			features = append(features, known{id: id, word: w})
		}
	}
	for g, id := range p.voc.grams {
		if p.idf[id] > 0 && g>>32 != 0 && lex.AddPair(row, rune(g>>32), rune(g&0xffffffff), 0) {
			features = append(features, known{id: id, gram: g})
		}
	}
	slices.SortFunc(features, func(a, b known) int { return cmp.Compare(a.id, b.id) })
	for n, k := range features {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		clear(row)
		if k.word != "" {
			lex.AddWord(row, k.word, 1)
		} else {
			lex.AddPair(row, rune(k.gram>>32), rune(k.gram&0xffffffff), 1)
		}
		id := k.id
		for i := p.start[id]; i < p.start[id+1]; i++ {
			addTo(all[int(p.docs[i])*dim:(int(p.docs[i])+1)*dim], p.impact[i]/p.idf[id], row)
		}
	}
	s.vec = make([]int8, len(all))
	s.scale = make([]float32, len(p.chunks))
	for i := range s.laws {
		s.laws[i].vec = make([]float32, dim)
	}
	for d := range p.chunks {
		v := all[d*dim : (d+1)*dim]
		lengthOne(v)
		addTo(s.laws[s.law[d]].vec, 1, v)
		top := float32(0)
		for _, x := range v {
			top = max(top, x, -x)
		}
		if top == 0 {
			continue
		}
		s.scale[d] = top / 127
		for j, x := range v {
			s.vec[d*dim+j] = int8(math.Round(float64(x / top * 127)))
		}
	}
	for i := range s.laws {
		lengthOne(s.laws[i].vec)
	}
	return nil
}

// cosine is the cosine of article d with the unit vector q.
func (s *lawShelf) cosine(d uint32, q []float32) float32 {
	row := s.vec[int(d)*len(q) : (int(d)+1)*len(q)]
	sum := float32(0)
	for j, x := range q {
		sum += float32(row[j]) * x
	}
	return sum * s.scale[d]
}

// meaningOf is the unit vector of a text; all zero when the lexicon knows nothing in it.
func meaningOf(x *Index, lex Lexicon, s string) []float32 {
	v := make([]float32, lex.Dim())
	c := analyse(x.analyzer, s)
	words := map[string]float64{}
	for _, t := range c.tokens {
		words[t.Key]++
	}
	for _, k := range slices.Sorted(maps.Keys(words)) {
		lex.AddWord(v, k, float32(1+math.Log(words[k])))
	}
	two := map[gram]float64{}
	for _, g := range c.grams[pairs] {
		two[g]++
	}
	for _, g := range slices.Sorted(maps.Keys(two)) {
		lex.AddPair(v, rune(g>>32), rune(g&0xffffffff), float32(1+math.Log(two[g])))
	}
	lengthOne(v)
	return v
}

// lengthOne scales v to length one in place; zero stays.
func lengthOne(v []float32) {
	if sum := inner(v, v); sum > 0 {
		k := float32(1 / math.Sqrt(float64(sum)))
		for j := range v {
			v[j] *= k
		}
	}
}

func inner(a, b []float32) float32 {
	b = b[:len(a)]
	sum := float32(0)
	for j, x := range a {
		sum += x * b[j]
	}
	return sum
}

// addTo adds x, w times, to d.
func addTo(d []float32, w float32, x []float32) {
	x = x[:len(d)]
	for j := range d {
		d[j] += w * x[j]
	}
}
