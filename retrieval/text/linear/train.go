package linear

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// ErrNothing is returned when there is nothing to learn from.
var ErrNothing = errors.New("linear: no examples")

// Options of a training. Zero values mean the defaults.
type Options struct {
	Digest string  // kept in the model
	Rare   int     // a feature seen in fewer examples is left out; default 1, all are kept
	Smooth float64 // Ratios only: features' worth of the language as a whole mixed into every class; default 300
	// Progress, when set, hears the passes of Regress.
	Progress func(done, total int)
}

// trust is how much of the evidence of naive Bayes is believed, before the length of the text is allowed for.
const trust = 1.64

// Ratios learns a model by counting. It stops early with the context's error when cancelled.
func Ratios(ctx context.Context, examples []Example, o Options) (*Model, error) {
	smooth := cmp.Or(o.Smooth, 300)
	if len(examples) == 0 {
		return nil, ErrNothing
	}
	m := &Model{Digest: o.Digest}
	for _, e := range examples {
		m.Classes = append(m.Classes, e.Labels...)
	}
	slices.Sort(m.Classes)
	m.Classes = slices.Compact(m.Classes)
	m.features(examples, o.Rare)
	n := len(m.Classes)
	count := make([]float64, len(m.rows)*n) // of each feature in each class
	whole := make([]float64, len(m.rows))   // of each feature in all
	total := make([]float64, n)
	sum := 0.0
	for _, e := range examples {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w := cmp.Or(e.Weight, 1) / float64(max(1, len(e.Labels)))
		for _, k := range keysOf(e.Features) {
			at, ok := m.rows[k]
			if !ok {
				continue
			}
			for _, l := range e.Labels {
				c, _ := slices.BinarySearch(m.Classes, l)
				count[int(at)*n+c] += w
				total[c] += w
				whole[at] += w
				sum += w
			}
		}
	}
	weight := make([]float64, len(count))
	for r := range whole {
		share := whole[r] / sum
		if share == 0 {
			continue
		}
		for c := range n {
			weight[r*n+c] = trust * math.Log((count[r*n+c]+smooth*share)/(total[c]+smooth)/share)
		}
	}
	m.keep(weight, make([]float64, n))
	return m, nil
}

// features numbers the features seen often enough, in order of their keys.
func (m *Model) features(examples []Example, rare int) {
	seen := map[uint32]int{}
	for _, e := range examples {
		for _, k := range keysOf(e.Features) {
			seen[k]++
		}
	}
	var keys []uint32
	for k, n := range seen {
		if n >= rare {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	m.rows = make(map[uint32]int32, len(keys))
	m.idf = slices.Repeat([]float32{1}, len(keys))
	for i, k := range keys {
		m.rows[k] = int32(i)
	}
}

func keysOf(features []string) []uint32 {
	out := make([]uint32, len(features))
	for i, f := range features {
		out[i] = key(f)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keep rounds the weights of each feature to steps of 1/127 of its largest.
func (m *Model) keep(weight, bias []float64) {
	n := len(m.Classes)
	m.weight = make([]int8, len(weight))
	m.scale = make([]float32, len(m.rows))
	for r := range m.scale {
		top := 0.0
		for _, w := range weight[r*n : (r+1)*n] {
			top = max(top, math.Abs(w))
		}
		if top == 0 {
			continue
		}
		m.scale[r] = float32(top / 127)
		for k, w := range weight[r*n : (r+1)*n] {
			m.weight[r*n+k] = int8(math.Round(w / top * 127))
		}
	}
	m.bias = make([]float32, n)
	for k, b := range bias {
		m.bias[k] = float32(b)
	}
}
