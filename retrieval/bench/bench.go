// Package bench measures the lexical index against bleve over the same synthetic
// chunks, the same questions and the same segmentation, in one process. It is
// used by `heshi doctor -bench` and by this package's benchmarks; it owns no
// data and writes nothing but bleve's index in a temporary folder.
package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	_ "github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Figures are what one engine did.
type Figures struct {
	IndexS float64 `json:"index_s"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Hit10  float64 `json:"hit@10"` // share of questions whose chunk is among ten
}

// Result compares the two. Ratio is bleve's p50 over ours.
type Result struct {
	Chunks  int     `json:"chunks"`
	Queries int     `json:"queries"`
	Index   Figures `json:"index"`
	Bleve   Figures `json:"bleve"`
	Ratio   float64 `json:"ratio"`
}

// question is a synthetic question and the chunk it was made from.
type question struct{ text, want string }

// Run builds both engines over n synthetic chunks and asks each the same
// questions, one at a time. The text is the same in every run.
func Run(ctx context.Context, a *text.Analyzer, n, questions int) (Result, error) {
	chunks, qs := material(n, questions)
	r := Result{Chunks: n, Queries: len(qs)}
	a.Warm()
	start := time.Now()
	x, err := retrieval.Build(ctx, a, chunks, retrieval.Options{})
	if err != nil {
		return r, err
	}
	r.Index.IndexS = time.Since(start).Seconds()
	r.Index, err = measure(ctx, r.Index, qs, func(q string) ([]string, error) {
		hits, err := x.Search(ctx, retrieval.Query{Text: q, Kind: retrieval.KindCase, K: 10})
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
	start = time.Now()
	b, err := openBleve(ctx, filepath.Join(dir, "bleve"), a, chunks)
	if err != nil {
		return r, fmt.Errorf("bleve: %w", err)
	}
	defer b.Close()
	r.Bleve.IndexS = time.Since(start).Seconds()
	r.Bleve, err = measure(ctx, r.Bleve, qs, func(q string) ([]string, error) { return searchBleve(ctx, b, a, q) })
	if err != nil {
		return r, fmt.Errorf("bleve: %w", err)
	}
	r.Ratio = r.Bleve.P50 / max(r.Index.P50, 1e-6)
	return r, nil
}

// measure asks every question after a short warm-up.
func measure(ctx context.Context, f Figures, qs []question, search func(string) ([]string, error)) (Figures, error) {
	for _, q := range qs[:min(20, len(qs))] {
		if _, err := search(q.text); err != nil {
			return f, err
		}
	}
	took := make([]float64, 0, len(qs))
	hits := 0
	for _, q := range qs {
		if err := ctx.Err(); err != nil {
			return f, err
		}
		start := time.Now()
		ids, err := search(q.text)
		if err != nil {
			return f, err
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/1e6)
		if slices.Contains(ids, q.want) {
			hits++
		}
	}
	slices.Sort(took)
	f.P50, f.P99 = took[len(took)/2], took[len(took)*99/100]
	f.Hit10 = float64(hits) / float64(len(qs))
	return f, nil
}

// tokens is the text as bleve gets it: the same segmented words, spaced out. It
// gets no single characters and pairs: with them it finds as much and takes ten
// times as long, so the comparison is with its better self.
func tokens(a *text.Analyzer, s string) string {
	return strings.Join(a.Words(s), " ")
}

func openBleve(ctx context.Context, dir string, a *text.Analyzer, chunks []retrieval.Chunk) (bleve.Index, error) {
	body := bleve.NewTextFieldMapping()
	body.Analyzer = "spaced"
	body.Store, body.IncludeInAll, body.IncludeTermVectors, body.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("b", body)
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("spaced", map[string]any{"type": "custom", "tokenizer": "whitespace"}); err != nil {
		return nil, err
	}
	m.DefaultMapping = doc
	m.ScoringModel = "bm25"
	x, err := bleve.NewUsing(dir, m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(chunks, 1000) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b := x.NewBatch()
		for _, c := range part {
			if err := b.Index(c.ID, map[string]any{"b": tokens(a, c.Body())}); err != nil {
				return nil, err
			}
		}
		if err := x.Batch(b); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func searchBleve(ctx context.Context, x bleve.Index, a *text.Analyzer, q string) ([]string, error) {
	m := bleve.NewMatchQuery(tokens(a, q))
	m.SetField("b")
	res, err := x.SearchInContext(ctx, bleve.NewSearchRequestOptions(m, 10, 0, false))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.ID
	}
	return ids, nil
}

// filler is what people say around their story.
var filler = []string{"请问", "我想问一下", "怎么办", "我们", "他不肯", "已经三个月了", "能不能", "该找谁", "没有", "说好的"}

// vocabulary is 20,000 words: those of the field, and pairs of their characters
// standing for all others.
func vocabulary(rng *rand.Rand) []string {
	stock := text.DomainWords()
	chars := []rune(strings.Join(stock, ""))
	for len(stock) < 20_000 {
		stock = append(stock, string([]rune{chars[rng.IntN(len(chars))], chars[rng.IntN(len(chars))]}))
	}
	return stock
}

// material makes n chunks of these words, common ones often and rare ones
// seldom, and questions that each take a few words of one chunk, in another
// order, with filler and a word from elsewhere.
func material(n, questions int) ([]retrieval.Chunk, []question) {
	rng := rand.New(rand.NewPCG(7, 11))
	stock := vocabulary(rng)
	zipf := rand.NewZipf(rng, 1.07, 40, uint64(len(stock)-1))
	chunks := make([]retrieval.Chunk, n)
	said := make([][]string, n)
	for i := range chunks {
		var b strings.Builder
		for j := range 60 + rng.IntN(80) {
			w := stock[zipf.Uint64()]
			said[i] = append(said[i], w)
			b.WriteString(w)
			switch {
			case j%9 == 8:
				b.WriteString("。")
			case j%4 == 3:
				b.WriteString(filler[rng.IntN(len(filler))])
			}
		}
		chunks[i] = retrieval.Chunk{ID: fmt.Sprintf("C%06d", i), Kind: retrieval.KindCase, Title: said[i][0] + said[i][1], Fields: []retrieval.Field{{Name: "text", Text: b.String(), Weight: 1}}}
	}
	qs := make([]question, questions)
	for i := range qs {
		d := rng.IntN(n)
		var b strings.Builder
		for range 9 {
			b.WriteString(said[d][rng.IntN(len(said[d]))])
			if rng.IntN(3) == 0 {
				b.WriteString(filler[rng.IntN(len(filler))])
			}
		}
		b.WriteString(stock[rng.IntN(len(stock))])
		qs[i] = question{b.String(), chunks[d].ID}
	}
	return chunks, qs
}
