package app

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"heshi/bot"
	"heshi/bot/assist/llm"
	assistrules "heshi/bot/assist/rules"
	"heshi/caselib"
	"heshi/intake"
	"heshi/intake/extract"
	"heshi/intake/rules"
	"heshi/prompts"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Brain is everything that understands and answers, and keeps nothing: library, index, forms, rules, messages.
// The command line's search, understand and eval need no more.
type Brain struct {
	Catalog *prompts.Catalog
	// Library and Classifier are those of the first Edition. While the service runs, newer ones take its place: ask
	// Edition.
	Library    *caselib.Library // published items only
	Classifier *retrieval.Classifier
	// Index searches the edition in use.
	Index    *retrieval.Live
	Analyzer *text.Analyzer
	// IndexOptions are those the first index was built with.
	IndexOptions retrieval.Options
	Gate         *rules.Gate
	Refusals     *rules.Refusals
	Clocks       *rules.Clocks
	Extractor    *extract.Extractor
	Book         *intake.Book
	Words        *bot.Words
	Assistant    bot.Assistant
	// Dictionary says which segmentation dictionary is in use, and NoDictionary why none is: search then works on
	// characters alone.
	Dictionary   text.Dictionary
	NoDictionary error

	life life
}

// Think loads and builds a Brain from what is embedded and what lies on the shelf, searching by words. It takes a second
// or two, most of it the dictionary and the index; AddMeaning makes the search better and may come later. Nothing is
// written to the disk.
func Think(ctx context.Context, log *slog.Logger, cfg Config) (*Brain, error) {
	b := &Brain{}
	var err error
	b.Dictionary, b.NoDictionary = text.FindDictionary(filepath.Join(cfg.Data, "cache"))
	if b.NoDictionary != nil {
		log.Warn("no segmentation dictionary; searching by characters alone", "err", b.NoDictionary)
	}
	if b.Analyzer, err = text.NewAnalyzer(b.Dictionary, nil); err != nil {
		log.Warn("the segmentation dictionary cannot be used; searching by characters alone", "err", err)
	}
	go b.Analyzer.Warm() // the slowest part of the start, beside the rest
	if b.Catalog, err = prompts.Load(prompts.Embedded()); err != nil {
		return nil, err
	}
	if b.Gate, err = rules.LoadGate(rules.Embedded()); err != nil {
		return nil, err
	}
	if b.Refusals, err = rules.LoadRefusals(rules.Embedded()); err != nil {
		return nil, err
	}
	if b.Clocks, err = rules.LoadClocks(rules.Embedded()); err != nil {
		return nil, err
	}
	if b.Book, err = intake.LoadBook(intake.Embedded()); err != nil {
		return nil, err
	}
	if b.Extractor, err = extract.New(b.Book.Regions()); err != nil {
		return nil, err
	}
	if b.Words, err = bot.LoadWords(); err != nil {
		return nil, err
	}
	b.Assistant = assistrules.New(b.Extractor, Clock)
	if cfg.ModelURL != "" {
		b.Assistant, err = llm.New(log, b.Assistant, llm.Config{BaseURL: cfg.ModelURL, Model: cfg.ModelName, Token: string(cfg.ModelToken)})
		if err != nil {
			return nil, fmt.Errorf("%w: model-url: %w", ErrConfig, err)
		}
	}
	embedded, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, fmt.Errorf("the library cannot be read: %w", err)
	}
	retrieval.Learn(b.Analyzer, embedded.Published())
	b.live(cfg, embedded)
	ed, err := b.read(ctx)
	if err != nil {
		return nil, err
	}
	b.use(nil, ed)
	b.Library, b.Classifier, b.IndexOptions = ed.Library, ed.Classifier, options(ed.Library)
	return b, nil
}

// Engine makes the engine of a running service.
func (b *Brain) Engine(log *slog.Logger, cfg Config, records bot.Records, now func() time.Time, newID func() string) *bot.Engine {
	public := map[string]bool{}
	if !cfg.TelegramIntake {
		public["telegram"] = true
	}
	current := func() (*bot.Finder, bot.Typer) {
		ed := b.Edition()
		return ed.Finder(), ed.Classifier
	}
	finder, types := current()
	return &bot.Engine{
		Current: current,
		Log:     log, Say: b.Catalog, Words: b.Words, Gate: b.Gate, Refusals: b.Refusals, Clocks: b.clocks, Taxonomy: b.Edition().Library.Taxonomy,
		Types: types, Values: b.Extractor, Assistant: b.Assistant,
		Finder: finder, Book: b.Book, Records: records,
		Now: now, NewID: newID, PublicOnly: public,
	}
}

// clocks counts periods of law and words them for a citizen.
func (b *Brain) clocks(ids []string, facts map[string]string, now time.Time) []bot.Clock {
	var out []bot.Clock
	for _, c := range b.Clocks.For(ids, facts, now) {
		out = append(out, bot.Clock{ID: c.ID, Name: c.Name, Due: c.Last, Level: c.Level, Phrase: c.Phrase, Src: c.Src})
	}
	return out
}
