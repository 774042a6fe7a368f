package memory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"heshi/bot"
)

// ErrBroken says that the record was changed after it was written.
var ErrBroken = errors.New("the record was changed")

type auditLine struct {
	seq  int64
	hash string
	body doc[bot.Audit]
}

func chain(before string, seq int64, body []byte) string {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", before, seq, body))
	return hex.EncodeToString(h[:])
}

func (s *Store) appendAudit(lines []doc[bot.Audit]) {
	for _, body := range lines {
		s.auditLength++
		s.auditLast = chain(s.auditLast, int64(s.auditLength), body)
		s.audit = append(s.audit, auditLine{int64(s.auditLength), s.auditLast, body})
	}
}

// AppendAudit implements bot.Auditor.
func (s *Store) AppendAudit(ctx context.Context, a ...bot.Audit) error {
	return s.Commit(ctx, bot.Commit{Audit: a})
}

// AuditLog implements bot.Auditor, oldest first.
func (s *Store) AuditLog(ctx context.Context, after int64, n int) ([]bot.Audited, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []bot.Audited
	for _, l := range s.audit {
		if l.seq <= after || len(out) == n {
			continue
		}
		a, err := l.body.open()
		if err != nil {
			return nil, err
		}
		out = append(out, bot.Audited{Seq: l.seq, Hash: l.hash, Audit: a})
	}
	return out, nil
}

// VerifyAudit implements bot.Auditor.
func (s *Store) VerifyAudit(ctx context.Context) (int, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer end()
	before := ""
	for i, l := range s.audit {
		if l.seq != int64(i+1) || l.hash != chain(before, l.seq, l.body) {
			return i, fmt.Errorf("verifying the record: line %d: %w", i+1, ErrBroken)
		}
		before = l.hash
	}
	if len(s.audit) != s.auditLength || before != s.auditLast {
		return len(s.audit), fmt.Errorf("verifying the record: line %d: %w", len(s.audit)+1, ErrBroken)
	}
	return len(s.audit), nil
}
