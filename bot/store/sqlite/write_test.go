package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"heshi/bot"
)

// holdWriter keeps the writer busy until the test lets go, so that what is submitted meanwhile comes together.
func holdWriter(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, free := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.write(always, func(*tx) error {
			close(begun)
			<-free
			return nil
		})
	}()
	<-begun
	return func() {
		close(free)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func putOffice(id string) func(*tx) error {
	return func(t *tx) error {
		_, err := t.exec(`INSERT INTO offices (id, body) VALUES (?, '{}')`, id)
		return err
	}
}

func countOffices(t *testing.T, s *Store) int {
	t.Helper()
	var n int
	if err := s.read.get(t.Context(), `SELECT count(*) FROM offices`, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// queued waits until n requests stand in the queue.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); len(s.w.queue) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d requests are queued, want %d", len(s.w.queue), n)
		}
	}
}

func TestRequestsOfAGroupFailAlone(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	release := holdWriter(t, s)
	bad := errors.New("bad")
	var wg sync.WaitGroup
	for i := range 9 {
		wg.Go(func() {
			err := s.write(always, func(t *tx) error {
				if err := putOffice(fmt.Sprint(i))(t); err != nil || i%3 != 0 {
					return err
				}
				return bad // after it has written
			})
			if (i%3 == 0) != errors.Is(err, bad) {
				t.Errorf("request %d: %v", i, err)
			}
		})
	}
	queued(t, s, 9)
	release()
	wg.Wait()
	if n := countOffices(t, s); n != 6 {
		t.Errorf("%d rows, want those of the 6 good requests", n)
	}
}

// TestTransactionFails: when the transaction itself is lost, everybody in it hears so, and the next one works.
func TestTransactionFails(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	begun, free := make(chan struct{}), make(chan struct{})
	errs := make(chan error, 2)
	go func() {
		errs <- s.write(always, func(t *tx) error { close(begun); <-free; return putOffice("o1")(t) })
	}()
	<-begun
	go func() { errs <- s.write(always, func(t *tx) error { return t.simple("ROLLBACK") }) }()
	queued(t, s, 1)
	close(free)
	for range 2 {
		if err := <-errs; err == nil {
			t.Error("a request of a lost transaction was acknowledged")
		}
	}
	if err := s.write(t.Context(), putOffice("o2")); err != nil {
		t.Fatal(err)
	}
	if n := countOffices(t, s); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestCancelledRequests(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	release := holdWriter(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, 1)
	go func() { errs <- s.write(ctx, putOffice("queued")) }()
	queued(t, s, 1)
	cancel()
	if err := <-errs; !errors.Is(err, context.Canceled) {
		t.Errorf("a queued request that was cancelled: %v", err)
	}
	release()

	// One that the writer has begun is not reported as cancelled: it is written, and says so.
	ctx, cancel = context.WithCancel(t.Context())
	if err := s.write(ctx, func(t *tx) error {
		cancel()
		return putOffice("begun")(t)
	}); err != nil {
		t.Errorf("a request that was cancelled while it was written: %v", err)
	}
	if n := countOffices(t, s); n != 1 {
		t.Errorf("%d rows, want the one that was begun", n)
	}
}

func TestCloseFinishesWhatWaits(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	release := holdWriter(t, s)
	errs := make(chan error, 5)
	for i := range 5 {
		go func() { errs <- s.write(always, putOffice(fmt.Sprint(i))) }()
	}
	queued(t, s, 5)
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.w.closing
	release()
	for range 5 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := s.write(always, putOffice("late")); !errors.Is(err, ErrClosed) {
		t.Errorf("a request after Close: %v", err)
	}
}

// TestSyncLevel: only what is a lease and nothing but leases commits without a sync.
func TestSyncLevel(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	level := func(n *int) func(*tx) error {
		return func(t *tx) error { return t.get(`PRAGMA synchronous`, nil, n) }
	}
	const normal, full = 1, 2
	var got int
	for i := range 3 {
		if err := s.w.writeLight(t.Context(), level(&got)); err != nil || got != normal {
			t.Errorf("round %d: a lease at level %d, %v", i, got, err)
		}
		if err := s.write(t.Context(), level(&got)); err != nil || got != full {
			t.Errorf("round %d: a change at level %d, %v", i, got, err)
		}
	}
	// A change that comes while a transaction of leases is open gets its own.
	begun, free := make(chan struct{}), make(chan struct{})
	errs := make(chan error, 2)
	go func() {
		errs <- s.w.writeLight(always, func(*tx) error { close(begun); <-free; return nil })
	}()
	<-begun
	go func() { errs <- s.write(always, level(&got)) }()
	queued(t, s, 1)
	close(free)
	if err := errors.Join(<-errs, <-errs); err != nil || got != full {
		t.Errorf("a change behind a lease at level %d, %v", got, err)
	}
}

// TestLogStaysBounded writes without a pause for the background to use.
func TestLogStaysBounded(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{logLimit: 500})
	for i := range 300 {
		body := bytes.Repeat([]byte{byte(i)}, 100<<10) // 25 pages, and others than before
		if err := s.PutValue(t.Context(), "b", fmt.Sprint(i%10), body, time.Time{}); err != nil {
			t.Fatal(err)
		}
		s.wal.pending.Store(checkpointEvery) // as if there had been thousands
	}
	info, err := os.Stat(filepath.Join(dir, fileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	// 300 requests wrote 30 MB; the limit is 2 MB, and the log may overshoot by what is written during a checkpoint.
	if info.Size() > 15<<20 {
		t.Errorf("the log has %d MB", info.Size()>>20)
	}
}

// TestErasedIsGone looks for what was erased in the bytes of the files.
func TestErasedIsGone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	a := bot.Address{Channel: "web", User: "u-e5f1c0ffee"}
	secret := []byte("不可告人的一句话")
	if _, err := s.Accept(t.Context(), bot.Message{Key: "web:k-77aa", From: a, Text: string(secret)}); err != nil {
		t.Fatal(err)
	}
	c := bot.NewConversation(a)
	c.Story = []bot.Told{{Text: string(secret)}}
	if err := s.Commit(t.Context(), bot.Commit{Conversations: []bot.Conversation{c}, Replies: []bot.Reply{{ID: "r", To: a, Text: string(secret)}}}); err != nil {
		t.Fatal(err)
	}
	traces := func() (found []string) {
		for _, name := range []string{fileName, fileName + "-wal"} {
			raw, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, trace := range [][]byte{secret, []byte(a.User), []byte("k-77aa")} {
				if bytes.Contains(raw, trace) {
					found = append(found, name+": "+string(trace))
				}
			}
		}
		return found
	}
	if len(traces()) == 0 {
		t.Fatal("the test looks in the wrong place")
	}
	if err := s.Commit(t.Context(), bot.Commit{Erase: []bot.Address{a}}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); len(traces()) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still there: %q", traces())
		}
	}
}
