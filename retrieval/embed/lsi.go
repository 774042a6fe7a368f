package embed

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"heshi/retrieval/text"
)

// LSI is the built-in embedder: latent semantic indexing. Words that keep the
// same company in the texts it learned from get near vectors, so a question
// reaches a text it shares no word with. It implements retrieval.Embedder.
type LSI struct {
	analyzer *text.Analyzer
	id       string
	dim      int
	number   map[string]uint32
	idf      []float32
	rows     []float32 // a vector of dim numbers per feature
}

// ErrTooLittle: there are too few texts to learn from.
var ErrTooLittle = errors.New("embed: too few texts to learn from")

// TrainConfig bounds what is learned.
type TrainConfig struct {
	Dim   int // of the vectors; 0 means 128
	MinDF int // features in fewer texts are ignored; 0 means 2
	Iters int // power iterations; 0 means 2
}

// sparse is a matrix of texts by features, row by row.
type sparse struct {
	start []int
	col   []uint32
	val   []float32
	cols  int
}

// Train learns an embedder from texts. It is deterministic. It costs about
// 2×Iters+2 passes of Dim multiplications over all words of all texts.
func Train(ctx context.Context, a *text.Analyzer, texts []string, c TrainConfig) (*LSI, error) {
	if c.Dim <= 0 {
		c.Dim = 128
	}
	if c.MinDF <= 0 {
		c.MinDF = 2
	}
	if c.Iters <= 0 {
		c.Iters = 2
	}
	m := &LSI{analyzer: a, number: map[string]uint32{}}
	x, err := m.count(ctx, texts, c.MinDF)
	if err != nil {
		return nil, err
	}
	if len(texts) < 2 || x.cols < 2 {
		return nil, ErrTooLittle
	}
	k := min(c.Dim, x.cols, len(texts))
	basis, err := rightSingular(ctx, x, k, c.Iters)
	if err != nil {
		return nil, err
	}
	m.dim, m.rows = k, basis
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	m.id = fmt.Sprintf("lsi-%d-%s", k, hex.EncodeToString(h.Sum(nil)[:6]))
	return m, nil
}

// count builds the weighted matrix: log counts times idf, rows of length one.
func (m *LSI) count(ctx context.Context, texts []string, minDF int) (*sparse, error) {
	bags := make([]map[string]float32, len(texts))
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				bags[i] = features(m.analyzer, texts[i])
			}
		})
	}
	for i := range texts {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	df := map[string]int{}
	for _, b := range bags {
		for f := range b {
			df[f]++
		}
	}
	var names []string
	for f, n := range df {
		if n >= minDF {
			names = append(names, f)
		}
	}
	slices.Sort(names)
	m.idf = make([]float32, len(names))
	for i, f := range names {
		m.number[f] = uint32(i)
		m.idf[i] = float32(math.Log(float64(len(texts)+1) / float64(df[f])))
	}
	x := &sparse{cols: len(names), start: []int{0}}
	for _, b := range bags {
		for _, e := range m.weigh(b) {
			x.col = append(x.col, e.f)
			x.val = append(x.val, e.w)
		}
		x.start = append(x.start, len(x.col))
	}
	return x, nil
}

// entry is a feature and its weight in a text.
type entry struct {
	f uint32
	w float32
}

// weigh turns a bag into a vector of length one over known features.
func (m *LSI) weigh(bag map[string]float32) []entry {
	out := make([]entry, 0, len(bag))
	for f, n := range bag {
		if i, ok := m.number[f]; ok {
			out = append(out, entry{i, float32(1+math.Log(float64(n))) * m.idf[i]})
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return cmp.Compare(a.f, b.f) })
	sum := 0.0
	for _, e := range out {
		sum += float64(e.w) * float64(e.w)
	}
	if sum > 0 {
		n := float32(1 / math.Sqrt(sum))
		for i := range out {
			out[i].w *= n
		}
	}
	return out
}

// ID implements retrieval.Embedder.
func (m *LSI) ID() string { return m.id }

// Dim implements retrieval.Embedder.
func (m *LSI) Dim() int { return m.dim }

// Embed implements retrieval.Embedder.
func (m *LSI) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v := make([]float32, m.dim)
		for _, e := range m.weigh(features(m.analyzer, t)) {
			row := m.rows[int(e.f)*m.dim : (int(e.f)+1)*m.dim]
			for j, x := range row {
				v[j] += e.w * x
			}
		}
		normalise(v)
		out[i] = v
	}
	return out, nil
}

// normalise scales v to length one; a zero vector stays.
func normalise(v []float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return
	}
	n := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= n
	}
}

// rightSingular finds the k leading right singular vectors of x by subspace
// iteration and returns them feature by feature.
func rightSingular(ctx context.Context, x *sparse, k, iters int) ([]float32, error) {
	rng := rand.New(rand.NewPCG(1, 2)) // fixed: the same texts give the same model
	v := make([]float32, x.cols*k)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	rows := len(x.start) - 1
	for range iters + 1 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		u := x.times(v, k)
		if err := orthonormal(u, rows, k); err != nil {
			return nil, err
		}
		v = x.transposed(u, k)
		if err := orthonormal(v, x.cols, k); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// times is x·v.
func (x *sparse) times(v []float32, k int) []float32 {
	rows := len(x.start) - 1
	out := make([]float32, rows*k)
	parallel(rows, func(lo, hi int) {
		for r := lo; r < hi; r++ {
			o := out[r*k : (r+1)*k]
			for i := x.start[r]; i < x.start[r+1]; i++ {
				w := x.val[i]
				for j, y := range v[int(x.col[i])*k : (int(x.col[i])+1)*k] {
					o[j] += w * y
				}
			}
		}
	})
	return out
}

// transposed is xᵀ·u. Columns are shared out, so that sums come in one order.
func (x *sparse) transposed(u []float32, k int) []float32 {
	out := make([]float32, x.cols*k)
	rows := len(x.start) - 1
	parallel(x.cols, func(lo, hi int) {
		for r := range rows {
			from := u[r*k : (r+1)*k]
			cols := x.col[x.start[r]:x.start[r+1]]
			first, _ := slices.BinarySearch(cols, uint32(lo))
			for i := first; i < len(cols) && int(cols[i]) < hi; i++ {
				w := x.val[x.start[r]+i]
				o := out[int(cols[i])*k : (int(cols[i])+1)*k]
				for j, y := range from {
					o[j] += w * y
				}
			}
		}
	})
	return out
}

// orthonormal replaces the k columns of v by an orthonormal basis of their span,
// leading directions first, through the eigenvectors of vᵀv.
func orthonormal(v []float32, rows, k int) error {
	gram := mat.NewSymDense(k, nil)
	sums := make([][]float64, k)
	parallel(k, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			sums[i] = make([]float64, k)
			for r := range rows {
				a := float64(v[r*k+i])
				if a == 0 {
					continue
				}
				for j := i; j < k; j++ {
					sums[i][j] += a * float64(v[r*k+j])
				}
			}
		}
	})
	for i := range k {
		for j := i; j < k; j++ {
			gram.SetSym(i, j, sums[i][j])
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(gram, true) {
		return errors.New("embed: the texts give no stable directions")
	}
	values := eig.Values(nil)
	var vec mat.Dense
	eig.VectorsTo(&vec)
	turn := make([]float32, k*k) // column j: the j-th leading direction
	for j := range k {
		from := k - 1 - j
		scale := 0.0
		if values[from] > 1e-9*values[k-1] {
			scale = 1 / math.Sqrt(values[from])
		}
		for i := range k {
			turn[i*k+j] = float32(vec.At(i, from) * scale)
		}
	}
	parallel(rows, func(lo, hi int) {
		row := make([]float32, k)
		for r := lo; r < hi; r++ {
			clear(row)
			for i, a := range v[r*k : (r+1)*k] {
				for j, t := range turn[i*k : (i+1)*k] {
					row[j] += a * t
				}
			}
			copy(v[r*k:(r+1)*k], row)
		}
	})
	return nil
}

// parallel shares n items out over the cores.
func parallel(n int, f func(lo, hi int)) {
	w := min(n, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range w {
		wg.Go(func() { f(i*n/w, (i+1)*n/w) })
	}
	wg.Wait()
}
