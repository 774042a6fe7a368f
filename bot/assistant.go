package bot

import (
	"context"
	"time"

	"heshi/intake"
)

// Assistant helps with words: it may read values out of a story and reword a grounded answer.
// It has no tools, never sends, and what it returns is checked before it is used.
type Assistant interface {
	// Name and version, for provenance ("rules", "llm:model").
	Name() string
	// Extract reads values for the fields asked for. The rules always run; a model may only add.
	Extract(ctx context.Context, r ExtractRequest) (Extraction, error)
	// Reword says a draft again in plainer words. Every sentence keeps its sources or is dropped by the checker.
	Reword(ctx context.Context, d Draft) (Draft, error)
}

// ExtractRequest is one text to read. Text is masked (no phones, ids, plates) before it reaches a model.
type ExtractRequest struct {
	Text   string
	Lang   string
	Fields []FieldSpec
	// Now is the day of the turn, for "last October"; zero leaves it to the assistant's own clock.
	Now time.Time
}

// FieldSpec tells an assistant what a field wants.
type FieldSpec struct {
	ID, Label, Type string
	Options         []string
}

// Extraction is what was read, and by whom.
type Extraction struct {
	Values     []intake.Value
	Fields     map[string]string // field id -> value, only for fields asked for
	Provenance string
	Fallback   string // why a model's work was not used: "", timeout, status, malformed, cut, unsupported
}

// Draft is the wording of an answer before it leaves.
type Draft struct {
	Lang       string
	Sentences  []Sentence
	Provenance string
	Fallback   string
}

// Sentence is one sentence with the ids of what it stands on: statute keys ("LDMA:27"), case ids, clock ids, or
// "ui" for words that state no law.
type Sentence struct {
	Text    string   `json:"text"`
	Sources []string `json:"sources"`
}
