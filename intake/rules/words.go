package rules

// automaton finds every word of a fixed list in one pass (Aho-Corasick). A word may ask to begin at the start of a
// written word (stems of Cyrillic and Latin words) or to be a whole one.
type automaton struct {
	next  []map[rune]int32
	fail  []int32
	out   [][]int32 // words ending in this state
	words []word
}

type word struct {
	text    []rune
	classes []int32
	head    bool // must begin a written word
	whole   bool // must end one too
}

// hit is one occurrence of a word of a class: runes [start, end) of the normal form.
type hit struct {
	start, end int32
	class      int32
}

func newAutomaton(words []word) *automaton {
	a := &automaton{next: []map[rune]int32{{}}, fail: []int32{0}, out: [][]int32{nil}, words: words}
	for id, w := range words {
		s := int32(0)
		for _, r := range w.text {
			t, ok := a.next[s][r]
			if !ok {
				t = int32(len(a.next))
				a.next[s][r] = t
				a.next, a.fail, a.out = append(a.next, map[rune]int32{}), append(a.fail, 0), append(a.out, nil)
			}
			s = t
		}
		a.out[s] = append(a.out[s], int32(id))
	}
	var queue []int32
	for _, t := range a.next[0] {
		queue = append(queue, t)
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for r, t := range a.next[s] {
			f := a.fail[s]
			for {
				if u, ok := a.next[f][r]; ok && u != t {
					a.fail[t] = u
					break
				}
				if f == 0 {
					break
				}
				f = a.fail[f]
			}
			a.out[t] = append(a.out[t], a.out[a.fail[t]]...)
			queue = append(queue, t)
		}
	}
	return a
}

// find appends the hits in text, ordered by their end.
func (a *automaton) find(text []rune, hits []hit) []hit {
	s := int32(0)
	for i, r := range text {
		for {
			if t, ok := a.next[s][r]; ok {
				s = t
				break
			}
			if s == 0 {
				break
			}
			s = a.fail[s]
		}
		for _, id := range a.out[s] {
			w := &a.words[id]
			end := int32(i + 1)
			start := end - int32(len(w.text))
			if w.head && start > 0 && isLetter(text[start-1]) && isLetter(text[start]) {
				continue
			}
			if w.whole && int(end) < len(text) && (isLetter(text[end]) || isDigit(text[end]) && isDigit(text[end-1])) {
				continue
			}
			for _, c := range w.classes {
				hits = append(hits, hit{start, end, c})
			}
		}
	}
	return hits
}
