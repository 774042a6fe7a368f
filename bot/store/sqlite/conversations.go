package sqlite

import (
	"context"
	"fmt"
	"time"

	"heshi/bot"
)

// Conversation implements bot.Conversations.
func (s *Store) Conversation(ctx context.Context, a bot.Address) (bot.Conversation, error) {
	var c bot.Conversation
	var body []byte
	err := s.read.get(ctx, `SELECT body FROM conversations WHERE address = ?`, []any{a.String()}, &body)
	if err == nil {
		err = s.unpack("conversation/"+a.String(), body, &c)
	}
	if err != nil {
		return bot.Conversation{}, fmt.Errorf("reading a conversation: %w", err)
	}
	return c, nil
}

// Reminders implements bot.Conversations, those due longest first.
func (s *Store) Reminders(ctx context.Context, now time.Time, n int) ([]bot.Address, error) {
	var out []bot.Address
	err := s.read.each(ctx, `SELECT address FROM conversations WHERE remind > 0 AND remind <= ? ORDER BY remind, address LIMIT ?`,
		[]any{nanos(now), n}, func(row scan) error {
			var text string
			if err := row(&text); err != nil {
				return err
			}
			if a, ok := bot.ParseAddress(text); ok {
				out = append(out, a)
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("listing reminders: %w", err)
	}
	return out, nil
}
