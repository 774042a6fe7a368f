package bot

import (
	"strings"

	"heshi/intake"
)

// A person in the middle of one matter may bring up another. It is neither taken as the answer to the question on
// the table nor lost: the person is asked which of the two to go on with. What was said waits in Awaiting, behind
// the name of the question.
const (
	awaitSwitch = "switch:" // + the words that seem to tell of another matter
	awaitBegin  = "begin:"  // + the form wanted while another matter of the same form is unfinished
)

// shortestMatter is how many runes a message needs to be thought of as telling another matter: a name or a place
// classifies as anything.
const shortestMatter = 9

// asksSwitch asks whether to put the running form aside, when an answer clearly tells of another kind of matter.
func (t *turn) asksSwitch(types []string) bool {
	s := t.conv.Session
	if s.Stage != intake.Asking || len([]rune(t.text)) < shortestMatter || !t.otherThan(s.Types, types) {
		return false
	}
	if f, ok := t.Book.Field(s.Asking); ok && !t.Words.told("asks", t.text) && (f.Type == "taxonomy" || f.Type == "list-text" || f.Tells()) {
		return false // the question on the table asks for a story
	}
	if !t.Words.told("asks", t.text) && !t.Words.told("tells", t.text) {
		return false
	}
	t.conv.Awaiting = awaitSwitch + t.text
	t.say("question", "switch.ask", map[string]string{"new": t.Taxonomy.Name(types[0]), "old": t.Taxonomy.Name(s.Types[0])},
		[]intake.Button{button("go:switch", "button.switch"), button("go:stay", "button.resume")})
	return true
}

// otherThan reports that both kinds of matter are known and share no first-level type.
func (t *turn) otherThan(have, now []string) bool {
	return len(have) > 0 && len(now) > 0 && !related(now[:1], have[:1])
}

// askBegin asks which of two matters the form is meant for.
func (t *turn) askBegin(form string) {
	t.conv.Awaiting = awaitBegin + form
	s := t.conv.Session
	t.say("question", "switch.begun", map[string]string{"new": t.Taxonomy.Name(t.conv.Types[0]), "old": t.Taxonomy.Name(s.Types[0])},
		[]intake.Button{button("go:resume", "button.resume"), button("go:begin", "button.begin")})
}

// switched takes the answer to either question. Anything that is no answer goes on as if nothing had been asked.
func (t *turn) switched(what string) (bool, error) {
	words, isSwitch := strings.CutPrefix(what, awaitSwitch)
	form, isBegin := strings.CutPrefix(what, awaitBegin)
	if !isSwitch && !isBegin {
		return false, nil
	}
	t.conv.Awaiting = ""
	choice := t.msg.Button
	if n := utterance(t.text); choice == "" && len(t.conv.Offered) == 2 && (n == "1" || n == "2") {
		choice = t.conv.Offered[n[0]-'1']
	}
	yes, no := t.yesNo()
	switch {
	case isSwitch && (choice == "go:switch" || yes):
		t.putAside()
		t.conv.Story, t.conv.Types = nil, nil
		t.text = words
		return true, t.answer()
	case isSwitch && (choice == "go:stay" || no || t.command() == "resume"):
		t.say("notice", "switch.back", nil, nil)
		return true, t.askAgain()
	case isBegin && choice == "go:begin":
		t.conv.Session, t.conv.Paused = nil, false
		return true, t.start(form)
	case isBegin && (choice == "go:resume" || no):
		return t.resume()
	}
	return false, nil
}
