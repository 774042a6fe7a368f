package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"heshi/bot"
)

func outboxOrder(w *world) {
	w.write("a", "a1", "a2")
	w.write("b", "b1")
	w.write("a", "a3")
	first := w.dueReplies(10)
	w.equal("one of each", texts(first), []string{"a1", "b1"})
	w.equal("attempts", first[0].Attempts, 1)
	w.equal("held", w.due(), []string{})
	w.settle(first[0], bot.Sent)
	second := w.dueReplies(10)
	w.equal("next", texts(second), []string{"a2"})
	w.settle(first[1], bot.Sent)
	w.settle(second[0], bot.Sent)
	w.equal("last", w.due(), []string{"a3"})
}

func outboxNotBefore(w *world) {
	r := w.reply(user("a"), "later")
	r.NotBefore = w.now.Add(5 * time.Second)
	w.ok(w.Commit(w.ctx, bot.Commit{Replies: []bot.Reply{r}}))
	w.write("a", "behind")
	w.equal("too early", w.due(), []string{})
	w.now = w.now.Add(5 * time.Second)
	rs := w.dueReplies(10)
	w.equal("due", texts(rs), []string{"later"})
	w.settle(rs[0], bot.Sent)
	w.equal("then", w.due(), []string{"behind"})
}

func outboxChannels(w *world) {
	var c bot.Commit
	for _, channel := range []string{"wechat", "telegram", "web"} {
		for i := range 3 {
			c.Replies = append(c.Replies, w.reply(bot.Address{Channel: channel, User: fmt.Sprint(i)}, channel+fmt.Sprint(i)))
		}
	}
	w.ok(w.Commit(w.ctx, c))
	w.equal("one channel", texts(w.dueReplies(2, "web")), []string{"web0", "web1"})
	w.equal("two channels", texts(w.dueReplies(10, "wechat", "web")), []string{"wechat0", "wechat1", "wechat2", "web2"})
	w.equal("unknown channel", texts(w.dueReplies(10, "sms")), []string{})
	w.equal("all channels", w.due(), []string{"telegram0", "telegram1", "telegram2"})
}

// turn commits replies caused by a message, held back for a passive answer.
func (w *world) turn(texts ...string) bot.Message {
	w.Helper()
	work := w.lease()
	c := bot.Commit{Work: &work}
	for _, t := range texts {
		r := w.reply(work.Message.From, t)
		r.Cause, r.NotBefore = work.Message.Key, w.now.Add(5*time.Second)
		c.Replies = append(c.Replies, r)
	}
	c.Replies = append(c.Replies, w.reply(user("staff"), "notice"))
	c.Replies[len(c.Replies)-1].Cause = work.Message.Key
	w.ok(w.Commit(w.ctx, c))
	return work.Message
}

func (w *world) claim(m bot.Message) []bot.Reply {
	w.Helper()
	rs, err := w.Claim(w.ctx, m.Key, w.now)
	w.ok(err)
	return rs
}

func outboxClaim(w *world) {
	w.says("a", "question")
	m := w.turn("one", "two")
	rs := w.claim(m)
	w.equal("claimed", texts(rs), []string{"one", "two"})
	w.equal("attempts", rs[1].Attempts, 1)
	w.equal("claimed again", texts(w.claim(m)), []string{})
	w.now = w.now.Add(time.Minute)
	w.equal("the notice to somebody else", w.due(), []string{"notice"})
	w.settle(rs[0], bot.Sent)
	w.write("a", "three")
	w.equal("two is still being sent", w.due(), []string{})
	w.settle(rs[1], bot.Retry) // it did not fit into the answer
	w.equal("two first", w.due(), []string{"two"})
	w.equal("unknown cause", texts(w.claim(bot.Message{Key: "none"})), []string{})
}

func outboxClaimLater(w *world) {
	w.write("a", "earlier")
	w.says("a", "question")
	m := w.turn("answer")
	w.equal("behind an unsent one", texts(w.claim(m)), []string{})
	rs := w.dueReplies(10, "telegram")
	w.equal("behind one being sent", texts(w.claim(m)), []string{})
	w.settle(rs[0], bot.Sent)
	w.equal("its turn", texts(w.claim(m)), []string{"answer"})
}

// outboxClaimRace lets the sender and the passive answer reach for the same replies.
func outboxClaimRace(w *world) {
	for i := range 20 {
		who := fmt.Sprint("p", i)
		w.says(who, "question")
		work := w.lease()
		r := w.reply(user(who), "answer")
		r.Cause = work.Message.Key
		w.ok(w.Commit(w.ctx, bot.Commit{Work: &work, Replies: []bot.Reply{r}}))
		var mu sync.Mutex
		got := 0
		count := func(rs []bot.Reply, err error) {
			mu.Lock()
			defer mu.Unlock()
			got += len(rs)
			if err != nil {
				w.Error(err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { count(w.Claim(w.ctx, r.Cause, w.now)) })
		wg.Go(func() { count(w.Due(w.ctx, w.now, nil, 10)) })
		wg.Wait()
		w.equal("takers", got, 1)
		w.settle(r, bot.Sent)
	}
}

func settleSent(w *world) {
	w.write("a", "1")
	r := w.dueReplies(10)[0]
	w.settle(r, bot.Sent)
	w.settle(r, bot.Sent) // said twice, it is still sent
	w.is(w.Settle(w.ctx, r.ID, bot.Delivery{Kind: bot.Retry}, w.now), bot.ErrConflict)
	w.equal("due", w.due(), []string{})
	w.equal("undelivered", w.lost(""), []string{})
	w.equal("history", w.history("a"), []string{"1"})
}

func settleRetry(w *world) {
	w.write("a", "1", "2")
	r := w.dueReplies(10)[0]
	w.ok(w.Settle(w.ctx, r.ID, bot.Delivery{Kind: bot.Retry, RetryAfter: 30 * time.Second, Code: "429"}, w.now))
	w.now = w.now.Add(29 * time.Second)
	w.equal("too early, and 2 waits behind", w.due(), []string{})
	w.now = w.now.Add(time.Second)
	rs := w.dueReplies(10)
	w.equal("again", texts(rs), []string{"1"})
	w.equal("attempts", rs[0].Attempts, 2)
	w.equal("undelivered", w.lost(""), []string{})
	w.settle(rs[0], bot.Sent)
	w.equal("then", w.due(), []string{"2"})
}

func settleWindow(w *world) {
	rs := w.write("a", "1", "2", "3")
	for _, text := range []string{"1", "2"} {
		due := w.dueReplies(10)
		w.equal("a closed window holds nobody", texts(due), []string{text})
		w.settle(due[0], bot.WindowClosed)
	}
	w.settle(w.dueReplies(10)[0], bot.Sent)
	w.equal("undelivered", w.lost(""), []string{"1:window_closed", "2:window_closed"})
	w.now = w.now.Add(72 * time.Hour)
	w.equal("waits for the citizen", w.due(), []string{})
	w.says("b", "somebody else")
	w.equal("another citizen opens nothing", w.due(), []string{})
	w.says("a", "I am here")
	w.equal("undelivered", w.lost(""), []string{})
	due := w.dueReplies(10)
	w.equal("due now", texts(due), []string{"1"})
	w.equal("same reply", due[0].ID, rs[0].ID)
	w.settle(due[0], bot.Sent)
	w.equal("in order", w.due(), []string{"2"})
}

func settleFinal(w *world) {
	var c bot.Commit
	for _, text := range []string{"1", "2", "3"} {
		r := w.reply(user("a"), text)
		r.Matter = "m1"
		c.Replies = append(c.Replies, r)
	}
	w.ok(w.Commit(w.ctx, c))
	r := w.dueReplies(10)[0]
	w.ok(w.Settle(w.ctx, r.ID, bot.Delivery{Kind: bot.Blocked, Code: "43004"}, w.now))
	r = w.dueReplies(10)[0]
	w.settle(r, bot.Failed)
	w.settle(w.dueReplies(10)[0], bot.Sent)
	w.equal("of the matter", w.lost("m1"), []string{"1:blocked", "2:failed"})
	w.equal("of another", w.lost("m2"), []string{})
	us, err := w.Undelivered(w.ctx, "m1")
	w.ok(err)
	w.equal("code", us[0].Code, "43004")
	w.equal("to", us[0].Reply.To, user("a"))
	w.says("a", "hello")
	w.now = w.now.Add(time.Hour)
	w.equal("final", w.due(), []string{})
}

// settleByPerson: staff phoned, or want it tried again.
func settleByPerson(w *world) {
	w.write("a", "1", "2")
	one := w.dueReplies(10)[0]
	w.settle(one, bot.Failed)
	two := w.dueReplies(10)[0]
	w.settle(two, bot.Blocked)
	w.settle(one, bot.Sent)
	w.settle(two, bot.Retry)
	w.equal("undelivered", w.lost(""), []string{})
	w.equal("due", w.due(), []string{"2"})
}

func settleMissing(w *world) {
	w.is(w.Settle(w.ctx, "none", bot.Delivery{Kind: bot.Sent}, w.now), bot.ErrNotFound)
	r := w.write("a", "1")[0]
	w.is(w.Settle(w.ctx, r.ID, bot.Delivery{Kind: bot.Sent}, w.now), bot.ErrConflict) // nobody has taken it yet
	w.dueReplies(10)
	if err := w.Settle(w.ctx, r.ID, bot.Delivery{Kind: "perhaps"}, w.now); err == nil || errors.Is(err, bot.ErrNotFound) {
		w.Fatalf("an unknown kind gave %v", err)
	}
	w.settle(r, bot.Sent)
}

func history(w *world) {
	w.write("a", "1", "2")
	w.write("b", "other")
	w.write("a", "3")
	hs, err := w.History(w.ctx, user("a"), 0, 2)
	w.ok(err)
	w.equal("first page", []string{hs[0].Reply.Text, hs[1].Reply.Text}, []string{"1", "2"})
	if hs[0].Seq <= 0 || hs[1].Seq <= hs[0].Seq {
		w.Fatalf("sequence numbers %d, %d do not grow", hs[0].Seq, hs[1].Seq)
	}
	hs, err = w.History(w.ctx, user("a"), hs[1].Seq, 10)
	w.ok(err)
	w.equal("rest", len(hs), 1)
	w.equal("rest", hs[0].Reply.Text, "3")
	hs, err = w.History(w.ctx, user("a"), hs[0].Seq, 10)
	w.ok(err)
	w.equal("nothing missed", len(hs), 0)
}

func recovers(w *world) {
	w.says("a", "1")
	w.says("a", "2")
	w.says("b", "given back")
	work := w.lease()
	back := w.lease()
	w.ok(w.Release(w.ctx, back, w.now.Add(time.Hour)))
	again, ask, alone := w.reply(user("x"), "again"), w.reply(user("y"), "ask"), w.reply(user("x"), "behind")
	again.Resend, ask.Resend, ask.Matter = bot.ResendAgain, bot.ResendAsk, "m1"
	next := w.reply(user("y"), "next")
	w.ok(w.Commit(w.ctx, bot.Commit{Replies: []bot.Reply{again, ask, alone, next}}))
	w.equal("sending", w.due(), []string{"again", "ask"})
	w.now = w.now.Add(time.Second)

	r, err := w.Recover(w.ctx, w.now)
	w.ok(err)
	w.equal("recovered", r, bot.Recovered{Leases: 1, Resent: 1, Unknown: 1})
	w.equal("a person must see", w.lost("m1"), []string{"ask:unknown"})
	rs := w.dueReplies(10)
	w.equal("due", texts(rs), []string{"next", "again"})
	w.equal("attempts", rs[1].Attempts, 2)
	w.settle(ask, bot.Sent) // staff asked: it had arrived
	w.equal("seen to", w.lost("m1"), []string{})

	w.is(w.Commit(w.ctx, bot.Commit{Work: &work}), bot.ErrConflict)
	redo := w.lease()
	w.equal("message", redo.Message.Text, "1")
	w.equal("attempt", redo.Attempt, 2)
	w.idle() // what was given back keeps its time

	r, err = w.Recover(w.ctx, w.now)
	w.ok(err)
	w.equal("recovered again", r, bot.Recovered{Leases: 1, Resent: 2})
}
