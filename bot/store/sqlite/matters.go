package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"heshi/bot"
	"heshi/intake"
)

// Matter implements bot.Matters.
func (s *Store) Matter(ctx context.Context, id string) (intake.Matter, error) {
	var m intake.Matter
	var body []byte
	err := s.read.get(ctx, `SELECT body FROM matters WHERE id = ?`, []any{id}, &body)
	if err == nil {
		err = s.unpack("matter/"+id, body, &m)
	}
	if err != nil {
		return intake.Matter{}, fmt.Errorf("reading a matter: %w", err)
	}
	return m, nil
}

// Matters implements bot.Matters. Urgent are matters of that kind and those flagged urgent or safety_hold.
func (s *Store) Matters(ctx context.Context, f bot.MatterFilter) ([]intake.Matter, error) {
	query, args, err := matterQuery(f)
	var out []intake.Matter
	if err == nil {
		err = s.read.each(ctx, query, args, func(row scan) error {
			var id string
			var body []byte
			if err := row(&id, &body); err != nil {
				return err
			}
			var m intake.Matter
			if err := s.unpack("matter/"+id, body, &m); err != nil {
				return fmt.Errorf("matter %s: %w", id, err)
			}
			out = append(out, m)
			return nil
		})
	}
	if err != nil {
		return nil, fmt.Errorf("listing matters: %w", err)
	}
	return out, nil
}

func matterQuery(f bot.MatterFilter) (query string, args []any, err error) {
	var where []string
	add := func(cond string, values ...any) {
		where, args = append(where, cond), append(args, values...)
	}
	list := func(column string, values any) {
		raw, e := json.Marshal(values)
		err = errors.Join(err, e)
		add(column+` IN (SELECT value FROM json_each(?))`, string(raw))
	}
	if len(f.Offices) > 0 {
		list("office", f.Offices)
	}
	if len(f.Statuses) > 0 {
		list("status", f.Statuses)
	}
	if f.Assignee != "" {
		add(`assignee = ?`, f.Assignee)
	}
	if !f.Address.IsZero() {
		add(`conversation = ?`, f.Address.String())
	}
	if f.Text != "" {
		add(`no >= ? AND no < ?`, f.Text, f.Text+string(utf8.MaxRune))
	}
	query = `SELECT id, body FROM matters`
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = -1 // all of them
	}
	return query + ` ORDER BY urgent DESC, created, id LIMIT ? OFFSET ?`, append(args, limit, max(f.Offset, 0)), err
}

// Thread implements bot.Matters. The zero party has the notes of staff.
func (s *Store) Thread(ctx context.Context, matter string, with bot.Address) ([]bot.Entry, error) {
	var out []bot.Entry
	err := s.read.each(ctx, `SELECT id, body FROM entries WHERE matter = ? AND party = ? ORDER BY seq`, []any{matter, party(with)}, func(row scan) error {
		var id string
		var body []byte
		if err := row(&id, &body); err != nil {
			return err
		}
		var e bot.Entry
		if err := s.unpack("entry/"+id, body, &e); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading a thread: %w", err)
	}
	return out, nil
}

// NextSerial implements bot.Matters. The number is durable before it is given out.
func (s *Store) NextSerial(ctx context.Context, series string) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		return t.get(`INSERT INTO serials (series, last) VALUES (?, 1)
			ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last`, []any{series}, &n)
	})
	if err != nil {
		return 0, fmt.Errorf("taking the next number: %w", err)
	}
	return n, nil
}
