package retrieval

import (
	"math"
	"slices"
)

// collector gathers terms chunk by chunk in blocks, and turns them over into
// posting lists at the end. Blocks have their exact size and are let go as they
// are used, which halves the memory a build needs.
type collector struct {
	blocks []block
	names  []string    // of the fields
	lens   [][]float32 // per field: length of each chunk
	n      int         // chunks
	local  map[uint64]uint32
}

// block is the terms of some chunks.
type block struct {
	starts []uint32 // per chunk, into the three below; one more at the end
	terms  []uint32
	field  []uint8   // where it stands
	count  []float32 // how often, weighted by the field
}

// fieldNo numbers a field; beyond 255 names the rest share one.
func (c *collector) fieldNo(name string) uint8 {
	if i := slices.Index(c.names, name); i >= 0 {
		return uint8(i)
	}
	if len(c.names) == 255 {
		return 254
	}
	c.names = append(c.names, name)
	c.lens = append(c.lens, nil)
	return uint8(len(c.names) - 1)
}

// add takes the chunks of one batch.
func (c *collector) add(v *vocabulary, rows [][]fieldTerms) {
	b := block{starts: make([]uint32, 0, len(rows)+1)}
	if c.local == nil {
		c.local = map[uint64]uint32{}
	}
	for _, fs := range rows {
		b.starts = append(b.starts, uint32(len(b.terms)))
		clear(c.local)
		for _, ft := range fs {
			c.field(&b, v, ft)
		}
		c.n++
	}
	b.starts = append(b.starts, uint32(len(b.terms)))
	b.terms, b.field, b.count = slices.Clip(slices.Clone(b.terms)), slices.Clip(slices.Clone(b.field)), slices.Clip(slices.Clone(b.count))
	c.blocks = append(c.blocks, b)
}

// field takes one field of the chunk numbered c.n.
func (c *collector) field(b *block, v *vocabulary, ft fieldTerms) {
	f := c.fieldNo(ft.field)
	put := func(id uint32) {
		k := uint64(id)<<8 | uint64(f)
		if at, ok := c.local[k]; ok {
			b.count[at] += float32(ft.weight)
			return
		}
		c.local[k] = uint32(len(b.terms))
		b.terms = append(b.terms, id)
		b.field = append(b.field, f)
		b.count = append(b.count, float32(ft.weight))
	}
	for _, t := range ft.cut.tokens {
		put(v.addWord(t.Key))
	}
	for _, s := range []space{singles, pairs} {
		for _, g := range ft.cut.grams[s] {
			put(v.addGram(g))
		}
	}
	for len(c.lens[f]) <= c.n {
		c.lens[f] = append(c.lens[f], 0)
	}
	c.lens[f][c.n] += float32(max(len(ft.cut.tokens), len(ft.cut.grams[singles])))
}

// averages are the mean lengths of the fields, over the chunks that have them.
func (c *collector) averages() []float64 {
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
	return avg
}

// finish turns the blocks into posting lists with BM25F impacts: counts are
// weighted by field and field length first, saturated once.
func (c *collector) finish(p *part, par Params) {
	nterms := int(p.voc.next)
	df := make([]uint32, nterms)
	last := make([]uint32, nterms) // 1 + the chunk that counted a term last
	doc := uint32(0)
	for _, b := range c.blocks {
		for i := range len(b.starts) - 1 {
			doc++
			for _, t := range b.terms[b.starts[i]:b.starts[i+1]] {
				if last[t] != doc {
					last[t] = doc
					df[t]++
				}
			}
		}
	}
	p.start = make([]uint32, nterms+1)
	p.idf = make([]float32, nterms)
	for t := range nterms {
		p.start[t+1] = p.start[t] + df[t]
		p.idf[t] = float32(math.Log(1 + (float64(c.n)-float64(df[t])+0.5)/(float64(df[t])+0.5)))
	}
	p.docs = make([]uint32, p.start[nterms])
	p.impact = make([]float32, p.start[nterms])
	at := slices.Clone(p.start[:nterms])
	clear(last)
	avg := c.averages()
	doc = 0
	for k := range c.blocks {
		b := c.blocks[k]
		c.blocks[k] = block{}
		for i := range len(b.starts) - 1 {
			for j := b.starts[i]; j < b.starts[i+1]; j++ {
				t, f := b.terms[j], b.field[j]
				tf := b.count[j] / float32(1-par.B+par.B*float64(c.lens[f][doc])/avg[f])
				if last[t] != doc+1 {
					last[t] = doc + 1
					p.docs[at[t]] = doc
					at[t]++
				}
				p.impact[at[t]-1] += tf
			}
			doc++
		}
	}
	for t := range nterms {
		for i := p.start[t]; i < p.start[t+1]; i++ {
			tf := p.impact[i]
			p.impact[i] = p.idf[t] * tf * float32(par.K1+1) / (tf + float32(par.K1))
		}
	}
}
