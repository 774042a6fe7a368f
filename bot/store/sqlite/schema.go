package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// ErrNewer says that a later version of this program has written the folder.
var ErrNewer = errors.New("a newer heshi has written it: install that version, or restore a backup made before the update")

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files)
}

// migrate brings the schema to the newest version known here, or refuses one that is newer.
func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return fmt.Errorf("reading the schema: %w", plain(err))
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema version: %w", plain(err))
	}
	if have > want {
		return fmt.Errorf("schema %d, this program knows %d: %w", have, want, ErrNewer)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("updating the schema from version %d: %w", have, plain(err))
	}
	return nil
}

// current checks, without writing, that the schema is the one known here.
func current(ctx context.Context, db *sql.DB) error {
	have, want, err := versions(ctx, db)
	switch {
	case err != nil:
		return err
	case have > want:
		return fmt.Errorf("schema %d, this program knows %d: %w", have, want, ErrNewer)
	case have < want:
		return fmt.Errorf("its schema is at %d and this program wants %d: start heshi serve once to update it", have, want)
	}
	return nil
}

// versions gives the schema of the file and the one known here. It only reads.
func versions(ctx context.Context, db *sql.DB) (have, want int64, err error) {
	p, err := provider(db)
	if err != nil {
		return 0, 0, fmt.Errorf("reading the schema: %w", plain(err))
	}
	for _, s := range p.ListSources() {
		want = max(want, s.Version)
	}
	if err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied = 1`).Scan(&have); err != nil {
		return 0, 0, fmt.Errorf("reading the schema version: %w", plain(err))
	}
	return have, want, nil
}
