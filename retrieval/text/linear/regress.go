package linear

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// The numbers of softmax regression, found on development sets.
const (
	epochs = 8    // passes over the examples
	rate   = 0.3  // first step
	decay  = 1e-5 // L2 penalty
	blur   = 0.01 // share of the truth spread over all classes
	drop   = 0.4  // share of features hidden at each step, so that no single word decides
)

// cell is a feature of an example: its row and tf-idf value.
type cell struct {
	row int32
	x   float64
}

// row is an example made ready.
type row struct {
	cells  []cell
	truth  []float64
	weight float64
}

// Regress learns a model by softmax regression with AdaGrad steps: slower than Ratios, and better where one class
// is everything else. It stops early with the context's error when cancelled.
func Regress(ctx context.Context, examples []Example, o Options) (*Model, error) {
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
	m.frequencies(examples)
	rows := m.ready(examples)
	n := len(m.Classes)
	weight := make([]float64, len(m.rows)*n)
	steps := make([]float64, len(weight))
	bias, biasSteps := make([]float64, n), make([]float64, n)
	r := rand.New(rand.NewPCG(20261123, uint64(len(examples))))
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	z := make([]float64, n)
	for pass := range epochs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			e := rows[i]
			copy(z, bias)
			seen := e.cells[:0:0]
			sum := 0.0
			for _, c := range e.cells {
				if r.Float64() >= drop {
					seen = append(seen, c)
					sum += c.x * c.x
				}
			}
			if sum == 0 {
				continue
			}
			norm := 1 / math.Sqrt(sum)
			for _, c := range seen {
				w := weight[int(c.row)*n : int(c.row+1)*n]
				for k := range z {
					z[k] += c.x * norm * w[k]
				}
			}
			softmax(z)
			for k := range z {
				z[k] = (z[k] - e.truth[k]) * e.weight
				biasSteps[k] += z[k] * z[k]
				bias[k] -= 0.1 * rate * z[k] / math.Sqrt(biasSteps[k]+1e-2)
			}
			for _, c := range seen {
				at := int(c.row) * n
				x := c.x * norm
				for k, g := range z {
					w := weight[at+k]
					g = g*x + decay*w
					steps[at+k] += g * g
					weight[at+k] = w - rate*g/math.Sqrt(steps[at+k]+1e-4)
				}
			}
		}
		if o.Progress != nil {
			o.Progress(pass+1, epochs)
		}
	}
	m.keep(weight, bias)
	return m, nil
}

// frequencies gives each feature its idf.
func (m *Model) frequencies(examples []Example) {
	seen := make([]int, len(m.rows))
	for _, e := range examples {
		for _, k := range keysOf(e.Features) {
			if at, ok := m.rows[k]; ok {
				seen[at]++
			}
		}
	}
	for i, n := range seen {
		m.idf[i] = float32(math.Log(1 + float64(len(examples))/float64(n)))
	}
}

// ready turns examples into rows; one without a known feature teaches nothing.
func (m *Model) ready(examples []Example) []row {
	rows := make([]row, 0, len(examples))
	n := len(m.Classes)
	for _, e := range examples {
		r := row{truth: make([]float64, n), weight: cmp.Or(e.Weight, 1)}
		for _, k := range keysOf(e.Features) {
			if at, ok := m.rows[k]; ok {
				r.cells = append(r.cells, cell{at, float64(m.idf[at])})
			}
		}
		if len(r.cells) == 0 || len(e.Labels) == 0 {
			continue
		}
		for k := range r.truth {
			r.truth[k] = blur / float64(n)
		}
		for _, l := range e.Labels {
			k, _ := slices.BinarySearch(m.Classes, l)
			r.truth[k] += (1 - blur) / float64(len(e.Labels))
		}
		rows = append(rows, r)
	}
	return rows
}
