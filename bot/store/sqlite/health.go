package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Health is what an inspection of the folder finds. It holds no personal data.
type Health struct {
	Schema        int64 `json:"schema"`
	Sound         bool  `json:"sound"`       // SQLite's own check of the file
	DatabaseSize  int64 `json:"database"`    // bytes
	LogSize       int64 `json:"log"`         // bytes
	Messages      int   `json:"messages"`    // all that were accepted and not erased
	Waiting       int   `json:"waiting"`     // not worked on yet
	Unsent        int   `json:"unsent"`      // replies due or being sent
	Undelivered   int   `json:"undelivered"` // replies that a person must see to
	Conversations int   `json:"conversations"`
	Matters       int   `json:"matters"`
	AuditLines    int   `json:"audit_lines"` // that hold
	AuditWhole    bool  `json:"audit_whole"`
	Sealed        bool  `json:"sealed"`
}

// Health inspects the folder; it reads all of it.
func (s *Store) Health(ctx context.Context) (h Health, err error) {
	if h.Schema, _, err = versions(ctx, s.read.db); err != nil {
		return h, fmt.Errorf("inspecting the store: %w", err)
	}
	var said string
	if err := s.read.get(ctx, `PRAGMA integrity_check(1)`, nil, &said); err != nil {
		return h, fmt.Errorf("inspecting the store: %w", err)
	}
	h.Sound, h.Sealed = said == "ok", s.sealer != nil
	for _, c := range []struct {
		to    *int
		query string
	}{
		{&h.Messages, `SELECT count(*) FROM inbox`},
		{&h.Waiting, `SELECT count(*) FROM inbox WHERE done = 0`},
		{&h.Unsent, `SELECT count(*) FROM replies WHERE state IN ('due', 'sending')`},
		{&h.Undelivered, `SELECT count(*) FROM replies WHERE state IN ('blocked', 'failed', 'window_closed', 'unknown')`},
		{&h.Conversations, `SELECT count(*) FROM conversations`},
		{&h.Matters, `SELECT count(*) FROM matters`},
	} {
		if err := s.read.get(ctx, c.query, nil, c.to); err != nil {
			return h, fmt.Errorf("inspecting the store: %w", err)
		}
	}
	h.AuditLines, err = s.VerifyAudit(ctx)
	h.AuditWhole = err == nil
	if err != nil && !errors.Is(err, ErrBroken) {
		return h, err
	}
	for name, to := range map[string]*int64{fileName: &h.DatabaseSize, fileName + "-wal": &h.LogSize} {
		info, err := os.Stat(filepath.Join(s.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return h, fmt.Errorf("inspecting the store: %w", err)
		}
		*to = info.Size()
	}
	return h, nil
}
