package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// reader is the pool that only reads. In WAL mode a reader never waits for the writer, and sees every transaction
// that was committed before it began.
type reader struct {
	db    *sql.DB
	mu    sync.Mutex
	stmts map[string]*sql.Stmt
}

func openReader(file string, params ...string) (*reader, error) {
	db, err := connect(file, readers, params...)
	if err != nil {
		return nil, err
	}
	return &reader{db: db, stmts: map[string]*sql.Stmt{}}, nil
}

// stmt gives the prepared form of query. Queries are constants of this package, or one of the few dozen
// combinations of a filter.
func (r *reader) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.stmts[query]; ok {
		return s, nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, plain(err)
	}
	r.stmts[query] = s
	return s, nil
}

// get reads one row into dest; bot.ErrNotFound when there is none.
func (r *reader) get(ctx context.Context, query string, args []any, dest ...any) error {
	s, err := r.stmt(ctx, query)
	if err != nil {
		return err
	}
	return plain(s.QueryRowContext(ctx, args...).Scan(dest...))
}

// each calls row for every row; row scans.
func (r *reader) each(ctx context.Context, query string, args []any, row func(scan) error) error {
	s, err := r.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	return walk(rows, err, row)
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, s := range r.stmts {
		errs = append(errs, plain(s.Close()))
	}
	return errors.Join(append(errs, plain(r.db.Close()))...)
}
