package storetest

import (
	"context"
	"fmt"
	"time"

	"heshi/bot"
)

// heard gives the texts of the last n messages of one person.
func (w *world) heard(who string, n int) []string {
	w.Helper()
	ms, err := w.Heard(w.ctx, user(who), n)
	w.ok(err)
	out := []string{}
	for _, m := range ms {
		w.equal("sender", m.From, user(who))
		out = append(out, m.Text)
	}
	return out
}

// heardOrder is the order of acceptance, whatever the platform's clock says, and whether or not a turn was taken.
func heardOrder(w *world) {
	w.equal("of a stranger", w.heard("a", 10), []string{})
	var want []string
	for i := range 5 {
		w.now = w.now.Add(-time.Minute)
		w.says("a", fmt.Sprint(i))
		want = append(want, fmt.Sprint(i))
	}
	w.equal("waiting", w.heard("a", 10), want)
	for range 3 {
		work := w.lease()
		w.ok(w.Commit(w.ctx, bot.Commit{Work: &work}))
	}
	w.lease() // one is in work, one waits
	w.equal("all", w.heard("a", 10), want)
	w.equal("as many as there are", w.heard("a", 5), want)
	w.equal("the last", w.heard("a", 2), want[3:])
	w.equal("none", w.heard("a", 0), []string{})
	ms, err := w.Heard(w.ctx, user("a"), 1)
	w.ok(err)
	w.equal("key", ms[0].Key, "telegram:a/4")
	if !ms[0].At.Equal(w.now) {
		w.Fatalf("time: got %v, want %v", ms[0].At, w.now)
	}
	fresh, err := w.Accept(w.ctx, bot.Message{Key: "telegram:a/0", From: user("a"), Text: "retry", At: w.now})
	w.ok(err)
	w.equal("fresh", fresh, false)
	w.equal("a retry is heard once", w.heard("a", 10), want)
	ctx, cancel := context.WithCancel(w.ctx)
	cancel()
	_, err = w.Heard(ctx, user("a"), 1)
	w.is(err, context.Canceled)
}

// heardOwn tells apart addresses that begin alike, and the same user id on two channels.
func heardOwn(w *world) {
	w.says("a", "of a")
	w.says("ab", "of ab")
	_, err := w.Accept(w.ctx, bot.Message{Key: "web:1", From: bot.Address{Channel: "web", User: "a"}, Text: "on the web", At: w.now})
	w.ok(err)
	w.equal("a", w.heard("a", 10), []string{"of a"})
	w.equal("ab", w.heard("ab", 10), []string{"of ab"})
	w.ok(w.Commit(w.ctx, bot.Commit{Erase: []bot.Address{user("a")}}))
	w.equal("erased", w.heard("a", 10), []string{})
	w.equal("others stay", w.heard("ab", 10), []string{"of ab"})
	w.says("a", "again")
	w.equal("anew", w.heard("a", 10), []string{"again"})
}
