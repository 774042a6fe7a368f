package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"heshi/bot"
	"heshi/caselib"
	"heshi/retrieval"
	"heshi/retrieval/chromem"
	"heshi/retrieval/embed"
)

// Edition is the published library at one moment with all that was made from it. It never changes: when the shelf does,
// or when a better index is ready, another edition takes its place, and whoever is reading this one reads on.
type Edition struct {
	Library    *caselib.Library
	Classifier *retrieval.Classifier
	Index      retrieval.Searcher

	// Meaning is the id of the embedder whose vectors Index uses; "" when it searches by words alone.
	Meaning string

	hash   string // of Library
	words  *retrieval.Index
	made   retrieval.Made // where its parts came from
	chunks []retrieval.Chunk
}

// Finder looks things up in this edition.
func (e *Edition) Finder() *bot.Finder { return &bot.Finder{Library: e.Library, Index: e.Index} }

// with is the edition with another index over the same library.
func (e *Edition) with(index retrieval.Searcher, meaning string) *Edition {
	next := *e
	next.Index, next.Meaning = index, meaning
	return &next
}

// life is what a Brain needs to make editions.
type life struct {
	cfg      Config
	embedded *caselib.Library
	follower *caselib.Follower
	cache    *retrieval.Cache
	current  atomic.Pointer[Edition]
	seen     string // the state of the shelf, and the day, that was read last
	// keeps says that this process may leave its work in the cache folder.
	keeps bool
	// progress, when set, hears of long work.
	progress func(what string, done, total int)
}

// live prepares the making of editions from the embedded library and the shelf of a data folder.
func (b *Brain) live(cfg Config, embedded *caselib.Library) {
	b.Index = &retrieval.Live{}
	b.life.cfg, b.life.embedded = cfg, embedded
	b.life.follower = caselib.Follow(cfg.Data)
	b.life.cache = retrieval.NewCache(filepath.Join(cfg.Data, "cache", "index"), b.program())
}

// program stands for everything outside the library that an index depends on.
func (b *Brain) program() string {
	self := ""
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			self = fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return strings.Join([]string{self, b.Dictionary.Source, b.Dictionary.Dir}, "\x00")
}

// Edition is the edition in use.
func (b *Brain) Edition() *Edition { return b.life.current.Load() }

// use puts next in the place of was, if that is still the one in use.
func (b *Brain) use(was, next *Edition) bool {
	if !b.life.current.CompareAndSwap(was, next) {
		return false
	}
	b.Index.Swap(next.Index)
	return true
}

// state names what an edition is made from: the files of the shelf, and the day, because laws come into force.
func (b *Brain) state() (string, error) {
	mark, err := b.life.follower.Mark()
	return mark + Clock().Format(time.DateOnly), err
}

// read makes an edition, searching by words, of the library as it is now. When that is what the edition in use has, it
// gives that one.
func (b *Brain) read(ctx context.Context) (*Edition, error) {
	state, err := b.state()
	if err != nil {
		return nil, fmt.Errorf("the imported library cannot be read: %w", err)
	}
	all, err := b.life.follower.Merge(ctx, b.life.embedded, Clock())
	if err != nil {
		return nil, fmt.Errorf("the imported library cannot be read: %w", err)
	}
	ed := &Edition{Library: all.Published()}
	ed.hash = ed.Library.Hash()
	if now := b.Edition(); now != nil && now.hash == ed.hash {
		b.life.seen = state
		return now, nil
	}
	b.withdraw(ed.Library)
	ed.chunks = retrieval.FromLibrary(ed.Library)
	if ed.words, ed.made, err = b.life.cache.Build(ctx, b.Analyzer, ed.chunks, options(ed.Library)); err != nil {
		return nil, fmt.Errorf("the index cannot be built: %w", err)
	}
	ed.Index = ed.words
	if now := b.Edition(); now != nil { // a shelf holds cases and laws: types and terms stay
		ed.Classifier = now.Classifier
	} else if ed.Classifier, err = retrieval.NewClassifier(b.Analyzer, ed.Library); err != nil {
		return nil, err
	}
	b.life.seen = state
	return ed, nil
}

// withdraw takes out of the edition in use, at once, what a newer library does not have: building takes seconds, and what
// was withdrawn shall not be shown for seconds.
func (b *Brain) withdraw(newer *caselib.Library) {
	now := b.Edition()
	if now == nil {
		return
	}
	gone := map[string]bool{}
	for _, c := range now.Library.Cases {
		if _, ok := newer.Case(c.ID); !ok {
			gone[c.ID] = true
		}
	}
	for _, s := range now.Library.Statutes {
		if _, ok := newer.Statute(s.ID); !ok {
			gone[s.ID] = true
		}
	}
	if len(gone) == 0 {
		return
	}
	less := now.with(retrieval.Without{From: now.Index, Gone: gone}, now.Meaning)
	less.Library, less.hash = newer, ""
	b.use(now, less)
}

// options are those of an index over a library.
func options(lib *caselib.Library) retrieval.Options {
	return retrieval.Options{Params: retrieval.Defaults(), Tables: retrieval.Tables(lib)}
}

// builtIn is an edition searched by words and by the built-in embedder.
func (b *Brain) builtIn(ctx context.Context, log *slog.Logger, ed *Edition) (*Edition, error) {
	e, err := embed.Shipped(b.Analyzer)
	if err != nil {
		return nil, fmt.Errorf("the built-in embedder cannot be read: %w", err)
	}
	both, err := retrieval.NewHybrid(ctx, log, ed.words, chromem.New(), e, ed.chunks, b.tell("vectors"))
	if err != nil {
		return nil, fmt.Errorf("the vectors cannot be made: %w", err)
	}
	return ed.with(retrieval.NewDistinct(both, ed.chunks), e.ID()), nil
}

// tell gives the progress of one piece of work.
func (b *Brain) tell(what string) func(done, total int) {
	if b.life.progress == nil {
		return nil
	}
	return func(done, total int) { b.life.progress(what, done, total) }
}

// AddMeaning adds vectors to the edition in use: from the configured embeddings server, with the built-in embedder as
// its spare, or from the built-in embedder alone. It takes some seconds of both cores, or as long as the server needs
// for what is not in the cache yet; answers go on by words meanwhile. A server that fails is a warning, not an error.
func (b *Brain) AddMeaning(ctx context.Context, log *slog.Logger) error {
	words := b.Edition()
	spare, err := b.builtIn(ctx, log, words)
	if err != nil {
		return err
	}
	b.use(words, spare)
	if b.life.cfg.EmbedURL == "" {
		return nil
	}
	best, err := b.served(ctx, log, spare)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		log.Warn(spareAnswers, "err", err)
		return nil
	}
	b.use(spare, best)
	return nil
}

const spareAnswers = "the embeddings server cannot be used; the built-in embedder answers in its place"

// Progress sets who hears of long work, and whether it may be kept in the cache folder.
func (b *Brain) Progress(keep bool, tell func(what string, done, total int)) {
	b.life.keeps, b.life.progress = keep, tell
}

// Save leaves the index of the edition in use in the cache folder.
func (b *Brain) Save() error {
	if !b.life.keeps {
		return errors.New("this process may not write to the cache")
	}
	return b.life.cache.Save()
}
