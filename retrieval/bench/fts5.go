//go:build sqlite_fts5

package bench

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/mattn/go-sqlite3" // the driver the store uses

	"heshi/retrieval"
	"heshi/retrieval/text"
)

func fts5() []engine { return []engine{{"fts5", openFTS5}} }

func openFTS5(ctx context.Context, dir string, a *text.Analyzer, chunks []retrieval.Chunk) (search, func() error, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "fts.db")+"?_journal=OFF&_sync=OFF")
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(1)
	fail := func(err error) (search, func() error, error) {
		db.Close()
		return nil, nil, err
	}
	// Words are spaced out already; ascii takes every other byte as part of one.
	if _, err := db.ExecContext(ctx, `CREATE VIRTUAL TABLE c USING fts5(id UNINDEXED, b, tokenize="ascii")`); err != nil {
		return fail(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fail(err)
	}
	defer tx.Rollback()
	put, err := tx.PrepareContext(ctx, `INSERT INTO c(id, b) VALUES(?, ?)`)
	if err != nil {
		return fail(err)
	}
	for _, c := range chunks {
		if _, err := put.ExecContext(ctx, c.ID, tokens(a, c.Body())); err != nil {
			return fail(err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fail(err)
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO c(c) VALUES('optimize')`); err != nil {
		return fail(err)
	}
	get, err := db.PrepareContext(ctx, `SELECT id FROM c WHERE c MATCH ? ORDER BY rank LIMIT 10`)
	if err != nil {
		return fail(err)
	}
	return func(ctx context.Context, q string) ([]string, error) {
		words := strings.Fields(tokens(a, q))
		if len(words) == 0 {
			return nil, nil
		}
		for i, w := range words {
			words[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
		}
		rows, err := get.QueryContext(ctx, strings.Join(words, " OR "))
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var ids []string
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		return ids, rows.Err()
	}, db.Close, nil
}
