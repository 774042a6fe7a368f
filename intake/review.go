package intake

import (
	"slices"
	"strconv"
	"strings"
)

// extracted is the fields filled from the story that nobody has confirmed; the account itself is not among them,
// it is in the citizen's own words.
func (t *turn) extracted() []*Field {
	var out []*Field
	for _, f := range t.fields {
		if a, ok := t.s.Answers[f.ID]; ok && a.Source == Extracted && t.visible(f) {
			out = append(out, f)
		}
	}
	return out
}

// confirm shows in one message what was found in the story.
func (t *turn) confirm() {
	found := t.extracted()
	if len(found) == 0 {
		t.s.Confirmed = true
		t.proceed()
		return
	}
	t.s.Stage, t.s.Asking = Confirm, ""
	t.say("confirm", "intake.confirm", "lines", t.numbered(found))
	t.offer(confirmButtons()...)
}

func confirmButtons() []Button {
	return []Button{{ID: "confirm:yes", Key: "intake.yes"}, {ID: "confirm:no", Key: "intake.fix"}}
}

func (t *turn) confirmed(right bool) {
	if !right {
		t.offerPick()
		return
	}
	for _, f := range t.extracted() {
		a := t.s.Answers[f.ID]
		a.Source, a.At = Confirmed, t.in.Now
		t.s.Answers[f.ID] = a
	}
	t.s.Confirmed = true
	t.proceed()
}

func (t *turn) hearConfirm(text string) {
	w := t.b.words
	switch {
	case says(w.Yes, text) || fold(text) == "1":
		t.confirmed(true)
	case says(w.No, text) || says(w.Edit, text) || fold(text) == "2":
		t.offerPick()
	case t.correct(text):
	default:
		if filled := t.fill(text, t.in.Values, Extracted, false); len(filled) > 0 {
			t.settle()
			t.confirm()
			return
		}
		t.say("error", "intake.bad.confirm")
		t.offer(confirmButtons()...)
	}
}

// offerPick asks which answer to change.
func (t *turn) offerPick() {
	if t.s.Stage != Picking {
		t.s.Return = t.s.Stage
	}
	t.pick()
}

func (t *turn) pick() {
	t.s.Stage = Picking
	var fields []*Field
	if t.s.Return == Confirm {
		fields = t.extracted()
	} else {
		for _, f := range t.fields {
			if a, ok := t.s.Answers[f.ID]; ok && f.Askable() && t.visible(f) && a.Source != Default && a.Source != Derived {
				fields = append(fields, f)
			}
		}
	}
	if len(fields) == 0 {
		t.say("error", "intake.nothing_yet")
		t.s.Stage, t.s.Return = t.s.Return, ""
		t.again()
		return
	}
	t.say("question", "intake.pick", "lines", t.numbered(fields))
	var buttons []Button
	for _, f := range fields {
		buttons = append(buttons, Button{ID: "edit:" + f.ID, Label: f.Label})
	}
	t.offer(append(buttons, Button{ID: "nav:back", Key: "intake.keep"})...)
}

func (t *turn) hearPick(text string) {
	if n := atoi(fold(text)); n >= 1 && n <= len(t.s.Offered) {
		t.press(t.s.Offered[n-1])
		return
	}
	if says(t.b.words.Keep, text) || says(t.b.words.Yes, text) || says(t.b.words.Enough, text) {
		t.back()
		return
	}
	if f := t.namedField(text); f != nil {
		t.edit(f)
		return
	}
	stage := t.s.Stage
	t.s.Stage = t.s.Return
	if t.correct(text) {
		return
	}
	t.s.Stage = stage
	t.say("error", "intake.bad.pick")
	t.pick()
}

// review reads the whole file back in one message.
func (t *turn) review() {
	t.settle()
	t.s.Stage, t.s.Asking, t.s.Return = Review, "", ""
	var lines []*Field
	var assumed, open []string
	for _, f := range t.fields {
		a, ok := t.s.Answers[f.ID]
		if !ok || f.From == FromNotice || !t.visible(f) {
			continue
		}
		switch {
		case a.Unknown:
			open = append(open, f.Label)
		case a.Source == Derived && strings.HasPrefix(f.Type, "list"):
			lines = append(lines, f)
		case a.Source == Default || a.Source == Derived:
			if f.Tell && !t.shownElsewhere(f) {
				assumed = append(assumed, f.Label+" "+t.b.show(f, a))
			}
		case f.Type != "file" && f.Type != "file-list":
			lines = append(lines, f)
		}
	}
	t.say("review", "intake.review", "lines", t.numbered(lines))
	if n := len(t.s.Evidence); n > 0 {
		t.say("review", "intake.review_evidence", "n", number(n))
	}
	if len(assumed) > 0 {
		t.say("review", "intake.review_assumed", "list", strings.Join(assumed, "；"))
	}
	if len(open) > 0 {
		t.say("review", "intake.review_open", "list", strings.Join(open, "、"))
	}
	t.say("review", "intake.review_ask")
	t.offer(t.reviewButtons()...)
}

func (t *turn) reviewButtons() []Button {
	buttons := []Button{{ID: "review:ok", Key: "intake.submit"}, {ID: "review:edit", Key: "intake.fix"}}
	if t.moreToSay() {
		buttons = append(buttons, Button{ID: "review:more", Key: "intake.more"})
	}
	return buttons
}

// shownElsewhere reports whether what a derived field says stands in another line already.
func (t *turn) shownElsewhere(f *Field) bool {
	mine := t.b.show(f, t.s.Answers[f.ID])
	if len(f.Options) > 0 {
		return false
	}
	for _, g := range t.fields {
		if a, ok := t.s.Answers[g.ID]; ok && g.ID != f.ID && a.Source != Derived && t.b.show(g, a) == mine {
			return true
		}
	}
	return false
}

// moreToSay reports whether there are questions left that a person may answer though nobody needs them now.
func (t *turn) moreToSay() bool {
	t.s.More = true
	f := t.next()
	t.s.More = false
	return f != nil
}

func (t *turn) reviewed(choice string) {
	switch choice {
	case "ok": // what was refused is asked again: the person came back to it
		t.s.Consents = slices.DeleteFunc(t.s.Consents, func(c ConsentGiven) bool { return !c.Given })
		t.consents()
	case "edit":
		t.offerPick()
	case "more":
		if !t.moreToSay() {
			t.say("ack", "intake.nothing_more")
			t.review()
			return
		}
		t.s.More = true
		t.say("ack", "intake.more_start")
		t.proceed()
	}
}

func (t *turn) hearReview(text string) {
	w := t.b.words
	switch {
	case says(w.Submit, text) || says(w.Yes, text) || says(w.Enough, text) || says(w.Agree, text):
		t.reviewed("ok")
	case says(w.More, text):
		t.reviewed("more")
	case says(w.Edit, text) || says(w.No, text):
		t.offerPick()
	case t.correct(text):
	default:
		if n := atoi(fold(text)); n >= 1 && n <= len(t.s.Offered) {
			t.press(t.s.Offered[n-1])
			return
		}
		if filled := t.fill(text, t.in.Values, Said, false); len(filled) > 0 {
			t.settle()
			t.say("ack", "intake.also", "list", t.named(filled))
			t.review()
			return
		}
		t.say("error", "intake.bad.review")
		t.offer(t.reviewButtons()...) // the file itself was read a moment ago
	}
}

func number(n int) string { return strconv.Itoa(n) }
