package extract

import "sort"

// phrases is a list of words kept by their first character (by their last, when looked up backwards), longest first.
type phrases map[rune][][]rune

func newPhrases(words []string, backwards bool) phrases {
	p := phrases{}
	for _, w := range words {
		r := []rune(w)
		if len(r) == 0 {
			continue
		}
		key := r[0]
		if backwards {
			key = r[len(r)-1]
		}
		p[key] = append(p[key], r)
	}
	for _, list := range p {
		sort.SliceStable(list, func(i, j int) bool { return len(list[i]) > len(list[j]) })
	}
	return p
}

// any gives the length of the longest word of p that stands at i, 0 for none.
func (s *script) any(i int, p phrases) int {
	for _, w := range p[s.at(i)] {
		if s.equal(i, w) {
			return len(w)
		}
	}
	return 0
}

// anyBefore gives the length of the longest word of p that ends before i, 0 for none.
func (s *script) anyBefore(i int, p phrases) int {
	for _, w := range p[s.at(i-1)] {
		if s.equal(i-len(w), w) {
			return len(w)
		}
	}
	return 0
}

func (s *script) equal(i int, w []rune) bool {
	if i < 0 || i+len(w) > len(s.r) {
		return false
	}
	for k, r := range w {
		if s.r[i+k] != r {
			return false
		}
	}
	return true
}
