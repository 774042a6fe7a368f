package app

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// pace says how often the shelf is looked at, and how many times as long as a change took nothing is looked at after
// it: a million rows that come in one after the other shall not cost a core.
type pace struct {
	look time.Duration
	rest time.Duration
}

// steady is the pace of a service.
var steady = pace{look: 2 * time.Second, rest: 3}

// How many looks a shelf that is being written to is waited for, and how long after a failure it is tried again.
const (
	lookSettle   = 2
	lookAgain    = 30 * time.Second
	serverAgain  = time.Minute
	serverAtMost = 10 * time.Minute
)

// Follow keeps what is searched up to date until ctx ends: it adds meaning to the edition read at the start, leaves the
// index in the cache for the next start, and when the shelf changes, by whatever process, reads the library anew, builds
// beside the old and puts the new in its place. Nobody who searches waits or fails meanwhile.
func (b *Brain) Follow(ctx context.Context, log *slog.Logger) { b.follow(ctx, log, steady) }

func (b *Brain) follow(ctx context.Context, log *slog.Logger, p pace) {
	b.Progress(true, logged(log))
	server := &upgrade{brain: b, log: log}
	defer server.stop()
	first := b.Edition()
	b.publish(ctx, log, first, first)
	server.begin(ctx, b.Edition())
	tick := time.NewTicker(p.look)
	defer tick.Stop()
	var last string // the state at the last look
	settle, rest := 0, time.Time{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		state, err := b.state()
		if err == nil && (state == b.life.seen || time.Now().Before(rest)) {
			continue
		}
		if err == nil && state != last && settle < lookSettle { // an import is running: let it get on
			last = state
			settle++
			continue
		}
		settle = 0
		began := time.Now()
		var next *Edition
		was := b.Edition()
		if err == nil {
			next, err = b.read(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("the library cannot be read anew; answers go on from the one before", "err", err)
			rest = time.Now().Add(lookAgain)
			continue
		case next.hash != was.hash:
			server.stop()
			was = b.Edition() // the server's vectors may have come meanwhile
			b.publish(ctx, log, was, next)
			server.begin(ctx, b.Edition())
			log.Info("the library changed", "cases", len(next.Library.Cases), "articles", len(next.Library.Statutes), "took", time.Since(began).Round(time.Millisecond))
		}
		rest = time.Now().Add(p.rest * time.Since(began))
	}
}

// publish puts next in the place of was, with the meaning the built-in embedder sees, and saves its index.
func (b *Brain) publish(ctx context.Context, log *slog.Logger, was, next *Edition) {
	ed, err := b.builtIn(ctx, log, next)
	if err != nil {
		if ctx.Err() != nil {
			return
		}
		log.Warn("searching by words alone", "err", err)
		ed = next
	}
	b.use(was, ed)
	if err := b.Save(); err != nil {
		log.Warn("the index cannot be kept for the next start", "err", err)
	}
}

// upgrade brings the vectors of the configured server to the edition in use, in the background and as often as it takes.
type upgrade struct {
	brain *Brain
	log   *slog.Logger
	end   context.CancelFunc
	wg    sync.WaitGroup
}

// begin works on an edition. stop ends that.
func (u *upgrade) begin(ctx context.Context, ed *Edition) {
	if u.brain.life.cfg.EmbedURL == "" {
		return
	}
	ctx, u.end = context.WithCancel(ctx)
	u.wg.Go(func() {
		for wait := serverAgain; ; wait = min(2*wait, serverAtMost) {
			best, err := u.brain.served(ctx, u.log, ed)
			if ctx.Err() != nil {
				return
			}
			if err == nil {
				u.brain.use(ed, best)
				u.log.Info("searching with the embeddings server", "model", u.brain.life.cfg.EmbedModel)
				return
			}
			u.log.Warn(spareAnswers, "err", err, "trying again in", wait)
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
		}
	})
}

func (u *upgrade) stop() {
	if u.end != nil {
		u.end()
		u.wg.Wait()
	}
}

// logged tells of long work in a log, a line every few seconds.
func logged(log *slog.Logger) func(what string, done, total int) {
	var mu sync.Mutex
	var next time.Time
	return func(what string, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); done < total && now.After(next) {
			if !next.IsZero() {
				log.Info("working on "+what, "done", done, "of", total)
			}
			next = now.Add(5 * time.Second)
		}
	}
}
