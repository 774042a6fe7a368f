// Package bench measures the lexical index against bleve and against SQLite's
// FTS5 over the same chunks, the same questions and the same segmentation, in one
// process. It is used by `heshi doctor -bench` and by this package's tests; it owns
// no data and writes nothing but the others' indexes in a temporary folder.
//
// go-sqlite3 carries FTS5 only when built with -tags sqlite_fts5; without the tag
// FTS5 is left out of the comparison and the result says so.
package bench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Figures are what one engine did. NDCG is of the first ten.
type Figures struct {
	Name   string  `json:"name"`
	IndexS float64 `json:"index_s"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Hit10  float64 `json:"hit@10"` // share of questions with a wanted chunk among ten
	NDCG   float64 `json:"ndcg@10"`
}

// Result is our own index and the others it is compared with.
type Result struct {
	Chunks  int       `json:"chunks"`
	Queries int       `json:"queries"`
	Index   Figures   `json:"index"`
	Others  []Figures `json:"others"`
}

// Ratio is how many times as long an engine takes for the middle question as our index.
func (r Result) Ratio(f Figures) float64 { return f.P50 / max(r.Index.P50, 1e-6) }

// Question is a question and the ids of the chunks that answer it.
type Question struct {
	Text string
	Want []string
}

// search gives the ids of the ten best chunks.
type search func(ctx context.Context, q string) ([]string, error)

// engine is another engine under comparison: open indexes chunks in a folder of
// its own.
type engine struct {
	name string
	open func(ctx context.Context, dir string, a *text.Analyzer, chunks []retrieval.Chunk) (search, func() error, error)
}

// Run builds every engine over n synthetic chunks and asks each the same
// questions, one at a time. The text is the same in every run.
func Run(ctx context.Context, a *text.Analyzer, n, questions int) (Result, error) {
	chunks, qs := material(n, questions)
	return Compare(ctx, a, chunks, qs, retrieval.Options{})
}

// Compare is Run over chunks and judged questions of one's own.
func Compare(ctx context.Context, a *text.Analyzer, chunks []retrieval.Chunk, qs []Question, o retrieval.Options) (Result, error) {
	r := Result{Chunks: len(chunks), Queries: len(qs)}
	a.Warm()
	start := time.Now()
	x, err := retrieval.Build(ctx, a, chunks, o)
	if err != nil {
		return r, err
	}
	r.Index = Figures{Name: "heshi", IndexS: time.Since(start).Seconds()}
	err = r.Index.measure(ctx, qs, func(ctx context.Context, q string) ([]string, error) {
		hits, err := x.Search(ctx, retrieval.Query{Text: q, K: 10})
		ids := make([]string, len(hits))
		for i, h := range hits {
			ids[i] = h.ID
		}
		return ids, err
	})
	if err != nil {
		return r, err
	}
	dir, err := os.MkdirTemp("", "heshi-bench-*")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	for _, e := range engines() {
		f, err := e.run(ctx, filepath.Join(dir, e.name), a, chunks, qs)
		if err != nil {
			return r, fmt.Errorf("%s: %w", e.name, err)
		}
		r.Others = append(r.Others, f)
	}
	return r, nil
}

func (e engine) run(ctx context.Context, dir string, a *text.Analyzer, chunks []retrieval.Chunk, qs []Question) (f Figures, err error) {
	start := time.Now()
	ask, closing, err := e.open(ctx, dir, a, chunks)
	if err != nil {
		return f, err
	}
	defer func() { err = cmp.Or(err, closing()) }()
	f = Figures{Name: e.name, IndexS: time.Since(start).Seconds()}
	return f, f.measure(ctx, qs, ask)
}

// measure asks every question after a short warm-up.
func (f *Figures) measure(ctx context.Context, qs []Question, ask search) error {
	for _, q := range qs[:min(20, len(qs))] {
		if _, err := ask(ctx, q.Text); err != nil {
			return err
		}
	}
	took := make([]float64, 0, len(qs))
	hits, gain := 0, 0.0
	for _, q := range qs {
		if err := ctx.Err(); err != nil {
			return err
		}
		start := time.Now()
		ids, err := ask(ctx, q.Text)
		if err != nil {
			return err
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/1e6)
		got, best := 0.0, 0.0
		for i, id := range ids[:min(10, len(ids))] {
			if slices.Contains(q.Want, id) {
				got += 1 / math.Log2(float64(i)+2)
			}
		}
		for i := range min(10, len(q.Want)) {
			best += 1 / math.Log2(float64(i)+2)
		}
		if got > 0 {
			hits++
			gain += got / best
		}
	}
	slices.Sort(took)
	f.P50, f.P99 = took[len(took)/2], took[len(took)*99/100]
	f.Hit10, f.NDCG = float64(hits)/float64(len(qs)), gain/float64(len(qs))
	return nil
}
