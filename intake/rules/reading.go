package rules

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// matcher is the compiled form of a rule file's words and patterns.
type matcher struct {
	words    *automaton
	simple   map[rune]rune
	fold     func(string) string
	names    []string
	classes  map[string]int32
	signals  [][]pattern // by class of the first element
	traps    [][]pattern
	trapOf   [][]int32     // rule of a trap -> classes it hides, none: all
	denies   int32         // class of words that deny
	filler   map[rune]bool // characters that may stand between a denial and what it denies
	numerals []numeral
}

// reading is the working space of one message; readings are pooled.
type reading struct {
	text []rune
	pos  []int32
	turn []int32 // clause number of each rune
	hits []hit
	// hits are ordered by class, then start; ranges tells where each class lies, active which classes there are
	ranges []classRange
	spare  []hit
	active []int32
	age    uint32
	spans  []span
	path   []hit
	found  []match
	steps  int
}

type classRange struct {
	age      uint32
	from, to int32
}

type span struct {
	start, end, of int32 // of: class hidden, -1 all
}

// match is one place where a pattern of a rule holds. anchor is the element that must not be denied, or the first.
type match struct {
	rule       int32
	start, end int32
	anchor     hit
}

// read brings s into the normal form and finds all words and numbers in it.
func (m *matcher) read(r *reading, s string) {
	r.text, r.pos = normal(r.text[:0], r.pos[:0], s, m.simple)
	if m.fold != nil && strings.ContainsFunc(s, isMongolian) {
		n := len(r.text)
		r.text = append(append(r.text, clause), []rune(markMongolian(m.fold(onlyMongolian(s))))...)
		for i := n; i < len(r.text); i++ {
			r.pos = append(r.pos, int32(len(s)))
		}
	}
	r.turn = r.turn[:0]
	c := int32(0)
	for _, x := range r.text {
		if x == clause {
			c++
		}
		r.turn = append(r.turn, c)
	}
	r.hits = m.words.find(r.text, r.hits[:0])
	for _, n := range m.numerals {
		r.hits = n.find(r.text, r.hits)
	}
	r.index(len(m.names))
	m.hide(r)
}

// onlyMongolian keeps the traditional script and blanks of s; other letters end a word.
func onlyMongolian(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r >= 0x1800 && r <= 0x18AF || r == 0x202F || r == 0x200C || r == 0x200D {
			b.WriteRune(r)
		} else if b.Len() > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// index groups the hits by class. Ranges of earlier messages are told by their age, so nothing has to be cleared.
func (r *reading) index(classes int) {
	if len(r.ranges) < classes {
		r.ranges = make([]classRange, classes)
	}
	r.age++
	r.active = r.active[:0]
	for _, h := range r.hits {
		g := &r.ranges[h.class]
		if g.age != r.age {
			*g = classRange{age: r.age}
			r.active = append(r.active, h.class)
		}
		g.to++ // counts, for now
	}
	at := int32(0)
	for _, c := range r.active {
		g := &r.ranges[c]
		n := g.to
		g.from, g.to = at, at // to moves on as hits are placed
		at += n
	}
	r.spare = append(r.spare[:0], r.hits...)
	for _, h := range r.spare {
		g := &r.ranges[h.class]
		k := g.to
		for ; k > g.from && after(r.hits[k-1], h); k-- { // nearly in order already
			r.hits[k] = r.hits[k-1]
		}
		r.hits[k] = h
		g.to++
	}
}

// after: within a class hits are ordered by start, the longest first.
func after(a, b hit) bool { return a.start > b.start || a.start == b.start && a.end < b.end }

func (r *reading) of(class int32) []hit {
	if g := r.ranges[class]; g.age == r.age {
		return r.hits[g.from:g.to]
	}
	return nil
}

// has reports whether a word of the class occurs; inTurn ≥ 0 asks for that clause only.
func (r *reading) has(class, inTurn int32) bool {
	for _, h := range r.of(class) {
		if inTurn < 0 || r.turn[h.start] == inTurn {
			return true
		}
	}
	return false
}

// hide takes away the words that lie inside a trap: the 打 of 打官司.
func (m *matcher) hide(r *reading) {
	r.spans = r.spans[:0]
	for _, c := range r.active {
		for _, p := range m.traps[c] {
			r.found = r.found[:0]
			m.match(r, p)
			for _, f := range r.found {
				if of := m.trapOf[p.rule]; len(of) == 0 {
					r.spans = append(r.spans, span{f.start, f.end, -1})
				} else {
					for _, cl := range of {
						r.spans = append(r.spans, span{f.start, f.end, cl})
					}
				}
			}
		}
	}
	if len(r.spans) == 0 {
		return
	}
	slices.SortFunc(r.spans, func(a, b span) int {
		if a.of != b.of {
			return int(a.of - b.of)
		}
		if a.start != b.start {
			return int(a.start - b.start)
		}
		return int(b.end - a.end)
	})
	keep := r.hits[:0]
	for _, h := range r.hits {
		if !r.hidden(h, -1) && !r.hidden(h, h.class) {
			keep = append(keep, h)
		}
	}
	if len(keep) < len(r.hits) {
		r.hits = keep
		r.index(len(m.names))
	}
}

// hidden: a longer span meant for the class covers the hit. Spans are short, so few begin near enough.
func (r *reading) hidden(h hit, of int32) bool {
	i := sort.Search(len(r.spans), func(i int) bool {
		s := r.spans[i]
		return s.of > of || s.of == of && s.start > h.start
	})
	for i--; i >= 0; i-- {
		s := r.spans[i]
		if s.of != of || s.start < h.start-80 {
			return false
		}
		if s.end >= h.end && s.end-s.start > h.end-h.start {
			return true
		}
	}
	return false
}

// Bounds on the work of one pattern, so that a hostile message costs no more than a long one.
const (
	maxMatches = 64  // places at which one pattern is looked at
	maxSteps   = 256 // words tried from one place
)

// match appends to r.found the first places at which the pattern holds.
func (m *matcher) match(r *reading, p pattern) {
	n := 0
	for _, h := range r.of(p.elems[0].class) {
		if p.elems[0].deny && m.denied(r, h) {
			continue
		}
		if n == maxMatches {
			return
		}
		r.path, r.steps = append(r.path[:0], h), 0
		if m.follow(r, p, 1) {
			n++
			a := r.path[0]
			for i, e := range p.elems {
				if e.deny {
					a = r.path[i]
				}
			}
			last := r.path[len(r.path)-1]
			r.found = append(r.found, match{p.rule, h.start, last.end, a})
		}
	}
}

func (m *matcher) follow(r *reading, p pattern, i int) bool {
	if i == len(p.elems) {
		return true
	}
	e, prev := p.elems[i], r.path[i-1]
	list := r.of(e.class)
	k := sort.Search(len(list), func(k int) bool { return list[k].start >= prev.end })
	for ; k < len(list) && list[k].start <= prev.end+e.gap+1; k++ {
		h := list[k]
		between := h.start - prev.end
		if between == e.gap+1 && r.text[prev.end] != ' ' { // one blank between letters is free
			break
		}
		if !e.cross && r.turn[h.start] != r.turn[prev.start] {
			break
		}
		if r.steps++; r.steps > maxSteps {
			return false
		}
		if e.deny && m.denied(r, h) {
			continue
		}
		r.path = append(r.path[:i], h)
		if m.follow(r, p, i+1) {
			return true
		}
	}
	return false
}

// denied: a word of denial stands before h with nothing but filler between; or, in Mongolian, the word itself ends
// in -гүй or is followed by биш or үгүй.
func (m *matcher) denied(r *reading, h hit) bool {
	list := r.of(m.denies)
	k := sort.Search(len(list), func(k int) bool { return list[k].start >= h.start })
	for k--; k >= 0 && list[k].start >= h.start-5; k-- {
		n := list[k]
		if n.end > h.start || r.turn[n.start] != r.turn[h.start] {
			continue
		}
		if h.start-n.end <= 3 && m.allFiller(r, n.end, h.start) {
			return true
		}
	}
	if int(h.start) >= len(r.text) || !isLetter(r.text[h.start]) {
		return false
	}
	end := int(h.end)
	for end < len(r.text) && isLetter(r.text[end]) {
		end++
	}
	rest := r.text[end:min(end+6, len(r.text))]
	return hasSuffix(r.text[:end], "гүй") || hasSuffix(r.text[:end], "gui") || hasSuffix(r.text[:end], "gvi") ||
		hasPrefix(rest, " биш") || hasPrefix(rest, " үгүй") || hasPrefix(rest, " \u182Eoqei") || hasPrefix(rest, " bish")
}

func (m *matcher) allFiller(r *reading, from, to int32) bool {
	for _, x := range r.text[from:to] {
		if !m.filler[x] {
			return false
		}
	}
	return true
}

func hasSuffix(text []rune, s string) bool {
	n := utf8.RuneCountInString(s)
	return len(text) >= n && string(text[len(text)-n:]) == s
}

func hasPrefix(text []rune, s string) bool {
	n := utf8.RuneCountInString(s)
	return len(text) >= n && string(text[:n]) == s
}
