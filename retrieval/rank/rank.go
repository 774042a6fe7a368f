// Package rank learns how to weigh the features of articles found, from
// questions whose answers are known. It keeps nothing of the questions but the
// weights.
//
// Data owned: none; the weights learned last are retrieval/ranking.json.
//
// Invariant: the same questions in the same order give the same weights.
package rank

import (
	"errors"
	"math"
	"math/rand/v2"

	"heshi/retrieval"
)

// Question is what was found for one question and which of it answers.
type Question struct {
	Found    []retrieval.Candidate
	Relevant map[string]bool
	Weight   float64 // against other questions; 0 means 1
}

// Config says how weights are learned. The zero value of a field means its
// default.
type Config struct {
	Rounds int     // over all questions; 12
	Rate   float64 // of learning; 0.1
	Shrink float64 // towards zero; 0.003
}

// ErrNothing: no question has an answer among what was found for it.
var ErrNothing = errors.New("rank: no answer among what was found")

// Learn finds weights under which answers stand before the rest (softmax over
// all found for a question, features brought to one spread, Adagrad).
func Learn(qs []Question, c Config) (retrieval.Ranking, error) {
	if c.Rounds == 0 {
		c.Rounds = 12
	}
	if c.Rate == 0 {
		c.Rate = 0.1
	}
	if c.Shrink == 0 {
		c.Shrink = 0.003
	}
	n := len(retrieval.FeatureNames())
	mean, spread := moments(qs, n)
	w, sq := make([]float64, n), make([]float64, n)
	learned := false
	rng := rand.New(rand.NewPCG(1, 2))
	var belief []float64
	slope := make([]float64, n)
	for range c.Rounds {
		for _, k := range rng.Perm(len(qs)) {
			q := qs[k]
			answers := 0.0
			belief = belief[:0]
			top := math.Inf(-1)
			for _, a := range q.Found {
				s := 0.0
				for j, v := range a.Features {
					if spread[j] > 0 {
						s += w[j] * (float64(v) - mean[j]) / spread[j]
					}
				}
				belief = append(belief, s)
				top = max(top, s)
				if q.Relevant[a.ID] {
					answers++
				}
			}
			if answers == 0 {
				continue
			}
			learned = true
			sum := 0.0
			for i, s := range belief {
				belief[i] = math.Exp(s - top)
				sum += belief[i]
			}
			clear(slope)
			for i, a := range q.Found {
				e := belief[i] / sum
				if q.Relevant[a.ID] {
					e -= 1 / answers
				}
				if math.Abs(e) < 1e-6 {
					continue
				}
				for j, v := range a.Features {
					if spread[j] > 0 {
						slope[j] += e * (float64(v) - mean[j]) / spread[j]
					}
				}
			}
			weight := q.Weight
			if weight == 0 {
				weight = 1
			}
			for j := range w {
				g := weight*slope[j] + c.Shrink*w[j]
				sq[j] += g * g
				w[j] -= c.Rate * g / math.Sqrt(sq[j]+1e-9)
			}
		}
	}
	if !learned {
		return retrieval.Ranking{}, ErrNothing
	}
	for j := range w {
		if spread[j] > 0 {
			w[j] /= spread[j]
		}
	}
	return retrieval.NewRanking(w, distance(qs, w)), nil
}

// moments are the mean and the spread of each feature; a spread of 0 means that
// the feature tells nothing.
func moments(qs []Question, n int) (mean, spread []float64) {
	mean, spread = make([]float64, n), make([]float64, n)
	count := 0.0
	for _, q := range qs {
		for _, a := range q.Found {
			count++
			for j, v := range a.Features {
				mean[j] += float64(v)
				spread[j] += float64(v) * float64(v)
			}
		}
	}
	for j := range mean {
		mean[j] /= max(1, count)
		v := spread[j]/max(1, count) - mean[j]*mean[j]
		spread[j] = 0
		if v > 1e-9 {
			spread[j] = math.Sqrt(v)
		}
	}
	return mean, spread
}

// distance is the spread of scores among the articles found for one question,
// on average.
func distance(qs []Question, w []float64) float64 {
	total, n := 0.0, 0.0
	for _, q := range qs {
		sum, square := 0.0, 0.0
		for _, a := range q.Found {
			s := 0.0
			for j, v := range a.Features {
				s += w[j] * float64(v)
			}
			sum += s
			square += s * s
		}
		if k := float64(len(q.Found)); k > 1 {
			total += math.Sqrt(max(0, square/k-sum/k*sum/k))
			n++
		}
	}
	return total / max(1, n)
}
