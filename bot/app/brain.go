package app

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"heshi/bot"
	"heshi/caselib"
	"heshi/intake"
	"heshi/intake/rules"
	"heshi/prompts"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Brain is everything that understands and answers, and keeps nothing: library, index, forms, rules, messages.
// The command line's search, understand and eval need no more.
type Brain struct {
	Catalog  *prompts.Catalog
	Library  *caselib.Library // published items only
	Analyzer *text.Analyzer
	// IndexOptions are those the index was built with.
	IndexOptions retrieval.Options
	Index        *retrieval.Live
	Classifier   *retrieval.Classifier
	Gate         *rules.Gate
	Extractor    shimReader
	Book         *intake.Book
	Words        *bot.Words
	Assistant    bot.Assistant
	// Dictionary says which segmentation dictionary is in use, and NoDictionary why none is: search then works on
	// characters alone.
	Dictionary   text.Dictionary
	NoDictionary error
}

// Think loads and builds a Brain from what is embedded. It takes about two seconds, most of it the dictionary.
func Think(ctx context.Context, log *slog.Logger, cfg Config) (*Brain, error) {
	b := &Brain{}
	var err error
	all, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, fmt.Errorf("the library cannot be read: %w", err)
	}
	b.Library = all.Published()
	b.Dictionary, b.NoDictionary = text.FindDictionary(filepath.Join(cfg.Data, "cache"))
	if b.NoDictionary != nil {
		log.Warn("no segmentation dictionary; searching by characters alone", "err", b.NoDictionary)
	}
	analyzer, err := text.NewAnalyzer(b.Dictionary, nil)
	if err != nil {
		log.Warn("the segmentation dictionary cannot be used; searching by characters alone", "err", err)
	}
	retrieval.Learn(analyzer, b.Library)
	b.Analyzer = analyzer
	b.IndexOptions = retrieval.Options{Params: retrieval.Defaults(), Tables: retrieval.Tables(b.Library)}
	index, err := retrieval.Build(ctx, analyzer, retrieval.FromLibrary(b.Library), b.IndexOptions)
	if err != nil {
		return nil, fmt.Errorf("the index cannot be built: %w", err)
	}
	b.Index = retrieval.NewLive(index)
	b.Classifier = retrieval.NewClassifier(analyzer, b.Library)
	if b.Catalog, err = prompts.Load(prompts.Embedded()); err != nil {
		return nil, err
	}
	if b.Gate, err = rules.LoadGate(rules.Embedded()); err != nil {
		return nil, err
	}
	if b.Book, err = intake.LoadBook(intake.Embedded()); err != nil {
		return nil, err
	}
	if b.Words, err = bot.LoadWords(); err != nil {
		return nil, err
	}
	b.Assistant = shimAssist{}
	return b, nil
}

// Engine makes the engine of a running service.
func (b *Brain) Engine(log *slog.Logger, cfg Config, records bot.Records, now func() time.Time, newID func() string) *bot.Engine {
	public := map[string]bool{}
	if !cfg.TelegramIntake {
		public["telegram"] = true
	}
	return &bot.Engine{
		Log: log, Say: b.Catalog, Words: b.Words, Gate: b.Gate, Clocks: func([]string, map[string]string, time.Time) []bot.Clock { return nil }, Taxonomy: b.Library.Taxonomy,
		Types: b.Classifier, Values: b.Extractor, Assistant: b.Assistant,
		Finder: &bot.Finder{Library: b.Library, Index: b.Index}, Book: b.Book, Records: records,
		Now: now, NewID: newID, PublicOnly: public,
	}
}
