package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"heshi/bot"
	"heshi/intake"
)

func acceptOnce(w *world) {
	m := bot.Message{Key: "telegram:1", From: user("a"), Text: "你好", At: w.now}
	for i := range 3 {
		m.Text = fmt.Sprint("你好", i) // a retry counts by its key, whatever it says
		fresh, err := w.Accept(w.ctx, m)
		w.ok(err)
		w.equal("fresh", fresh, i == 0)
	}
	w.equal("pending", w.pending(), 1)
	work := w.lease()
	w.equal("text", work.Message.Text, "你好0")
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &work}))
	fresh, err := w.Accept(w.ctx, m)
	w.ok(err)
	w.equal("fresh after it was done", fresh, false)
	w.equal("pending", w.pending(), 0)
	w.idle()
}

func acceptWhole(w *world) {
	m := bot.Message{
		Key: "k", From: bot.Address{Channel: "web", User: "u:1"}, Text: "ᠮᠣᠩᠭᠣᠯ\u180e '\"\\ 🐑", Button: "b",
		Attachments: []intake.Attachment{{ID: "f", Kind: "photo", Size: 7}}, Unsupported: "sticker", Album: "al",
		At: w.now.In(time.FixedZone("北京", 8*3600)), Passive: true,
	}
	_, err := w.Accept(w.ctx, m)
	w.ok(err)
	got := w.lease().Message
	if !got.At.Equal(m.At) {
		w.Fatalf("time: got %v, want %v", got.At, m.At)
	}
	got.At, m.At = time.Time{}, time.Time{}
	w.equal("message", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", m))
}

func acceptRejects(w *world) {
	for _, m := range []bot.Message{{From: user("a"), Text: "no key"}, {Key: "k", Text: "no sender"}} {
		if _, err := w.Accept(w.ctx, m); err == nil {
			w.Fatalf("accepted a message with %s", m.Text)
		}
	}
	w.equal("pending", w.pending(), 0)
}

func acceptConcurrent(w *world) {
	var fresh atomic.Int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			ok, err := w.Accept(w.ctx, bot.Message{Key: fmt.Sprint("k", i%20), From: user(fmt.Sprint(i % 3)), At: w.now})
			if err != nil {
				w.Error(err)
			}
			if ok {
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	w.equal("fresh", fresh.Load(), 20)
	w.equal("pending", w.pending(), 20)
}

func lanesOrder(w *world) {
	for i := range 4 {
		w.says("a", fmt.Sprint(i))
	}
	for i := range 4 {
		work := w.lease()
		w.equal("order", work.Message.Text, i)
		w.equal("attempt", work.Attempt, 1)
		w.idle() // the conversation has one worker
		w.ok(w.Commit(w.ctx, bot.Commit{Work: &work}))
	}
	w.idle()
	w.equal("pending", w.pending(), 0)
}

func lanesParallel(w *world) {
	w.says("a", "a1")
	w.says("a", "a2")
	w.says("b", "b1")
	w.says("c", "c1")
	got := []string{}
	works := []bot.Work{}
	for range 3 {
		work := w.lease()
		works = append(works, work)
		got = append(got, work.Message.Text)
	}
	w.equal("one of each, the oldest first", got, []string{"a1", "b1", "c1"})
	w.idle()
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &works[1]})) // b is done before a
	w.idle()
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &works[0]}))
	w.equal("next", w.lease().Message.Text, "a2")
}

func lanesExpiry(w *world) {
	w.says("a", "1")
	w.says("a", "2")
	first := w.lease()
	w.now = w.now.Add(59 * time.Second)
	w.idle()
	w.now = w.now.Add(2 * time.Second)
	second := w.lease()
	w.equal("text", second.Message.Text, "1")
	w.equal("attempt", second.Attempt, 2)
	// The first worker was only slow. It has lost the message: what it decided is not written.
	r := w.reply(user("a"), "late")
	w.is(w.Commit(w.ctx, bot.Commit{Work: &first, Replies: []bot.Reply{r}}), bot.ErrConflict)
	w.is(w.Release(w.ctx, first, w.now), bot.ErrConflict)
	w.equal("replies", w.history("a"), []string{})
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &second}))
	w.equal("next", w.lease().Message.Text, "2")
}

func lanesRelease(w *world) {
	w.says("a", "1")
	w.says("a", "2")
	w.says("b", "other")
	work := w.lease()
	w.ok(w.Release(w.ctx, work, w.now.Add(10*time.Second)))
	w.is(w.Commit(w.ctx, bot.Commit{Work: &work}), bot.ErrConflict) // it was given back
	w.equal("another conversation", w.lease().Message.Text, "other")
	w.idle()
	w.now = w.now.Add(10 * time.Second)
	again := w.lease()
	w.equal("text", again.Message.Text, "1")
	w.equal("attempt", again.Attempt, 2)
	w.ok(w.Commit(w.ctx, bot.Commit{Work: &again}))
	w.equal("next", w.lease().Message.Text, "2")
}

// lanesWorkers lets eight workers loose on ten conversations: each message is done once, in order.
func lanesWorkers(w *world) {
	const people, each = 10, 6
	for i := range each {
		for p := range people {
			w.says(fmt.Sprint("p", p), fmt.Sprint(i))
		}
	}
	var mu sync.Mutex
	done := map[string][]string{}
	busy := map[string]bool{}
	var wg sync.WaitGroup
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				work, err := w.Lease(ctx, w.now, w.now.Add(time.Hour))
				if err != nil { // nothing now; the others may still bring a next message forward
					if n, err := w.Pending(ctx); err != nil || n == 0 {
						return
					}
					time.Sleep(time.Millisecond)
					continue
				}
				who := work.Message.From.User
				mu.Lock()
				if busy[who] {
					w.Errorf("two workers in the conversation of %s", who)
				}
				busy[who] = true
				done[who] = append(done[who], work.Message.Text)
				mu.Unlock()
				mu.Lock()
				busy[who] = false
				mu.Unlock()
				if err := w.Commit(ctx, bot.Commit{Work: &work}); err != nil {
					w.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	for p := range people {
		w.equal("order", done[fmt.Sprint("p", p)], []string{"0", "1", "2", "3", "4", "5"})
	}
	w.equal("pending", w.pending(), 0)
}

func cancelled(w *world) {
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	_, err := w.Accept(ctx, bot.Message{Key: "k", From: user("a")})
	w.is(err, context.Canceled)
	w.is(w.Commit(ctx, bot.Commit{Replies: []bot.Reply{w.reply(user("a"), "x")}}), context.Canceled)
	w.equal("pending", w.pending(), 0)
	w.equal("replies", w.history("a"), []string{})
}
