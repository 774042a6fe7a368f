package bot

import (
	"time"

	"heshi/intake"
)

// Mode is who is answering.
type Mode string

// The three modes of a conversation, as printed by `heshi chat -json`.
const (
	ModeAsk    Mode = "ask"    // questions and answers
	ModeIntake Mode = "intake" // a form is being filled
	ModeHuman  Mode = "human"  // a person works the matter; the bot only carries words, and guards safety
)

// Conversation is everything remembered about one address between turns. It is one JSON document,
// written with compare-and-swap on Version.
type Conversation struct {
	Address Address `json:"address"`
	Version int64   `json:"version"`
	// Lang is zh-Hans, mn-Cyrl or mn-Mong: what we answer in. LangChosen is false while it is only detected.
	Lang       string `json:"lang"`
	LangChosen bool   `json:"lang_chosen,omitempty"`
	Mode       Mode   `json:"mode"`
	Greeted    bool   `json:"greeted,omitempty"`
	// Session is the running form, kept while paused.
	Session *intake.Session `json:"session,omitempty"`
	Paused  bool            `json:"paused,omitempty"`
	// Matter is the id of the live file, MatterNo its receipt number.
	Matter   string `json:"matter,omitempty"`
	MatterNo string `json:"matter_no,omitempty"`
	// Urgent lists the alarm codes raised and not yet cleared; SafetyHold stops anything that could reach the other side.
	Urgent     []string `json:"urgent,omitempty"`
	SafetyHold bool     `json:"safety_hold,omitempty"`
	// Story is what the person told us so far in ask mode, newest last: the opening of an intake is read from it.
	Story       []Told              `json:"story,omitempty"`
	Types       []string            `json:"types,omitempty"`
	Attachments []intake.Attachment `json:"attachments,omitempty"`
	// Awaiting is a yes/no question of ours about the conversation itself ("delete", "withdraw"); empty otherwise.
	Awaiting string `json:"awaiting,omitempty"`
	// Offered is the ids of the buttons under the last reply, so that typing a number presses one.
	Offered []string `json:"offered,omitempty"`
	// Album is the last album we said thank you for, so that ten photos get one thank-you.
	Album    string    `json:"album,omitempty"`
	LastSeen time.Time `json:"last_seen"`
	// RemindAt is when one, and only one, reminder of an unfinished intake is due.
	RemindAt time.Time `json:"remind_at"`
	Reminded bool      `json:"reminded,omitempty"`
}

// Told is one thing the person said while asking.
type Told struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// NewConversation is a conversation nobody has spoken in yet.
func NewConversation(a Address) Conversation {
	return Conversation{Address: a, Mode: ModeAsk}
}

// Trace is what a conversation leaves behind when nobody comes back to it. It decides how long that is kept.
type Trace string

// The traces.
const (
	TraceQuestions Trace = "questions" // nothing but questions and answers
	TraceDraft     Trace = "draft"     // an application that was begun and not submitted
	TraceUrgent    Trace = "urgent"    // an alarm that nobody cleared
	TraceFile      Trace = "file"      // a file: kept as long as the file is, whatever else there is
)

// Trace tells what c would leave behind, of several the one that is kept longest.
func (c Conversation) Trace() Trace {
	switch {
	case c.Matter != "":
		return TraceFile
	case len(c.Urgent) > 0 || c.SafetyHold:
		return TraceUrgent
	case c.Session != nil:
		return TraceDraft
	}
	return TraceQuestions
}

// State is the stable summary that `heshi chat -json` prints.
type State struct {
	Mode   Mode     `json:"mode"`
	Form   string   `json:"form"`
	Field  string   `json:"field"`
	Matter string   `json:"matter"`
	Urgent []string `json:"urgent"`
}

// State gives the summary of c.
func (c Conversation) State() State {
	s := State{Mode: c.Mode, Matter: c.MatterNo, Urgent: append([]string{}, c.Urgent...)}
	if c.Session != nil && c.Mode == ModeIntake {
		s.Form, s.Field = c.Session.Form, c.Session.Asking
	}
	return s
}
