package retrieval

import "math"

// collector gathers terms chunk by chunk: flat arrays, turned over into posting
// lists at the end.
type collector struct {
	starts []uint32    // per chunk, into the three below
	terms  []uint32    // term
	field  []uint8     // where it stands
	count  []float32   // how often, weighted by the field
	names  []string    // of the fields
	lens   [][]float32 // per field: length of each chunk
	local  map[uint64]uint32
}

// fieldNo numbers a field.
func (c *collector) fieldNo(name string) uint8 {
	for i, n := range c.names {
		if n == name {
			return uint8(i)
		}
	}
	if len(c.names) == 255 {
		return 254
	}
	c.names = append(c.names, name)
	c.lens = append(c.lens, nil)
	return uint8(len(c.names) - 1)
}

func (c *collector) add(v *vocabulary, fs []fieldTerms) {
	c.starts = append(c.starts, uint32(len(c.terms)))
	doc := len(c.starts) - 1
	if c.local == nil {
		c.local = map[uint64]uint32{}
	}
	clear(c.local)
	put := func(id uint32, f uint8, w float64) {
		k := uint64(id)<<8 | uint64(f)
		if at, ok := c.local[k]; ok {
			c.count[at] += float32(w)
			return
		}
		c.local[k] = uint32(len(c.terms))
		c.terms = append(c.terms, id)
		c.field = append(c.field, f)
		c.count = append(c.count, float32(w))
	}
	for _, ft := range fs {
		f := c.fieldNo(ft.field)
		for _, t := range ft.cut.tokens {
			put(v.addWord(t.Key), f, ft.weight)
		}
		for _, s := range []space{singles, pairs} {
			for _, g := range ft.cut.grams[s] {
				put(v.addGram(g), f, ft.weight)
			}
		}
		for len(c.lens[f]) <= doc {
			c.lens[f] = append(c.lens[f], 0)
		}
		c.lens[f][doc] += float32(max(len(ft.cut.tokens), len(ft.cut.grams[singles])))
	}
}

// finish turns rows into posting lists with BM25F impacts: counts are weighted
// by field and field length first, saturated once.
func (c *collector) finish(p *part, par Params) {
	n := len(c.starts)
	c.starts = append(c.starts, uint32(len(c.terms)))
	for f := range c.lens {
		for len(c.lens[f]) < n {
			c.lens[f] = append(c.lens[f], 0)
		}
	}
	avg := make([]float64, len(c.names))
	for f, l := range c.lens {
		sum, docs := 0.0, 0
		for _, x := range l {
			if x > 0 {
				sum += float64(x)
				docs++
			}
		}
		avg[f] = sum / math.Max(1, float64(docs))
	}
	nterms := int(p.voc.next)
	// Merge the fields of one chunk: term -> normalised count.
	type pair struct {
		term uint32
		tf   float32
	}
	merged := make([]pair, 0, len(c.terms))
	ends := make([]uint32, n+1)
	slot := make([]int32, nterms)
	for i := range slot {
		slot[i] = -1
	}
	df := make([]uint32, nterms+1)
	for d := range n {
		base := len(merged)
		for i := c.starts[d]; i < c.starts[d+1]; i++ {
			f := c.field[i]
			norm := 1 - par.B + par.B*float64(c.lens[f][d])/avg[f]
			tf := float32(float64(c.count[i]) / norm)
			t := c.terms[i]
			if s := slot[t]; s >= int32(base) {
				merged[s].tf += tf
			} else {
				slot[t] = int32(len(merged))
				merged = append(merged, pair{t, tf})
				df[t]++
			}
		}
		ends[d+1] = uint32(len(merged))
	}
	p.start = make([]uint32, nterms+1)
	p.idf = make([]float32, nterms)
	for t := range nterms {
		p.start[t+1] = p.start[t] + df[t]
		p.idf[t] = float32(math.Log(1 + (float64(n)-float64(df[t])+0.5)/(float64(df[t])+0.5)))
	}
	p.docs = make([]uint32, len(merged))
	p.impact = make([]float32, len(merged))
	at := append([]uint32(nil), p.start...)
	for d := range n {
		for _, m := range merged[ends[d]:ends[d+1]] {
			i := at[m.term]
			at[m.term]++
			p.docs[i] = uint32(d)
			p.impact[i] = p.idf[m.term] * m.tf * float32(par.K1+1) / (m.tf + float32(par.K1))
		}
	}
}
