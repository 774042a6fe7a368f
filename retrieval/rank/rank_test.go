package rank

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"heshi/retrieval"
)

// questions has answers that differ from the rest in the feature "meaning" and
// in nothing else.
func questions(n int, seed uint64) []Question {
	rng := rand.New(rand.NewPCG(seed, 0))
	names := retrieval.FeatureNames()
	meaning, repealed := slices.Index(names, "meaning"), slices.Index(names, "repealed")
	var out []Question
	for range n {
		q := Question{Relevant: map[string]bool{}}
		answer := rng.IntN(20)
		for i := range 20 {
			c := retrieval.Candidate{ID: string(rune('a' + i)), Features: make([]float32, len(names))}
			for j := range c.Features {
				c.Features[j] = rng.Float32()
			}
			c.Features[repealed] = 1 // tells nothing
			if i == answer {
				c.Features[meaning] += 1
				q.Relevant[c.ID] = true
			}
			q.Found = append(q.Found, c)
		}
		out = append(out, q)
	}
	return out
}

func first(r retrieval.Ranking, qs []Question) int {
	n := 0
	for _, q := range qs {
		if q.Relevant[r.Order(q.Found)[0]] {
			n++
		}
	}
	return n
}

func TestWhatTellsIsLearned(t *testing.T) {
	r, err := Learn(questions(200, 1), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if n := first(r, questions(100, 2)); n < 80 {
		t.Errorf("of 100 new questions %d have their answer first", n)
	}
	again, err := Learn(questions(200, 1), Config{})
	if err != nil || again != r {
		t.Errorf("the same questions, other weights: %v", err)
	}
}

func TestNothingToLearnFrom(t *testing.T) {
	qs := questions(3, 1)
	for i := range qs {
		qs[i].Relevant = nil
	}
	for _, qs := range [][]Question{nil, qs} {
		if _, err := Learn(qs, Config{}); !errors.Is(err, ErrNothing) {
			t.Errorf("got %v", err)
		}
	}
}
