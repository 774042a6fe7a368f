package bot

import (
	"context"
	"time"

	"heshi/intake"
	"heshi/retrieval/text"
)

// Understanding is what one line of text says, as `heshi understand -json` prints it.
type Understanding struct {
	Text    string         `json:"text"`
	Lang    string         `json:"lang"`
	Scripts []text.Script  `json:"scripts"`
	Urgent  []UrgentCode   `json:"urgent"`
	Types   []ScoredType   `json:"types"`
	Values  []intake.Value `json:"values"`
}

// ScoredType is a dispute type as printed: a subtype first, then the type it belongs to.
type ScoredType struct {
	Code  string  `json:"code"`
	Score float64 `json:"score"`
}

// UrgentCode is an alarm as printed.
type UrgentCode struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
}

// Understand reads one text without any conversation.
func (e *Engine) Understand(_ context.Context, s string, now time.Time) Understanding {
	e = e.present()
	s = text.Clean(s)
	u := Understanding{Text: s, Lang: text.Lang(s), Scripts: text.Scripts(s), Types: []ScoredType{}, Values: []intake.Value{}, Urgent: []UrgentCode{}}
	for _, a := range e.Gate.Check(s) {
		u.Urgent = append(u.Urgent, UrgentCode{a.Code, a.Level})
	}
	if u.Scripts == nil {
		u.Scripts = []text.Script{}
	}
	for _, t := range e.Types.Types(s) {
		u.Types = append(u.Types, ScoredType{t.Code, t.Score})
	}
	for _, v := range e.Values.Values(s, now) {
		u.Values = append(u.Values, intake.Value{Kind: v.Kind, Text: v.Text, Value: v.Value})
	}
	return u
}
