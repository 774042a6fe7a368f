package docket

import (
	"testing"

	"pgregory.net/rapid"

	"heshi/bot"
	"heshi/intake"
)

// TestReplyReachesOneParty: whatever the parties of a matter are, words reach the party in whose thread they were
// written, or nobody.
func TestReplyReachesOneParty(t *testing.T) {
	who := by(t, wang)
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.Custom(func(t *rapid.T) bot.Address {
			return bot.Address{
				Channel: rapid.SampledFrom([]string{"telegram", "wechat", "web"}).Draw(t, "channel"),
				User:    rapid.StringMatching(`[0-9]{1,2}`).Draw(t, "user"),
			}
		})
		parties := rapid.SliceOfNDistinct(address, 0, 6, func(a bot.Address) bot.Address { return a }).Draw(t, "parties")
		to := address.Draw(t, "to")
		d := file(intake.InProgress, "wang")
		d.Parties, d.Matter.Conversation = nil, ""
		for i, p := range parties {
			c := bot.NewConversation(p)
			c.Matter = d.Matter.ID
			d.Parties = append(d.Parties, c)
			if i == 0 {
				d.Matter.Conversation = p.String()
			}
		}
		held := rapid.Bool().Draw(t, "held")
		if held {
			d.Matter.Flags = []string{"safety_hold"}
		}
		member, first := false, false
		for i, p := range parties {
			member, first = member || p == to, first || p == to && i == 0
		}
		c, err := Reply(d, who, ReplyInput{Party: to, Text: "私下的话"})
		allowed := member && (!held || first)
		if allowed != (err == nil) {
			t.Fatalf("to %v of %v, held %v: %v", to, parties, held, err)
		}
		if !allowed {
			if len(c.Replies)+len(c.Entries)+len(c.Conversations) > 0 {
				t.Fatal("a refused reply wants to write")
			}
			return
		}
		if len(c.Replies) != 1 || c.Replies[0].To != to || len(c.Entries) != 1 || c.Entries[0].Party != to {
			t.Fatalf("replies %+v entries %+v", c.Replies, c.Entries)
		}
		for _, conv := range c.Conversations {
			if conv.Address != to {
				t.Fatalf("the conversation of %v was touched", conv.Address)
			}
		}
	})
}
