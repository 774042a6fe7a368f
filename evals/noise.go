package evals

import (
	"math"
	"math/rand/v2"
	"slices"
)

// z95 is the two-sided 95% point of the normal distribution.
const z95 = 1.959964

// share is a figure counted over yes and no, with Wilson's interval, which
// stays honest near 0 and 1.
func share(name string, yes, n int) Figure {
	f := Figure{Name: name, N: n}
	if n == 0 {
		return f
	}
	p, m := float64(yes)/float64(n), float64(n)
	mid := (p + z95*z95/(2*m)) / (1 + z95*z95/m)
	half := z95 / (1 + z95*z95/m) * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	f.Value = p
	f.Low, f.High = math.Max(0, mid-half), math.Min(1, mid+half)
	return f
}

// resamples is how often a bootstrap draws; the draws are the same every time.
const resamples = 400

// bootstrap is a figure of n questions that is no plain share: its band is the
// middle 95% of the figure over questions drawn with replacement.
func bootstrap(name string, n int, of func(pick []int) float64) Figure {
	f := Figure{Name: name, N: n}
	if n == 0 {
		return f
	}
	pick := make([]int, n)
	for i := range pick {
		pick[i] = i
	}
	f.Value = of(pick)
	draw := rand.New(rand.NewPCG(20260401, uint64(n)))
	got := make([]float64, resamples)
	for r := range got {
		for i := range pick {
			pick[i] = draw.IntN(n)
		}
		got[r] = of(pick)
	}
	slices.Sort(got)
	f.Low, f.High = got[resamples*25/1000], got[resamples*975/1000-1]
	return f
}

// meanOf averages values over a draw.
func meanOf(values []float64) func([]int) float64 {
	return func(pick []int) float64 {
		sum := 0.0
		for _, i := range pick {
			sum += values[i]
		}
		return sum / float64(len(pick))
	}
}

// macroF1 averages the F1 of every label that is wanted somewhere in the draw.
func macroF1(want, got []string) func([]int) float64 {
	return func(pick []int) float64 {
		type count struct{ hit, wanted, given int }
		by := map[string]*count{}
		of := func(label string) *count {
			if by[label] == nil {
				by[label] = &count{}
			}
			return by[label]
		}
		for _, i := range pick {
			of(want[i]).wanted++
			of(got[i]).given++
			if want[i] == got[i] {
				of(want[i]).hit++
			}
		}
		sum, n := 0.0, 0
		for _, label := range sortedKeys(by) { // a fixed order keeps the sum the same to the last bit
			if c := by[label]; c.wanted > 0 {
				sum += 2 * float64(c.hit) / float64(c.wanted+c.given)
				n++
			}
		}
		return sum / float64(n)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
