package intake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	zh "heshi/retrieval/text"
)

// fill takes what a text gives for fields nobody has answered, and names the fields it filled. In the opening
// story a lone value may go to the one field that waits for its kind; in an answer to something else it needs a
// cue, because what was said there was said about that.
func (t *turn) fill(text string, values []Value, src Source, opening bool) []*Field {
	var filled []*Field
	narrow := t.s.Narrow
	defer func() { t.s.Narrow = narrow }()
	taken := make([]bool, len(values))
	for _, cued := range []bool{true, false} {
		for _, f := range t.waiting() {
			if f.Story == nil || (!cued && (!opening || !f.Story.Alone)) {
				continue
			}
			i := t.match(f, text, values, taken, cued)
			if i < 0 {
				continue
			}
			text := values[i].Text
			if values[i].Kind == KindRegion {
				i = t.narrower(values, taken, i)
				text = t.b.regions.Path(values[i].Value)
			}
			h := t.parse(f, text, values[i:i+1])
			if h.ask != "" {
				continue
			}
			taken[i] = true
			h.answer.Source = src
			t.put(f, h.answer)
			filled = append(filled, f)
			filled = append(filled, t.fillBeside(f, h, src)...)
		}
	}
	for range 3 { // one thing told may bring up fields that another tells of
		told := t.tell(text, src)
		if len(told) == 0 {
			break
		}
		filled = append(filled, told...)
	}
	for _, id := range sortedKeys(t.in.Fields) {
		f := t.index[id]
		if f == nil || !slices.Contains(t.waiting(), f) {
			continue
		}
		if h := t.parse(f, t.in.Fields[id], nil); h.ask == "" {
			h.answer.Source = src
			t.put(f, h.answer)
			filled = append(filled, f)
		}
	}
	return filled
}

// tell takes the choices a text tells for fields that wait.
func (t *turn) tell(text string, src Source) []*Field {
	var out []*Field
	for _, f := range t.waiting() {
		if a, ok := t.told(f, text); ok && !slices.Equal(a.all(), t.s.Answers[f.ID].all()) {
			a.Source = src
			t.put(f, a)
			t.settle() // one word may say two things, and the second then follows from the first
			out = append(out, f)
		}
	}
	return out
}

// waiting is the fields that apply and have no answer but perhaps a default, most needed first.
func (t *turn) waiting() []*Field {
	var out []*Field
	for _, f := range t.fields {
		a, ok := t.s.Answers[f.ID]
		if (!ok || a.Source == Default || a.Source == Derived) && f.From != FromNotice && f.ID != t.s.Asking && t.visible(f) {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *Field) int { return cmp.Compare(a.order(), b.order()) })
	return out
}

// fillBeside stores what an answer gave for a neighbouring field: the beginning of a span, the town of a county.
func (t *turn) fillBeside(f *Field, h heard, src Source) []*Field {
	var out []*Field
	if h.pair != nil {
		if g := t.index[f.Pair]; g != nil {
			h.pair.Source = src
			t.put(g, *h.pair)
			out = append(out, g)
		}
	}
	if h.end != nil {
		for _, g := range t.fields {
			if g.Pair == f.ID {
				h.end.Source = src
				t.put(g, *h.end)
				out = append(out, g)
			}
		}
	}
	if h.town != "" {
		for _, g := range t.fields {
			if g.Within == f.ID {
				t.put(g, Answer{Value: h.town, Text: h.answer.Text, Source: src})
				out = append(out, g)
				break
			}
		}
	}
	return out
}

// match is the index of the value that belongs to f, -1 for none. With a cue: the first value in a clause that has
// one of Near and none of Not. Without: the only value left of its kind, if its clause has none of Not.
func (t *turn) match(f *Field, text string, values []Value, taken []bool, cued bool) int {
	found := -1
	for i, v := range values {
		if v.Kind == KindOrg && slices.ContainsFunc(t.b.words.NotNames, func(w string) bool { return strings.HasPrefix(v.Text, w) }) {
			continue // 涨物业, 妈做手术医院
		}
		if taken[i] || (v.Kind != f.Story.Kind && (!cued || v.Kind != f.Story.Or)) || slices.Contains(f.Story.Skip, zh.Simplify(v.Text)) {
			continue
		}
		clause := zh.Simplify(clauseOf(text, v))
		if v.Kind == KindPhone && slices.Contains(phoneLabels, strings.Trim(strings.Replace(clause, v.Text, "", 1), "，。；,;：:是 \n")) {
			clause = zh.Simplify(clauseBefore(text, v)) + clause // 我叫李文，电话138…: whose it is was said just before
		}
		if containsAny(clause, f.Story.Not) {
			continue
		}
		if cued {
			if containsAny(clause, f.Story.Near) {
				return i
			}
			continue
		}
		if found >= 0 && (v.Kind != KindRegion || !t.b.regions.Within(v.Value, values[found].Value)) {
			return -1
		}
		if found < 0 {
			found = i
		}
	}
	return found
}

// narrower is the smallest place of a text inside the i-th value: 锡林浩特市宝力根苏木 comes as two values and is one
// place. What lies around it is taken with it.
func (t *turn) narrower(values []Value, taken []bool, i int) int {
	for j, v := range values {
		if !taken[j] && j != i && v.Kind == KindRegion && t.b.regions.Within(v.Value, values[i].Value) {
			taken[i] = true
			i = j
		}
	}
	return i
}

// clauseOf is the part of a text between commas and stops that a value stands in.
func clauseOf(text string, v Value) string {
	start, end := v.Start, v.End
	if start < 0 || end > len(text) || start >= end || text[start:end] != v.Text {
		start = strings.Index(text, v.Text)
		if start < 0 {
			return text
		}
		end = start + len(v.Text)
	}
	const stops = "，。；！？\n,;!?"
	if i := strings.LastIndexAny(text[:start], stops); i >= 0 {
		start -= len(text[i:start])
	} else {
		start = 0
	}
	if i := strings.IndexAny(text[end:], stops); i >= 0 {
		end += i
	} else {
		end = len(text)
	}
	return text[start:end]
}

// phoneLabels stand before a number that belongs to whoever was named last.
var phoneLabels = []string{"", "电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "联系方式"}

// clauseBefore is the clause that ends where the one of v begins, "" for the first of a sentence.
func clauseBefore(text string, v Value) string {
	own := strings.Index(text, clauseOf(text, v))
	if own <= 0 {
		return ""
	}
	before := strings.TrimRight(text[:own], "，, ")
	clauses := strings.FieldsFunc(before, func(r rune) bool { return strings.ContainsRune("，。；！？\n,;!?", r) })
	if len(clauses) == 0 {
		return ""
	}
	return clauses[len(clauses)-1]
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// told is the choice a text tells by the story words of the options, not denied.
func (t *turn) told(f *Field, text string) (Answer, bool) {
	type hit struct {
		id   string
		size int
	}
	var hits []hit
	plain := zh.Simplify(text)
	for _, o := range f.Options {
		size := 0
		for _, w := range o.Story {
			if t.b.words.tells(plain, w) {
				size = max(size, len(w))
			}
		}
		if size > 0 {
			hits = append(hits, hit{o.ID, size})
		}
	}
	if len(hits) == 0 {
		return Answer{}, false
	}
	if f.Type == "multi" {
		var ids []string
		for _, h := range hits {
			ids = append(ids, h.id)
		}
		return Answer{Values: f.exclusive(ids), Text: text}, true
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.size, a.size) })
	return Answer{Value: hits[0].id, Text: text}, true
}

// without drops the values of kinds an answer has consumed.
func without(values []Value, kinds []string) []Value {
	return slices.DeleteFunc(slices.Clone(values), func(v Value) bool { return slices.Contains(kinds, v.Kind) })
}

// named lists fields with what they hold now, for one line of a message: "金额 8000元；地点 锡林浩特市".
func (t *turn) named(fields []*Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Label+" "+t.b.show(f, t.s.Answers[f.ID]))
	}
	return strings.Join(out, "；")
}

// numbered writes fields as lines （1）label：value and remembers their numbers for "改3".
func (t *turn) numbered(fields []*Field) string {
	var b strings.Builder
	t.s.Lines = t.s.Lines[:0]
	for i, f := range fields {
		t.s.Lines = append(t.s.Lines, f.ID)
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("（" + strconv.Itoa(i+1) + "）" + f.Label + "：" + t.b.show(f, t.s.Answers[f.ID]))
	}
	return b.String()
}
