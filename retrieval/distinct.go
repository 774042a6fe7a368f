package retrieval

import (
	"context"
	"slices"
	"strings"
)

// Distinct shows of chunks that say nearly the same only the one found best: an
// article that two versions of a law share, a case imported twice.
type Distinct struct {
	of    Searcher
	group map[Kind]map[string]int // chunk to the number of its group; those alone have none
}

// alike is the share of character pairs two chunks have in common from which
// they say nearly the same.
const alike = 0.9

// NewDistinct looks for such chunks among the chunks s finds. It takes about a second for
// 50,000.
func NewDistinct(s Searcher, chunks []Chunk) *Distinct {
	t := &Distinct{of: s, group: map[Kind]map[string]int{}}
	type place struct {
		kind Kind
		band int
		key  uint64
	}
	near := map[place][]int{}
	join := newUnion(len(chunks))
	sets := make([][]gram, len(chunks))
	for i, c := range chunks {
		if c.Kind == KindTerm {
			continue
		}
		sets[i] = pairSet(c)
		if len(sets[i]) < 8 {
			continue // too short to tell
		}
		for b, key := range bands(sets[i]) {
			at := place{c.Kind, b, key}
			for _, j := range near[at] {
				if join.find(i) != join.find(j) && overlap(sets[i], sets[j]) >= alike {
					join.merge(i, j)
				}
			}
			if len(near[at]) < 8 { // a crowd of equals is met through its first
				near[at] = append(near[at], i)
			}
		}
	}
	size := map[int]int{}
	for i := range chunks {
		size[join.find(i)]++
	}
	for i, c := range chunks {
		if g := join.find(i); size[g] > 1 {
			if t.group[c.Kind] == nil {
				t.group[c.Kind] = map[string]int{}
			}
			t.group[c.Kind][c.ID] = g
		}
	}
	return t
}

// Search implements Searcher.
func (t *Distinct) Search(ctx context.Context, q Query) ([]Hit, error) {
	wide := q
	wide.K = min(MaxK, 2*q.limit())
	hits, err := t.of.Search(ctx, wide)
	if err != nil {
		return nil, err
	}
	type shown struct {
		kind  Kind
		group int
	}
	seen := map[shown]bool{}
	out := hits[:0]
	for _, h := range hits {
		if g, ok := t.group[h.Kind][h.ID]; ok {
			if seen[shown{h.Kind, g}] {
				continue
			}
			seen[shown{h.Kind, g}] = true
		}
		out = append(out, h)
	}
	return out[:min(len(out), q.limit())], nil
}

// pairSet is the pairs of characters of what a chunk says, its title aside: a
// version of a law has another title and may have another number.
func pairSet(c Chunk) []gram {
	var out []gram
	for _, f := range c.Fields {
		if f.Name != "types" && f.Name != "mn" {
			out = append(out, pairsOf(strings.Join(strings.Fields(f.Text), ""))...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// bands are keys that two sets which are nearly equal very likely share one of:
// the least hashes of the set, three at a time.
func bands(set []gram) [6]uint64 {
	var least [18]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for _, g := range set {
		h := mix(uint64(g))
		for i := range least {
			h = mix(h) // another order of the pairs each time
			least[i] = min(least[i], h)
		}
	}
	var out [6]uint64
	for b := range out {
		out[b] = mix(mix(mix(least[3*b])+least[3*b+1]) + least[3*b+2])
	}
	return out
}

// mix scatters x over all numbers (splitmix64).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// overlap is the share of two sorted sets that stands in both.
func overlap(a, b []gram) float64 {
	i, j, both := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return float64(both) / float64(max(1, len(a)+len(b)-both))
}

// union is a set of disjoint groups; the first of a group names it.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) find(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) merge(i, j int) {
	a, b := u.find(i), u.find(j)
	u[max(a, b)] = min(a, b)
}
