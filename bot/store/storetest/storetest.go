// Package storetest is the contract of bot.Store: one suite that every store passes whole.
//
// A store proves itself in its own test:
//
//	func TestStore(t *testing.T) { storetest.Run(t, func(t *testing.T) bot.Store { … }) }
//
// What a process that dies leaves behind is a matter of each engine and is tested beside it; here Recover is called
// on the same store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// Tamperer is what a store under test offers so that the suite can change a line of the record behind its back.
// Stores implement it in a _test file only.
type Tamperer interface {
	// ChangeAudit replaces the subject of a line without renewing its hash; DropAudit removes a line.
	ChangeAudit(seq int64, subject string) error
	DropAudit(seq int64) error
}

// Run runs the contract. open gives an empty store for one subtest and sees to its closing.
func Run(t *testing.T, open func(t *testing.T) bot.Store) {
	for _, c := range []struct {
		name string
		test func(*world)
	}{
		{"accept/once", acceptOnce},
		{"accept/keeps the message whole", acceptWhole},
		{"accept/rejects what has no key or sender", acceptRejects},
		{"accept/concurrent", acceptConcurrent},
		{"lanes/order within a conversation", lanesOrder},
		{"lanes/conversations in parallel", lanesParallel},
		{"lanes/lease expires", lanesExpiry},
		{"lanes/release holds the lane until retry", lanesRelease},
		{"lanes/many workers", lanesWorkers},
		{"heard/last messages, oldest first", heardOrder},
		{"heard/one address, and nothing erased", heardOwn},
		{"commit/finishes its message once", commitFinishes},
		{"commit/all or nothing", commitAtomic},
		{"commit/conversation compare and swap", commitConversationSwap},
		{"commit/matter compare and swap", commitMatterSwap},
		{"commit/one of many claims wins", commitClaimRace},
		{"commit/what was given is not shared", commitAliasing},
		{"erase/everything of the address", eraseAddress},
		{"erase/other addresses stay", eraseOthers},
		{"erase/submitted matters stay, drafts go", eraseMatters},
		{"erase/then write in one commit", eraseAndWrite},
		{"outbox/order within a conversation", outboxOrder},
		{"outbox/not before", outboxNotBefore},
		{"outbox/channels and limit", outboxChannels},
		{"outbox/claim for a passive answer", outboxClaim},
		{"outbox/claim waits its turn", outboxClaimLater},
		{"outbox/claim or due, never both", outboxClaimRace},
		{"settle/sent", settleSent},
		{"settle/retry", settleRetry},
		{"settle/window closed", settleWindow},
		{"settle/blocked and failed", settleFinal},
		{"settle/by a person", settleByPerson},
		{"settle/unknown reply", settleMissing},
		{"history", history},
		{"conversations/reminders", reminders},
		{"conversations/forgotten", forgotten},
		{"conversations/forgotten, but filed or waiting", forgottenKept},
		{"erase/only what is untouched", eraseUntouched},
		{"matters/filter and order", mattersFilter},
		{"matters/thread of one party", threadIsolation},
		{"matters/serials never repeat", serials},
		{"people/staff", staff},
		{"people/offices", offices},
		{"vault/values", vaultValues},
		{"vault/one taker wins", vaultRace},
		{"blobs", blobs},
		{"audit/chain", auditChain},
		{"audit/tampering", auditTampering},
		{"audit/concurrent", auditConcurrent},
		{"recover", recovers},
		{"cancelled context", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			c.test(&world{T: t, Store: s, ctx: t.Context(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)})
		})
	}
}

// world is a store, a clock that the test moves, and words for what happens in a conversation.
type world struct {
	*testing.T
	bot.Store
	ctx context.Context
	now time.Time
	n   int
}

// ok fails the test on an error.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("unexpected error: %v", err)
	}
}

// is fails the test unless err is want.
func (w *world) is(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("error is %v, want %v", err, want)
	}
}

// equal compares what can be printed.
func (w *world) equal(what string, got, want any) {
	w.Helper()
	if g, x := fmt.Sprint(got), fmt.Sprint(want); g != x {
		w.Fatalf("%s: got %s, want %s", what, g, x)
	}
}

func user(name string) bot.Address { return bot.Address{Channel: "telegram", User: name} }

// says accepts a fresh message; its key is made of its text.
func (w *world) says(who, text string) bot.Message {
	w.Helper()
	m := bot.Message{Key: "telegram:" + who + "/" + text, From: user(who), Text: text, At: w.now}
	fresh, err := w.Accept(w.ctx, m)
	w.ok(err)
	if !fresh {
		w.Fatalf("%q was not fresh", text)
	}
	return m
}

// lease takes the next message for a minute.
func (w *world) lease() bot.Work {
	w.Helper()
	work, err := w.Lease(w.ctx, w.now, w.now.Add(time.Minute))
	w.ok(err)
	return work
}

// idle fails the test when there is a message to work on.
func (w *world) idle() {
	w.Helper()
	work, err := w.Lease(w.ctx, w.now, w.now.Add(time.Minute))
	if err == nil {
		w.Fatalf("leased %q, want nothing to do", work.Message.Text)
	}
	w.is(err, bot.ErrNothing)
}

// reply makes a reply nobody has written before.
func (w *world) reply(to bot.Address, text string) bot.Reply {
	w.n++
	return bot.Reply{ID: fmt.Sprintf("r%d-%s", w.n, text), To: to, Text: text, Kind: "answer", Made: w.now}
}

// write commits replies to one person, outside any turn.
func (w *world) write(who string, texts ...string) []bot.Reply {
	w.Helper()
	var c bot.Commit
	for _, t := range texts {
		c.Replies = append(c.Replies, w.reply(user(who), t))
	}
	w.ok(w.Commit(w.ctx, c))
	return c.Replies
}

// due takes up to ten replies and gives their texts.
func (w *world) due() []string {
	w.Helper()
	return texts(w.dueReplies(10))
}

func (w *world) dueReplies(n int, channels ...string) []bot.Reply {
	w.Helper()
	rs, err := w.Due(w.ctx, w.now, channels, n)
	w.ok(err)
	return rs
}

func texts(rs []bot.Reply) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.Text)
	}
	return out
}

// settle says what the platform said of a reply.
func (w *world) settle(r bot.Reply, kind bot.DeliveryKind) {
	w.Helper()
	w.ok(w.Settle(w.ctx, r.ID, bot.Delivery{Kind: kind, Code: "c"}, w.now))
}

// lost lists the undelivered replies of a matter as "text:state".
func (w *world) lost(matter string) []string {
	w.Helper()
	us, err := w.Undelivered(w.ctx, matter)
	w.ok(err)
	out := []string{}
	for _, u := range us {
		out = append(out, u.Reply.Text+":"+u.State)
	}
	return out
}

func (w *world) history(who string) []string {
	w.Helper()
	hs, err := w.History(w.ctx, user(who), 0, 1000)
	w.ok(err)
	out := []string{}
	for _, h := range hs {
		out = append(out, h.Reply.Text)
	}
	return out
}

func (w *world) pending() int {
	w.Helper()
	n, err := w.Pending(w.ctx)
	w.ok(err)
	return n
}

func matter(id string, status intake.Status) intake.Matter {
	return intake.Matter{ID: id, No: "HS" + id, Kind: intake.ForMediation, Status: status, Conversation: user("a").String(), Office: "o1"}
}
