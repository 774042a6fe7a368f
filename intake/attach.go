package intake

import (
	"fmt"
	"slices"
)

// attach keeps what came with a message as evidence, without losing the question on the table. The attachments of
// one message, and those of one album however many messages bring them, are one piece of evidence. It reports
// whether they answered the question.
func (t *turn) attach() (answered bool) {
	f := t.index[t.s.Asking]
	if t.s.Stage != Asking {
		f = nil
	}
	var places []Attachment
	var files []Attachment
	for _, a := range t.in.Attachments {
		if a.Kind == "location" {
			places = append(places, a)
			continue
		}
		files = append(files, a)
	}
	t.evidence(files, f)
	switch {
	case f != nil && (f.Type == "file" || f.Type == "file-list"):
		var ids []string
		for _, a := range files {
			ids = append(ids, a.ID)
		}
		t.put(f, Answer{Values: append(slices.Clone(t.s.Answers[f.ID].Values), ids...), Text: t.in.Text, Source: Said})
		t.s.Trail = append(t.s.Trail, f.ID)
		answered = true
	case f != nil && f.Type == "location" && len(places) > 0:
		t.put(f, Answer{Value: point(places[0]), Source: Said})
		t.s.Trail = append(t.s.Trail, f.ID)
		answered = true
	case len(places) > 0:
		t.located(f, places[0])
	}
	if len(files) == 0 {
		t.say("ack", "intake.kept_place")
		return answered
	}
	if files[0].Kind == "voice" && files[0].Transcript != "" && t.in.Text == files[0].Transcript {
		return answered // it was heard, and that has been said
	}
	t.say("ack", "intake.kept", "n", number(len(files)), "total", number(len(t.s.Evidence)))
	return answered
}

// evidence adds attachments, to the album they belong to if it is there already.
func (t *turn) evidence(files []Attachment, f *Field) {
	if len(files) == 0 {
		return
	}
	if group := files[0].Group; group != "" {
		for i, e := range t.s.Evidence {
			if len(e.Items) > 0 && e.Items[0].Group == group {
				e.Items = append(slices.Clone(e.Items), files...)
				t.s.Evidence[i] = e
				return
			}
		}
	}
	e := Evidence{Items: files, From: t.in.From, At: t.in.Now, Note: cut(t.in.Text, 200)}
	if f != nil {
		e.Field = f.ID
	}
	t.s.Evidence = append(t.s.Evidence, e)
}

// point is a position rounded to about a hundred metres: a dispute needs no more, and a person's whereabouts are
// sensitive (个人信息保护法 6, 28).
func point(a Attachment) string { return fmt.Sprintf("%.3f,%.3f", a.Lat, a.Lon) }

// located keeps a position that was shared unasked as the place of the matter, and uses it for a place that is being
// asked: the county of the nearest office, offered as the first choice and not taken without a yes.
func (t *turn) located(f *Field, a Attachment) {
	for _, g := range t.fields {
		if g.Type == "location" && t.visible(g) && t.s.Answers[g.ID].Empty() {
			t.put(g, Answer{Value: point(a), Source: Said})
			break
		}
	}
	if f == nil || f.Type != "region" {
		return
	}
	near, ok := nearest(t.in.Offices, a.Lat, a.Lon)
	if !ok {
		return
	}
	code := near.Region
	for g, ok := t.b.regions.Region(code); ok && g.Level > 3; g, ok = t.b.regions.Region(code) {
		code = g.Parent
	}
	t.s.Narrow = []string{Canonical(code)}
}
