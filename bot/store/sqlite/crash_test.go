package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/bot"
)

// The crash test runs this test binary again as a child that works against a folder and says on its standard output
// what the store acknowledged. It is killed with SIGKILL at a random moment, thirty times; after each kill the folder
// is opened and held against everything that any child was told.
const (
	crashEnv           = "HESHI_CRASH_TEST_FOLDER"
	crashSeed          = 20260302
	crashKills         = 30
	crashConversations = 8
	crashMessages      = 125 // in each conversation
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashEnv); dir != "" {
		if err := crashChild(context.Background(), dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func crashAddress(c int) bot.Address { return bot.Address{Channel: "crash", User: strconv.Itoa(c)} }

func crashKey(c, i int) string { return fmt.Sprintf("crash:%d/%d", c, i) }

// say writes one line at once: what has been said is in the pipe, whatever happens to the process.
func say(words ...any) error {
	_, err := os.Stdout.WriteString(fmt.Sprintln(words...))
	return err
}

// crashChild accepts every message of every conversation again, as a platform would that heard nothing, works on
// them and sends the replies, until all is done.
func crashChild(ctx context.Context, dir string) error {
	s, err := Open(ctx, quiet(), dir, Options{})
	if err != nil {
		return err
	}
	if _, err := s.Recover(ctx, time.Now()); err != nil {
		return err
	}
	var wg sync.WaitGroup
	fail := make(chan error, 64)
	run := func(do func() error) {
		wg.Go(func() {
			if err := do(); err != nil {
				fail <- err
			}
		})
	}
	for c := range crashConversations {
		run(func() error { return crashAccept(ctx, s, c) })
	}
	for range 3 {
		run(func() error { return crashWork(ctx, s) })
	}
	run(func() error { return crashSend(ctx, s) })
	wg.Wait()
	close(fail)
	for e := range fail {
		err = errors.Join(err, e)
	}
	return errors.Join(err, s.Close())
}

func crashAccept(ctx context.Context, s *Store, c int) error {
	for i := range crashMessages {
		fresh, err := s.Accept(ctx, bot.Message{Key: crashKey(c, i), From: crashAddress(c), Text: strconv.Itoa(i), At: time.Now()})
		if err != nil {
			return err
		}
		if fresh {
			if err := say("accepted", c, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func crashWork(ctx context.Context, s *Store) error {
	for idle := 0; idle < 200; {
		w, err := s.Lease(ctx, time.Now(), time.Now().Add(time.Minute))
		if errors.Is(err, bot.ErrNothing) {
			idle++
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			return err
		}
		idle = 0
		c, err := s.Conversation(ctx, w.Message.From)
		if errors.Is(err, bot.ErrNotFound) {
			c, err = bot.NewConversation(w.Message.From), nil
		}
		if err != nil {
			return err
		}
		serial, err := s.NextSerial(ctx, "2026")
		if err != nil {
			return err
		}
		c.Story = append(c.Story, bot.Told{Text: w.Message.Text})
		// The id differs on every try, so that a turn committed twice would show.
		r := bot.Reply{ID: fmt.Sprint(os.Getpid(), "/", serial), To: c.Address, Text: w.Message.Text + " " + strconv.Itoa(serial), Cause: w.Message.Key}
		err = s.Commit(ctx, bot.Commit{Work: &w, Conversations: []bot.Conversation{c}, Replies: []bot.Reply{r}, Audit: []bot.Audit{{Who: "system", What: "turn"}}})
		if err != nil {
			return err
		}
		if err := say("committed", w.Message.From.User, w.Message.Text, serial); err != nil {
			return err
		}
	}
	return nil
}

func crashSend(ctx context.Context, s *Store) error {
	for idle := 0; idle < 200; {
		rs, err := s.Due(ctx, time.Now(), nil, crashConversations)
		if err != nil {
			return err
		}
		if idle++; len(rs) == 0 {
			time.Sleep(time.Millisecond)
			continue
		}
		idle = 0
		for _, r := range rs {
			if err := say("sent", r.To.User, r.ID); err != nil {
				return err
			}
			if err := s.Settle(ctx, r.ID, bot.Delivery{Kind: bot.Sent}, time.Now()); err != nil {
				return err
			}
			if err := say("settled", r.To.User, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// told is what the children were told, all of them together.
type told struct {
	accepted, committed map[string]bool // "conversation index"
	serials             map[string]bool
	settled             map[string]bool // reply ids
	sent                []string        // by the present child, "conversation id"
}

func (o *told) hear(t *testing.T, line string) {
	t.Helper()
	f := strings.Fields(line)
	switch {
	case len(f) == 3 && f[0] == "accepted":
		o.accepted[f[1]+" "+f[2]] = true
	case len(f) == 4 && f[0] == "committed":
		if o.committed[f[1]+" "+f[2]] {
			t.Errorf("message %s of conversation %s was committed twice", f[2], f[1])
		}
		if o.serials[f[3]] {
			t.Errorf("serial %s was given twice", f[3])
		}
		o.committed[f[1]+" "+f[2]], o.serials[f[3]] = true, true
	case len(f) == 3 && f[0] == "sent":
		if o.settled[f[2]] {
			t.Errorf("reply %s was sent again after it was settled", f[2])
		}
		o.sent = append(o.sent, f[1]+" "+f[2])
	case len(f) == 3 && f[0] == "settled":
		o.settled[f[2]] = true
	default:
		t.Errorf("the child said %q", line)
	}
}

func TestKillNine(t *testing.T) {
	t.Logf("seed %d", crashSeed)
	random := rand.New(rand.NewPCG(crashSeed, 1))
	dir := t.TempDir()
	o := &told{accepted: map[string]bool{}, committed: map[string]bool{}, serials: map[string]bool{}, settled: map[string]bool{}}
	for kill := range crashKills {
		crashRun(t, dir, o, 1+random.IntN(180), time.Duration(random.IntN(3000))*time.Microsecond)
		done := crashCheck(t, dir, o)
		if t.Failed() {
			t.Fatalf("after kill %d", kill+1)
		}
		if kill == crashKills-1 && done == crashConversations*crashMessages {
			t.Errorf("everything was done before the last kill: the test kills too late to prove much")
		}
	}
	crashRun(t, dir, o, -1, 0)
	if done := crashCheck(t, dir, o); done != crashConversations*crashMessages {
		t.Errorf("%d turns at the end, want %d", done, crashConversations*crashMessages)
	}
	t.Logf("%d accepted, %d committed, %d settled acknowledgements heard", len(o.accepted), len(o.committed), len(o.settled))
}

// crashRun starts a child and kills it after so many lines and then a moment; a negative number lets it finish.
func crashRun(t *testing.T, dir string, o *told, lines int, moment time.Duration) {
	t.Helper()
	o.sent = nil
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), crashEnv+"="+dir)
	var stderr strings.Builder
	child.Stderr = &stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(out)
	for n := 0; ; n++ {
		if n == lines {
			time.Sleep(moment)
			if err := child.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
		line, err := in.ReadString('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		o.hear(t, strings.TrimSpace(line))
	}
	if err := child.Wait(); lines < 0 && err != nil || stderr.Len() > 0 {
		t.Fatalf("the child ended with %v: %s", err, stderr.String())
	}
	ordered := map[string]int{}
	for _, s := range o.sent {
		who, id, _ := strings.Cut(s, " ")
		_, serial, _ := strings.Cut(id, "/")
		n, _ := strconv.Atoi(serial)
		if n <= ordered[who] {
			t.Errorf("conversation %s: a reply was sent out of order", who)
		}
		ordered[who] = n
	}
}

// crashCheck opens the folder and holds it against o. It gives the number of committed turns.
func crashCheck(t *testing.T, dir string, o *told) (done int) {
	t.Helper()
	s, err := Open(t.Context(), quiet(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	stored := map[string]bool{}
	if err := s.read.each(t.Context(), `SELECT key FROM inbox`, nil, func(row scan) error {
		var key string
		err := row(&key)
		stored[key] = true
		return err
	}); err != nil {
		t.Fatal(err)
	}
	serials := map[string]bool{}
	for c := range crashConversations {
		rs, err := s.History(t.Context(), crashAddress(c), 0, 10000)
		if err != nil {
			t.Fatal(err)
		}
		var story []string
		for i, r := range rs {
			index, serial, _ := strings.Cut(r.Reply.Text, " ")
			story = append(story, index)
			if index != strconv.Itoa(i) {
				t.Fatalf("conversation %d: reply %d is to message %s: a turn is missing, double, or out of order", c, i, index)
			}
			if serials[serial] {
				t.Errorf("serial %s is on two files", serial)
			}
			serials[serial] = true
		}
		conv, err := s.Conversation(t.Context(), crashAddress(c))
		if err != nil && len(rs) > 0 {
			t.Fatal(err)
		}
		if len(conv.Story) != len(rs) || conv.Version != int64(len(rs)) {
			t.Errorf("conversation %d remembers %d turns at version %d, and has %d replies", c, len(conv.Story), conv.Version, len(rs))
		}
		for i := range crashMessages {
			id := fmt.Sprint(c, " ", i)
			if o.accepted[id] && !stored[crashKey(c, i)] {
				t.Errorf("message %s was acknowledged and is lost", id)
			}
			if o.committed[id] && !slices.Contains(story, strconv.Itoa(i)) {
				t.Errorf("turn %s was acknowledged and is lost", id)
			}
		}
		done += len(rs)
	}
	if n, err := s.VerifyAudit(t.Context()); err != nil || n != done {
		t.Errorf("%d audit lines for %d turns: %v", n, done, err)
	}
	return done
}
