package embed

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"

	"heshi/retrieval/text"
)

// cutAll cuts texts with all cores.
func cutAll(ctx context.Context, a *text.Analyzer, texts []string) ([][]feature, error) {
	out := make([][]feature, len(texts))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				out[i] = cut(a, texts[i])
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
	return out, ctx.Err()
}

func newSchool(ctx context.Context, a *text.Analyzer, m Material, c TeachConfig) (*school, error) {
	s := &school{TeachConfig: c, rng: rand.New(rand.NewPCG(1, 2))}
	at := map[string]int{}
	var texts []string
	put := func(t string) int {
		i, ok := at[t]
		if !ok {
			i = len(texts)
			at[t] = i
			texts = append(texts, t)
		}
		return i
	}
	type ref struct {
		q, p  int
		group string
	}
	var lessons []ref
	for _, l := range m.Lessons {
		r := ref{put(l.Question), put(l.Passage), l.Group}
		for range max(1, l.Times) {
			lessons = append(lessons, r)
		}
	}
	own := len(texts)
	type law struct {
		title string
		parts []int // the heading first
	}
	var laws []law
	for _, l := range m.Laws {
		x := law{l.Title, []int{put(l.Title)}}
		for _, one := range sentences(l.Text) {
			x.parts = append(x.parts, put(one))
		}
		laws = append(laws, x)
	}
	bags, err := cutAll(ctx, a, texts)
	if err != nil {
		return nil, err
	}
	number, idf, err := s.choose(bags, own)
	if err != nil {
		return nil, err
	}
	rows := make([][]entry, len(bags))
	for i, b := range bags {
		for _, f := range b {
			if n, ok := number[f.name]; ok {
				rows[i] = append(rows[i], entry{n, f.count})
			}
		}
	}
	var whole [][]entry // what LSI looks at
	for _, r := range lessons {
		q, p := merged(rows[r.q]), merged(rows[r.p])
		if len(q) > 0 && len(p) > 0 {
			s.lessons = append(s.lessons, pairing{q, p, r.group})
		}
	}
	for _, r := range rows[:own] {
		whole = append(whole, merged(r))
	}
	for _, l := range laws {
		t := lawText{group: l.title}
		for _, k := range l.parts {
			t.parts = append(t.parts, rows[k])
		}
		all := merged(t.parts...)
		if len(all) == 0 {
			continue
		}
		whole = append(whole, all)
		s.others = append(s.others, all)
		if len(l.parts) > 2 {
			s.laws = append(s.laws, t)
		}
	}
	if len(s.others) == 0 {
		for _, l := range s.lessons {
			s.others = append(s.others, l.p)
		}
	}
	return s, s.begin(ctx, whole, idf)
}

// lawText is an article cut into sentences, its heading first.
type lawText struct {
	parts [][]entry
	group string
}

// merged is several bags as one, counts damped.
func merged(bags ...[]entry) []entry {
	var all []entry
	for _, b := range bags {
		all = append(all, b...)
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.f, b.f) })
	out := all[:0]
	for _, e := range all {
		if n := len(out); n > 0 && out[n-1].f == e.f {
			out[n-1].w += e.w
			continue
		}
		out = append(out, e)
	}
	for i := range out {
		out[i].w = damped(out[i].w)
	}
	return out
}

// alone is one sentence of every article against the rest of it, another
// sentence each time.
func (s *school) alone() []pairing {
	out := make([]pairing, len(s.laws))
	for i, l := range s.laws {
		k := 1 + s.rng.IntN(len(l.parts)-1)
		rest := slices.Concat(l.parts[:k], l.parts[k+1:])
		out[i] = pairing{merged(l.parts[k]), merged(rest...), l.group}
	}
	return slices.DeleteFunc(out, func(p pairing) bool { return len(p.q) == 0 || len(p.p) == 0 })
}

// sentences are the sentences of an article.
func sentences(t string) []string {
	return strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune("。；\n", r) })
}

// choose picks the features: all that stand in texts of our own and are not
// single, then the most frequent of the laws.
func (s *school) choose(bags [][]feature, own int) (map[string]uint32, []float32, error) {
	df, mine := map[string]int{}, map[string]int{}
	for i, b := range bags {
		for _, f := range b {
			df[f.name]++
			if i < own {
				mine[f.name]++
			}
		}
	}
	for f, n := range df {
		if n >= s.MinDF {
			s.names = append(s.names, f)
		}
	}
	slices.SortFunc(s.names, func(x, y string) int {
		a, b := mine[x] >= s.MinDF, mine[y] >= s.MinDF
		switch {
		case a && !b:
			return -1
		case b && !a:
			return 1
		}
		return cmp.Or(cmp.Compare(df[y], df[x]), cmp.Compare(x, y))
	})
	s.names = s.names[:min(len(s.names), s.MaxWords)]
	slices.Sort(s.names)
	if len(s.names) < 2 || len(bags) < 2 {
		return nil, nil, ErrTooLittle
	}
	number := make(map[string]uint32, len(s.names))
	idf := make([]float32, len(s.names))
	for i, f := range s.names {
		number[f] = uint32(i)
		idf[i] = float32(math.Log(float64(len(bags)+1) / float64(df[f])))
	}
	return number, idf, nil
}

// begin sets the first vectors: the directions LSI finds, each as strong as the
// feature is rare.
func (s *school) begin(ctx context.Context, rows [][]entry, idf []float32) error {
	x := &sparse{cols: len(s.names), start: []int{0}}
	for _, r := range rows {
		sum := 0.0
		for _, e := range r {
			w := float64(e.w * idf[e.f])
			sum += w * w
		}
		if sum > 0 {
			n := float32(1 / math.Sqrt(sum))
			for _, e := range r {
				x.col = append(x.col, e.f)
				x.val = append(x.val, e.w*idf[e.f]*n)
			}
		}
		x.start = append(x.start, len(x.col))
	}
	s.Dim = min(s.Dim, len(s.names), len(rows))
	basis, err := rightSingular(ctx, x, s.Dim, 1)
	if err != nil {
		return err
	}
	for i := range s.names {
		for j := range s.Dim {
			basis[i*s.Dim+j] *= idf[i]
		}
	}
	// Of a length that a step of learning can change.
	sum := 0.0
	for _, v := range basis {
		sum += float64(v) * float64(v)
	}
	k := float32(math.Sqrt(float64(len(basis)) / sum))
	for i := range basis {
		basis[i] *= k
	}
	s.e = basis
	s.square = make([]float32, len(basis))
	return nil
}
