package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"heshi/bot"
	"heshi/intake"
)

// Commit implements bot.Committer. Everything that can fail happens in check and pack; after that it is written.
func (s *Store) Commit(ctx context.Context, c bot.Commit) error {
	end, err := s.begin(ctx)
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	defer end()
	work, err := s.check(c)
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	p, err := packCommit(c)
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if work != nil {
		work.done, work.leased = true, false
	}
	for _, a := range c.Erase {
		s.erase(a, c.Matters)
	}
	for i, v := range c.Conversations {
		s.conversations[v.Address] = p.conversations[i]
	}
	for i, v := range c.Matters {
		s.matters[v.ID] = p.matters[i]
	}
	for i, v := range c.Replies {
		s.replySeq++
		s.replyIDs[v.ID] = true
		s.replies = append(s.replies, &reply{
			body: p.replies[i], seq: s.replySeq, id: v.ID, to: v.To, cause: v.Cause, matter: v.Matter, resend: v.Resend,
			state: due, due: v.NotBefore, attempts: v.Attempts,
		})
	}
	for i, v := range c.Entries {
		s.entryIDs[v.ID] = true
		s.entries = append(s.entries, entry{v.ID, v.Matter, v.Party, p.entries[i]})
	}
	s.appendAudit(p.audit)
	return nil
}

// check finds every reason for which c cannot be written as it stands.
func (s *Store) check(c bot.Commit) (work *message, err error) {
	if c.Work != nil {
		if work, err = s.held(*c.Work); err != nil {
			return nil, err
		}
	}
	for _, v := range c.Untouched {
		have, err := s.version(v.Address, nil)
		if err != nil {
			return nil, err
		}
		if v.Version != have || s.waiting(v.Address) {
			return nil, fmt.Errorf("conversation: %w", bot.ErrConflict)
		}
	}
	conversations, matters := map[bot.Address]bool{}, map[string]bool{}
	for _, v := range c.Conversations {
		have, err := s.version(v.Address, c.Erase)
		if err != nil {
			return nil, err
		}
		if v.Address.IsZero() {
			return nil, errors.New("a conversation has no address")
		}
		if v.Version != have || conversations[v.Address] {
			return nil, fmt.Errorf("conversation: %w", bot.ErrConflict)
		}
		conversations[v.Address] = true
	}
	for _, v := range c.Matters {
		if v.ID == "" {
			return nil, errors.New("a matter has no id")
		}
		have := intake.Matter{}
		if d, ok := s.matters[v.ID]; ok {
			if have, err = d.open(); err != nil {
				return nil, err
			}
		}
		if v.Version != have.Version || matters[v.ID] {
			return nil, fmt.Errorf("matter: %w", bot.ErrConflict)
		}
		matters[v.ID] = true
	}
	return work, s.checkIDs(c)
}

func (s *Store) version(a bot.Address, erase []bot.Address) (int64, error) {
	d, ok := s.conversations[a]
	if !ok || slices.Contains(erase, a) {
		return 0, nil
	}
	c, err := d.open()
	return c.Version, err
}

// entry is one item of a thread.
type entry struct {
	id, matter string
	party      bot.Address
	body       doc[bot.Entry]
}

// checkIDs refuses an id that was ever used, that of something erased too.
func (s *Store) checkIDs(c bot.Commit) error {
	fresh := map[string]bool{}
	for _, r := range c.Replies {
		if r.ID == "" || r.To.IsZero() {
			return errors.New("a reply has no id or no address")
		}
		if s.replyIDs[r.ID] || fresh[r.ID] {
			return fmt.Errorf("reply: %w", bot.ErrConflict)
		}
		fresh[r.ID] = true
	}
	fresh = map[string]bool{}
	for _, e := range c.Entries {
		if e.ID == "" || e.Matter == "" {
			return errors.New("a thread entry has no id or no matter")
		}
		if s.entryIDs[e.ID] || fresh[e.ID] {
			return fmt.Errorf("thread entry: %w", bot.ErrConflict)
		}
		fresh[e.ID] = true
	}
	return nil
}

type packed struct {
	conversations []doc[bot.Conversation]
	replies       []doc[bot.Reply]
	matters       []doc[intake.Matter]
	entries       []doc[bot.Entry]
	audit         []doc[bot.Audit]
}

func packCommit(c bot.Commit) (p packed, err error) {
	for i := range c.Conversations {
		v := c.Conversations[i]
		v.Version++
		err = add(&p.conversations, v, err)
	}
	for i := range c.Matters {
		v := c.Matters[i]
		v.Version++
		err = add(&p.matters, v, err)
	}
	for _, v := range c.Replies {
		err = add(&p.replies, v, err)
	}
	for _, v := range c.Entries {
		err = add(&p.entries, v, err)
	}
	for _, v := range c.Audit {
		err = add(&p.audit, v, err)
	}
	return p, err
}

func add[T any](to *[]doc[T], v T, err error) error {
	d, e := pack(v)
	*to = append(*to, d)
	return errors.Join(err, e)
}

// erase removes what one address left: conversation, messages, replies, attachments, its drafts and their threads.
func (s *Store) erase(a bot.Address, written []intake.Matter) {
	s.messages = slices.DeleteFunc(s.messages, func(m *message) bool { return m.from == a })
	s.replies = slices.DeleteFunc(s.replies, func(r *reply) bool { return r.to == a })
	delete(s.conversations, a)
	for hash, b := range s.blobs {
		if delete(b.owners, a); len(b.owners) == 0 {
			delete(s.blobs, hash)
		}
	}
	draft := map[string]bool{}
	for id, d := range s.matters {
		m, err := d.open()
		if err != nil || m.Status != intake.Draft {
			continue
		}
		draft[id] = true
		if m.Conversation == a.String() && !slices.ContainsFunc(written, func(w intake.Matter) bool { return w.ID == id }) {
			delete(s.matters, id)
		}
	}
	s.entries = slices.DeleteFunc(s.entries, func(e entry) bool {
		_, kept := s.matters[e.matter]
		return e.party == a && (draft[e.matter] || !kept) || draft[e.matter] && !kept
	})
}
