package bench

import (
	"context"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	_ "github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// tokens is the text as the other engines get it: the same segmented words, spaced out. They
// get no single characters and pairs: with them bleve finds as much and takes ten
// times as long, so the comparison is with its better self.
func tokens(a *text.Analyzer, s string) string {
	return strings.Join(a.Words(s), " ")
}

// engines are those the index is compared with.
func engines() []engine {
	return append([]engine{{"bleve", openBleve}}, fts5()...)
}

func openBleve(ctx context.Context, dir string, a *text.Analyzer, chunks []retrieval.Chunk) (search, func() error, error) {
	body := bleve.NewTextFieldMapping()
	body.Analyzer = "spaced"
	body.Store, body.IncludeInAll, body.IncludeTermVectors, body.DocValues = false, false, false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("b", body)
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("spaced", map[string]any{"type": "custom", "tokenizer": "whitespace"}); err != nil {
		return nil, nil, err
	}
	m.DefaultMapping = doc
	m.ScoringModel = "bm25"
	x, err := bleve.NewUsing(dir, m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, nil, err
	}
	for part := range slices.Chunk(chunks, 1000) {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		b := x.NewBatch()
		for _, c := range part {
			if err := b.Index(c.ID, map[string]any{"b": tokens(a, c.Body())}); err != nil {
				return nil, nil, err
			}
		}
		if err := x.Batch(b); err != nil {
			return nil, nil, err
		}
	}
	return func(ctx context.Context, q string) ([]string, error) { return searchBleve(ctx, x, a, q) }, x.Close, nil
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
