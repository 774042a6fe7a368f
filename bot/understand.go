package bot

import (
	"context"
	"time"

	"heshi/intake"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Understanding is what one line of text says, as `heshi understand -json` prints it.
type Understanding struct {
	Text    string                `json:"text"`
	Lang    string                `json:"lang"`
	Scripts []text.Script         `json:"scripts"`
	Urgent  []UrgentCode          `json:"urgent"`
	Types   []retrieval.TypeScore `json:"types"`
	Values  []intake.Value        `json:"values"`
}

// UrgentCode is an alarm as printed.
type UrgentCode struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
}

// Understand reads one text without any conversation.
func (e *Engine) Understand(_ context.Context, s string, now time.Time) Understanding {
	s = text.Clean(s)
	u := Understanding{Text: s, Lang: text.Lang(s), Scripts: text.Scripts(s), Types: e.Types.Types(s), Values: e.Values.Values(s, now), Urgent: []UrgentCode{}}
	for _, a := range e.Gate.Check(s) {
		u.Urgent = append(u.Urgent, UrgentCode{a.Code, a.Level})
	}
	if u.Scripts == nil {
		u.Scripts = []text.Script{}
	}
	if u.Types == nil {
		u.Types = []retrieval.TypeScore{}
	}
	if u.Values == nil {
		u.Values = []intake.Value{}
	}
	return u
}
