package rules

import (
	"slices"
	"sort"
)

// tally gathers what speaks for one code.
type tally struct {
	seen, firm bool // firm: at least one signal that needs no question first
	views      map[string]bool
	words      []string
}

// Check returns the alarms a message raises, the most urgent first, then by code; nil for an ordinary message.
// Word rules speak first; what was learned from messages may add an alarm that asks, and never takes one away.
// It takes some tens of microseconds for a chat message and stays linear in its length.
func (g *Gate) Check(text string) []Alarm {
	r := g.pool.Get().(*reading)
	defer g.pool.Put(r)
	g.m.read(r, text)
	found, minor := g.byRule(r)
	out := make([]Alarm, 0, 2)
	for i, t := range found {
		if !t.seen {
			continue
		}
		u := g.codes[i]
		out = append(out, Alarm{Code: u.Code, Level: u.Level, View: viewOf(t.views), Words: t.words, Ask: !t.firm, Minor: minor})
	}
	out = g.sense.add(out, g.features(r), g.codes, minor)
	if len(out) == 0 {
		return nil
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Level != out[j].Level {
			return out[i].Level < out[j].Level
		}
		return out[i].Code < out[j].Code
	})
	return out
}

// byRule tallies what the word rules find, by code, nil for nothing; and whether a child seems to be writing.
func (g *Gate) byRule(r *reading) (found []tally, minor bool) {
	if len(r.hits) == 0 {
		return nil, false
	}
	mark := func(f match) { g.weigh(r, f, &found) }
	g.run(r, g.m.signals, mark)
	g.gather(r, mark)
	g.run(r, g.minor.patterns, func(match) { minor = true })
	if found == nil {
		return nil, minor
	}
	raised := func(code string) bool {
		i := slices.IndexFunc(g.codes, func(u urgency) bool { return u.Code == code })
		return i >= 0 && found[i].seen
	}
	g.run(r, g.with, func(f match) {
		if slices.ContainsFunc(g.rules[f.rule].with, raised) {
			mark(f)
		}
	})
	if minor && slices.ContainsFunc(g.minor.when, func(code string) bool {
		i := slices.IndexFunc(g.codes, func(u urgency) bool { return u.Code == code })
		return i >= 0 && found[i].seen && (viewOf(found[i].views) == ViewVictim || viewOf(found[i].views) == ViewPast)
	}) {
		t := &found[g.minor.adds]
		if !t.seen {
			*t = tally{seen: true, firm: true, views: map[string]bool{ViewVictim: true}}
		}
	}
	return found, minor
}

// run calls f for every place at which a pattern holds.
func (g *Gate) run(r *reading, patterns [][]pattern, f func(match)) {
	for _, c := range r.active {
		for _, p := range patterns[c] {
			r.found = r.found[:0]
			g.m.match(r, p)
			for _, x := range r.found {
				f(x)
			}
		}
	}
}

// gather calls f for every clause, or pair of clauses, that holds a word of each class of a loose signal.
func (g *Gate) gather(r *reading, f func(match)) {
	for _, t := range g.loose {
		n := 0
	first:
		for _, h := range r.of(t.classes[0]) {
			if n++; n > maxMatches {
				break
			}
			if g.m.denied(r, h) {
				continue
			}
			span := match{t.rule, h.start, h.end, h}
			for _, c := range t.classes[1:] {
				k, ok := r.nearest(c, h, t.wide)
				if !ok {
					continue first
				}
				span.start, span.end = min(span.start, k.start), max(span.end, k.end)
			}
			f(span)
		}
	}
}

// nearest is the word of the class closest to h in its clause, or with wide in the next one on either side too.
func (r *reading) nearest(class int32, h hit, wide bool) (hit, bool) {
	list := r.of(class)
	at := sort.Search(len(list), func(i int) bool { return list[i].start >= h.start })
	best, found := hit{}, false
	for i := max(0, at-4); i < min(len(list), at+4); i++ {
		k := list[i]
		apart := r.turn[k.start] - r.turn[h.start]
		if k.start < h.end && h.start < k.end || apart != 0 && !(wide && (apart == 1 || apart == -1)) {
			continue
		}
		if !found || abs(k.start-h.start) < abs(best.start-h.start) {
			best, found = k, true
		}
	}
	return best, found
}

func abs(n int32) int32 {
	if n < 0 {
		return -n
	}
	return n
}

// weigh applies a signal's conditions to one match and counts it for its code.
func (g *Gate) weigh(r *reading, f match, found *[]tally) {
	s := &g.rules[f.rule]
	turn := r.turn[f.anchor.start]
	if !r.has(g.present, turn) && slices.ContainsFunc(s.unless, func(c int32) bool { return r.has(c, -1) }) ||
		slices.ContainsFunc(s.near, func(c int32) bool { return r.has(c, turn) }) ||
		slices.ContainsFunc(s.need, func(c int32) bool { return !r.has(c, -1) }) {
		return
	}
	code, ask := s.code, s.ask
	if s.hasStranger && g.byStranger(r, f) {
		if s.strangerCode < 0 || !r.has(g.present, turn) &&
			slices.ContainsFunc(s.strangerUnless, func(c int32) bool { return r.has(c, -1) }) {
			return
		}
		code, ask = s.strangerCode, s.strangerAsk
	}
	if *found == nil {
		*found = make([]tally, len(g.codes))
	}
	t := &(*found)[code]
	t.seen, t.firm = true, t.firm || !ask
	view := s.view
	if view == "" {
		view = ViewVictim
	}
	if view == ViewVictim && g.codes[code].Past && g.isPast(r, f) {
		view = ViewPast
	}
	if view == ViewVictim && (s.loose || !r.within(g.me, f)) {
		view = viewUnclear
	}
	if t.views == nil {
		t.views = map[string]bool{}
	}
	t.views[view] = true
	if w := string(r.text[f.start:f.end]); len(t.words) < 8 && !slices.Contains(t.words, w) {
		t.words = append(t.words, w)
	}
}

// byStranger: the person acting is no relative. The nearest person named before the deed in its clause acts; a pronoun
// stands for anybody named earlier in the message, a relative first. Nobody named: we cannot know, so not a stranger.
func (g *Gate) byStranger(r *reading, f match) bool {
	turn := r.turn[f.anchor.start]
	last := func(class int32) int32 {
		at := int32(-1)
		for _, h := range r.of(class) {
			if h.end <= f.anchor.start && r.turn[h.start] == turn && h.end > at {
				at = h.end
			}
		}
		return at
	}
	if fam, str := last(g.family), last(g.strange); fam >= 0 || str >= 0 {
		return str > fam
	}
	before := func(class int32) bool {
		for _, h := range r.of(class) {
			if h.start < f.anchor.start {
				return true
			}
		}
		return false
	}
	return before(g.strange) && !r.has(g.family, -1)
}

// isPast: 过 follows the deed, or its clause speaks of the past and not of the present.
func (g *Gate) isPast(r *reading, f match) bool {
	if r.has(g.present, r.turn[f.anchor.start]) {
		return false
	}
	for i := f.anchor.end; i < f.anchor.end+2 && int(i) < len(r.text); i++ {
		if r.text[i] == '过' {
			return true
		}
	}
	return r.has(g.past, r.turn[f.anchor.start])
}

// within reports whether a word of the class lies in the match.
func (r *reading) within(class int32, f match) bool {
	for _, h := range r.of(class) {
		if h.start >= f.start && h.end <= f.end {
			return true
		}
	}
	return false
}

// viewUnclear: the deed is named, but not whom it was done to. It counts as a victim's unless something else says more.
const viewUnclear = "unclear"

// viewOf: a victim is a victim, whatever else is told.
func viewOf(views map[string]bool) string {
	for _, v := range []string{ViewVictim, ViewThird, ViewPast, ViewPerpetrator, viewUnclear, ViewHelp} {
		if views[v] {
			if v == viewUnclear {
				return ViewVictim
			}
			return v
		}
	}
	return ""
}
