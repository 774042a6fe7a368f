// Package linear is a small text classifier: a weight for every feature and class,
// learned from labelled sentences and kept in a file of a few megabytes that loads
// in milliseconds.
//
// It owns the file format. It knows nothing of language: a caller cuts text into
// features (any strings) and gives them in any order.
//
// Invariants: training is deterministic, the same examples and options give the
// same bytes; a file carries the digest of what it was trained from, so that a
// stale one can be told; probabilities sum to one.
//
// Two ways of learning. Ratios counts: naive Bayes as log ratios against the
// language as a whole, smoothed by it (Zhai and Lafferty, "A study of smoothing
// methods for language models", 2004). Regress is softmax regression over tf-idf
// with AdaGrad steps (Duchi, Hazan and Singer 2011). Measured on sentences nobody
// trained on: for the 76 kinds of dispute Ratios was as good or better (right type
// among the first two .96 against .93 to .96); for danger against everything else
// Regress was far better (recall .90 at precision .91 against .79).
package linear

import (
	"hash/fnv"
	"math"
	"slices"
)

// Example is one labelled text. Labels share the truth evenly: a text of two
// labels is half one, half the other. Weight 0 means 1.
type Example struct {
	Features []string
	Labels   []string
	Weight   float64
}

// Model tells how well each of its classes fits a text. Safe for concurrent use.
type Model struct {
	Classes []string // in order of name
	// Digest is what the trainer called its examples; see Options.
	Digest string

	rows   map[uint32]int32 // feature to row
	idf    []float32        // per row: weight of the feature in a text
	scale  []float32        // per row: what one step of a weight is worth
	weight []int8           // rows × classes
	bias   []float32        // per class
}

// Score is a class and its probability.
type Score struct {
	Class string
	P     float64
}

// key is a feature as a number. Two features that share one are one: among some
// ten thousand features of 32 bits that befalls about one in a hundred thousand.
func key(feature string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(feature))
	return h.Sum32()
}

// Scores gives the probability of every class, in the order of Classes, and which
// share of the text's features the model knows, 0 to 1. Features of a text depend
// on each other, the more the longer it is: evidence is divided by the length of
// the text as a vector.
func (m *Model) Scores(features []string) (p []float64, known float64) {
	p = make([]float64, len(m.Classes))
	keys := keysOf(features)
	rows := make([]int32, 0, len(keys))
	sum := 0.0
	for _, k := range keys {
		if r, ok := m.rows[k]; ok {
			rows = append(rows, r)
			sum += float64(m.idf[r]) * float64(m.idf[r])
		}
	}
	n := len(m.Classes)
	for c := range p {
		p[c] = float64(m.bias[c])
	}
	for _, r := range rows {
		x := float64(m.idf[r]) * float64(m.scale[r]) / math.Sqrt(sum)
		for c, w := range m.weight[int(r)*n : int(r+1)*n] {
			p[c] += x * float64(w)
		}
	}
	softmax(p)
	if len(keys) == 0 {
		return p, 0
	}
	return p, float64(len(rows)) / float64(len(keys))
}

func softmax(z []float64) {
	if len(z) == 0 {
		return
	}
	top, sum := slices.Max(z), 0.0
	for i := range z {
		z[i] = math.Exp(z[i] - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}
