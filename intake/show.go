package intake

import (
	"strconv"
	"strings"
)

// show writes an answer as people read it: the words of a choice, yuan, a date in words, a place by name. An
// identity number shows its last four characters only.
func (b *Book) show(f *Field, a Answer) string {
	if a.Unknown {
		return "不清楚"
	}
	var out []string
	for _, v := range a.all() {
		out = append(out, b.showOne(f, v))
	}
	return strings.Join(out, "、")
}

func (b *Book) showOne(f *Field, v string) string {
	if o, ok := f.Option(v); ok {
		return o.Label
	}
	switch f.Type {
	case "money":
		if fen, err := strconv.ParseInt(v, 10, 64); err == nil {
			return Plain(fen)
		}
	case "date", "datetime":
		if ValidDate(v) {
			return ShowDate(v)
		}
	case "region":
		if p := b.regions.Path(v); p != "" {
			return p
		}
	case "taxonomy":
		if name := b.TypeName(v); name != "" {
			return name
		}
	case "id-number":
		if len(v) > 4 {
			return strings.Repeat("*", len(v)-4) + v[len(v)-4:]
		}
	}
	return v
}

// Line is one answered field for a reader: staff, a document, the citizen's read-back.
type Line struct {
	Field, Label, Form string
	Value              string   // canonical; several joined by 、
	Display            string   // as people read it; an identity number masked
	Values             []string // canonical, of a multiple answer
	Unknown            bool
	Source             Source
	Sens               string
	Docs               []string
}

// Lines is the answered fields of a session that apply, in the order of its forms, consents and notices left out.
func (b *Book) Lines(s Session) []Line {
	t := b.turn(s, Input{})
	var out []Line
	for _, f := range t.fields {
		a, ok := t.s.Answers[f.ID]
		if !ok || f.From == FromNotice || (a.Empty() && !a.Unknown) || !t.visible(f) {
			continue
		}
		out = append(out, Line{Field: f.ID, Label: f.Label, Form: f.form.Code, Value: strings.Join(a.all(), "、"),
			Values: a.Values, Display: b.show(f, a), Unknown: a.Unknown, Source: a.Source, Sens: f.Sens, Docs: f.Docs})
	}
	return out
}

// Missing is the ids of the fields that apply, are required and have no value: what staff complete.
func (b *Book) Missing(s Session) []string {
	t := b.turn(s, Input{})
	var out []string
	for _, f := range t.fields {
		if f.Req == "N" || f.From == FromNotice || f.form.Code == "F2" || !t.visible(f) {
			continue
		}
		if a, ok := t.s.Answers[f.ID]; !ok || a.Empty() {
			out = append(out, f.ID)
		}
	}
	return out
}

// Facts is the answers of a session that apply, by field id, for rules to reason on: labels of choices joined by 、,
// yuan for money ("8000.00"), ISO dates, codes of places and types. What is unknown is absent.
func (b *Book) Facts(s Session) map[string]string {
	t := b.turn(s, Input{})
	out := map[string]string{}
	for _, f := range t.fields {
		var words []string
		for _, v := range t.values(f.ID) {
			if o, ok := f.Option(v); ok {
				v = o.Label
			} else if fen, err := strconv.ParseInt(v, 10, 64); err == nil && f.Type == "money" {
				v = Yuan(fen)
			}
			words = append(words, v)
		}
		if len(words) > 0 {
			out[f.ID] = strings.Join(words, "、")
		}
	}
	return out
}
