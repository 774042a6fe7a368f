package linear

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
)

// ErrNothing is returned when there is nothing to learn from.
var ErrNothing = errors.New("linear: no examples")

// Options of a training. Zero values mean the defaults.
type Options struct {
	Digest string  // kept in the model
	Epochs int     // passes over the examples, 25
	Rate   float64 // first step, 0.5
	Decay  float64 // L2 penalty, 1e-6
	Rare   int     // a feature seen in fewer examples is left out, 2
	Blur   float64 // share of the truth spread over all classes, 0.05
	Drop   float64 // share of features hidden at each step, so that no single word decides, 0.3
	// Progress, when set, hears the passes done and the mean loss of the last.
	Progress func(done, total int, loss float64)
}

func (o *Options) defaults() {
	o.Epochs = cmp.Or(o.Epochs, 25)
	o.Rate = cmp.Or(o.Rate, 0.5)
	o.Decay = cmp.Or(o.Decay, 1e-6)
	o.Rare = cmp.Or(o.Rare, 2)
	o.Blur = cmp.Or(o.Blur, 0.05)
	o.Drop = cmp.Or(o.Drop, 0.3)
}

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

// Train learns a model. It stops early with the context's error when cancelled.
func Train(ctx context.Context, examples []Example, o Options) (*Model, error) {
	o.defaults()
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
	rows := m.ready(examples, o.Blur)
	n := len(m.Classes)
	weight := make([]float64, len(m.idf)*n)
	steps := make([]float64, len(weight))
	bias, biasSteps := make([]float64, n), make([]float64, n)
	r := rand.New(rand.NewPCG(20261123, uint64(len(examples))))
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	z := make([]float64, n)
	for pass := range o.Epochs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for _, i := range order {
			e := rows[i]
			copy(z, bias)
			seen := e.cells[:0:0]
			sum := 0.0
			for _, c := range e.cells {
				if r.Float64() >= o.Drop {
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
				if e.truth[k] > 0.5/float64(n) {
					loss -= e.truth[k] * math.Log(max(z[k], 1e-12))
				}
				z[k] = (z[k] - e.truth[k]) * e.weight
				biasSteps[k] += z[k] * z[k]
				bias[k] -= 0.1 * o.Rate * z[k] / math.Sqrt(biasSteps[k]+1e-2)
			}
			for _, c := range seen {
				at := int(c.row) * n
				x := c.x * norm
				for k, g := range z {
					w := weight[at+k]
					g = g*x + o.Decay*w
					steps[at+k] += g * g
					weight[at+k] = w - o.Rate*g/math.Sqrt(steps[at+k]+1e-4)
				}
			}
		}
		if o.Progress != nil {
			o.Progress(pass+1, o.Epochs, loss/float64(len(rows)))
		}
	}
	m.keep(weight, bias)
	return m, nil
}

// features numbers the features seen often enough and gives each its idf.
func (m *Model) features(examples []Example, rare int) {
	count := map[uint32]int{}
	for _, e := range examples {
		for _, k := range keysOf(e.Features) {
			count[k]++
		}
	}
	var keys []uint32
	for k, n := range count {
		if n >= rare {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	m.rows = make(map[uint32]int32, len(keys))
	for i, k := range keys {
		m.rows[k] = int32(i)
		m.idf = append(m.idf, float32(math.Log(1+float64(len(examples))/float64(count[k]))))
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

func (m *Model) ready(examples []Example, blur float64) []row {
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

// keep rounds the weights of each feature to steps of 1/127 of its largest.
func (m *Model) keep(weight, bias []float64) {
	n := len(m.Classes)
	m.weight = make([]int8, len(weight))
	m.scale = make([]float32, len(m.idf))
	for r := range m.idf {
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
