package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"time"

	"heshi/bot"
)

// Accept implements bot.Inbox. A fresh message also makes the replies due again that waited for its sender to write.
func (s *Store) Accept(ctx context.Context, m bot.Message) (fresh bool, err error) {
	if m.Key == "" || m.From.IsZero() {
		return false, errors.New("accepting a message: it has no key or no sender")
	}
	body, err := s.pack("inbox/"+m.Key, m)
	if err != nil {
		return false, fmt.Errorf("accepting a message: %w", err)
	}
	err = s.write(ctx, func(t *tx) error {
		fresh, err = t.accept(m.Key, m.From.String(), body)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("accepting a message: %w", err)
	}
	return fresh, nil
}

func (t *tx) accept(key, address string, body []byte) (bool, error) {
	var one int
	err := t.get(`SELECT 1 FROM forgotten WHERE hash = ?`, []any{keyHash(key)}, &one)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return false, err
	}
	err = t.get(`SELECT 1 FROM inbox WHERE key = ?`, []any{key}, &one)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, bot.ErrNotFound) {
		return false, err
	}
	seq, err := t.insert(`INSERT INTO inbox (key, address, body) VALUES (?, ?, ?)`, key, address, body)
	if err != nil {
		return false, err
	}
	if _, err := t.exec(`INSERT INTO lanes (address, head, ready) VALUES (?, ?, 0) ON CONFLICT (address) DO NOTHING`, address, seq); err != nil {
		return false, err
	}
	n, err := t.exec(`UPDATE replies SET state = 'due', due = 0 WHERE address = ? AND state = 'window_closed'`, address)
	if err != nil || n == 0 {
		return true, err
	}
	return true, t.refreshOutlane(address)
}

// keyHash is what stays of an erased message.
func keyHash(key string) []byte {
	h := sha256.Sum256([]byte(key))
	return h[:]
}

// Lease implements bot.Lanes. The conversation whose oldest message has waited longest goes first.
func (s *Store) Lease(ctx context.Context, now, until time.Time) (bot.Work, error) {
	if s.w == nil {
		return bot.Work{}, ErrReadOnly
	}
	var seq, attempts int64
	var key string
	var body []byte
	err := s.w.writeLight(ctx, func(t *tx) error {
		var address string
		err := t.get(`SELECT address, head FROM lanes WHERE ready <= ? ORDER BY head LIMIT 1`, []any{nanos(now)}, &address, &seq)
		if errors.Is(err, bot.ErrNotFound) {
			return bot.ErrNothing
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE inbox SET attempts = attempts + 1, lease_until = ? WHERE seq = ?`, nanos(until), seq); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE lanes SET ready = ? WHERE address = ?`, nanos(until), address); err != nil {
			return err
		}
		return t.get(`SELECT key, attempts, body FROM inbox WHERE seq = ?`, []any{seq}, &key, &attempts, &body)
	})
	if errors.Is(err, bot.ErrNothing) {
		return bot.Work{}, err
	}
	if err != nil {
		return bot.Work{}, fmt.Errorf("leasing a message: %w", err)
	}
	w := bot.Work{Attempt: int(attempts), Lease: lease(seq, attempts)}
	if err := s.unpack("inbox/"+key, body, &w.Message); err != nil {
		return bot.Work{}, fmt.Errorf("leasing message %d: %w", seq, err)
	}
	return w, nil
}

// lease names one holding of one message: another holding has another attempt number.
func lease(seq, attempts int64) string {
	return strconv.FormatInt(seq, 10) + "/" + strconv.FormatInt(attempts, 10)
}

// held gives the message that w holds, or bot.ErrConflict when w has lost it.
func (t *tx) held(w bot.Work) (seq int64, address string, err error) {
	var attempts int64
	err = t.get(`SELECT seq, address, attempts FROM inbox WHERE key = ? AND done = 0 AND lease_until <> 0`,
		[]any{w.Message.Key}, &seq, &address, &attempts)
	if errors.Is(err, bot.ErrNotFound) || err == nil && lease(seq, attempts) != w.Lease {
		return 0, "", fmt.Errorf("the lease of the message is gone: %w", bot.ErrConflict)
	}
	return seq, address, err
}

// Release implements bot.Lanes.
func (s *Store) Release(ctx context.Context, w bot.Work, retry time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		seq, address, err := t.held(w)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE inbox SET lease_until = 0, due = ? WHERE seq = ?`, nanos(retry), seq); err != nil {
			return err
		}
		return t.refreshLane(address)
	})
	if err != nil {
		return fmt.Errorf("releasing a message: %w", err)
	}
	return nil
}

// finish marks the message done that w holds and lets the next of its conversation come forward.
func (t *tx) finish(w bot.Work) error {
	seq, address, err := t.held(w)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE inbox SET done = 1, lease_until = 0 WHERE seq = ?`, seq); err != nil {
		return err
	}
	return t.refreshLane(address)
}

// refreshLane writes the lane of a conversation from its waiting messages.
func (t *tx) refreshLane(address string) error {
	var head, ready int64
	err := t.get(`SELECT seq, max(due, lease_until) FROM inbox WHERE address = ? AND done = 0 ORDER BY seq LIMIT 1`, []any{address}, &head, &ready)
	if errors.Is(err, bot.ErrNotFound) {
		_, err = t.exec(`DELETE FROM lanes WHERE address = ?`, address)
		return err
	}
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO lanes (address, head, ready) VALUES (?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET head = excluded.head, ready = excluded.ready`, address, head, ready)
	return err
}

// Pending implements bot.Lanes.
func (s *Store) Pending(ctx context.Context) (int, error) {
	var n int
	err := s.read.get(ctx, `SELECT count(*) FROM inbox WHERE done = 0 AND address IN (SELECT address FROM lanes)`, nil, &n)
	if err != nil {
		return 0, fmt.Errorf("counting waiting messages: %w", err)
	}
	return n, nil
}

// Heard implements bot.Hearing. The inner query reads the index alone, so that only n bodies are fetched however
// long the conversation is. A message that cannot be read is logged by its number and left out: one damaged row
// must not hide the rest of a conversation from the person whose it is.
func (s *Store) Heard(ctx context.Context, from bot.Address, n int) ([]bot.Message, error) {
	var out []bot.Message
	err := s.read.each(ctx, `SELECT seq, key, body FROM inbox
		WHERE seq IN (SELECT seq FROM inbox WHERE address = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq`,
		[]any{from.String(), n}, func(row scan) error {
			var seq int64
			var key string
			var body []byte
			if err := row(&seq, &key, &body); err != nil {
				return err
			}
			var m bot.Message
			if err := s.unpack("inbox/"+key, body, &m); err != nil {
				s.lg.Error("a message cannot be read", "seq", seq, "err", err)
				return nil
			}
			out = append(out, m)
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("reading what was said: %w", err)
	}
	return out, nil
}
