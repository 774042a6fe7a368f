package anonymise

import (
	"fmt"
	"slices"
	"strings"

	"heshi/caselib"
)

// Replacement is one change to a text.
type Replacement struct {
	Start, End int    // bytes of the original
	Kind       string // name id phone account plate place organisation date amount
	Was, Now   string
}

// String leaves out what was replaced.
func (r Replacement) String() string { return fmt.Sprintf("%s at %d: now %s", r.Kind, r.Start, r.Now) }

// Warning is something that no rule can decide: a person should think about it.
type Warning struct {
	Start, End int
	Kind       string // rare quotation count script latin
	Word       string // for rare: the word of our own list; else empty
}

// Result is an anonymised text, with what was done to get it.
type Result struct {
	Text         string
	Replacements []Replacement // in order, not overlapping
	Warnings     []Warning
}

// Text anonymises one text.
func (a *Anonymiser) Text(s string) Result { return a.Texts([]string{s})[0] }

// Texts anonymises texts that belong together: the same person has the same
// name in all of them.
func (a *Anonymiser) Texts(in []string) []Result {
	c := newCast(a)
	texts := make([]*text, len(in))
	for i, s := range in {
		t := newText(s)
		a.dates(t)
		a.numbers(t)
		a.amounts(t)
		a.organisations(t, c)
		a.places(t)
		a.names(t, c)
		texts[i] = t
	}
	c.settle()
	out := make([]Result, len(in))
	for i, t := range texts {
		a.again(t, c)
		out[i] = t.result(c)
		out[i].Warnings = a.warnings(t)
	}
	return out
}

// Field is the result for one field of a case.
type Field struct {
	Name     string
	Original string
	Result
}

// Case anonymises every text of a case. Region and year stay: the library
// bounds them itself. The result is a proposal: a person reads the fields'
// replacements and warnings before it is accepted.
func (a *Anonymiser) Case(c caselib.Case) (caselib.Case, []Field) {
	c.Lay = slices.Clone(c.Lay)
	parts := []struct {
		name string
		text *string
	}{
		{"title", &c.Title.Zh}, {"summary", &c.Summary.Zh}, {"facts", &c.Facts}, {"focus", &c.Focus}, {"process", &c.Process},
		{"result", &c.Result}, {"performance", &c.Performance}, {"lesson", &c.Lesson}, {"provenance", &c.Provenance},
		{"title_mn_cyrl", &c.Title.Mn.Cyrl}, {"title_mn_mong", &c.Title.Mn.Mong}, {"summary_mn_cyrl", &c.Summary.Mn.Cyrl}, {"summary_mn_mong", &c.Summary.Mn.Mong},
	}
	for i := range c.Lay {
		parts = append(parts, struct {
			name string
			text *string
		}{fmt.Sprintf("lay %d", i+1), &c.Lay[i]})
	}
	in := make([]string, len(parts))
	for i, p := range parts {
		in[i] = *p.text
	}
	var fields []Field
	for i, r := range a.Texts(in) {
		*parts[i].text = r.Text
		if len(r.Replacements)+len(r.Warnings) > 0 {
			fields = append(fields, Field{parts[i].name, in[i], r})
		}
	}
	return c, fields
}

// text is a text being worked on, by character.
type text struct {
	in    string
	r     []rune // as given
	f     []rune // figures and Latin letters in their plain form, one to one with r
	plain string // f as a string
	byteR []int  // character at each byte of plain
	offs  []int  // byte of each character of in, and the end
	taken []bool
	spans []span
}

// span is a stretch to be replaced. who is set for persons and organisations,
// whose new name is known only when all texts have been read.
type span struct {
	start, end int
	kind, now  string
	who        *figure
}

func newText(s string) *text {
	s = strings.ToValidUTF8(s, "\uFFFD")
	t := &text{in: s, r: []rune(s)}
	t.f = make([]rune, len(t.r))
	off := 0
	for i, r := range t.r {
		t.offs = append(t.offs, off)
		off += len(string(r))
		if r >= '！' && r <= '～' && (r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' || r == '－' || r == '．') {
			r -= 0xFEE0
		}
		t.f[i] = r
	}
	t.offs = append(t.offs, off)
	t.plain = string(t.f)
	t.byteR = make([]int, len(t.plain)+1)
	i := 0
	for b := range t.plain {
		t.byteR[b] = i
		i++
	}
	t.byteR[len(t.plain)] = len(t.r)
	t.taken = make([]bool, len(t.r)+1)
	return t
}

func (t *text) at(i int) rune {
	if i < 0 || i >= len(t.f) {
		return 0
	}
	return t.f[i]
}

// free reports whether nothing between start and end is taken yet.
func (t *text) free(start, end int) bool {
	return start >= 0 && end <= len(t.r) && start < end && !slices.Contains(t.taken[start:end], true)
}

func (t *text) take(s span) bool {
	if !t.free(s.start, s.end) {
		return false
	}
	for i := s.start; i < s.end; i++ {
		t.taken[i] = true
	}
	t.spans = append(t.spans, s)
	return true
}

// hold keeps a stretch as it is.
func (t *text) hold(start, end int) { t.take(span{start: start, end: end, kind: ""}) }

func (t *text) result(c *cast) Result {
	slices.SortFunc(t.spans, func(a, b span) int { return a.start - b.start })
	var res Result
	var b strings.Builder
	at := 0
	for _, s := range t.spans {
		now := s.now
		if s.who != nil {
			now = c.name(s.who)
		}
		start, end := t.offs[s.start], t.offs[s.end]
		was := t.in[start:end]
		if s.kind == "" || was == now {
			continue
		}
		b.WriteString(t.in[at:start] + now)
		at = end
		res.Replacements = append(res.Replacements, Replacement{start, end, s.kind, was, now})
	}
	b.WriteString(t.in[at:])
	res.Text = b.String()
	return res
}
