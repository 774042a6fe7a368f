package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"heshi/bot"
)

// tx is the open transaction of the writer, with its prepared statements. It lives as long as the writer and is
// used by nobody else.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	fast  bool // synchronous=NORMAL is set
}

// always is the context of everything inside the writer: a request that has begun is not interrupted, and the
// driver starts no goroutine per statement for a context that cannot end.
var always = context.Background()

// stmt gives the prepared form of query. Every query is a constant of this package, so the map is bounded.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.stmts[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(always, query)
	if err != nil {
		return nil, plain(err)
	}
	t.stmts[query] = s
	return s, nil
}

// exec runs query and gives the number of rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	r, err := t.result(query, args)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// insert runs query and gives the row number it made.
func (t *tx) insert(query string, args ...any) (int64, error) {
	r, err := t.result(query, args)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

func (t *tx) result(query string, args []any) (sql.Result, error) {
	s, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(always, args...)
	if err != nil {
		return nil, plain(err)
	}
	return r, nil
}

// get reads one row into dest; bot.ErrNotFound when there is none.
func (t *tx) get(query string, args []any, dest ...any) error {
	s, err := t.stmt(query)
	if err != nil {
		return err
	}
	return plain(s.QueryRowContext(always, args...).Scan(dest...))
}

// each calls row for every row; row scans.
func (t *tx) each(query string, args []any, row func(scan) error) error {
	s, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(always, args...)
	return walk(rows, err, row)
}

// simple runs a statement without arguments: BEGIN, SAVEPOINT, COMMIT.
func (t *tx) simple(query string) error {
	_, err := t.exec(query)
	return err
}

// level sets how the next transaction commits: with a sync, or without one. The pragma acts while it is being
// compiled, so it must not come from the cache.
func (t *tx) level(fast bool) error {
	if fast == t.fast {
		return nil
	}
	pragma := "PRAGMA synchronous = FULL"
	if fast {
		pragma = "PRAGMA synchronous = NORMAL"
	}
	if _, err := t.conn.ExecContext(always, pragma); err != nil {
		return plain(err)
	}
	t.fast = fast
	return nil
}

func (t *tx) close() {
	for _, s := range t.stmts {
		_ = s.Close()
	}
}

// scan is Rows.Scan.
type scan func(dest ...any) error

func walk(rows *sql.Rows, err error, row func(scan) error) error {
	if err != nil {
		return plain(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return plain(err)
		}
	}
	return plain(rows.Err())
}

// Error is what SQLite said, as numbers: its texts may quote what was being written.
type Error struct {
	Code, Extended int
	Errno          int // of the operating system, 0 when it had none
}

func (e *Error) Error() string {
	what := "sqlite error"
	switch sqlite3.ErrNo(e.Code) {
	case sqlite3.ErrFull:
		what = "the disk is full"
	case sqlite3.ErrIoErr:
		what = "the disk failed"
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		what = "the database file is damaged"
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		what = "the database is busy"
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen:
		what = "the database file cannot be opened for this"
	case sqlite3.ErrConstraint:
		what = "a rule of the schema was broken"
	}
	return fmt.Sprintf("%s (sqlite %d/%d, errno %d)", what, e.Code, e.Extended, e.Errno)
}

// plain turns an error of the driver into one of ours. Errors that are ours pass.
func plain(err error) error {
	var lite sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return bot.ErrNotFound
	case errors.As(err, &lite):
		return &Error{Code: int(lite.Code), Extended: int(lite.ExtendedCode), Errno: int(lite.SystemErrno)}
	}
	return err
}

// duplicate reports whether err says that a unique value is already there.
func duplicate(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Extended == int(sqlite3.ErrConstraintUnique) || e.Extended == int(sqlite3.ErrConstraintPrimaryKey))
}
