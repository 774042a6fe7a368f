package assisttest

import (
	"context"
	"slices"
	"time"

	"heshi/bot"
)

// Plain is the least there can be of an assistant: it reads with Reader and rewords nothing. Assistants that wrap
// another are tested over it.
type Plain struct{}

var _ bot.Assistant = Plain{}

// Name implements bot.Assistant.
func (Plain) Name() string { return "plain" }

// Extract implements bot.Assistant.
func (p Plain) Extract(ctx context.Context, r bot.ExtractRequest) (bot.Extraction, error) {
	if err := ctx.Err(); err != nil {
		return bot.Extraction{}, err
	}
	return bot.Extraction{Values: Reader{}.Values(r.Text, time.Time{}), Fields: map[string]string{}, Provenance: p.Name()}, nil
}

// Reword implements bot.Assistant.
func (p Plain) Reword(ctx context.Context, d bot.Draft) (bot.Draft, error) {
	return bot.Draft{Lang: d.Lang, Sentences: slices.Clone(d.Sentences), Provenance: p.Name()}, ctx.Err()
}
