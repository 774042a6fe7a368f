package embed

import (
	"context"
	"math"

	"heshi/retrieval/text"
)

// Dual is the shipped embedder: a vector per word and per pair of Chinese
// characters, learned so that a question comes near the passages that answer
// it (see Teach). The vector of a text is the sum over what it is made of. It
// implements retrieval.Embedder.
type Dual struct {
	analyzer *text.Analyzer
	id       string
	dim      int
	number   map[string]uint32 // feature to row
	rows     []int8            // dim numbers per feature
	scale    []float32         // what a row is multiplied by
}

// ID implements retrieval.Embedder.
func (m *Dual) ID() string { return m.id }

// Dim implements retrieval.Embedder.
func (m *Dual) Dim() int { return m.dim }

// Embed implements retrieval.Embedder.
func (m *Dual) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v := make([]float32, m.dim)
		for _, f := range cut(m.analyzer, t) {
			if n, ok := m.number[f.name]; ok {
				m.add(v, n, damped(f.count))
			}
		}
		normalise(v)
		out[i] = v
	}
	return out, nil
}

// add adds row n, w times, to v.
func (m *Dual) add(v []float32, n uint32, w float32) {
	w *= m.scale[n]
	for j, x := range m.rows[int(n)*m.dim : (int(n)+1)*m.dim] {
		v[j] += w * float32(x)
	}
}

// damped is how much a feature counts that stands n times in a text.
func damped(n float32) float32 { return float32(1 + math.Log(float64(n))) }

// Features is the number of words and pairs with a vector.
func (m *Dual) Features() int { return len(m.scale) }

// AddWord implements retrieval.Lexicon.
func (m *Dual) AddWord(v []float32, key string, w float32) bool {
	n, ok := m.number["w:"+key]
	if ok {
		m.add(v, n, w)
	}
	return ok
}

// AddPair implements retrieval.Lexicon.
func (m *Dual) AddPair(v []float32, a, b rune, w float32) bool {
	n, ok := m.number["p:"+string([]rune{a, b})]
	if ok {
		m.add(v, n, w)
	}
	return ok
}
