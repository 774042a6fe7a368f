package extract

import (
	"slices"
	"strings"
	"time"

	"heshi/intake"
)

// Total is what the losses told in text come to, in cents: sums that were taken, damaged or owed are added; a total
// that is stated is taken for its parts; what was shared out, given back, fined or paid for something else stays out.
// ok is false where text tells of no loss.
func (x *Extractor) Total(text string, now time.Time) (cents int64, ok bool) {
	s := newScript(text)
	var sums []loss
	at, telling := 0, 0 // how many tellings have begun before at
	runeOf := map[int]int{}
	for i, o := range s.off {
		runeOf[o] = i
	}
	for _, v := range x.Values(text, now) {
		if v.Kind != intake.KindMoney {
			continue
		}
		l := loss{start: runeOf[v.Start], end: runeOf[v.End], cents: centsOf(v.Value)}
		l.read(s, x.lex)
		for ; at < l.start; at++ {
			if s.oneOf(at, x.lex.Tellings...) > 0 {
				telling++
			}
		}
		l.telling = telling
		sums = append(sums, l)
	}
	sums = withoutParts(toldOnce(sums))
	told := slices.DeleteFunc(slices.Clone(sums), func(l loss) bool {
		return l.aside || l.side || l.sold && (l.total || slices.ContainsFunc(sums, func(o loss) bool { return o.valued && !o.aside && o.paragraph == l.paragraph }))
	})
	if len(told) == 0 { // nothing but what usually stays out: then it is what is meant
		told = slices.DeleteFunc(slices.Clone(sums), func(l loss) bool { return l.fine || l.shared })
	}
	return add(told), len(told) > 0
}

// toldOnce keeps one of two tellings of the same: the charge, unless only the finding names sums.
func toldOnce(sums []loss) []loss {
	first := -1
	for _, l := range sums {
		if !l.aside && !l.side && (first < 0 || l.telling < first) {
			first = l.telling
		}
	}
	return slices.DeleteFunc(slices.Clone(sums), func(l loss) bool { return first >= 0 && l.telling != first })
}

// withoutParts leaves out what an earlier sum of the paragraph already has in it: 其中…, the same money moved on, what
// was only spoken of.
func withoutParts(sums []loss) []loss {
	var kept []loss
	for i, l := range sums {
		in := func(o loss) bool { return o.paragraph == l.paragraph && !o.side && !o.aside && !o.sold }
		part := l.part && slices.ContainsFunc(kept, func(o loss) bool { return in(o) && o.cents >= l.cents }) ||
			l.moved && slices.ContainsFunc(kept, func(o loss) bool { return in(o) && o.cents == l.cents }) ||
			l.spoken && slices.ContainsFunc(sums[i+1:], func(o loss) bool { return in(o) && !o.spoken })
		if !part {
			kept = append(kept, l)
		}
	}
	return kept
}

// longestParagraph is how far back a paragraph is looked at, in characters.
const longestParagraph = 3000

// loss is one sum of a text and what the words around say of it.
type loss struct {
	start, end int
	cents      int64
	total      bool // said to be a total
	all        bool // a total of everything
	aside      bool // in a part of the text that tells of something else
	side       bool // not lost: shared out, given back, the price of one
	fine       bool
	sold       bool // what was got or paid for a thing: counts where nothing tells its worth
	shared     bool // between those who took it
	valued     bool // what a thing is worth
	part       bool // 其中: said to be part of another
	moved      bool // taken out or passed on
	spoken     bool // asked, promised or pretended
	listed     bool // a total at the end of a list in one sentence
	sentence   int  // where its sentence begins
	actual     bool // what it was in the end, after something was given back
	paragraph  int  // where its paragraph begins
	telling    int  // which telling of the facts it belongs to
}

func centsOf(value string) int64 {
	whole, part, _ := strings.Cut(value, ".")
	n := int64(0)
	for _, r := range whole + part {
		n = n*10 + int64(r-'0')
	}
	return n
}

// read looks at the words around a sum.
func (l *loss) read(s *script, lex *lexicon) {
	from := l.start
	for from > 0 && l.start-from < 40 && !strings.ContainsRune(",;。，；\n", s.at(from-1)) {
		from--
	}
	to := l.end
	for to < len(s.r) && to-l.end < 20 && !strings.ContainsRune(",;。，；、\n", s.at(to)) {
		to++
	}
	item := l.start
	for item > from && s.at(item-1) != '、' {
		item--
	}
	before, here, after := string(s.r[from:l.start]), string(s.r[item:l.start]), string(s.r[l.end:to])
	l.total = has(here, lex.TotalWords)
	l.fine = has(before, lex.FineWords) || has(after, lex.FineWords)
	l.sold = has(before, lex.Sold) || has(after, lex.SoldAfter)
	l.shared = has(before, lex.Shared) || has(after, lex.Shared)
	l.side = l.fine || l.shared || has(before, lex.NotLost) || has(after, lex.NotLost) || has(here, lex.Apiece) || s.apiece(item, l.start)
	l.valued = has(before, lex.Valued)
	l.part = strings.Contains(before, "其中")
	l.moved, l.spoken = has(before, lex.Moved), has(before, lex.Spoken)
	l.actual = strings.Contains(before, "实际")
	sentence := from
	for sentence > 0 && l.start-sentence < 400 && !strings.ContainsRune("。；;\n", s.at(sentence-1)) {
		sentence--
	}
	part := sentence
	for part > 0 && l.start-part < longestParagraph && s.at(part-1) != '\n' {
		part--
	}
	l.paragraph, l.sentence = part, sentence
	l.listed = l.total && !l.valued && strings.HasSuffix(here, "计")
	numbered := isNumeral(s.at(part)) || isNumeral(s.at(part+1)) && strings.ContainsRune("(（第", s.at(part))
	l.all = l.total && !numbered && (has(string(s.r[sentence:l.start]), lex.AllWords) || s.listFollows(l.end))
	l.aside = has(string(s.r[part:min(l.start, part+30)]), lex.ProofWords)
	for k := part; k < l.start; k++ {
		if k > part && !strings.ContainsRune("。\n", s.at(k-1)) {
			continue
		}
		if s.oneOf(k, lex.AsideWords...) > 0 || k >= sentence && !l.valued && s.oneOf(k, lex.LaterWords...) > 0 {
			l.aside = true
		}
	}
}

// listFollows: the line ends soon after i, and the next is the first of a list.
func (s *script) listFollows(i int) bool {
	for k := i; k < len(s.r) && k < i+60; k++ {
		if s.at(k) == '\n' {
			k += 1 + s.oneOf(k+1, "(", "（", "第")
			return s.oneOf(k, "1", "一") > 0 && !isNumeral(s.at(k+1))
		}
	}
	return false
}

// apiece: 每 and a measure stand between from and to: the price of one.
func (s *script) apiece(from, to int) bool {
	for k := from; k < to; k++ {
		if s.at(k) == '每' && s.measures(k+1) && k+1 < to && s.oneOf(k+1, "月", "年", "天") == 0 {
			return true
		}
	}
	return false
}

func has(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// add adds losses up, and takes a stated total for its parts.
func add(told []loss) int64 {
	var kept []loss
	for i, l := range told {
		if l.all || l.total { // of everything, before or behind the rest
			var rest, before int64
			for k, o := range told {
				if k != i {
					rest += o.cents
				}
				if k < i {
					before += o.cents
				}
			}
			if rest == l.cents || l.all && (i == 0 || i == len(told)-1) {
				return l.cents
			}
		}
		if n := len(kept); l.actual && n > 0 && kept[n-1].paragraph == l.paragraph && kept[n-1].cents > l.cents {
			kept = kept[:n-1]
		}
		if n := len(kept); l.listed && n > 1 && kept[n-1].sentence == l.sentence && kept[n-2].sentence == l.sentence {
			kept = slices.DeleteFunc(kept, func(o loss) bool { return o.sentence == l.sentence })
		}
		// the sum of those just before
		var sum int64
		cut := -1
		for k := len(kept) - 1; k >= 0; k-- {
			sum += kept[k].cents
			if sum == l.cents && l.total {
				cut = k
				break
			}
		}
		if cut >= 0 {
			kept = kept[:cut]
		}
		kept = append(kept, l)
	}
	if len(kept) > 2 { // the first is the sum of the others
		var rest int64
		for _, l := range kept[1:] {
			rest += l.cents
		}
		if rest == kept[0].cents {
			return rest
		}
	}
	var sum int64
	for _, l := range kept {
		sum += l.cents
	}
	return sum
}
