package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"heshi/bot"
)

const (
	fileName = "heshi.db"
	lockName = "heshi.lock"
	readers  = 4
)

// ErrReadOnly is what a store opened for reading answers to a change.
var ErrReadOnly = errors.New("the store is open for reading only")

// Options are the choices of whoever opens a folder; the zero value is right for a server.
type Options struct {
	// Group is the most requests that share a transaction; 0 means 256, 1 means that nothing is shared.
	Group int
	// Sealer seals documents. Without one they are readable in the file. A folder that was sealed once opens only
	// with the same key; a folder that was not is sealed from now on, document by document as they are written.
	Sealer Sealer
	// ReadOnly opens beside a running process, for inspection. Every change answers ErrReadOnly.
	ReadOnly bool

	logLimit int // pages of log after which the writer helps to copy; 0 means boundFrames
}

// Store implements bot.Store in a folder. It is safe for concurrent use.
type Store struct {
	lg     *slog.Logger
	dir    string
	lock   *os.File
	read   *reader
	main   *sql.DB // the writer's connection
	side   *sql.DB // the checkpointer's
	conn   *sql.Conn
	w      *writer
	wal    *checkpointer
	sealer Sealer
	once   sync.Once
	closed error
}

var _ bot.Store = (*Store)(nil)

// Open opens the data folder, making it when it is new, and brings its schema up to date. It fails with ErrInUse
// while another process has it open, and with ErrNewer when a later version of this program has written it.
// Call Recover before work starts, and Close at the end.
func Open(ctx context.Context, lg *slog.Logger, dir string, o Options) (*Store, error) {
	s := &Store{lg: lg, dir: dir, sealer: o.Sealer}
	var err error
	if o.ReadOnly {
		err = s.openReading(ctx)
	} else {
		err = s.openWriting(ctx, o)
	}
	if err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("opening the data folder %s: %w", dir, err)
	}
	return s, nil
}

func (s *Store) openWriting(ctx context.Context, o Options) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(s.dir, 0o700); err != nil {
		return err
	}
	var err error
	if s.lock, err = hold(filepath.Join(s.dir, lockName)); err != nil {
		return err
	}
	// SQLite gives the log and the shared memory the permissions of the database, so the database is made first.
	file := filepath.Join(s.dir, fileName)
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Close(), syncFolder(s.dir), syncFolder(filepath.Dir(s.dir))); err != nil {
		return err
	}
	if s.main, err = connect(file, 1, "_journal_mode=WAL", "_synchronous=FULL", "_foreign_keys=on", "_txlock=immediate",
		"_busy_timeout=5000", "_secure_delete=on", "_cache_size=-32000"); err != nil {
		return err
	}
	if err := migrate(ctx, s.main); err != nil {
		return err
	}
	if s.side, err = connect(file, 1, "_journal_mode=WAL", "_synchronous=FULL", "_busy_timeout=200"); err != nil {
		return err
	}
	if s.read, err = openReader(file, "mode=ro", "_query_only=on", "_busy_timeout=5000"); err != nil {
		return err
	}
	if s.conn, err = s.main.Conn(ctx); err != nil {
		return plain(err)
	}
	for _, pragma := range []string{
		"PRAGMA wal_autocheckpoint = 0",        // checkpoint.go
		"PRAGMA journal_size_limit = 67108864", // what the log keeps of the disk after a burst
		"PRAGMA temp_store = MEMORY",           // what savepoints put aside
	} {
		if _, err := s.conn.ExecContext(ctx, pragma); err != nil {
			return plain(err)
		}
	}
	s.wal = newCheckpointer(s.lg, s.side, o.logLimit)
	s.w = newWriter(s.lg, s.conn, o.Group, s.wal)
	return s.checkKey(ctx)
}

func (s *Store) openReading(ctx context.Context) error {
	file := filepath.Join(s.dir, fileName)
	if _, err := os.Stat(file); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no %s in it: %w", fileName, bot.ErrNotFound)
		}
		return err
	}
	var err error
	if s.read, err = openReader(file, "mode=ro", "_query_only=on", "_busy_timeout=5000"); err != nil {
		return err
	}
	if err := current(ctx, s.read.db); err != nil {
		return err
	}
	return s.checkKey(ctx)
}

// connect opens a pool of n connections that each run the same pragmas: they are in the DSN because a pragma that
// is executed once reaches one connection of a pool only.
func connect(file string, n int, params ...string) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: file}).EscapedPath()
	for i, p := range params {
		dsn += string("?&"[min(i, 1)]) + p
	}
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, plain(err)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	if s.w == nil {
		return ErrReadOnly
	}
	return s.w.write(ctx, do)
}

// Close finishes the requests that wait, then closes the folder. A second call gives the same answer.
func (s *Store) Close() error {
	s.once.Do(func() {
		var errs []error
		if s.w != nil {
			s.w.close()
		}
		if s.wal != nil {
			s.wal.close()
		}
		if s.read != nil {
			errs = append(errs, s.read.close())
		}
		if s.side != nil {
			errs = append(errs, plain(s.side.Close()))
		}
		if s.conn != nil {
			errs = append(errs, plain(s.conn.Close()))
		}
		if s.main != nil {
			errs = append(errs, plain(s.main.Close())) // the last connection folds the log into the database
		}
		if s.lock != nil {
			errs = append(errs, s.lock.Close())
		}
		s.closed = errors.Join(errs...)
	})
	return s.closed
}
