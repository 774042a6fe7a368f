package intake

import (
	"slices"
	"strconv"
	"strings"
)

// hear takes typed words: first those that steer, then those that correct, then an answer.
func (t *turn) hear(text string) {
	w := t.b.words
	if t.s.Pending == "restart" {
		t.restarted(says(w.Yes, text) || says(w.Restart, text))
		return
	}
	switch {
	case says(w.Pause, text):
		t.pause()
		return
	case says(w.Restart, text):
		t.restart()
		return
	case says(w.Back, text):
		t.back()
		return
	case says(w.Why, text):
		t.why()
		return
	case says(w.Repeat, text) || says(w.Resume, text):
		t.again()
		return
	}
	if f := t.lineNumber(text); f != nil {
		t.edit(f)
		return
	}
	switch t.s.Stage {
	case Confirm:
		t.hearConfirm(text)
	case Picking:
		t.hearPick(text)
	case Review:
		t.hearReview(text)
	case Consent, Declined:
		t.hearConsent(text)
	default:
		t.hearAnswer(text)
	}
}

// lineNumber is the field of a numbered line that a reply wants to change: 改3, 第3条不对.
func (t *turn) lineNumber(text string) *Field {
	s := fold(text)
	trimmed := s
	for _, lead := range []string{"修改", "更改", "改", "第"} {
		if rest, ok := strings.CutPrefix(trimmed, lead); ok {
			trimmed = strings.TrimPrefix(strings.TrimSpace(rest), "第")
			break
		}
	}
	if trimmed == s {
		return nil
	}
	for _, tail := range []string{"要改", "不对", "错了", "行", "条", "项"} {
		trimmed = strings.TrimSuffix(trimmed, tail)
	}
	n, err := strconv.Atoi(strings.TrimSpace(trimmed))
	if err != nil || n < 1 || n > len(t.s.Lines) {
		return nil
	}
	return t.index[t.s.Lines[n-1]]
}

// numbersOnPaper are the kinds of field that a person may simply not have.
var numbersOnPaper = []string{"phone", "id-number", "org-code", "plate"}

// hearAnswer takes typed words as an answer to the question on the table, a correction of another, or neither.
func (t *turn) hearAnswer(text string) {
	w := t.b.words
	f := t.index[t.s.Asking]
	if f == nil {
		t.proceed()
		return
	}
	if t.correct(text) {
		return
	}
	_, had := t.s.Answers[f.ID]
	switch {
	case had && says(w.Keep, text):
		t.s.Trail = append(t.s.Trail, f.ID)
		t.proceed()
		return
	case f.Type == "multi" && len(t.s.Picked) > 0 && (says(w.Enough, text) || says(w.No, text)):
		t.press("done:" + f.ID)
		return
	case t.s.More && (says(w.Enough, text) || says(w.Submit, text)):
		t.s.More = false
		t.proceed()
		return
	case (f.Type == "file-list" || f.Type == "file") && (says(w.Enough, text) || says(w.No, text)):
		t.unknown("")
		return
	case (slices.Contains(numbersOnPaper, f.Type) || f.names()) && fold(text) == "没有":
		t.unknown(text)
		return
	case says(w.Submit, text) && !t.isOption(text): // whoever has had enough reads the file back; staff complete it
		t.review()
		return
	}
	if n, err := strconv.Atoi(fold(text)); err == nil && len(t.options(f)) > 0 && n == len(t.options(f))+1 && n <= len(t.s.Offered) {
		t.press(t.s.Offered[n-1])
		return
	}
	if (w.unsure(text) || says(w.Skip, text)) && !t.isOption(text) {
		t.unknown(text)
		return
	}
	h := t.parse(f, text, t.in.Values)
	if h.ask == "" {
		t.accept(f, h)
		return
	}
	if filled := t.fill(text, t.in.Values, Said, false); len(filled) > 0 {
		t.settle()
		t.say("ack", "intake.also", "list", t.named(filled))
		t.again()
		return
	}
	t.bad(f, h)
}
