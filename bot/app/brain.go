package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
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
	"heshi/retrieval/chromem"
	"heshi/retrieval/embed"
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

	words  *retrieval.Index
	chunks []retrieval.Chunk
}

// Think loads and builds a Brain from what is embedded, searching by words. It takes about two seconds, most of it the
// dictionary and the index; AddMeaning makes the search better and may come later.
func Think(ctx context.Context, log *slog.Logger, cfg Config) (*Brain, error) {
	b := &Brain{}
	var err error
	all, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, fmt.Errorf("the library cannot be read: %w", err)
	}
	if all, err = withShelf(ctx, all, cfg.Data); err != nil {
		return nil, err
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
	chunks := retrieval.FromLibrary(b.Library)
	index, err := retrieval.Build(ctx, analyzer, chunks, b.IndexOptions)
	if err != nil {
		return nil, fmt.Errorf("the index cannot be built: %w", err)
	}
	b.Index = retrieval.NewLive(index)
	b.words, b.chunks = index, chunks
	if b.Classifier, err = retrieval.NewClassifier(analyzer, b.Library); err != nil {
		return nil, err
	}
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
	return b, nil
}

// withShelf puts what the operator imported and published beside the embedded library.
func withShelf(ctx context.Context, lib *caselib.Library, data string) (*caselib.Library, error) {
	if _, err := os.Stat(filepath.Join(data, "library")); errors.Is(err, fs.ErrNotExist) {
		return lib, nil
	}
	shelf, err := caselib.OpenShelf(data)
	if err != nil {
		return nil, fmt.Errorf("the imported library cannot be read: %w", err)
	}
	defer shelf.Close()
	return caselib.Merge(ctx, lib, shelf, Clock())
}

// AddMeaning adds vectors to the index by words, from the built-in embedder, learned from the library itself, in
// chromem-go, and swaps the two-sided index in. It takes some seconds of both cores; answers go on by words meanwhile.
func (b *Brain) AddMeaning(ctx context.Context, log *slog.Logger) error {
	embedder, err := embed.ForLibrary(ctx, b.Analyzer, b.chunks)
	if err != nil {
		return fmt.Errorf("the embedder cannot learn from the library: %w", err)
	}
	both, err := retrieval.NewHybrid(ctx, log, b.words, chromem.New(), embedder, b.chunks, nil)
	if err != nil {
		return fmt.Errorf("the vectors cannot be made: %w", err)
	}
	b.Index.Swap(both)
	return nil
}

// Engine makes the engine of a running service.
func (b *Brain) Engine(log *slog.Logger, cfg Config, records bot.Records, now func() time.Time, newID func() string) *bot.Engine {
	public := map[string]bool{}
	if !cfg.TelegramIntake {
		public["telegram"] = true
	}
	return &bot.Engine{
		Log: log, Say: b.Catalog, Words: b.Words, Gate: b.Gate, Refusals: b.Refusals, Clocks: b.clocks, Taxonomy: b.Library.Taxonomy,
		Types: b.Classifier, Values: b.Extractor, Assistant: b.Assistant,
		Finder: &bot.Finder{Library: b.Library, Index: b.Index}, Book: b.Book, Records: records,
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
