package rules

// automaton finds every word of a fixed list in one pass (Aho-Corasick). A word may ask to begin at the start of a
// written word (stems of Cyrillic and Latin words) or to be a whole one.
type automaton struct {
	symbol map[rune]uint16 // characters that occur in words, from 1
	root   []int32         // by symbol: the state it leads to from the start
	edges  [][]edge        // by state; the start has its own table
	fail   []int32
	out    [][]int32 // words ending in this state
	words  []word
}

type edge struct {
	symbol uint16
	to     int32
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
	a := &automaton{symbol: map[rune]uint16{}, edges: [][]edge{nil}, fail: []int32{0}, out: [][]int32{nil}, words: words}
	for id, w := range words {
		s := int32(0)
		for _, r := range w.text {
			x, ok := a.symbol[r]
			if !ok {
				x = uint16(len(a.symbol) + 1)
				a.symbol[r] = x
			}
			t := a.child(s, x)
			if t < 0 {
				t = int32(len(a.edges))
				a.edges[s] = append(a.edges[s], edge{x, t})
				a.edges, a.fail, a.out = append(a.edges, nil), append(a.fail, 0), append(a.out, nil)
			}
			s = t
		}
		a.out[s] = append(a.out[s], int32(id))
	}
	a.root = make([]int32, len(a.symbol)+1)
	var queue []int32
	for _, e := range a.edges[0] {
		a.root[e.symbol] = e.to
		queue = append(queue, e.to)
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		for _, e := range a.edges[s] {
			f := a.fail[s]
			for f != 0 && a.child(f, e.symbol) < 0 {
				f = a.fail[f]
			}
			if t := a.child(f, e.symbol); t >= 0 {
				a.fail[e.to] = t
			}
			a.out[e.to] = append(a.out[e.to], a.out[a.fail[e.to]]...)
			queue = append(queue, e.to)
		}
	}
	return a
}

// child is the state that x leads to from s, or -1.
func (a *automaton) child(s int32, x uint16) int32 {
	for _, e := range a.edges[s] {
		if e.symbol == x {
			return e.to
		}
	}
	return -1
}

// step follows x from s, falling back to shorter suffixes.
func (a *automaton) step(s int32, x uint16) int32 {
	for ; s != 0; s = a.fail[s] {
		if t := a.child(s, x); t >= 0 {
			return t
		}
	}
	return a.root[x]
}

// find appends the hits in text, ordered by their end.
func (a *automaton) find(text []rune, hits []hit) []hit {
	s := int32(0)
	for i, r := range text {
		x := a.symbol[r]
		if x == 0 {
			s = 0
			continue
		}
		s = a.step(s, x)
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
