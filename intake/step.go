package intake

import (
	"slices"
	"strings"
	"time"
)

// Start opens a session for a form: Mediation, LegalAid, or the kind of matter they make. types are dispute types,
// best first. in carries the opening story, if there is one, with what extraction found in it: it becomes the
// account of the facts, fills what it can, and what it filled is confirmed in one message.
func (b *Book) Start(form string, types []string, in Input) Outcome {
	s := Session{Form: flowCode(form), Stage: Asking, Started: in.Now, Lang: in.Lang, Answers: map[string]Answer{}, Versions: map[string]int{}}
	s.Version = b.latest[s.Form]
	flow := b.flows[s.Form]
	for _, code := range append(slices.Clone(flow.Forms), sortedKeys(flow.Borrow)...) {
		s.Versions[code] = b.latest[code]
	}
	for _, code := range types {
		if _, ok := b.types[code]; ok {
			s.Types = append(s.Types, code)
		}
	}
	t := b.turn(s, in)
	t.say("ack", "intake.hello", "form", flow.Name)
	t.profile()
	if len(t.s.Types) > 0 {
		if f := t.index["d_type"]; f != nil {
			t.put(f, Answer{Value: t.s.Types[0], Source: Extracted})
		}
	}
	t.settle()
	if b.words.story(in.Text) {
		t.opening(in.Text)
		t.fill(in.Text, in.Values, Extracted, true)
	}
	if len(in.Attachments) > 0 {
		t.attach()
	}
	t.settle()
	if len(t.extracted()) > 0 {
		t.confirm()
	} else {
		t.s.Confirmed = true
		t.proceed()
	}
	return t.outcome()
}

// Step takes one message and gives the session as it is afterwards and what to say. It changes nothing else, and
// the session given stays as it was.
func (b *Book) Step(s Session, in Input) Outcome {
	t := b.turn(s, in)
	if b.flows[s.Form] == nil || s.Stage == Submitted {
		t.say("done", "intake.already")
		t.offer()
		return t.outcome()
	}
	t.settle()
	text := strings.TrimSpace(in.Text)
	if text == "" && in.Button == "" {
		text = transcript(in.Attachments)
		if text != "" {
			t.say("ack", "intake.heard", "text", text)
			t.in.Text = text
		}
	}
	if t.s.Paused() {
		t.resume()
		if text == "" && in.Button == "" || says(b.words.Resume, text) || in.Button == "nav:resume" {
			t.again()
			return t.outcome()
		}
	}
	answered := len(in.Attachments) > 0 && t.attach()
	switch {
	case in.Button != "":
		t.press(in.Button)
	case answered: // the files were the answer; what was written with them is kept as their note
		t.proceed()
	case text != "":
		t.hear(text)
	default:
		t.again()
	}
	if len(t.alarms) > 0 {
		t.s.PausedAt, t.paused = in.Now, true
	}
	return t.outcome()
}

// profile takes what the channel knows.
func (t *turn) profile() {
	for _, f := range t.fields {
		known := t.in.Profile[f.Profile]
		if f.Profile == "" || f.Profile == "lang" || known == "" {
			continue
		}
		if h := t.parse(f, known, nil); h.ask == "" {
			h.answer.Source = Channel
			t.put(f, h.answer)
		}
	}
}

// opening stores the story as the account of the facts.
func (t *turn) opening(text string) {
	for _, f := range t.fields {
		if f.tale() {
			t.put(f, Answer{Value: cut(text, 2000), Text: text, Source: Said})
		}
	}
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func transcript(all []Attachment) string {
	for _, a := range all {
		if s := strings.TrimSpace(a.Transcript); s != "" {
			return s
		}
	}
	return ""
}

// press takes a button. One that is not on the table now changes nothing.
func (t *turn) press(id string) {
	verb, rest, _ := strings.Cut(id, ":")
	switch {
	case id == "nav:back":
		t.back()
		return
	case id == "nav:pause":
		t.pause()
		return
	case id == "nav:why":
		t.why()
		return
	case id == "nav:restart":
		t.restart()
		return
	case verb == "edit":
		if f := t.index[rest]; f != nil && f.Askable() && t.visible(f) {
			t.edit(f)
			return
		}
	}
	if !slices.Contains(t.s.Offered, id) {
		t.say("error", "intake.stale")
		t.again()
		return
	}
	switch verb {
	case "opt":
		field, option, _ := strings.Cut(rest, ":")
		if f := t.index[field]; f != nil {
			t.chosen(f, option)
		}
	case "done":
		if f := t.index[rest]; f != nil {
			t.accept(f, heard{answer: Answer{Values: f.exclusive(t.s.Picked), Source: Said}})
		}
	case "unknown":
		t.unknown("")
	case "confirm":
		t.confirmed(rest == "yes")
	case "review":
		t.reviewed(rest)
	case "consent":
		t.consented(rest)
	case "restart":
		t.restarted(rest == "yes")
	}
}

// chosen takes the button of an option; of a multiple choice it gathers until the person is done.
func (t *turn) chosen(f *Field, option string) {
	if f.Type != "multi" {
		t.accept(f, heard{answer: Answer{Value: option, Source: Said}})
		return
	}
	if o, ok := f.Option(option); ok && o.None {
		t.accept(f, heard{answer: Answer{Values: []string{option}, Source: Said}})
		return
	}
	t.s.Picked = appendNew(t.s.Picked, option)
	if len(t.options(f)) == 0 {
		t.accept(f, heard{answer: Answer{Values: t.s.Picked, Source: Said}})
		return
	}
	t.say("ack", "intake.picked", "value", t.b.show(f, Answer{Values: t.s.Picked}))
	t.offer(t.choices(f)...)
}

// bad says what is wanted; after the second time it also says how to leave the question open.
func (t *turn) bad(f *Field, h heard) {
	if len(t.s.Narrow) == 0 { // a place that only needs to be told from others is no bad answer
		t.s.Tries++
	}
	t.say("error", h.ask, append(h.args, "label", f.Label)...)
	if t.s.Tries >= 2 && len(t.s.Narrow) == 0 {
		t.say("error", "intake.may_skip")
	}
	t.question(f)
}

// accept stores the answer to the question on the table, with what it gave beside, and goes on.
func (t *turn) accept(f *Field, h heard) {
	t.put(f, h.answer)
	t.s.Picked, t.s.Narrow, t.s.Tries = nil, nil, 0
	t.s.Trail = append(slices.DeleteFunc(t.s.Trail, func(id string) bool { return id == f.ID }), f.ID)
	also := t.fillBeside(f, h, Said)
	t.settle()
	if f.tale() {
		t.retell(h.answer.Text)
	} else if h.answer.Text != "" {
		also = append(also, t.fill(h.answer.Text, without(t.in.Values, h.used), Said, false)...)
		t.settle()
	}
	changed := len(t.changes) > 0 && t.changes[0].Old != ""
	if shown := t.b.show(f, t.s.Answers[f.ID]); f.normalised() && shown != h.answer.Text && !changed {
		t.say("ack", "intake.noted", "label", f.Label, "value", shown)
	}
	if len(also) > 0 {
		t.say("ack", "intake.also", "list", t.named(also))
	}
	if changed {
		t.sayChanges()
	}
	said := len(t.says)
	t.proceed()
	if len(t.alarms) > 0 {
		t.says = t.says[:said] // first things first: the question waits for the person to come back
	}
}

// tale reports whether a field is the account of what happened.
func (f *Field) tale() bool { return f.Story != nil && f.Story.Kind == "text" }

// retell takes what an account gives that was told as the first answer, for one confirmation as at the start.
func (t *turn) retell(text string) {
	if f := t.index["d_type"]; f != nil && t.s.Answers["d_type"].Empty() {
		for _, code := range t.in.Types {
			if _, ok := t.b.types[code]; ok {
				t.put(f, Answer{Value: code, Source: Extracted})
				t.settle()
				break
			}
		}
	}
	t.fill(text, t.in.Values, Extracted, true)
	t.settle()
	if len(t.extracted()) > 0 {
		t.s.Confirmed, t.s.Return = false, Confirm
	}
}

// normalised reports whether what is stored may read unlike what was typed.
func (f *Field) normalised() bool {
	switch f.Type {
	case "money", "date", "datetime", "region", "number", "choice", "multi", "taxonomy":
		return true
	}
	return false
}

// unknown leaves the question on the table to staff.
func (t *turn) unknown(text string) {
	f := t.index[t.s.Asking]
	if f == nil {
		t.proceed()
		return
	}
	t.put(f, Answer{Unknown: true, Text: text, Source: Said})
	t.s.Trail = append(slices.DeleteFunc(t.s.Trail, func(id string) bool { return id == f.ID }), f.ID)
	t.say("ack", "intake.left_open")
	t.proceed()
}

func (t *turn) pause() {
	t.s.PausedAt, t.paused = t.in.Now, true
	t.say("ack", "intake.paused")
	t.says[len(t.says)-1].Buttons = []Button{{ID: "nav:resume", Key: "intake.resume"}}
}

// resume says where things stand, after a break.
func (t *turn) resume() {
	t.s.PausedAt = time.Time{}
	var given []*Field
	for _, f := range t.fields {
		if a, ok := t.s.Answers[f.ID]; ok && a.Source != Default && a.Source != Derived && !a.Unknown && !f.Sensitive() && t.visible(f) {
			given = append(given, f)
		}
	}
	if len(given) == 0 {
		t.say("recap", "intake.resumed_empty")
		return
	}
	t.say("recap", "intake.resumed", "list", t.named(given))
}

func (t *turn) restart() {
	t.s.Pending = "restart"
	t.say("question", "intake.restart_sure")
	t.offer(Button{ID: "restart:yes", Key: "intake.restart"}, Button{ID: "restart:no", Key: "intake.go_on"})
}

// restarted begins again with empty answers; evidence and history stay.
func (t *turn) restarted(sure bool) {
	t.s.Pending = ""
	if !sure {
		t.again()
		return
	}
	for _, f := range t.fields {
		if a, ok := t.s.Answers[f.ID]; ok && a.Source != Default && a.Source != Derived && !a.Empty() {
			t.record(f, a, Answer{Source: Said})
		}
	}
	t.s.Answers, t.s.Asked, t.s.Trail, t.s.Consents, t.s.Flags, t.s.Types = map[string]Answer{}, nil, nil, nil, nil, nil
	t.s.Stage, t.s.Return, t.s.More, t.s.Confirmed = Asking, "", false, true
	t.settleModules()
	t.profile()
	t.say("ack", "intake.restarted")
	t.proceed()
}
