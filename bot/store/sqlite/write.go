package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
)

// defaultGroup is the most requests that share one transaction: large enough that a sync is shared by everybody
// who waits, small enough that nobody waits long.
const defaultGroup = 256

// ErrClosed is what a store answers after Close.
var ErrClosed = errors.New("the store is closed")

// change is one request to the writer. Whoever sets taken decides: the writer, to work on it, or the caller whose
// context ended, to leave the queue. Once the writer has it, the caller waits for the outcome: a change is never
// reported as cancelled and written nevertheless.
type change struct {
	do    func(*tx) error
	light bool // must survive this process, not a power cut
	taken atomic.Bool
	err   error
	done  chan struct{}
}

// writer owns the only connection that writes. It gives each batch one transaction and each request a savepoint,
// so that a request that fails undoes itself and nothing else.
type writer struct {
	lg      *slog.Logger
	tx      *tx
	queue   chan *change
	group   int
	closing chan struct{}
	stopped chan struct{}
	wal     *checkpointer
	batch   []*change
}

func newWriter(lg *slog.Logger, conn *sql.Conn, group int, wal *checkpointer) *writer {
	if group <= 0 {
		group = defaultGroup
	}
	w := &writer{
		lg: lg, tx: &tx{conn: conn, stmts: map[string]*sql.Stmt{}}, queue: make(chan *change, group), group: group,
		closing: make(chan struct{}), stopped: make(chan struct{}), wal: wal,
	}
	go w.run()
	return w
}

// write hands do to the writer and waits until it is committed or undone.
func (w *writer) write(ctx context.Context, do func(*tx) error) error {
	return w.submit(ctx, &change{do: do, done: make(chan struct{})})
}

// writeLight is write for what may be forgotten in a power cut.
func (w *writer) writeLight(ctx context.Context, do func(*tx) error) error {
	return w.submit(ctx, &change{do: do, light: true, done: make(chan struct{})})
}

func (w *writer) submit(ctx context.Context, c *change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-w.closing:
		return ErrClosed
	default:
	}
	select {
	case w.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closing:
		return ErrClosed
	}
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		if c.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
	case <-w.stopped:
	}
	select {
	case <-c.done:
		return c.err
	case <-w.stopped: // queued after the last batch
		select {
		case <-c.done:
			return c.err
		default:
			return ErrClosed
		}
	}
}

func (w *writer) run() {
	defer close(w.stopped)
	defer w.tx.close()
	for {
		select {
		case c := <-w.queue:
			for c != nil {
				c = w.serve(c)
			}
		case <-w.closing:
			for {
				select {
				case c := <-w.queue:
					for c != nil {
						c = w.serve(c)
					}
				default:
					return
				}
			}
		}
	}
}

// serve runs one transaction: c and whatever else is waiting by the time it has been worked on. It gives the request
// that must open the next one, if it met such a request: the level of syncing can only change between transactions,
// so a transaction of leases ends where something else begins.
func (w *writer) serve(c *change) (carry *change) {
	w.batch = w.batch[:0]
	light := c.light
	err := w.tx.level(light)
	if err == nil {
		err = w.tx.simple("BEGIN IMMEDIATE")
	}
	for n := 0; c != nil; c = w.next() {
		if light && !c.light {
			carry = c
			break
		}
		if c.taken.CompareAndSwap(false, true) {
			w.batch = append(w.batch, c)
			if err == nil {
				err = w.one(c)
			}
		}
		if n++; n >= w.group {
			break
		}
	}
	if err == nil && len(w.batch) > 0 {
		err = w.tx.simple("COMMIT")
	}
	if err != nil {
		w.lg.Error("write failed", "requests", len(w.batch), "err", err)
	}
	if err != nil || len(w.batch) == 0 {
		// SQLite has undone the transaction itself after most errors; then this one fails and means nothing.
		_ = w.tx.simple("ROLLBACK")
	}
	for _, c := range w.batch {
		if err != nil {
			c.err = err
		}
		close(c.done)
	}
	w.wal.wrote(w.tx, len(w.batch))
	return carry
}

// next gives a waiting request. Before it says there is none it lets the other goroutines run once: after a commit
// they are on their way with the next request, and should find this transaction open.
func (w *writer) next() *change {
	select {
	case c := <-w.queue:
		return c
	default:
	}
	runtime.Gosched()
	select {
	case c := <-w.queue:
		return c
	default:
		return nil
	}
}

// one runs a request in its savepoint. The error it returns is not the request's: it ends the whole batch.
func (w *writer) one(c *change) error {
	if err := w.tx.simple("SAVEPOINT request"); err != nil {
		return err
	}
	if c.err = c.do(w.tx); c.err != nil {
		if err := w.tx.simple("ROLLBACK TO request"); err != nil {
			return fmt.Errorf("%w, after: %w", err, c.err)
		}
	}
	return w.tx.simple("RELEASE request")
}

func (w *writer) close() {
	close(w.closing)
	<-w.stopped
}
