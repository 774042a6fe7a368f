package desk

import (
	"cmp"
	"slices"
	"time"

	"heshi/intake"
)

// addAnswers lays out the answers by group, and what is still to be verified.
func (d *Desk) addAnswers(v *fileView, now time.Time) {
	m := v.M
	lines := map[string]intake.Line{}
	order := map[string]int{} // of the forms, within a group
	for i, l := range d.book.Lines(m.Session) {
		lines[l.Field], order[l.Field] = l, i
	}
	type placed struct {
		group, rank, order int
		row                answerRow
	}
	var all []placed
	for id, a := range m.Session.Answers {
		if d.layout.hidden(id) || a.Unknown || a.Empty() {
			continue
		}
		row, ok := d.answerRow(v, id, a, lines[id], now)
		if !ok {
			v.Hidden++
			continue
		}
		g, rank := d.layout.place(id)
		all = append(all, placed{g, rank, order[id], row})
	}
	slices.SortFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.rank, b.rank), cmp.Compare(a.order, b.order), cmp.Compare(a.row.Field, b.row.Field))
	})
	for _, p := range all {
		if p.row.Source == string(intake.Default) { // nobody was asked: it must not look like an answer
			v.Assumed = append(v.Assumed, p.row)
			continue
		}
		id := d.layout.Groups[p.group].ID
		if n := len(v.Groups); n == 0 || v.Groups[n-1].ID != id {
			v.Groups = append(v.Groups, answerGroup{ID: id})
		}
		last := &v.Groups[len(v.Groups)-1]
		last.Rows = append(last.Rows, p.row)
	}
	d.addMissing(v)
}

// answerRow shows one answer; ok is false when this reader may not see it.
func (d *Desk) answerRow(v *fileView, id string, a intake.Answer, line intake.Line, now time.Time) (row answerRow, ok bool) {
	f, known := d.book.Field(id)
	row = answerRow{Field: id, Label: id, Value: d.shown(id, a), Source: string(a.Source), At: clockTime(a.At, now)}
	kind, sens := "", ""
	if known {
		row.Label, kind, sens = f.Label, f.Type, f.Sens
	}
	if line.Display != "" {
		row.Value = line.Display
	}
	row.Secret = sens == "S3"
	if !v.Sees && (row.Secret || v.Hold && (sens == "S2" || kind == "phone")) {
		return row, false
	}
	if a.Text != "" && a.Text != row.Value {
		row.Said = a.Text
	}
	if kind == "id-number" {
		row.Said = ""
		if v.Mine {
			row.Full = a.Value
		}
		row.Value = masked(a.Value)
	}
	row.Long = len([]rune(row.Value)) > 60
	for _, c := range v.M.Session.History {
		if c.Field == id && c.Old != "" && kind != "id-number" {
			row.History = append(row.History, c)
		}
	}
	return row, true
}

// addMissing lists what the documents still need: what the intake left to staff, and what the citizen does not know.
func (d *Desk) addMissing(v *fileView) {
	var ids []string
	add := func(id string) {
		if !slices.Contains(ids, id) && !d.layout.hidden(id) {
			ids = append(ids, id)
		}
	}
	for id, a := range v.M.Session.Answers {
		if a.Unknown {
			add(id)
		}
	}
	slices.Sort(ids)
	for _, id := range v.M.Missing {
		if a, have := v.M.Session.Answers[id]; !have || a.Empty() {
			add(id)
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int {
		g, r := d.layout.place(a)
		h, s := d.layout.place(b)
		return cmp.Or(cmp.Compare(g, h), cmp.Compare(r, s))
	})
	for _, id := range ids {
		f, ok := d.book.Field(id)
		if !ok {
			continue
		}
		if f.Sens == "S3" && !v.Sees {
			v.Hidden++
			continue
		}
		row := d.missingRow(f)
		row.Told = v.M.Session.Answers[id].Unknown
		v.Missing = append(v.Missing, row)
		if f.Askable() && len(v.Questions) < 8 {
			v.Questions = append(v.Questions, questionRow{Field: id, Q: f.Q})
		}
	}
}

// summary is how the story begins, for whoever has one minute. It shows nothing the answers below would hide.
func (d *Desk) summary(v *fileView) string {
	if v.Hold && !v.Sees {
		return ""
	}
	for _, id := range []string{"d_facts", "la_facts"} {
		if a := v.M.Session.Answers[id]; a.Value != "" {
			short := trimmed(a.Value, 120)
			if short != clean(a.Value) {
				short += "…"
			}
			return short
		}
	}
	return ""
}

// missingRow is the form for one field.
func (d *Desk) missingRow(f *intake.Field) missingRow {
	row := missingRow{Field: f.ID, Label: f.Label, Type: f.Type, Options: f.Options}
	if len(f.Options) == 0 {
		row.Hint = d.hint(f.Type)
	}
	return row
}

// fix puts the form for correcting an answer on the page, if this reader may correct it.
func (d *Desk) fix(v *fileView, field string) {
	f, ok := d.book.Field(field)
	if !ok || !v.Can.Fill || d.layout.hidden(field) || f.Sens == "S3" && !v.Sees {
		return
	}
	row := d.missingRow(f)
	v.Fix = &row
}

func (d *Desk) hint(kind string) string {
	if key := "desk.hint." + kind; d.cat.Has(key) {
		return d.cat.Text("", key, nil)
	}
	return ""
}
