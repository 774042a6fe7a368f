// Package rules is the assistant that needs no model: it reads values with the extractors of intake and leaves every
// wording as it is. It owns no data and keeps nothing between calls.
//
// It fills no field by itself: which amount is the wage and which the fine is decided by the cues of the forms, where
// the value lands in a field only next to the words that say so.
package rules

import (
	"context"
	"slices"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// Reader finds values in free text; intake/extract has it.
type Reader interface {
	Values(text string, now time.Time) []intake.Value
}

// Assistant implements bot.Assistant. It is safe for concurrent use when its reader is.
type Assistant struct {
	read Reader
	now  func() time.Time
}

var _ bot.Assistant = (*Assistant)(nil)

// Provenance is the name of this assistant, and what it writes as the origin of its work.
const Provenance = "rules"

// New makes the assistant of a reader. now says what today is, for dates such as "last October".
func New(read Reader, now func() time.Time) *Assistant {
	return &Assistant{read, now}
}

// Name implements bot.Assistant.
func (*Assistant) Name() string { return Provenance }

// Extract implements bot.Assistant.
func (a *Assistant) Extract(ctx context.Context, r bot.ExtractRequest) (bot.Extraction, error) {
	if err := ctx.Err(); err != nil {
		return bot.Extraction{}, err
	}
	now := r.Now
	if now.IsZero() {
		now = a.now()
	}
	return bot.Extraction{Values: a.read.Values(r.Text, now), Fields: map[string]string{}, Provenance: Provenance}, nil
}

// Reword implements bot.Assistant: the draft, unchanged.
func (*Assistant) Reword(ctx context.Context, d bot.Draft) (bot.Draft, error) {
	if err := ctx.Err(); err != nil {
		return bot.Draft{}, err
	}
	out := bot.Draft{Lang: d.Lang, Provenance: Provenance}
	for _, s := range d.Sentences {
		out.Sentences = append(out.Sentences, bot.Sentence{Text: s.Text, Sources: slices.Clone(s.Sources)})
	}
	return out, nil
}
