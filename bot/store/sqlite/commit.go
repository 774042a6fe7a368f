package sqlite

import (
	"context"
	"errors"
	"fmt"

	"heshi/bot"
	"heshi/intake"
)

// packed is a Commit with its documents ready to write, so that no JSON and no sealing happens inside the writer.
type packed struct {
	bot.Commit
	conversations, replies, matters, entries [][]byte
	audit                                    []string
}

// Commit implements bot.Committer.
func (s *Store) Commit(ctx context.Context, c bot.Commit) error {
	p, err := s.packCommit(c)
	if err == nil {
		err = s.write(ctx, func(t *tx) error { return t.commit(p) })
	}
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if len(c.Erase) > 0 {
		s.wal.forget()
	}
	return nil
}

func (s *Store) packCommit(c bot.Commit) (*packed, error) {
	p := &packed{Commit: c}
	var errs []error
	add := func(to *[][]byte, where string, v any) {
		body, err := s.pack(where, v)
		*to, errs = append(*to, body), append(errs, err)
	}
	for _, v := range c.Conversations {
		if v.Address.IsZero() {
			return nil, errors.New("a conversation has no address")
		}
		v.Version++
		add(&p.conversations, "conversation/"+v.Address.String(), v)
	}
	for _, v := range c.Replies {
		if v.ID == "" || v.To.IsZero() {
			return nil, errors.New("a reply has no id or no address")
		}
		add(&p.replies, "reply/"+v.ID, v)
	}
	for _, v := range c.Matters {
		if v.ID == "" {
			return nil, errors.New("a matter has no id")
		}
		v.Version++
		add(&p.matters, "matter/"+v.ID, v)
	}
	for _, v := range c.Entries {
		if v.ID == "" || v.Matter == "" {
			return nil, errors.New("a thread entry has no id or no matter")
		}
		add(&p.entries, "entry/"+v.ID, v)
	}
	audit, err := packAudit(c.Audit)
	p.audit = audit
	return p, errors.Join(append(errs, err)...)
}

func (t *tx) commit(p *packed) error {
	if p.Work != nil {
		if err := t.finish(*p.Work); err != nil {
			return err
		}
	}
	for _, c := range p.Untouched {
		if err := t.untouched(c); err != nil {
			return err
		}
	}
	for _, a := range p.Erase {
		if err := t.erase(a.String(), p.Matters); err != nil {
			return err
		}
	}
	for i, c := range p.Conversations {
		if err := t.putConversation(c, p.conversations[i]); err != nil {
			return err
		}
	}
	for i, m := range p.Matters {
		if err := t.putMatter(m, p.matters[i]); err != nil {
			return err
		}
	}
	for i, r := range p.Replies {
		if err := t.putReply(r, p.replies[i]); err != nil {
			return err
		}
	}
	for i, e := range p.Entries {
		if err := t.putEntry(e, p.entries[i]); err != nil {
			return err
		}
	}
	return t.appendAudit(p.audit)
}

// untouched checks that a conversation is as it was read, and that nothing waits to change it.
func (t *tx) untouched(c bot.Conversation) error {
	var one int
	err := t.get(`SELECT 1 FROM conversations WHERE address = ?1 AND version = ?2 AND address NOT IN (SELECT address FROM lanes)`,
		[]any{c.Address.String(), c.Version}, &one)
	if errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("conversation: %w", bot.ErrConflict)
	}
	return err
}

func (t *tx) putConversation(c bot.Conversation, body []byte) error {
	var remind int64
	if !c.Reminded {
		remind = nanos(c.RemindAt)
	}
	n, err := t.swap(c.Version == 0,
		`INSERT INTO conversations (remind, seen, trace, body, version, address) VALUES (?, ?, ?, ?, ? + 1, ?)`,
		`UPDATE conversations SET remind = ?, seen = ?, trace = ?, body = ?, version = version + 1 WHERE version = ? AND address = ?`,
		remind, nanos(c.LastSeen), string(c.Trace()), body, c.Version, c.Address.String())
	return swapped("conversation", n, err)
}

func (t *tx) putMatter(m intake.Matter, body []byte) error {
	n, err := t.swap(m.Version == 0,
		`INSERT INTO matters (no, status, office, assignee, conversation, urgent, created, body, version, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ? + 1, ?)`,
		`UPDATE matters SET no = ?, status = ?, office = ?, assignee = ?, conversation = ?, urgent = ?, created = ?, body = ?, version = version + 1
			WHERE version = ? AND id = ?`,
		m.No, string(m.Status), m.Office, m.Assignee, m.Conversation, urgent(m), nanos(m.Created), body, m.Version, m.ID)
	return swapped("matter", n, err)
}

// swap inserts, or updates what still has the version it was read with.
func (t *tx) swap(create bool, insert, update string, args ...any) (int64, error) {
	if create {
		return t.exec(insert, args...)
	}
	return t.exec(update, args...)
}

func swapped(what string, n int64, err error) error {
	if duplicate(err) || err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, bot.ErrConflict)
	}
	return err
}

// urgent says what stands at the top of every queue.
func urgent(m intake.Matter) bool {
	return m.Kind == intake.ForUrgent || m.Flagged("urgent") || m.Flagged("safety_hold")
}

func (t *tx) putEntry(e bot.Entry, body []byte) error {
	_, err := t.exec(`INSERT INTO entries (id, matter, party, body) VALUES (?, ?, ?, ?)`, e.ID, e.Matter, party(e.Party), body)
	if duplicate(err) {
		return fmt.Errorf("thread entry: %w", bot.ErrConflict)
	}
	return err
}

// party is the column of a thread: empty for notes that no party may see.
func party(a bot.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}
