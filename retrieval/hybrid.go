package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// Hybrid searches an index by words and its chunks by meaning and fuses the two. When embedding or the vector engine fails, the words alone answer.
type Hybrid struct {
	log      *slog.Logger
	words    *Index
	vectors  Vectors
	embedder Embedder
	at       map[Kind]map[string]uint32 // id to chunk, for reasons
}

// The numbers of the fusion.
const (
	fuseDepth   = 60   // hits taken from either side
	fuseShare   = 2.0  // weight of meaning against words
	onlyMeaning = 0.5  // best score by words when words find nothing
	nearEnough  = 0.25 // cosine below which meaning alone finds nothing
	maxScan     = 20_000
	embedBatch  = 128
)

// NewHybrid embeds chunks, fills the vector engine (one collection per kind of
// case and law) and returns a searcher over both. Kinds of more than 20,000
// chunks are searched by words only: the default engine scans all it has, which
// is too slow for a turn there.
func NewHybrid(ctx context.Context, log *slog.Logger, words *Index, v Vectors, e Embedder, chunks []Chunk, progress func(done, total int)) (*Hybrid, error) {
	h := &Hybrid{log: log, words: words, vectors: v, embedder: e, at: map[Kind]map[string]uint32{}}
	for _, p := range words.parts {
		h.at[p.kind] = make(map[string]uint32, len(p.chunks))
		for i, c := range p.chunks {
			h.at[p.kind][c.id] = uint32(i)
		}
	}
	byKind := map[Kind][]Chunk{}
	total, done := 0, 0
	for _, c := range chunks {
		if c.Kind == KindCase || c.Kind == KindLaw {
			byKind[c.Kind] = append(byKind[c.Kind], c)
		}
	}
	for k, cs := range byKind {
		if len(cs) > maxScan {
			log.Info("retrieval: too many chunks for vectors, words only", "kind", k, "chunks", len(cs))
			delete(byKind, k)
			continue
		}
		total += len(cs)
	}
	for _, k := range []Kind{KindCase, KindLaw} {
		var docs []Vector
		for part := range slices.Chunk(byKind[k], embedBatch) {
			texts := make([]string, len(part))
			for i, c := range part {
				texts[i] = c.Body()
			}
			vs, err := e.Embed(ctx, texts)
			if err != nil {
				return nil, fmt.Errorf("embed %s chunks: %w", k, err)
			}
			for i, x := range vs {
				if _, err := Unit(x, e.Dim()); err == nil { // nothing known in it: found by words only
					docs = append(docs, Vector{ID: part[i].ID, Values: x})
				}
			}
			done += len(part)
			if progress != nil {
				progress(done, total)
			}
		}
		if err := v.Swap(ctx, string(k), docs); err != nil {
			return nil, fmt.Errorf("fill vectors of %s chunks: %w", k, err)
		}
	}
	return h, nil
}

// Body is the text of a chunk that stands for it as a whole.
func (c Chunk) Body() string {
	var b strings.Builder
	b.WriteString(c.Title)
	for _, f := range c.Fields {
		if f.Weight == 0 || f.Weight >= 0.5 { // the rest is detail
			b.WriteByte('\n')
			b.WriteString(f.Text)
		}
	}
	return b.String()
}

// Search implements Searcher.
func (h *Hybrid) Search(ctx context.Context, q Query) ([]Hit, error) {
	wide := q
	wide.K = max(q.limit(), fuseDepth)
	hits, err := h.words.Search(ctx, wide)
	if err != nil && !errors.Is(err, ErrEmptyQuery) {
		return nil, err
	}
	if errors.Is(err, ErrEmptyQuery) || q.Kind == KindTerm {
		return hits[:min(len(hits), q.limit())], err
	}
	near, err := h.near(ctx, q)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		h.log.Warn("retrieval: meaning is not available, words alone answer", "err", err)
		return hits[:min(len(hits), q.limit())], nil
	}
	return h.fuse(q, hits, near), nil
}

// nearby is a chunk near the query in meaning.
type nearby struct {
	kind Kind
	Scored
}

func (h *Hybrid) near(ctx context.Context, q Query) ([]nearby, error) {
	v, err := h.embedder.Embed(ctx, []string{q.Text})
	if err != nil {
		return nil, err
	}
	if len(v) != 1 {
		return nil, fmt.Errorf("%w: %d vectors for one text", ErrVector, len(v))
	}
	if _, err := Unit(v[0], h.embedder.Dim()); err != nil {
		return nil, nil // nothing the embedder knows
	}
	var out []nearby
	for _, k := range []Kind{KindCase, KindLaw} {
		if q.Kind != "" && q.Kind != k {
			continue
		}
		found, err := h.vectors.Nearest(ctx, string(k), v[0], fuseDepth)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			if s.Score >= nearEnough {
				out = append(out, nearby{k, s})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b nearby) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// fuse adds to each hit's score by words, as a share of the best, a smaller
// share for nearness in meaning. On held-out questions of the library ranks
// alone, fused, put good hits lower: words know how sure they are.
func (h *Hybrid) fuse(q Query, hits []Hit, near []nearby) []Hit {
	type key struct {
		kind Kind
		id   string
	}
	all := map[key]*Hit{}
	best := 0.0
	for _, hit := range hits {
		best = max(best, hit.Score)
		all[key{hit.Kind, hit.ID}] = &hit
	}
	if best == 0 {
		best = onlyMeaning
	}
	for _, n := range near {
		k := key{n.kind, n.ID}
		hit := all[k]
		if hit == nil {
			hit = h.only(q, n)
			if hit == nil {
				continue
			}
			all[k] = hit
		}
		hit.Score += fuseShare * best * n.Score
	}
	out := make([]Hit, 0, len(all))
	for _, hit := range all {
		hit.Score /= 1 + fuseShare
		out = append(out, *hit)
	}
	slices.SortFunc(out, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Kind, b.Kind))
	})
	return out[:min(len(out), q.limit())]
}

// only makes the hit of a chunk that meaning alone found. Vectors swapped in for
// a newer index may name chunks this one has not: those are nil.
func (h *Hybrid) only(q Query, n nearby) *Hit {
	doc, ok := h.at[n.kind][n.ID]
	if !ok {
		return nil
	}
	for _, p := range h.words.parts {
		if p.kind == n.kind {
			pl := p.plan(h.words.terms(q), h.words.params)
			return &Hit{ID: n.ID, Kind: n.kind, Outcome: p.chunks[doc].outcome, Words: p.explain(pl, doc), Facts: p.shared(h.words.analyzer, q.Facts, doc)}
		}
	}
	return nil
}
