package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"heshi/bot"
)

// The states of a reply. Only due and sending ones hold their lane; the last four wait for a person, window_closed
// also for the citizen.
const (
	stateDue     = "due"
	stateSending = "sending"
	stateUnknown = "unknown"
)

// putReply writes a new reply behind all others of its conversation.
func (t *tx) putReply(r bot.Reply, body []byte) error {
	address, due := r.To.String(), nanos(r.NotBefore)
	seq, err := t.insert(`INSERT INTO replies (id, address, channel, cause, matter, resend, state, due, attempts, body)
		VALUES (?, ?, ?, ?, ?, ?, 'due', ?, ?, ?)`,
		r.ID, address, r.To.Channel, r.Cause, r.Matter, string(r.Resend), due, r.Attempts, body)
	if duplicate(err) {
		return fmt.Errorf("reply: %w", bot.ErrConflict)
	}
	if err != nil {
		return err
	}
	// A lane that is there has an older reply at its head.
	_, err = t.exec(`INSERT INTO outlanes (address, channel, head, due) VALUES (?, ?, ?, ?) ON CONFLICT (address) DO NOTHING`,
		address, r.To.Channel, seq, due)
	return err
}

// refreshOutlane writes the lane of a conversation from its unsent replies.
func (t *tx) refreshOutlane(address string) error {
	var channel string
	var head, due, sending int64
	err := t.get(`SELECT channel, seq, due, EXISTS (SELECT 1 FROM replies WHERE address = ?1 AND state = 'sending')
		FROM replies WHERE address = ?1 AND state IN ('due', 'sending') ORDER BY seq LIMIT 1`, []any{address}, &channel, &head, &due, &sending)
	if errors.Is(err, bot.ErrNotFound) {
		_, err = t.exec(`DELETE FROM outlanes WHERE address = ?`, address)
		return err
	}
	if err != nil {
		return err
	}
	if sending != 0 {
		due = never
	}
	_, err = t.exec(`INSERT INTO outlanes (address, channel, head, due) VALUES (?, ?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET head = excluded.head, due = excluded.due`, address, channel, head, due)
	return err
}

// Due implements bot.Outbox. No channels means all of them.
func (s *Store) Due(ctx context.Context, now time.Time, channels []string, n int) ([]bot.Reply, error) {
	var found []stored
	err := s.write(ctx, func(t *tx) error {
		heads, err := t.dueHeads(nanos(now), channels, n)
		if err != nil {
			return err
		}
		for _, seq := range heads {
			r, err := t.startSending(seq)
			if err != nil {
				return err
			}
			if err := t.refreshOutlane(r.address); err != nil {
				return err
			}
			found = append(found, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("taking due replies: %w", err)
	}
	return s.openReplies(ctx, found, now), nil
}

// dueHeads gives the first replies of up to n lanes, those due longest first.
func (t *tx) dueHeads(now int64, channels []string, n int) ([]int64, error) {
	type lane struct{ due, head int64 }
	var lanes []lane
	add := func(row scan) error {
		var l lane
		err := row(&l.due, &l.head)
		lanes = append(lanes, l)
		return err
	}
	if len(channels) == 0 {
		if err := t.each(`SELECT due, head FROM outlanes WHERE due <= ? ORDER BY due, head LIMIT ?`, []any{now, n}, add); err != nil {
			return nil, err
		}
	}
	for _, c := range channels {
		if err := t.each(`SELECT due, head FROM outlanes WHERE channel = ? AND due <= ? ORDER BY due, head LIMIT ?`, []any{c, now, n}, add); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(lanes, func(a, b lane) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.head, b.head)) })
	heads := make([]int64, 0, min(len(lanes), n))
	for _, l := range lanes[:min(len(lanes), n)] {
		heads = append(heads, l.head)
	}
	return heads, nil
}

// stored is a reply as it lies in the table.
type stored struct {
	seq          int64
	id, address  string
	state, code  string
	attempts     int
	body         []byte
	due, settled int64
}

const replyColumns = `seq, id, address, state, code, attempts, due, settled, body`

func (r *stored) read(row scan) error {
	return row(&r.seq, &r.id, &r.address, &r.state, &r.code, &r.attempts, &r.due, &r.settled, &r.body)
}

func (t *tx) startSending(seq int64) (stored, error) {
	if _, err := t.exec(`UPDATE replies SET state = 'sending', attempts = attempts + 1 WHERE seq = ?`, seq); err != nil {
		return stored{}, err
	}
	var r stored
	err := t.each(`SELECT `+replyColumns+` FROM replies WHERE seq = ?`, []any{seq}, r.read)
	return r, err
}

// openReplies reads the documents of replies that are about to be sent. One that cannot be read becomes a failed one,
// which a person will see, and does not keep the others.
func (s *Store) openReplies(ctx context.Context, found []stored, now time.Time) []bot.Reply {
	out := make([]bot.Reply, 0, len(found))
	for _, f := range found {
		r, err := s.openReply(f)
		if err != nil {
			s.lg.Error("a reply cannot be sent", "seq", f.seq, "err", err)
			err = s.Settle(ctx, f.id, bot.Delivery{Kind: bot.Failed, Code: codeDamaged}, now)
			if err != nil {
				s.lg.Error("settling a damaged reply", "seq", f.seq, "err", err)
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

// codeDamaged is the delivery code of a reply whose document cannot be read any more.
const codeDamaged = "damaged"

func (s *Store) openReply(f stored) (bot.Reply, error) {
	var r bot.Reply
	if err := s.unpack("reply/"+f.id, f.body, &r); err != nil {
		to, _ := bot.ParseAddress(f.address)
		return bot.Reply{ID: f.id, To: to, Attempts: f.attempts}, err
	}
	r.Attempts = f.attempts
	return r, nil
}

// Claim implements bot.Outbox. Only replies to the sender of the message count: what a turn says to somebody else
// does not belong into the answer to this request.
func (s *Store) Claim(ctx context.Context, cause string, now time.Time) ([]bot.Reply, error) {
	var found []stored
	err := s.write(ctx, func(t *tx) error {
		var address string
		err := t.get(`SELECT address FROM inbox WHERE key = ?`, []any{cause}, &address)
		if errors.Is(err, bot.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var seqs []int64
		if err := t.each(`SELECT seq FROM replies WHERE address = ? AND state IN ('due', 'sending') AND state = 'due' AND cause = ? ORDER BY seq`, []any{address, cause}, func(row scan) error {
			var seq int64
			err := row(&seq)
			seqs = append(seqs, seq)
			return err
		}); err != nil || len(seqs) == 0 {
			return err
		}
		var earlier bool
		if err := t.get(`SELECT EXISTS (SELECT 1 FROM replies WHERE address = ? AND state IN ('due', 'sending') AND seq < ?)`,
			[]any{address, seqs[0]}, &earlier); err != nil || earlier {
			return err
		}
		for _, seq := range seqs {
			r, err := t.startSending(seq)
			if err != nil {
				return err
			}
			found = append(found, r)
		}
		return t.refreshOutlane(address)
	})
	if err != nil {
		return nil, fmt.Errorf("taking the replies to a message: %w", err)
	}
	return s.openReplies(ctx, found, now), nil
}

// Settle implements bot.Outbox. A reply that waits for a person may be settled too: sent, when it reached the
// citizen some other way, or retry, to try once more. What was sent stays sent.
func (s *Store) Settle(ctx context.Context, id string, d bot.Delivery, now time.Time) error {
	err := s.write(ctx, func(t *tx) error { return t.settle(id, d, now) })
	if err != nil {
		return fmt.Errorf("settling a reply: %w", err)
	}
	return nil
}

func (t *tx) settle(id string, d bot.Delivery, now time.Time) error {
	var address, state string
	if err := t.get(`SELECT address, state FROM replies WHERE id = ?`, []any{id}, &address, &state); err != nil {
		return err
	}
	next, due := string(d.Kind), int64(0)
	switch d.Kind {
	case bot.Retry:
		next, due = stateDue, nanos(now.Add(d.RetryAfter))
	case bot.Sent, bot.Blocked, bot.WindowClosed, bot.Failed:
	default:
		return fmt.Errorf("%q is no kind of delivery", d.Kind)
	}
	switch {
	case state == string(bot.Sent) && d.Kind == bot.Sent:
		return nil
	case state == string(bot.Sent), state == stateDue:
		return fmt.Errorf("it is %s: %w", state, bot.ErrConflict)
	}
	if _, err := t.exec(`UPDATE replies SET state = ?, due = ?, code = ?, platform_id = ?, settled = ? WHERE id = ?`,
		next, due, d.Code, d.PlatformID, nanos(now), id); err != nil {
		return err
	}
	return t.refreshOutlane(address)
}

// Undelivered implements bot.Outbox. An empty matter means all of them.
func (s *Store) Undelivered(ctx context.Context, matter string) ([]bot.Undelivered, error) {
	query, args := `SELECT `+replyColumns+` FROM replies WHERE state IN ('blocked', 'failed', 'window_closed', 'unknown')`, []any(nil)
	if matter != "" {
		query, args = query+` AND matter = ?`, []any{matter}
	}
	var out []bot.Undelivered
	err := s.eachReply(ctx, query+` ORDER BY seq`, args, func(f stored, r bot.Reply) {
		out = append(out, bot.Undelivered{Reply: r, State: f.state, Code: f.code})
	})
	if err != nil {
		return nil, fmt.Errorf("listing undelivered replies: %w", err)
	}
	return out, nil
}

// History implements bot.Outbox.
func (s *Store) History(ctx context.Context, to bot.Address, after int64, n int) ([]bot.Sequenced, error) {
	var out []bot.Sequenced
	err := s.eachReply(ctx, `SELECT `+replyColumns+` FROM replies WHERE address = ? AND seq > ? ORDER BY seq LIMIT ?`,
		[]any{to.String(), after, n}, func(f stored, r bot.Reply) {
			out = append(out, bot.Sequenced{Seq: f.seq, Reply: r})
		})
	if err != nil {
		return nil, fmt.Errorf("reading a history: %w", err)
	}
	return out, nil
}

func (s *Store) eachReply(ctx context.Context, query string, args []any, give func(stored, bot.Reply)) error {
	return s.read.each(ctx, query, args, func(row scan) error {
		var f stored
		if err := f.read(row); err != nil {
			return err
		}
		r, err := s.openReply(f)
		if err != nil { // listed with its id all the same: whoever reads this list must not miss one
			s.lg.Error("a reply cannot be read", "seq", f.seq, "err", err)
		}
		give(f, r)
		return nil
	})
}
