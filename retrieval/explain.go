package retrieval

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"heshi/retrieval/text"
)

// maxReasons bounds the words shown for one hit.
const maxReasons = 8

// impactOf is what term id adds to chunk doc, 0 when it is not in it.
func (p *part) impactOf(id, doc uint32) float32 {
	lo, hi := p.start[id], p.start[id+1]
	i, ok := slices.BinarySearch(p.docs[lo:hi], doc)
	if !ok {
		return 0
	}
	return p.impact[lo+uint32(i)]
}

// explain lists the words of the query found in a chunk, strongest first. Pairs
// of characters are shown only where no word says the same.
func (p *part) explain(pl plan, doc uint32) []string {
	type reason struct {
		show   string
		weight float32
		space  space
	}
	var rs []reason
	for _, t := range pl.terms {
		if t.space == singles || t.hidden {
			continue
		}
		if w := p.impactOf(t.id, doc); w > 0 {
			rs = append(rs, reason{t.show, t.weight * w, t.space})
		}
	}
	slices.SortStableFunc(rs, func(a, b reason) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.show, b.show))
	})
	var out []string
	take := func(s space) {
		for _, r := range rs {
			if r.space != s || len(out) == maxReasons {
				continue
			}
			said := false
			for i, o := range out {
				if strings.Contains(o, r.show) {
					said = true
				} else if strings.Contains(r.show, o) {
					out[i], said = r.show, true
				}
			}
			if !said {
				out = append(out, r.show)
			}
		}
	}
	take(words)
	// 人, 后, 不: single characters explain nothing beside whole words.
	if long := slices.DeleteFunc(slices.Clone(out), func(w string) bool { return utf8.RuneCountInString(w) < 2 }); len(long) > 0 {
		out = long
	}
	if len(out) == 0 {
		take(pairs)
	}
	return slices.Compact(out)
}

// substantial reports whether a chunk shares more with the query than single
// characters, a number or one stray pair: otherwise it is no hit.
func (p *part) substantial(pl plan, doc uint32) bool {
	n := 0
	for _, t := range pl.terms {
		switch {
		case t.space == singles || t.hidden || p.impactOf(t.id, doc) == 0:
		case t.space == pairs:
			n++
		case strings.Trim(t.show, "0123456789") == "":
		case utf8.RuneCountInString(t.show) > 1:
			n += 2
		}
		if n >= 2 {
			return true
		}
	}
	return false
}

// shared lists the facts a chunk has too: those most of whose characters pairs,
// or words where there is no Chinese, stand in it.
func (p *part) shared(a *text.Analyzer, facts []string, doc uint32) []string {
	var out []string
	for _, f := range facts {
		cut := analyse(a, f)
		have, all := 0, 0
		see := func(id uint32, ok bool) {
			all++
			if ok && p.impactOf(id, doc) > 0 {
				have++
			}
		}
		if gs := cut.grams[pairs]; len(gs) > 0 {
			for _, g := range gs {
				id, ok := p.voc.grams[g]
				see(id, ok)
			}
		} else {
			for _, t := range cut.tokens {
				id, ok := p.voc.words[t.Key]
				see(id, ok)
			}
		}
		if all > 0 && 3*have >= 2*all {
			out = append(out, f)
		}
	}
	return out
}
