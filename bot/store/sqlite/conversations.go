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
	out, err := s.addresses(ctx, `SELECT address FROM conversations WHERE remind > 0 AND remind <= ? ORDER BY remind, address LIMIT ?`,
		nanos(now), n)
	if err != nil {
		return nil, fmt.Errorf("listing reminders: %w", err)
	}
	return out, nil
}

// Forgotten implements bot.Conversations.
func (s *Store) Forgotten(ctx context.Context, left bot.Trace, before time.Time, n int) ([]bot.Address, error) {
	out, err := s.addresses(ctx, `SELECT address FROM conversations AS c WHERE trace = ? AND seen > 0 AND seen < ?
		AND NOT EXISTS (SELECT 1 FROM matters WHERE conversation = c.address AND status <> 'draft')
		AND NOT EXISTS (SELECT 1 FROM lanes WHERE address = c.address)
		ORDER BY seen, address LIMIT ?`, string(left), nanos(before), n)
	if err != nil {
		return nil, fmt.Errorf("listing forgotten conversations: %w", err)
	}
	return out, nil
}

func (s *Store) addresses(ctx context.Context, query string, args ...any) ([]bot.Address, error) {
	var out []bot.Address
	err := s.read.each(ctx, query, args, func(row scan) error {
		var text string
		if err := row(&text); err != nil {
			return err
		}
		if a, ok := bot.ParseAddress(text); ok {
			out = append(out, a)
		}
		return nil
	})
	return out, err
}
