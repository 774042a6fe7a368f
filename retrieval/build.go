package retrieval

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"heshi/retrieval/text"
)

// Params are the numbers of the ranking. The zero value of a field means its
// default; Defaults lists them.
type Params struct {
	K1, B   float64 // BM25
	Word    float64 // weight of segmented words
	Single  float64 // weight of single characters
	Pair    float64 // weight of adjacent characters
	Prune   float64 // a term in more than this share of the chunks is not looked up
	Boost   float64 // share a hit of a preferred type gains
	Expand  float64 // weight of a term that came through a table
	Prior   float64 // what one grade of a chunk's prior adds, as a share of the best score
	Around  float64 // what the best of the eight neighbours on either side in a chunk's group adds, as a share of its own
	Shorten int     // candidates given to the re-ranker
}

// Defaults are the numbers measured to work best on development questions.
func Defaults() Params {
	return Params{K1: 1.2, B: 0.75, Word: 1, Single: 1, Pair: 1, Prune: 0.3, Boost: 0.15, Expand: 0.5, Prior: 0.12, Around: 0.25, Shorten: 300}
}

// Options say how an index is built.
type Options struct {
	Params Params
	// Tables widen queries: bilingual terms, lay words for legal ones.
	Tables []Table
	// Progress, when set, hears how many chunks are done.
	Progress func(done, total int)
}

// Index is an immutable lexical index over chunks. Make it with Build.
type Index struct {
	analyzer *text.Analyzer
	params   Params
	parts    []*part // by kind, in the order case, law, term, others
	widen    *widener
}

// part is the index of one kind of chunk: its own statistics keep a law book of
// 50,000 articles from drowning a shelf of cases.
type part struct {
	kind   Kind
	chunks []meta
	voc    *vocabulary
	start  []uint32 // postings of term t: start[t] to start[t+1]
	docs   []uint32
	impact []float32 // what the term adds to the score of the chunk
	idf    []float32
	pool   sync.Pool // of []float32, one number per chunk
}

// meta is what an index keeps of a chunk.
type meta struct {
	id, outcome, title string
	types              []string
	prior              float32
	first, last        uint32 // the chunks of its group, when they stand together
}

// Build indexes chunks. It returns early with the context's error when
// cancelled. Chunks with the same id and kind are an error.
func Build(ctx context.Context, a *text.Analyzer, chunks []Chunk, o Options) (*Index, error) {
	x := &Index{analyzer: a, params: o.Params}
	if x.params == (Params{}) {
		x.params = Defaults()
	}
	a.Warm()
	x.widen = newWidener(a, o.Tables)
	byKind := map[Kind][]Chunk{}
	seen := map[string]bool{}
	for _, c := range chunks {
		key := string(c.Kind) + "\x00" + c.ID
		if c.ID == "" || seen[key] {
			return nil, fmt.Errorf("retrieval: chunk %q of kind %q: empty or doubled id", c.ID, c.Kind)
		}
		seen[key] = true
		byKind[c.Kind] = append(byKind[c.Kind], c)
	}
	done := 0
	tick := func(n int) {
		done += n
		if o.Progress != nil {
			o.Progress(done, len(chunks))
		}
	}
	for _, k := range kindOrder(byKind) {
		p, err := x.buildPart(ctx, k, byKind[k], tick)
		if err != nil {
			return nil, err
		}
		x.parts = append(x.parts, p)
	}
	return x, nil
}

// fieldTerms is one field of one chunk, cut.
type fieldTerms struct {
	field  string
	weight float64
	cut    analysed
}

// batch is how many chunks a worker cuts at a time.
const batch = 256

func (x *Index) buildPart(ctx context.Context, kind Kind, chunks []Chunk, tick func(int)) (*part, error) {
	p := &part{kind: kind, voc: newVocabulary()}
	var rows collector
	type result struct {
		at  int
		cut [][]fieldTerms
	}
	// Workers cut text, one collector numbers terms in chunk order, so that two
	// builds of the same chunks are the same.
	jobs := (len(chunks) + batch - 1) / batch
	results := make([]chan result, jobs)
	for i := range results {
		results[i] = make(chan result, 1)
	}
	next, ahead := make(chan int), make(chan struct{}, 8)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for range max(1, runtime.GOMAXPROCS(0)) {
		go func() {
			for j := range next {
				lo, hi := j*batch, min((j+1)*batch, len(chunks))
				r := result{at: lo}
				for _, c := range chunks[lo:hi] {
					var fs []fieldTerms
					for _, f := range append([]Field{{Name: "title", Text: c.Title, Weight: 1}}, c.Fields...) {
						if f.Text == "" {
							continue
						}
						w := f.Weight
						if w == 0 {
							w = 1
						}
						fs = append(fs, fieldTerms{f.Name, w, analyse(x.analyzer, f.Text)})
					}
					r.cut = append(r.cut, fs)
				}
				results[j] <- r
			}
		}()
	}
	go func() {
		defer close(next)
		// A few batches ahead of the collector at most: memory stays flat.
		for j := range jobs {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
				return
			}
			select {
			case next <- j:
			case <-ctx.Done():
				return
			}
		}
	}()
	for j := range jobs {
		select {
		case r := <-results[j]:
			for i := range r.cut {
				c := chunks[r.at+i]
				p.chunks = append(p.chunks, meta{id: c.ID, outcome: c.Outcome, title: c.Title, types: c.Types, prior: float32(c.Prior)})
			}
			rows.add(p.voc, r.cut)
			<-ahead
			tick(len(r.cut))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	rows.finish(p, x.params)
	p.group(chunks)
	return p, nil
}

// group notes which chunks stand in one group side by side.
func (p *part) group(chunks []Chunk) {
	for i := 0; i < len(chunks); {
		j := i + 1
		for j < len(chunks) && chunks[j].Group == chunks[i].Group && chunks[i].Group != "" {
			j++
		}
		for k := i; k < j; k++ {
			p.chunks[k].first, p.chunks[k].last = uint32(i), uint32(j)
		}
		i = j
	}
}

// kindOrder is case, law, term, then other kinds by name.
func kindOrder(m map[Kind][]Chunk) []Kind {
	order := []Kind{}
	for _, k := range []Kind{KindCase, KindLaw, KindTerm} {
		if len(m[k]) > 0 {
			order = append(order, k)
		}
	}
	var rest []Kind
	for k := range m {
		if k != KindCase && k != KindLaw && k != KindTerm {
			rest = append(rest, k)
		}
	}
	slices.Sort(rest)
	return append(order, rest...)
}
