package intake

import (
	"slices"
	"strings"
)

// ask puts a field on the table.
func (t *turn) ask(f *Field) {
	t.s.Stage, t.s.Asking, t.s.Tries, t.s.Picked, t.s.Narrow = Asking, f.ID, 0, nil, nil
	t.notices()
	t.s.Narrow = t.around(f)
	if !slices.Contains(t.s.Asked, f.ID) {
		t.s.Asked = append(t.s.Asked, f.ID)
	}
	t.question(f)
}

// around is the counties to choose from when the account names a league or city and no county: who said 呼和浩特 is
// asked which part of it.
func (t *turn) around(f *Field) []string {
	if f.Type != "region" || f.Level == "town" {
		return nil
	}
	for _, g := range t.fields {
		if !g.tale() {
			continue
		}
		code, doubt := t.b.regions.Narrowest(t.s.Answers[g.ID].Text)
		if r, ok := t.b.regions.Region(code); ok && r.Level == 2 && len(doubt) == 0 {
			if codes := t.b.regions.children(r.Code, 3); len(codes) <= 20 {
				return codes
			}
		}
	}
	return nil
}

// notices says what must be said before the next question: the notices with a place in the order of asking. The
// others are read with the consents.
func (t *turn) notices() {
	for _, f := range t.fields {
		if f.Type == "notice" && f.Need > 0 && t.visible(f) && !slices.Contains(t.s.Noticed, f.ID) {
			t.s.Noticed = append(t.s.Noticed, f.ID)
			t.says = append(t.says, Say{Text: f.Q, Kind: "notice"})
		}
	}
}

// question says the question of a field in the reader's language, with its choices.
func (t *turn) question(f *Field) {
	text := f.Q
	if mn := f.QMn.In(t.s.Lang); mn != "" {
		text = mn + "\n" + text
	}
	t.says = append(t.says, Say{Text: text, Kind: "question"})
	t.offer(t.choices(f)...)
}

// choices is the buttons of a question: its options, then what to press for not knowing. An option that says so
// itself needs no second one.
func (t *turn) choices(f *Field) []Button {
	var out []Button
	unsure := false
	for _, o := range t.options(f) {
		unsure = unsure || t.b.words.unsure(o.Label) || o.ID == "unsure"
		out = append(out, Button{ID: "opt:" + f.ID + ":" + o.ID, Label: o.Label, LabelMn: o.Mn.In(t.s.Lang)})
	}
	if len(t.s.Picked) > 0 {
		return append(out, Button{ID: "done:" + f.ID, Key: "intake.picked_done"})
	}
	if !unsure {
		key := "intake.unknown"
		if f.Type == "file-list" || f.Type == "file" {
			key = "intake.no_files"
		}
		out = append(out, Button{ID: "unknown:" + f.ID, Key: key})
	}
	return out
}

// options is the choices of a field: its own that are not picked yet, the main dispute types, or the places a vague answer left open.
func (t *turn) options(f *Field) []Option {
	switch {
	case f.Type == "taxonomy":
		var out []Option
		for _, code := range sortedKeys(t.b.types) {
			if !strings.Contains(code, "-") && strings.HasPrefix(code, "D") {
				out = append(out, Option{ID: code, Label: t.b.types[code].Name})
			}
		}
		return out
	case f.Type == "region":
		var out []Option
		for _, code := range t.s.Narrow {
			if g, ok := t.b.regions.Region(code); ok {
				out = append(out, Option{ID: code, Label: g.Name})
			}
		}
		return out
	}
	return slices.DeleteFunc(slices.Clone(f.Options), func(o Option) bool { return slices.Contains(t.s.Picked, o.ID) })
}

// again repeats what is on the table without counting it as a new question.
func (t *turn) again() {
	switch t.s.Stage {
	case Asking:
		if f := t.index[t.s.Asking]; f != nil && t.visible(f) {
			t.question(f)
			return
		}
		t.proceed()
	case Confirm:
		t.confirm()
	case Picking:
		t.pick()
	case Review:
		t.review()
	case Consent:
		t.consents()
	case Declined:
		t.say("consent", "intake.declined")
		t.offer(Button{ID: "consent:reopen", Key: "intake.reopen"}, Button{ID: "nav:back", Key: "intake.back"})
	case Submitted:
		t.say("done", "intake.already")
		t.offer()
	}
}

// proceed goes to what comes next: back to the message an edit left, the next question, or the read-back.
func (t *turn) proceed() {
	t.settle()
	back := t.s.Return
	t.s.Return, t.s.Pending = "", ""
	if back == Confirm && !t.s.Confirmed {
		t.confirm()
		return
	}
	if f := t.next(); f != nil {
		t.ask(f)
		return
	}
	t.s.More = false
	t.review()
}

// edit asks a field again, showing what it holds now.
func (t *turn) edit(f *Field) {
	switch t.s.Stage {
	case Asking:
	case Picking: // keeps the stage the picking came from
	default:
		t.s.Return = t.s.Stage
	}
	if a, ok := t.s.Answers[f.ID]; ok && !a.Empty() {
		t.say("ack", "intake.now_is", "label", f.Label, "value", t.b.show(f, a))
	}
	t.s.Stage, t.s.Asking, t.s.Tries, t.s.Picked, t.s.Narrow = Asking, f.ID, 0, nil, nil
	t.question(f)
}

// back asks the question answered last, once more.
func (t *turn) back() {
	switch t.s.Stage {
	case Confirm:
		t.say("error", "intake.first")
		t.again()
		return
	case Consent, Declined:
		t.review()
		return
	case Picking:
		t.s.Stage = t.s.Return
		if t.s.Stage == Asking || t.s.Stage == "" {
			t.proceed()
			return
		}
		t.again()
		return
	case Asking:
		if t.s.Return == Confirm || t.s.Return == Review {
			t.proceed()
			return
		}
	}
	for n := len(t.s.Trail); n > 0; n = len(t.s.Trail) {
		f := t.index[t.s.Trail[n-1]]
		t.s.Trail = t.s.Trail[:n-1]
		if f != nil && t.visible(f) && f.ID != t.s.Asking {
			t.s.Stage = Asking
			t.edit(f)
			return
		}
	}
	t.say("error", "intake.first")
	t.again()
}

// why tells in plain words what a question is for, and asks it again.
func (t *turn) why() {
	f := t.index[t.s.Asking]
	if t.s.Stage != Asking || f == nil {
		t.say("ack", "intake.why_stage")
		t.again()
		return
	}
	t.say("ack", "intake.why", "why", f.Why)
	t.again()
}
