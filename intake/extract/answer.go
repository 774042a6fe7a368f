package extract

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"heshi/intake"
)

// Answer finds the sum or the date in text that a question asks for: kind is intake.KindMoney or intake.KindDate.
// Every value of that kind is weighed by the words of the question that stand around it. now is the time of writing.
// ok is false where text has no such value.
func (x *Extractor) Answer(question, text string, kind string, now time.Time) (intake.Value, bool) {
	found := x.candidates(question, text, kind, now)
	best := -1
	for i := range found {
		if best < 0 || found[i].score > found[best].score {
			best = i
		}
	}
	if best < 0 {
		return intake.Value{}, false
	}
	return found[best].Value, true
}

// candidate is a value that may be the answer, what speaks for it, and how much that is in all.
type candidate struct {
	intake.Value
	signs [signs]float64
	score float64
}

// candidates weighs all values of the kind.
func (x *Extractor) candidates(question, text string, kind string, now time.Time) []candidate {
	var found []candidate
	for _, v := range x.Values(text, now) {
		if v.Kind == kind {
			found = append(found, candidate{Value: plainly(v)})
		}
	}
	if len(found) == 0 {
		return nil
	}
	a := x.asked(question, text, kind, now)
	weights := x.lex.Answers[kind]
	often := map[string]int{}
	for _, c := range found {
		often[c.Text]++
	}
	for i := range found {
		before, after := 0, len(a.text.r)
		if i > 0 {
			before = a.rune(found[i-1].End)
		}
		if i+1 < len(found) {
			after = a.rune(found[i+1].Start)
		}
		found[i].signs = a.signs(found[i].Value, before, after)
		found[i].signs[signFirst] = 1 / float64(1+i)
		found[i].signs[signPlace] = float64(i) / float64(len(found))
		found[i].signs[signOften] = math.Log(float64(often[found[i].Text]))
		for k, w := range weights {
			found[i].score += w * found[i].signs[k]
		}
	}
	return found
}

// plainly is a value without what only introduces a sum: 现金, 人民币.
func plainly(v intake.Value) intake.Value {
	for _, w := range []string{"现金约", "现金共", "现金", "人民币"} {
		if rest, ok := strings.CutPrefix(v.Text, w); ok {
			v.Start, v.Text = v.End-len(rest), rest
		}
	}
	return v
}

// What speaks for a candidate. Words of the question count by how rare they are in the text, as a share of all of them.
const (
	signTouching   = iota // words within eight characters before
	signClause            // in the same clause before
	signBetween           // between the value before and this
	signBefore            // within eighty characters before, the nearer the more
	signAfterTouch        // within eight characters after
	signAfterHere         // in the same clause after
	signAfterNext         // between this and the next value
	signAfter             // within eighty characters after, the nearer the more
	signFirst             // one over the number of the value
	signPlace             // how far back among the values
	signOften             // how often the same words are there
	signTotal             // a sum of all asked for and named
	signEach              // a sum by the month or day, or a stretch of time, asked for and named
	signEachNot           // named, not asked for
	signWhole             // a whole day; for sums: yuan and fen
	signClock             // an hour of the day
	signNamed             // the question names it itself
	signTotalNot          // a total named, not asked for
	signLead              // words of the kind asked for directly before: 借款, 维修费
	signEnd               // behind 生于, 于, 自, 至: till
	signBoth              // words of the question on both sides
	signSentence          // within eighty characters on either side
	signFor               // the sum is for what is asked: 维修费
	signForNot            // it is for something else
	signForOther          // it is for something, and the question names nothing
	signClaim             // claimed and asked for as a claim
	signClaimNot          // claimed, not asked so; or asked so and not claimed
	signs
)

const (
	askNear         = 1.0 // how much more words by the question word count
	askAlike        = 0.7 // how much a word that means the same counts
	farthest        = 200 // in characters, beyond which a word says nothing of a value
	longestQuestion = 120 // in characters
	askSingle       = 0.1 // how much a single character counts beside two
)

// asked is a question and the text it is asked of.
type asked struct {
	text, question *script
	runeOf         map[int]int
	kind           string
	at             []term
	weight         float64 // of all terms
	total, each    bool
	named          map[string]bool
	claim          bool
	stretch        bool      // asked from when to when
	sums           []phrases // what sums are for, same things together
	sumsEnd        []phrases // the same by their last character
	asks           int       // which of them the question asks for, -1 for none
}

// term is two characters of the question, or what may stand for them, and where they are in the text.
type term struct {
	weight float64
	places []int
}

func (x *Extractor) asked(question, text, kind string, now time.Time) *asked {
	if runes := []rune(question); len(runes) > longestQuestion { // work stays in proportion to the text
		question = string(runes[:longestQuestion])
	}
	a := &asked{text: newScript(text), question: newScript(question), runeOf: map[int]int{}, kind: kind, named: map[string]bool{}}
	for i, o := range a.text.off {
		a.runeOf[o] = i
	}
	for _, v := range x.Values(question, now) {
		if v.Kind == kind {
			a.named[v.Value] = true
		}
	}
	a.sums, a.sumsEnd, a.asks = x.lex.sums, x.lex.sumsEnd, -1
	for i, longest := 0, 0; i < len(a.question.r); i++ {
		for g, p := range a.sums {
			if n := a.question.any(i, p); n >= longest && n > 0 {
				longest, a.asks = n, g
			}
		}
	}
	q := string(a.question.r)
	a.claim = claims(q)
	a.stretch = has(q, []string{"期限", "期间", "多久", "多长", "时限", "到什么时候", "至何时"})
	word := -1 // where the question word stands
	for i := range a.question.r {
		if a.question.oneOf(i, "多少", "何时", "什么时", "哪天", "哪一天", "几时", "何日") > 0 {
			word = i
			break
		}
	}
	if word < 0 {
		word = len(a.question.r)
	}
	a.total = strings.ContainsAny(q, "共总累合")
	a.each = strings.ContainsAny(q, "每薪日月") && strings.ContainsAny(q, "每薪")
	for _, w := range x.lex.AskWords {
		q = strings.ReplaceAll(q, w, strings.Repeat(" ", utf8.RuneCountInString(w)))
	}
	r := []rune(q)
	near := func(i, n int) float64 { // what stands by the question word says most
		d := i - word
		if d < 0 {
			d = max(0, word-i-n)
		} else {
			d = max(0, d-2)
		}
		return 1 + askNear*math.Exp(-float64(d)/3)
	}
	seen := map[string]bool{}
	add := func(w string, share float64) {
		if seen[w] {
			return
		}
		seen[w] = true
		r := []rune(w)
		t := term{}
		for i := range a.text.r {
			if a.text.equal(i, r) {
				t.places = append(t.places, i)
			}
		}
		if len(t.places) > 0 {
			t.weight = share / math.Sqrt(float64(len(t.places)))
			a.at = append(a.at, t)
		}
		a.weight += share / math.Sqrt(float64(max(1, len(t.places))))
	}
	for _, group := range x.lex.SameWords {
		for _, w := range group {
			if at := strings.Index(q, w); at >= 0 {
				for _, other := range group {
					add(other, askAlike*near(utf8.RuneCountInString(q[:at]), utf8.RuneCountInString(w)))
				}
				break
			}
		}
	}
	for i := 0; i < len(r); i++ {
		if i+1 < len(r) && isHan(r[i]) && isHan(r[i+1]) {
			add(string(r[i:i+2]), near(i, 2))
		}
		if isDigit(r[i]) || isLatin(r[i]) {
			k := i
			for k < len(r) && (isDigit(r[k]) || isLatin(r[k])) {
				k++
			}
			if k-i > 1 || i > 0 && isHan(r[i-1]) {
				if i > 0 && isHan(r[i-1]) {
					i--
				}
				add(string(r[i:k]), 1)
			}
			i = max(i, k-1)
		}
	}
	for i, c := range r {
		if isHan(c) {
			add(string(c), askSingle*near(i, 1))
		}
	}
	return a
}

// rune is the place of a byte offset in runes.
func (a *asked) rune(offset int) int { return a.runeOf[offset] }

// signs weighs what stands around one value; before and after are where its neighbours end and begin.
func (a *asked) signs(v intake.Value, before, after int) (s [signs]float64) {
	start, end := a.rune(v.Start), a.rune(v.End)
	head, tail := start, end
	for head > 0 && start-head < 60 && !strings.ContainsRune(",;:。，；：(\n“", a.text.at(head-1)) {
		head--
	}
	for tail < len(a.text.r) && tail-end < 60 && !strings.ContainsRune(",;:。，；：)\n”", a.text.at(tail)) {
		tail++
	}
	for _, t := range a.at {
		var near, far float64
		var got [signs]bool
		from, _ := slices.BinarySearch(t.places, start-farthest) // a long text costs no more than in proportion
		for _, p := range t.places[from:] {
			if p > end+farthest {
				break
			}
			if p < start {
				d := start - p
				got[signTouching] = got[signTouching] || d <= 8
				got[signClause] = got[signClause] || p >= head
				got[signBetween] = got[signBetween] || p >= before
				near = max(near, math.Exp(-float64(d)/25))
				got[signSentence] = got[signSentence] || d < 80
			} else if p >= end {
				d := p - end
				got[signAfterTouch] = got[signAfterTouch] || d < 8
				got[signAfterHere] = got[signAfterHere] || p < tail
				got[signAfterNext] = got[signAfterNext] || p < after
				far = max(far, math.Exp(-float64(d)/25))
				got[signSentence] = got[signSentence] || d < 80
			}
		}
		w := t.weight / a.weight
		for k, ok := range got {
			if ok {
				s[k] += w
			}
		}
		s[signBefore] += w * near
		s[signAfter] += w * far
		s[signBoth] += w * max(near, far)
	}
	lead := string(a.text.r[max(0, start-8):start])
	each := a.text.oneOfBefore(start, []string{"每月", "每年", "每天", "每日", "月工资", "月", "日", "每人", "每次", "底薪"}) > 0 || a.text.oneOf(end, "/") > 0
	total := strings.Contains(lead, "共") || strings.Contains(lead, "合计") || strings.Contains(lead, "总")
	s[signEach], s[signEachNot] = yes(each && a.each), yes(each != a.each)
	s[signTotal], s[signTotalNot] = yes(total && a.total), yes(total != a.total)
	s[signNamed] = yes(a.named[v.Value])
	if a.kind == intake.KindDate {
		stretch := strings.Contains(v.Value, "/") && strings.ContainsAny(v.Text, "至到-~—")
		s[signEach], s[signEachNot] = yes(stretch && a.stretch), yes(stretch != a.stretch)
		s[signWhole] = yes(len(v.Value) == len("2025-10-05"))
		s[signClock] = yes(strings.ContainsAny(v.Text, "时点"))
		s[signEnd] = yes(strings.ContainsRune("至止到前", a.text.at(start-1)) || strings.Contains(v.Text, "至"))
		s[signLead] = yes(a.text.at(start-1) == '于')
	} else {
		is := a.isFor(start, end)
		s[signFor] = yes(is >= 0 && is == a.asks)
		s[signForNot] = yes(is >= 0 && a.asks >= 0 && is != a.asks)
		s[signForOther] = yes(is >= 0 && a.asks < 0)
		claimed := claims(string(a.text.r[max(0, start-60):start]))
		s[signClaim], s[signClaimNot] = yes(claimed && a.claim), yes(claimed != a.claim)
		s[signWhole] = yes(!strings.HasSuffix(v.Value, ".00"))
		s[signLead] = yes(strings.ContainsRune("款费金额价元", a.text.at(start-1)))
		s[signEnd] = yes(a.text.at(end) == '的')
		s[signClock] = yes(strings.ContainsAny(string(a.text.r[max(0, start-2):start]), "(+-*"))
	}
	return s
}

// isFor tells what the sum between start and end is for: the nearest word before it in the clause, else one right
// behind; -1 for nothing known.
func (a *asked) isFor(start, end int) int {
	for k := start; k > 0 && k > start-8 && !strings.ContainsRune(",;。，；、", a.text.at(k-1)); k-- {
		best, longest := -1, 0
		for g, p := range a.sumsEnd {
			if n := a.text.anyBefore(k, p); n > longest {
				best, longest = g, n
			}
		}
		if best >= 0 {
			return best
		}
	}
	for k := end; k < end+3; k++ {
		for g, p := range a.sums {
			if a.text.any(k, p) > 0 {
				return g
			}
		}
	}
	return -1
}

func claims(s string) bool {
	return strings.Contains(s, "请求") || strings.Contains(s, "要求") || strings.Contains(s, "主张") || strings.Contains(s, "诉请")
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
