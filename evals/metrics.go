package evals

import (
	"math"
	"slices"
	"time"
)

// Relevance says which documents answer a query, and how well (grades above 0).
type Relevance map[string]int

// ranks collects the retrieval figures of many queries.
type ranks struct {
	n         int
	recall    [6]float64
	mrr, ndcg float64
	took      []time.Duration
}

// cutoffs are the depths recall is measured at.
var cutoffs = [6]int{1, 5, 10, 20, 50, 100}

// add takes one ranking. Queries without a relevant document do not count.
func (r *ranks) add(run []string, rel Relevance) {
	var grades []int
	for _, g := range rel {
		if g > 0 {
			grades = append(grades, g)
		}
	}
	if len(grades) == 0 {
		return
	}
	r.n++
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	ideal := 0.0
	for i, g := range grades[:min(10, len(grades))] {
		ideal += gain(g, i)
	}
	found, next := 0, 0
	gained, first := 0.0, 0.0
	for i, id := range run {
		g := rel[id]
		if g > 0 {
			found++
			if i < 10 {
				gained += gain(g, i)
				if first == 0 {
					first = 1 / float64(i+1)
				}
			}
		}
		for next < len(cutoffs) && i+1 == cutoffs[next] {
			r.recall[next] += float64(found) / float64(len(grades))
			next++
		}
	}
	for ; next < len(cutoffs); next++ { // the run was shorter
		r.recall[next] += float64(found) / float64(len(grades))
	}
	r.mrr += first
	r.ndcg += gained / ideal
}

// into writes the averages into res.
func (r *ranks) into(res *Result) {
	n := max(1, float64(r.n))
	res.Queries = r.n
	for i, at := range []*float64{&res.Recall1, &res.Recall5, &res.Recall10, &res.Recall20, &res.Recall50, &res.Recall100} {
		*at = r.recall[i] / n
	}
	res.MRR10, res.NDCG10 = r.mrr/n, r.ndcg/n
}

// gain is the discounted gain of a grade at rank i (from 0).
func gain(grade, i int) float64 {
	return (math.Pow(2, float64(grade)) - 1) / math.Log2(float64(i+2))
}

// percentile of durations in milliseconds, p in 0..1.
func percentile(d []time.Duration, p float64) float64 {
	if len(d) == 0 {
		return 0
	}
	s := slices.Clone(d)
	slices.Sort(s)
	i := int(math.Ceil(p*float64(len(s)))) - 1
	return float64(s[max(0, i)].Microseconds()) / 1000
}
