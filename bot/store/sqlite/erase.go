package sqlite

import (
	"slices"

	"heshi/intake"
)

// erase removes what one address left: conversation, messages, replies, attachments, its drafts and their threads.
// A matter that was submitted is the office's file and stays, as does a draft that the same commit writes. Of the
// messages the hash of their key stays for a while, so that a late retry is not taken for a new message.
func (t *tx) erase(address string, written []intake.Matter) error {
	var keys []string
	if err := t.each(`SELECT key FROM inbox WHERE address = ?`, []any{address}, func(row scan) error {
		var k string
		err := row(&k)
		keys = append(keys, k)
		return err
	}); err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := t.exec(`INSERT INTO forgotten (hash, at) VALUES (?, unixepoch()) ON CONFLICT DO NOTHING`, keyHash(k)); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM inbox WHERE address = ?`,
		`DELETE FROM lanes WHERE address = ?`,
		`DELETE FROM replies WHERE address = ?`,
		`DELETE FROM outlanes WHERE address = ?`,
		`DELETE FROM conversations WHERE address = ?`,
		`DELETE FROM blobs WHERE hash IN (SELECT hash FROM blob_owners WHERE address = ?1)
			AND hash NOT IN (SELECT hash FROM blob_owners WHERE address <> ?1)`,
		`DELETE FROM blob_owners WHERE address = ?`,
		`DELETE FROM entries WHERE party = ? AND matter NOT IN (SELECT id FROM matters WHERE status <> 'draft')`,
	} {
		if _, err := t.exec(query, address); err != nil {
			return err
		}
	}
	return t.eraseDrafts(address, written)
}

func (t *tx) eraseDrafts(address string, written []intake.Matter) error {
	var drafts []string
	if err := t.each(`SELECT id FROM matters WHERE conversation = ? AND status = 'draft'`, []any{address}, func(row scan) error {
		var id string
		err := row(&id)
		drafts = append(drafts, id)
		return err
	}); err != nil {
		return err
	}
	for _, id := range drafts {
		if slices.ContainsFunc(written, func(m intake.Matter) bool { return m.ID == id }) {
			continue
		}
		if _, err := t.exec(`DELETE FROM entries WHERE matter = ?`, id); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM matters WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}
