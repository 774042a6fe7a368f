package bot

import (
	"fmt"
	"strings"

	"heshi/intake"
)

// Grounding says how an answer stands. NoMatch and Unavailable are never confused: the first means that nothing in
// the library fits, the second that nobody could look.
type Grounding string

// The three groundings.
const (
	Grounded    Grounding = "GROUNDED"
	NoMatch     Grounding = "NO_MATCH"
	Unavailable Grounding = "UNAVAILABLE"
)

// MaxCases is how many similar cases one answer shows.
const MaxCases = 3

// Answer is a grounded answer as data: what was found and why. Its wording is made from it, never the other way round.
type Answer struct {
	State      Grounding      `json:"state"`
	Types      []TypeName     `json:"types,omitempty"`
	Outside    string         `json:"outside,omitempty"` // topic that is no dispute handled here: O-IP
	Values     []intake.Value `json:"values,omitempty"`
	Cases      []CaseHit      `json:"cases,omitempty"`
	Articles   []Article      `json:"articles,omitempty"`
	Clocks     []Clock        `json:"clocks,omitempty"`
	Sentences  []Sentence     `json:"sentences,omitempty"`
	Provenance string         `json:"provenance,omitempty"`
	Fallback   string         `json:"fallback,omitempty"`
}

// TypeName is a dispute type with its name.
type TypeName struct {
	Code  string  `json:"code"`
	Name  string  `json:"name"`
	Score float64 `json:"score"`
}

// CaseHit is one similar case and why it is shown.
type CaseHit struct {
	ID           string   `json:"id"`
	Title        string   `json:"title"`
	Summary      string   `json:"summary"`
	Mongolian    string   `json:"mongolian,omitempty"`
	Outcome      string   `json:"outcome"`
	Words        []string `json:"words,omitempty"`
	Facts        []string `json:"facts,omitempty"`
	Illustrative bool     `json:"illustrative,omitempty"`
	Year         int      `json:"year,omitempty"`
	Score        float64  `json:"score"`
	Articles     []string `json:"articles,omitempty"`
}

// Article is one statute article with its version date.
type Article struct {
	Key    string `json:"key"`
	Cite   string `json:"cite"`
	Digest string `json:"digest"`
	// Why says which words of the question, or which case, brought it here.
	Why   []string `json:"why,omitempty"`
	Score float64  `json:"score"`
}

// Clock is a period of law as shown to a citizen.
type Clock struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Due    string   `json:"due,omitempty"`
	Level  string   `json:"level,omitempty"`
	Phrase string   `json:"phrase"`
	Src    []string `json:"src,omitempty"`
}

// CheckSources removes every sentence that states something without a source the answer really holds, and names what
// it removed. Whoever wrote the sentence, template or model, it passes here before it leaves.
func CheckSources(a Answer) (kept []Sentence, removed []Sentence) {
	known := map[string]bool{"ui": true}
	for _, c := range a.Cases {
		known[c.ID] = true
	}
	for _, s := range a.Articles {
		known[s.Key] = true
	}
	for _, c := range a.Clocks {
		known[c.ID] = true
	}
	for _, s := range a.Sentences {
		ok := len(s.Sources) > 0
		for _, id := range s.Sources {
			ok = ok && known[id]
		}
		if ok && !promises(s.Text) && !(len(s.Sources) == 1 && s.Sources[0] == "ui" && statesLaw(s.Text)) {
			kept = append(kept, s)
		} else {
			removed = append(removed, s)
		}
	}
	return kept, removed
}

// promises finds words that promise an outcome, which nobody here may do (triage.md B2).
func promises(s string) bool {
	for _, w := range []string{"一定能赢", "肯定能赢", "一定能要回", "肯定能要回", "保证要回", "包赢", "稳赢", "一定会判", "肯定判"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// statesLaw finds a citation in a sentence that claims to be mere interface wording.
func statesLaw(s string) bool {
	return strings.Contains(s, "》第") || (strings.Contains(s, "第") && strings.Contains(s, "条") && strings.Contains(s, "法"))
}

// String names the answer for a log: state and counts, no words of the citizen.
func (a Answer) String() string {
	return fmt.Sprintf("%s cases=%d articles=%d clocks=%d", a.State, len(a.Cases), len(a.Articles), len(a.Clocks))
}
