package memory

import (
	"slices"
	"testing"

	"heshi/bot"
	"heshi/bot/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) bot.Store { return New() })
}

// ChangeAudit and DropAudit make a Store a storetest.Tamperer.

func (s *Store) ChangeAudit(seq int64, subject string) error {
	i := slices.IndexFunc(s.audit, func(l auditLine) bool { return l.seq == seq })
	a, err := s.audit[i].body.open()
	if err != nil {
		return err
	}
	a.Subject = subject
	s.audit[i].body, err = pack(a)
	return err
}

func (s *Store) DropAudit(seq int64) error {
	s.audit = slices.DeleteFunc(s.audit, func(l auditLine) bool { return l.seq == seq })
	return nil
}
