package document

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"heshi/caselib"
	"heshi/intake"
)

// entry is one item of a list: a party, a clause, a material.
type entry map[string]value

// paper is one document while it is written.
type paper struct {
	t      *template
	d      Data
	values map[string]value
	lists  map[string][]entry
	extras map[string]Extra
	words  map[string]caselib.Mongolian
	used   []string // Chinese words for which a Mongolian one was wanted, in order
}

// newPaper gathers every value the document may name. A value staff gave for something that is neither a field nor an
// Extra of any document is an error: it would be lost without anybody noticing.
func newPaper(t *template, all map[Kind]*template, d Data) (*paper, error) {
	if d.Book == nil || d.Library == nil {
		return nil, fmt.Errorf("%w: the book of forms and the library are needed", ErrData)
	}
	p := &paper{t: t, d: d, values: map[string]value{}, extras: map[string]Extra{}}
	for _, other := range all {
		for _, x := range other.Staff {
			p.extras[x.ID] = x
		}
	}
	for _, l := range d.Book.Lines(d.Matter.Session) {
		f, ok := d.Book.Field(l.Field)
		if !ok {
			continue
		}
		vs := l.Values
		if len(vs) == 0 && l.Value != "" {
			vs = []string{l.Value}
		}
		p.values[l.Field] = p.guard(f.Sens, p.show(f, vs, l.Unknown))
	}
	for id, v := range d.Staff {
		f, isField := d.Book.Field(id)
		x, isExtra := p.extras[id]
		switch {
		case isField:
			if strings.TrimSpace(v) != "" {
				p.values[id] = p.guard(f.Sens, p.show(f, split(f, v), false))
			}
		case isExtra:
			if strings.TrimSpace(v) != "" {
				p.values[id] = value{text: showTyped(x.Type, v)}
			}
		default:
			return nil, fmt.Errorf("%w: %q is no field", ErrData, id)
		}
	}
	p.system()
	p.gather()
	p.words = words(d)
	return p, nil
}

// split takes several choices joined by 、 apart; other values are one.
func split(f *intake.Field, v string) []string {
	if len(f.Options) > 0 || strings.HasSuffix(f.Type, "list") || strings.HasPrefix(f.Type, "list") {
		return strings.Split(v, "、")
	}
	return []string{v}
}

// guard withholds level S3 unless it was asked for, whether there is a value or not.
func (p *paper) guard(sens string, v value) value {
	if sens == "S3" && !p.d.Sensitive {
		return value{state: withheld}
	}
	return v
}

// show writes an answer for a paper: identity numbers in full, money in figures and capitals.
func (p *paper) show(f *intake.Field, vs []string, dontKnow bool) value {
	var out []string
	for _, v := range vs {
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		o, ok := f.Option(v)
		switch {
		case ok:
			v = o.Label
		case f.Type == "region":
			if path := p.d.Book.Regions().Path(v); path != "" {
				v = path
			}
		case f.Type == "taxonomy":
			if name := p.d.Book.TypeName(v); name != "" {
				v = name
			}
		default:
			v = showTyped(f.Type, v)
		}
		out = append(out, v)
	}
	switch {
	case len(out) > 1 && f.Type == "list-text":
		for i := range out {
			out[i] = strconv.Itoa(i+1) + ". " + out[i]
		}
		return value{text: strings.Join(out, "\n")}
	case len(out) > 0:
		return value{text: strings.Join(out, "、")}
	case dontKnow:
		return value{state: unknown}
	}
	return value{state: missing}
}

func showTyped(kind, v string) string {
	switch kind {
	case "money":
		if fen, err := strconv.ParseInt(v, 10, 64); err == nil && fen >= 0 {
			return money(fen)
		}
	case "date", "datetime", "date(auto)":
		return day(v)
	}
	return v
}

// money writes one amount in figures and in capitals.
func money(fen int64) string {
	return intake.Plain(fen) + "（大写：人民币" + intake.Capitals(fen) + "）"
}

// day writes an ISO date, with or without day or time, or an interval of two, as 2026年3月5日. Anything else stays.
func day(v string) string {
	if from, to, ok := strings.Cut(v, "/"); ok {
		a, b := day(from), day(to)
		if a == from || b == to {
			return v
		}
		return a + "至" + b
	}
	for layout, out := range map[string]string{"2006-01-02": "2006年1月2日", "2006-01": "2006年1月", "2006": "2006年",
		"2006-01-02T15:04": "2006年1月2日15时04分", "2006-01-02 15:04": "2006年1月2日15时04分", time.RFC3339: "2006年1月2日15时04分"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.Format(out)
		}
	}
	return v
}

func dated(t time.Time) value {
	if t.IsZero() {
		return value{state: missing}
	}
	return value{text: t.Format("2006年1月2日")}
}

func text(s string) value {
	if strings.TrimSpace(s) == "" {
		return value{state: missing}
	}
	return value{text: s}
}

// system is the values that are no fields.
func (p *paper) system() {
	m := p.d.Matter
	set := func(name string, v value) {
		if have, ok := p.values[name]; !ok || have.state == missing {
			p.values[name] = v
		}
	}
	set("no", text(m.No))
	set("office", text(p.d.Office.Name))
	set("office_phone", text(p.d.Office.Phone))
	set("office_address", text(p.d.Office.Address))
	set("date", dated(p.d.At))
	set("received", dated(m.Created))
	set("draft", text(strconv.Itoa(max(p.d.Draft, 1))))
	if len(m.Types) > 0 {
		set("type", text(p.d.Book.TypeName(m.Types[0])))
	}
	if p.d.Lang != "" && p.d.Lang != "zh-Hans" {
		set("bilingual", text("bilingual"))
	}
	for _, c := range m.Clocks {
		set("clock:"+c.ID, text(day(c.Due)))
	}
	if len(m.Clocks) > 0 {
		set("clocks", text("clocks"))
	}
}

// contacts are the places where a person can be found; a paper the other side receives goes without them while the
// matter is on safety hold.
func contact(name string) bool {
	return slices.Contains([]string{"phone", "address"}, name) || strings.HasPrefix(name, "a_addr_") || name == "a_phone" || name == "la_addr"
}

// value is the value of a name: an entry of the list at hand (.name), a system value, an answer.
func (p *paper) value(name string, item entry) value {
	var v value
	ok := false
	key, ofItem := strings.CutPrefix(name, ".")
	if ofItem {
		v, ok = item[key]
	} else {
		v, ok = p.values[key]
		if f, isField := p.d.Book.Field(key); !ok && isField && f.Sens == "S3" && !p.d.Sensitive {
			return value{state: withheld} // no telling whether there is an answer
		}
	}
	if !ok {
		return value{state: missing}
	}
	if p.t.Shared && !p.d.Sensitive && p.d.Matter.Flagged("safety_hold") && contact(key) && (!ofItem || item["side"].text == "applicant") {
		return value{state: withheld}
	}
	return v
}

// article names an article for a paper, 《人民调解法》第二十三条. Lint has seen to it that there is one.
func (p *paper) article(key string) string {
	src, k, err := p.d.Library.Article(key)
	if err != nil {
		return key
	}
	name := "《" + strings.TrimPrefix(src.Name, "中华人民共和国") + "》"
	if k.Article > 0 {
		name += "第" + caselib.Numeral(k.Article) + "条"
	}
	if k.Sub > 0 {
		name += "之" + caselib.Numeral(k.Sub)
	}
	return name
}
