package sqlite

import (
	"context"
	"database/sql"
	"log/slog"
	"sync/atomic"
	"time"
)

// Checkpoints copy the log back into the database. SQLite would do it inside a commit, and that commit would wait
// for two syncs more; so a second connection does it beside the writer. Two bounds keep the log small: after
// checkpointEvery requests, or a second of quiet, the background copies; once the log holds boundFrames pages
// nevertheless (under constant load the copy never catches up), the writer copies the rest between two transactions
// and starts the log anew.
const (
	checkpointEvery = 2000
	checkpointQuiet = time.Second
	boundFrames     = 16 << 10 // pages of 4 KB: 64 MB
)

type checkpointer struct {
	lg      *slog.Logger
	db      *sql.DB // one connection
	limit   int     // pages of log that are too many
	pending atomic.Int64
	erased  atomic.Bool // the log still holds what was erased
	tooLong atomic.Bool
	kick    chan struct{}
	stop    context.CancelFunc
	stopped chan struct{}
}

func newCheckpointer(lg *slog.Logger, db *sql.DB, limit int) *checkpointer {
	ctx, stop := context.WithCancel(context.Background())
	if limit == 0 {
		limit = boundFrames
	}
	c := &checkpointer{lg: lg, db: db, limit: limit, kick: make(chan struct{}, 1), stop: stop, stopped: make(chan struct{})}
	go c.run(ctx)
	return c
}

func (c *checkpointer) run(ctx context.Context) {
	defer close(c.stopped)
	tick := time.NewTicker(checkpointQuiet)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.kick:
		}
		if c.pending.Swap(0) == 0 && !c.erased.Load() {
			continue
		}
		mode := "PASSIVE"
		if c.erased.Swap(false) {
			mode = "TRUNCATE"
		}
		busy, frames, err := checkpoint(ctx, c.db, mode)
		if err != nil && ctx.Err() == nil {
			c.lg.Warn("checkpoint failed", "mode", mode, "err", err)
		}
		if mode == "TRUNCATE" && (busy || err != nil) {
			c.erased.Store(true) // a reader still looks at the old pages: again at the next tick
		}
		if frames > c.limit {
			c.tooLong.Store(true)
		}
	}
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkpoint gives whether somebody was in the way, and how many pages the log holds.
func checkpoint(ctx context.Context, q queryer, mode string) (busy bool, frames int, err error) {
	var copied int
	err = q.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &frames, &copied)
	return busy, frames, plain(err)
}

// wrote is called by the writer between transactions.
func (c *checkpointer) wrote(t *tx, requests int) {
	if c.pending.Add(int64(requests)) >= checkpointEvery {
		c.wake()
	}
	if !c.tooLong.Swap(false) {
		return
	}
	if _, _, err := checkpoint(always, t.conn, "PASSIVE"); err != nil {
		c.lg.Warn("checkpoint failed", "mode", "inline", "err", err)
	}
}

// forget asks for a log without the pages of what was just erased.
func (c *checkpointer) forget() {
	c.erased.Store(true)
	c.wake()
}

func (c *checkpointer) wake() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

func (c *checkpointer) close() {
	c.stop()
	<-c.stopped
}
