package evals

import (
	"context"
	"runtime/debug"
	"slices"

	"heshi/retrieval"
	"heshi/retrieval/embed"
	"heshi/retrieval/rank"
)

// ranked builds what a corpus is searched with: the index by words, and over it
// the ranking of articles with the shipped embedder.
func ranked(ctx context.Context, c EvalConfig, chunks []retrieval.Chunk) (*retrieval.Ranked, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // a build is mostly garbage: half as much lies about
	index, err := retrieval.Build(ctx, c.Analyzer, chunks, c.Options)
	if err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // what the build let go, before the ranking needs its share
	var o retrieval.RankOptions
	if o.Lexicon, err = embed.Shipped(c.Analyzer); err != nil {
		return nil, err
	}
	if c.Library != nil {
		classifier, err := retrieval.NewClassifier(c.Analyzer, c.Library)
		if err != nil {
			return nil, err
		}
		o.Types = classifier.Types
	}
	return retrieval.NewRanked(ctx, index, chunks, o)
}

// LearnSet is the questions of one set a ranking is learned from.
type LearnSet struct {
	Queries, Qrels string
	Weight         float64 // of one question; 0 means 1
}

// Learned is a ranking and how well rankings learned in the same way order
// questions they were not learned from, set by set: recall, MRR and nDCG of the
// candidates in their new order.
type Learned struct {
	Ranking retrieval.Ranking
	Held    []Result
}

// LearnRanking learns the ranking of articles over the corpus of c. Held-out
// figures come from folds parts, each ordered by a ranking learned from the
// others.
func LearnRanking(ctx context.Context, c EvalConfig, sets []LearnSet, folds int) (Learned, error) {
	chunks, err := readCorpus(c.Corpus)
	if err != nil {
		return Learned{}, err
	}
	if c.Library != nil {
		chunks = retrieval.Enrich(chunks, c.Library)
		c.Options.Tables = append(slices.Clone(c.Options.Tables), retrieval.Learned(c.Analyzer, chunks))
	}
	index, err := ranked(ctx, c, chunks)
	if err != nil {
		return Learned{}, err
	}
	type asked struct {
		rank.Question
		rel Relevance
		set int
	}
	var all []asked
	for i, s := range sets {
		queries, err := readQueries(s.Queries)
		if err != nil {
			return Learned{}, err
		}
		rels, err := readQrels(s.Qrels)
		if err != nil {
			return Learned{}, err
		}
		for _, q := range queries {
			rel := rels[q.ID]
			if len(rel) == 0 {
				continue
			}
			a := asked{rank.Question{Found: index.Candidates(retrieval.Query{Text: q.Text}), Relevant: map[string]bool{}, Weight: s.Weight}, rel, i}
			for id, g := range rel {
				a.Relevant[id] = g > 0
			}
			all = append(all, a)
			if err := ctx.Err(); err != nil {
				return Learned{}, err
			}
		}
	}
	learn := func(in func(i int) bool) (retrieval.Ranking, error) {
		var qs []rank.Question
		for i, a := range all {
			if in(i) {
				qs = append(qs, a.Question)
			}
		}
		return rank.Learn(qs, rank.Config{})
	}
	held := make([]ranks, len(sets))
	for f := range folds {
		r, err := learn(func(i int) bool { return i%folds != f })
		if err != nil {
			return Learned{}, err
		}
		for i, a := range all {
			if i%folds == f {
				held[a.set].add(r.Order(a.Found), a.rel)
			}
		}
	}
	out := Learned{}
	for _, h := range held {
		res := Result{Docs: len(chunks)}
		h.into(&res)
		out.Held = append(out.Held, res)
	}
	out.Ranking, err = learn(func(int) bool { return true })
	return out, err
}
