package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"heshi/bot"
)

// ErrBroken says that the record was changed after it was written.
var ErrBroken = errors.New("the record was changed")

// errStop ends a walk that has seen enough.
var errStop = errors.New("stop")

// packAudit writes each line as the exact bytes that its hash covers.
func packAudit(lines []bot.Audit) ([]string, error) {
	out := make([]string, 0, len(lines))
	for _, a := range lines {
		a.At = a.At.UTC()
		raw, err := json.Marshal(a)
		if err != nil {
			return nil, fmt.Errorf("writing an audit line: %w", err)
		}
		out = append(out, string(raw))
	}
	return out, nil
}

// chain is the hash of a line: it covers the line before, its own place, and its bytes.
func chain(before string, seq int64, body string) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%s\n%d\n%s", before, seq, body) // a hash never fails to write
	return hex.EncodeToString(h.Sum(nil))
}

func (t *tx) appendAudit(lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	var seq int64
	var hash string
	if err := t.get(`SELECT seq, hash FROM audit_head WHERE one = 1`, nil, &seq, &hash); err != nil {
		return err
	}
	for _, body := range lines {
		seq++
		hash = chain(hash, seq, body)
		if _, err := t.exec(`INSERT INTO audit (seq, hash, body) VALUES (?, ?, ?)`, seq, hash, body); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE audit_head SET seq = ?, hash = ? WHERE one = 1`, seq, hash)
	return err
}

// AppendAudit implements bot.Auditor.
func (s *Store) AppendAudit(ctx context.Context, a ...bot.Audit) error {
	lines, err := packAudit(a)
	if err == nil {
		err = s.write(ctx, func(t *tx) error { return t.appendAudit(lines) })
	}
	if err != nil {
		return fmt.Errorf("appending to the record: %w", err)
	}
	return nil
}

// AuditLog implements bot.Auditor, oldest first.
func (s *Store) AuditLog(ctx context.Context, after int64, n int) ([]bot.Audited, error) {
	var out []bot.Audited
	err := s.read.each(ctx, `SELECT seq, hash, body FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, []any{after, n}, func(row scan) error {
		var a bot.Audited
		var body string
		if err := row(&a.Seq, &a.Hash, &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &a.Audit); err != nil {
			return fmt.Errorf("line %d: %w", a.Seq, ErrDamaged)
		}
		out = append(out, a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the record: %w", err)
	}
	return out, nil
}

// VerifyAudit implements bot.Auditor. lines counts those that hold; the error names the first that does not. A
// record that was cut short does not hold either: its length and last hash are kept apart. Whoever may write the
// file can rewrite all of it; the chain shows what was changed by hand, by accident, or by a disk.
func (s *Store) VerifyAudit(ctx context.Context) (lines int, err error) {
	// The head first: lines appended meanwhile are then beyond it, and not missing.
	var length int64
	var last, before string
	if err := s.read.get(ctx, `SELECT seq, hash FROM audit_head WHERE one = 1`, nil, &length, &last); err != nil {
		return 0, fmt.Errorf("verifying the record: %w", err)
	}
	err = s.read.each(ctx, `SELECT seq, hash, body FROM audit ORDER BY seq`, nil, func(row scan) error {
		var seq int64
		var hash, body string
		if err := row(&seq, &hash, &body); err != nil {
			return err
		}
		want := int64(lines) + 1
		if want > length {
			return errStop
		}
		if seq != want || hash != chain(before, seq, body) {
			return fmt.Errorf("line %d: %w", want, ErrBroken)
		}
		before = hash
		lines++
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return lines, fmt.Errorf("verifying the record: %w", err)
	}
	if int64(lines) != length || before != last {
		return lines, fmt.Errorf("verifying the record: line %d: %w", lines+1, ErrBroken)
	}
	return lines, nil
}
