package embed

import "math"

// side is texts of a batch with their vectors.
type side struct {
	texts [][]entry
	u     []float32 // unit vectors
	norm  []float32
	d     []float32 // of the loss, by the unit vector and then by the sum
}

func (s *school) side(texts [][]entry) *side {
	o := &side{texts: texts, u: make([]float32, len(texts)*s.Dim), norm: make([]float32, len(texts)), d: make([]float32, len(texts)*s.Dim)}
	parallel(len(texts), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			u := o.u[i*s.Dim : (i+1)*s.Dim]
			for _, e := range texts[i] {
				for j, x := range s.e[int(e.f)*s.Dim : (int(e.f)+1)*s.Dim] {
					u[j] += e.w * x
				}
			}
			sum := 0.0
			for _, x := range u {
				sum += float64(x) * float64(x)
			}
			o.norm[i] = float32(math.Sqrt(sum) + 1e-9)
			for j := range u {
				u[j] /= o.norm[i]
			}
		}
	})
	return o
}

// step learns from one batch.
func (s *school) step(batch []pairing, against int) {
	n := len(batch)
	var qs, ps [][]entry
	for _, l := range batch {
		qs, ps = append(qs, l.q), append(ps, l.p)
	}
	for range against {
		ps = append(ps, s.others[s.rng.IntN(len(s.others))])
	}
	q, p := s.side(qs), s.side(ps)
	heat := float32(1 / s.Heat)
	g := make([]float32, n*len(ps)) // of the loss, by each cosine
	parallel(n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			row := g[i*len(ps) : (i+1)*len(ps)]
			u := q.u[i*s.Dim : (i+1)*s.Dim]
			top := float32(math.Inf(-1))
			for j := range ps {
				row[j] = heat * dot(u, p.u[j*s.Dim:(j+1)*s.Dim])
				top = max(top, row[j])
			}
			sum := float32(0)
			for j := range ps {
				if j != i && j < n && batch[j].group == batch[i].group {
					row[j] = 0
					continue
				}
				row[j] = float32(math.Exp(float64(row[j] - top)))
				sum += row[j]
			}
			for j := range row {
				row[j] /= sum
			}
			row[i]--
		}
	})
	parallel(n, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			d := q.d[i*s.Dim : (i+1)*s.Dim]
			for j := range ps {
				if w := g[i*len(ps)+j]; w > 1e-6 || w < -1e-6 {
					axpy(d, w, p.u[j*s.Dim:(j+1)*s.Dim])
				}
			}
		}
	})
	parallel(len(ps), func(lo, hi int) {
		for j := lo; j < hi; j++ {
			d := p.d[j*s.Dim : (j+1)*s.Dim]
			for i := range n {
				if w := g[i*len(ps)+j]; w > 1e-6 || w < -1e-6 {
					axpy(d, w, q.u[i*s.Dim:(i+1)*s.Dim])
				}
			}
		}
	})
	s.learn(q, p)
}

// learn turns what the loss says about texts into steps of the features
// (Adagrad).
func (s *school) learn(sides ...*side) {
	at := map[uint32]int{}
	var touched []uint32
	for _, o := range sides {
		for i, t := range o.texts {
			u, d := o.u[i*s.Dim:(i+1)*s.Dim], o.d[i*s.Dim:(i+1)*s.Dim]
			along := dot(u, d)
			for j := range d {
				d[j] = (d[j] - along*u[j]) / o.norm[i]
			}
			for _, e := range t {
				if _, ok := at[e.f]; !ok {
					at[e.f] = len(touched)
					touched = append(touched, e.f)
				}
			}
		}
	}
	g := make([]float32, len(touched)*s.Dim)
	// Each core has some of the directions to itself, so that sums come in one order.
	parallel(s.Dim, func(lo, hi int) {
		for _, o := range sides {
			for i, t := range o.texts {
				d := o.d[i*s.Dim+lo : i*s.Dim+hi]
				for _, e := range t {
					axpy(g[at[e.f]*s.Dim+lo:at[e.f]*s.Dim+hi], e.w, d)
				}
			}
		}
		for k, f := range touched {
			for j := lo; j < hi; j++ {
				x := g[k*s.Dim+j]
				n := int(f)*s.Dim + j
				s.square[n] += x * x
				if s.square[n] > 0 {
					s.e[n] -= float32(s.Rate) * x / float32(math.Sqrt(float64(s.square[n])))
				}
			}
		}
	})
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// axpy adds w times x to d.
func axpy(d []float32, w float32, x []float32) {
	x = x[:len(d)]
	for j := range d {
		d[j] += w * x[j]
	}
}

// graduate makes the embedder: rows of whole numbers up to 127 and a scale each.
func (s *school) graduate() *Dual {
	m := &Dual{dim: s.Dim, number: map[string]uint32{}, rows: make([]int8, len(s.e)), scale: make([]float32, len(s.names))}
	for i, f := range s.names {
		m.number[f] = uint32(i)
		row := s.e[i*s.Dim : (i+1)*s.Dim]
		top := float32(0)
		for _, x := range row {
			top = max(top, x, -x)
		}
		if top == 0 {
			continue
		}
		m.scale[i] = top / 127
		for j, x := range row {
			m.rows[i*s.Dim+j] = int8(math.Round(float64(x / top * 127)))
		}
	}
	return m
}
