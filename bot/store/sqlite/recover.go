package sqlite

import (
	"context"
	"fmt"
	"time"

	"heshi/bot"
)

// Recover implements bot.Store. It also sweeps out what has expired.
func (s *Store) Recover(ctx context.Context, now time.Time) (r bot.Recovered, err error) {
	err = s.write(ctx, func(t *tx) error {
		r, err = t.recover(now)
		return err
	})
	if err != nil {
		return bot.Recovered{}, fmt.Errorf("recovering: %w", err)
	}
	return r, nil
}

// How long after their end things are kept that only say "this was here".
const (
	keepForgotten = 30 * 24 * time.Hour
	keepExpired   = 24 * time.Hour
)

// sweep removes expired values, and hashes of erased keys that no platform will send again.
func (t *tx) sweep(now time.Time) error {
	if _, err := t.exec(`DELETE FROM vault WHERE expires > 0 AND expires < ?`, nanos(now.Add(-keepExpired))); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM forgotten WHERE at < ?`, now.Add(-keepForgotten).Unix())
	return err
}

// recover puts right what a process that died had in its hands.
func (t *tx) recover(now time.Time) (bot.Recovered, error) {
	var r bot.Recovered
	leases, err := t.exec(`UPDATE inbox SET lease_until = 0 WHERE lease_until <> 0 AND done = 0`)
	if err != nil {
		return r, err
	}
	unknown, err := t.exec(`UPDATE replies SET state = 'unknown', settled = ? WHERE state = 'sending' AND resend = ?`, nanos(now), string(bot.ResendAsk))
	if err != nil {
		return r, err
	}
	resent, err := t.exec(`UPDATE replies SET state = 'due', due = ? WHERE state = 'sending'`, nanos(now))
	if err != nil {
		return r, err
	}
	r = bot.Recovered{Leases: int(leases), Resent: int(resent), Unknown: int(unknown)}
	for _, query := range []string{
		`DELETE FROM lanes`,
		`INSERT INTO lanes (address, head, ready) SELECT address, min(seq), due FROM inbox WHERE done = 0 GROUP BY address`,
		`DELETE FROM outlanes`,
		`INSERT INTO outlanes (address, channel, head, due) SELECT address, channel, min(seq), due FROM replies WHERE state = 'due' GROUP BY address`,
	} {
		if _, err := t.exec(query); err != nil {
			return r, err
		}
	}
	return r, t.sweep(now)
}
