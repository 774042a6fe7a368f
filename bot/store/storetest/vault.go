package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"heshi/bot"
)

func vaultValues(w *world) {
	until := w.now.Add(time.Minute)
	w.ok(w.PutValue(w.ctx, "link", "k", []byte("one"), until))
	w.ok(w.PutValue(w.ctx, "session", "k", []byte{}, until))
	w.ok(w.PutValue(w.ctx, "token", "k", []byte{1, 2}, time.Time{}))
	v, err := w.Value(w.ctx, "link", "k", w.now)
	w.ok(err)
	w.equal("value", string(v), "one")
	w.ok(w.PutValue(w.ctx, "link", "k", []byte("two"), until))
	v, err = w.Value(w.ctx, "link", "k", w.now)
	w.ok(err)
	w.equal("replaced", string(v), "two")
	v, err = w.Value(w.ctx, "session", "k", w.now)
	w.ok(err)
	w.equal("empty", len(v), 0)
	_, err = w.Value(w.ctx, "link", "none", w.now)
	w.is(err, bot.ErrNotFound)
	_, err = w.TakeValue(w.ctx, "link", "none", w.now)
	w.is(err, bot.ErrNotFound)

	_, err = w.Value(w.ctx, "link", "k", until)
	w.is(err, bot.ErrExpired)
	_, err = w.TakeValue(w.ctx, "link", "k", until)
	w.is(err, bot.ErrExpired)
	_, err = w.TakeValue(w.ctx, "link", "k", w.now)
	w.is(err, bot.ErrNotFound) // an expired value that was taken is gone
	v, err = w.Value(w.ctx, "token", "k", w.now.AddDate(50, 0, 0))
	w.ok(err)
	w.equal("without end", v, []byte{1, 2})

	w.ok(w.DeleteValue(w.ctx, "session", "k"))
	w.ok(w.DeleteValue(w.ctx, "session", "k"))
	_, err = w.Value(w.ctx, "session", "k", w.now)
	w.is(err, bot.ErrNotFound)
}

func vaultRace(w *world) {
	for i := range 10 {
		key := fmt.Sprint("k", i)
		w.ok(w.PutValue(w.ctx, "link", key, []byte("v"), w.now.Add(time.Minute)))
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				v, err := w.TakeValue(w.ctx, "link", key, w.now)
				switch {
				case err == nil && string(v) == "v":
					won.Add(1)
				case !errors.Is(err, bot.ErrNotFound):
					w.Errorf("value %q, error %v", v, err)
				}
			})
		}
		wg.Wait()
		w.equal("winners", won.Load(), 1)
	}
}

func line(w *world, what string) bot.Audit {
	return bot.Audit{At: w.now, Who: "staff:s1", What: what, Subject: "m1", Detail: "d"}
}

func auditChain(w *world) {
	n, err := w.VerifyAudit(w.ctx)
	w.ok(err)
	w.equal("empty", n, 0)
	w.ok(w.AppendAudit(w.ctx, line(w, "open"), line(w, "read")))
	w.ok(w.Commit(w.ctx, bot.Commit{Audit: []bot.Audit{line(w, "claim")}}))
	w.ok(w.AppendAudit(w.ctx))
	as, err := w.AuditLog(w.ctx, 0, 10)
	w.ok(err)
	hashes := map[string]bool{}
	for i, a := range as {
		w.equal("seq", a.Seq, i+1)
		w.equal("line", a.What, []string{"open", "read", "claim"}[i])
		w.equal("who", a.Who, "staff:s1")
		if !a.At.Equal(w.now) {
			w.Fatalf("time: got %v, want %v", a.At, w.now)
		}
		hashes[a.Hash] = a.Hash != ""
	}
	w.equal("hashes", len(hashes), 3)
	as, err = w.AuditLog(w.ctx, 1, 1)
	w.ok(err)
	w.equal("page", len(as), 1)
	w.equal("page", as[0].What, "read")
	n, err = w.VerifyAudit(w.ctx)
	w.ok(err)
	w.equal("lines", n, 3)
}

// auditTampering changes the record in each way, the last line too.
func auditTampering(w *world) {
	bad, ok := w.Store.(Tamperer)
	if !ok {
		w.Fatal("the store under test does not implement storetest.Tamperer")
	}
	for i := range 6 {
		w.ok(w.AppendAudit(w.ctx, line(w, fmt.Sprint(i+1))))
	}
	broken := func(what string, at int) {
		w.Helper()
		n, err := w.VerifyAudit(w.ctx)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint("line ", at)) || n != at-1 {
			w.Fatalf("%s: %d lines hold, error %v; want line %d named", what, n, err, at)
		}
	}
	w.ok(bad.DropAudit(6))
	broken("the last line was removed", 6)
	w.ok(bad.ChangeAudit(4, "m2"))
	broken("a line was changed", 4)
	w.ok(bad.DropAudit(2))
	broken("a line was removed", 2)
	w.ok(bad.DropAudit(1))
	broken("the first line was removed", 1)
}

func auditConcurrent(w *world) {
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			for range 5 {
				if err := w.Commit(w.ctx, bot.Commit{Audit: []bot.Audit{line(w, fmt.Sprint(i))}}); err != nil {
					w.Error(err)
				}
			}
		})
	}
	wg.Wait()
	n, err := w.VerifyAudit(w.ctx)
	w.ok(err)
	w.equal("lines", n, 50)
}
