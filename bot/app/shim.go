package app

import (
	"context"
	"time"

	"heshi/bot"
	"heshi/intake"
)

type shimReader struct{}

func (shimReader) Values(string, time.Time) []intake.Value { return nil }

type shimAssist struct{}

func (shimAssist) Name() string { return "shim" }
func (shimAssist) Extract(context.Context, bot.ExtractRequest) (bot.Extraction, error) {
	return bot.Extraction{}, nil
}
func (shimAssist) Reword(_ context.Context, d bot.Draft) (bot.Draft, error) { return d, nil }
