package retrieval

import (
	"slices"
	"strings"
	"unicode/utf8"

	"heshi/retrieval/text"
)

// Table leads from words people use to words that stand in the chunks: a
// bilingual term table, a thesaurus of lay wording.
type Table struct {
	Name string
	Rows []Row
}

// Row says that any of From may stand for all of To. Forms may be in any script
// and of several words. Weight 0 means 1. A silent row is never given as
// a reason.
type Row struct {
	From, To []string
	Weight   float64
	Silent   bool
}

// widener finds the rows whose forms stand in a query.
type widener struct {
	analyzer *text.Analyzer
	rows     []wideRow
	han      map[string][]int32 // Chinese form to rows
	longest  int                // bytes of the longest Chinese form
	seq      map[string][]sequence
	latin    map[string][]sequence
}

// sequence is a form of several keys after the first, and its row. A word whose
// stem is short must begin with lead to count: the stem alone meets other words.
type sequence struct {
	rest []string
	row  int32
	lead string
}

// The stem of a Cyrillic word tells it from others when it is at least this long,
// in letters; of a shorter one all but the last two letters must be there.
const tellingStem = 5

type wideRow struct {
	weight float64
	silent bool
	to     []string
	cut    []analysed
}

// widening is a row found in a query: what it leads to and the words of the
// query that led there.
type widening struct {
	row     *wideRow
	via     string
	chinese bool // the words met are Chinese
}

func newWidener(a *text.Analyzer, tables []Table) *widener {
	w := &widener{analyzer: a, han: map[string][]int32{}, seq: map[string][]sequence{}, latin: map[string][]sequence{}}
	for _, t := range tables {
		for _, r := range t.Rows {
			w.add(r)
		}
	}
	return w
}

func (w *widener) add(r Row) {
	weight := r.Weight
	if weight == 0 {
		weight = 1
	}
	row := wideRow{weight: weight, silent: r.Silent, to: r.To}
	for _, to := range r.To {
		row.cut = append(row.cut, analyse(w.analyzer, to))
	}
	id := int32(len(w.rows))
	w.rows = append(w.rows, row)
	for _, form := range r.From {
		runs := text.HanRuns(form)
		if len(runs) == 1 && len(runs[0]) == len(text.Simplify(strings.TrimSpace(form))) {
			if f := runs[0]; len(f) > 3 && !slices.Contains(w.han[f], id) { // one character says too little
				w.han[f] = append(w.han[f], id)
				w.longest = max(w.longest, len(f))
			}
			continue
		}
		w.sequence(form, id)
	}
}

// sequence files a form of Mongolian or Latin words under its first key.
func (w *widener) sequence(form string, id int32) {
	var keys, latin []string
	lead := ""
	for _, t := range w.analyzer.Tokens(form) {
		switch t.Script {
		case text.Mong:
			keys = append(keys, t.Key)
		case text.Cyrl:
			keys = append(keys, t.Key)
			if word := []rune(t.Text); len(keys) == 1 && utf8.RuneCountInString(t.Key) < tellingStem && len(word) > 3 {
				lead = string(word[:len(word)-2])
			}
			latin = append(latin, text.LatinKey(t.Text))
		case text.Latn:
			latin = append(latin, text.LatinKey(t.Text))
		default:
			return // mixed with Chinese
		}
	}
	if len(keys) == 1 && len(strings.Fields(form)) > 1 {
		return // the rest are words too common to be kept: what is left says something else
	}
	if len(keys) > 0 {
		w.seq[keys[0]] = append(w.seq[keys[0]], sequence{keys[1:], id, lead})
	}
	// One short key in loose letters would meet anything.
	if len(latin) > 1 || len(latin) == 1 && len(latin[0]) > 2 {
		w.latin[latin[0]] = append(w.latin[latin[0]], sequence{latin[1:], id, ""})
	}
}

// find lists the rows met in s, longest forms first within each place.
func (w *widener) find(s string, tokens []text.Token) []widening {
	var out []widening
	used := map[int32]bool{}
	add := func(id int32, via string) {
		if !used[id] {
			used[id] = true
			out = append(out, widening{&w.rows[id], via, hasHan(via)})
		}
	}
	for _, run := range text.HanRuns(s) {
		for i := 0; i < len(run); {
			end := 0
			for j := min(len(run), i+w.longest); j > i; j -= 3 {
				if ids, ok := w.han[run[i:boundary(run, i, j)]]; ok {
					end = boundary(run, i, j)
					for _, id := range ids {
						add(id, run[i:end])
					}
					break
				}
			}
			if end > 0 {
				i = end
			} else {
				i = boundary(run, 0, i+3)
			}
		}
	}
	var keys, latin []text.Token
	for _, t := range tokens {
		switch t.Script {
		case text.Mong, text.Cyrl:
			keys = append(keys, t)
		case text.Latn:
			latin = append(latin, text.Token{Key: text.LatinKey(t.Text), Text: t.Text, Script: t.Script})
		}
	}
	match(w.seq, keys, add)
	if len(latin) > 0 && text.IsLatinMongolian(s) {
		match(w.latin, latin, add)
	}
	return out
}

// boundary moves j back to the start of a character of s, not before i.
func boundary(s string, i, j int) int {
	if j >= len(s) {
		return len(s)
	}
	for j > i && s[j]&0xC0 == 0x80 {
		j--
	}
	return j
}

// stands reports whether tokens, the first of which has the key q is filed under, begin with q.
func (q sequence) stands(tokens []text.Token) bool {
	if len(tokens) <= len(q.rest) || !strings.HasPrefix(tokens[0].Text, q.lead) {
		return false
	}
	for k, key := range q.rest {
		if tokens[1+k].Key != key {
			return false
		}
	}
	return true
}

// match walks tokens and files the longest sequence starting at each place.
func match(table map[string][]sequence, tokens []text.Token, add func(int32, string)) {
	for i := 0; i < len(tokens); {
		best := 0
		for _, q := range table[tokens[i].Key] {
			if n := 1 + len(q.rest); n > best && q.stands(tokens[i:]) {
				best = n
			}
		}
		if best == 0 {
			i++
			continue
		}
		var via []string
		for _, t := range tokens[i : i+best] {
			via = append(via, t.Text)
		}
		for _, q := range table[tokens[i].Key] {
			if 1+len(q.rest) == best && q.stands(tokens[i:]) {
				add(q.row, strings.Join(via, " "))
			}
		}
		i += best
	}
}
