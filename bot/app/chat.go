package app

import (
	"context"
	"log/slog"
	"time"

	"heshi/bot"
	"heshi/bot/store/memory"
	"heshi/intake"
)

// Chat is the real engine for one person in this process, over a store that forgets: what `heshi chat` and the
// dialogues of the tests speak with.
type Chat struct {
	Store  bot.Store
	Engine *bot.Engine
	worker *bot.Worker
	now    func() time.Time
}

// NewChat makes one with the demo offices.
func NewChat(ctx context.Context, log *slog.Logger, cfg Config, b *Brain, now func() time.Time, newID func() string) (*Chat, error) {
	store := memory.New()
	offices, err := intake.DemoOffices()
	if err != nil {
		return nil, err
	}
	for _, o := range offices {
		if err := store.SaveOffice(ctx, o); err != nil {
			return nil, err
		}
	}
	e := b.Engine(log, cfg, store, now, newID)
	return &Chat{Store: store, Engine: e, now: now,
		worker: &bot.Worker{Log: log, Store: store, Engine: e, Signal: bot.NewSignal(), Now: now, Lanes: 1}}, nil
}

// Converse takes one message through inbox, turn, commit and outbox, and gives what was answered.
func (c *Chat) Converse(ctx context.Context, m bot.Message) ([]bot.Reply, bot.State, error) {
	if _, err := c.Store.Accept(ctx, m); err != nil {
		return nil, bot.State{}, err
	}
	for {
		did, err := c.worker.One(ctx)
		if err != nil {
			return nil, bot.State{}, err
		}
		if !did {
			break
		}
	}
	replies, err := c.Replies(ctx, m.From)
	if err != nil {
		return nil, bot.State{}, err
	}
	conv, err := c.Store.Conversation(ctx, m.From)
	return replies, conv.State(), err
}

// Replies takes everything waiting for one address out of the outbox, in order.
func (c *Chat) Replies(ctx context.Context, a bot.Address) ([]bot.Reply, error) {
	var all []bot.Reply
	for {
		due, err := c.Store.Due(ctx, c.now(), []string{a.Channel}, 1)
		if err != nil || len(due) == 0 {
			return all, err
		}
		for _, r := range due {
			if err := c.Store.Settle(ctx, r.ID, bot.Delivery{Kind: bot.Sent}, c.now()); err != nil {
				return all, err
			}
			all = append(all, r)
		}
	}
}
