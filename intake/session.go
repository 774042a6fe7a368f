package intake

import "time"

// Stage is how far a session is.
type Stage string

// The stages, in order. Declined is where a session waits whose citizen refused a consent that submitting needs;
// it goes on when they agree after all.
const (
	Asking    Stage = "ask"     // questions, one per turn
	Confirm   Stage = "confirm" // "I noted: … right?" about what was found in the story
	Picking   Stage = "pick"    // which answer to change
	Review    Stage = "review"  // the whole file, read back
	Consent   Stage = "consent"
	Submitted Stage = "submitted"
	Declined  Stage = "declined"
)

// Source says who an answer is from.
type Source string

// The sources. A default or derived answer is recomputed whenever something it rests on changes and gives way to
// any other; the rest stay until somebody changes them.
const (
	Said      Source = "said"
	Extracted Source = "extracted" // found in the story, not yet confirmed
	Confirmed Source = "confirmed" // found in the story, confirmed
	Default   Source = "default"
	Derived   Source = "derived" // follows from other answers
	Channel   Source = "channel"
	Staff     Source = "staff"
	Notice    Source = "notice" // shown and agreed to with the consents
)

// Answer is the value of one field: Value canonical (fen for money, an option id for a choice, ISO for a date, a
// code for a region), Values for several choices, Text as it was said. Unknown: asked, and the person does not
// know or does not want to say; staff complete it.
type Answer struct {
	Value   string    `json:"value,omitempty"`
	Values  []string  `json:"values,omitempty"`
	Text    string    `json:"text,omitempty"`
	Unknown bool      `json:"unknown,omitempty"`
	Source  Source    `json:"source"`
	At      time.Time `json:"at"`
}

// Empty reports whether the answer holds no value.
func (a Answer) Empty() bool { return a.Value == "" && len(a.Values) == 0 }

// Evidence is one piece of evidence: the attachments of one album together, who sent them and when.
type Evidence struct {
	Items []Attachment `json:"items"`
	Field string       `json:"field,omitempty"` // the question it answered, if it did
	Note  string       `json:"note,omitempty"`
	From  string       `json:"from,omitempty"`
	At    time.Time    `json:"at"`
}

// ConsentGiven is one consent, given or refused. Key and Version name the text that was shown, Office the receiver
// of a transfer (个人信息保护法 14, 23, 29).
type ConsentGiven struct {
	Kind    string    `json:"kind"` // basic sensitive transfer check promise guardian
	Given   bool      `json:"given"`
	Key     string    `json:"key"`
	Version int       `json:"version"`
	Office  string    `json:"office,omitempty"`
	Lang    string    `json:"lang,omitempty"`
	At      time.Time `json:"at"`
	// Shown is the SHA-256 of the text that was shown, in hexadecimal: whoever speaks it writes it down.
	Shown string `json:"shown,omitempty"`
}

// Session is one citizen filling one form. Plain data: it round-trips through JSON between any two steps.
type Session struct {
	Form     string            `json:"form"` // flow: Mediation or LegalAid
	Version  int               `json:"version"`
	Versions map[string]int    `json:"versions,omitempty"` // of every form in use
	Modules  []string          `json:"modules,omitempty"`
	Types    []string          `json:"types,omitempty"`
	Lang     string            `json:"lang,omitempty"`
	Answers  map[string]Answer `json:"answers"`
	Stage    Stage             `json:"stage"`
	Asking   string            `json:"asking,omitempty"`  // field id of the question on the table
	Asked    []string          `json:"asked,omitempty"`   // distinct fields asked, in order
	Trail    []string          `json:"trail,omitempty"`   // answered questions, for going back
	Tries    int               `json:"tries,omitempty"`   // bad answers to Asking so far
	Picked   []string          `json:"picked,omitempty"`  // of a multiple choice being made with buttons
	Narrow   []string          `json:"narrow,omitempty"`  // codes of places a vague answer to Asking left open
	Offered  []string          `json:"offered,omitempty"` // ids of the buttons last shown
	Lines    []string          `json:"lines,omitempty"`   // fields of the numbered lines last shown
	Return   Stage             `json:"return,omitempty"`
	More     bool              `json:"more,omitempty"`    // the citizen chose to answer the optional questions too
	Pending  string            `json:"pending,omitempty"` // a yes/no about the session itself: restart
	Noticed  []string          `json:"noticed,omitempty"` // notices said before the questions of their form
	History  []Change          `json:"history,omitempty"`
	Evidence []Evidence        `json:"evidence,omitempty"`
	Consents []ConsentGiven    `json:"consents,omitempty"`
	Flags    []string          `json:"flags,omitempty"`
	Office   string            `json:"office,omitempty"`
	Started  time.Time         `json:"started"`
	PausedAt time.Time         `json:"paused_at,omitzero"`
	// Confirmed: what was found in the opening story has been confirmed.
	Confirmed bool `json:"confirmed,omitempty"`
}

// Paused reports whether the person put the session aside.
func (s Session) Paused() bool { return !s.PausedAt.IsZero() }
