package sqlite

// ChangeAudit and DropAudit make a Store a storetest.Tamperer.

func (s *Store) ChangeAudit(seq int64, subject string) error {
	return s.write(always, func(t *tx) error {
		_, err := t.exec(`UPDATE audit SET body = json_set(body, '$.subject', ?) WHERE seq = ?`, subject, seq)
		return err
	})
}

func (s *Store) DropAudit(seq int64) error {
	return s.write(always, func(t *tx) error {
		_, err := t.exec(`DELETE FROM audit WHERE seq = ?`, seq)
		return err
	})
}
