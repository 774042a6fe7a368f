//go:build slow

package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"heshi/bot"
)

// The run of TestKillNine: how many messages over how many conversations, and how often the process dies.
const (
	killMessages      = 1000
	killConversations = 8
	kills             = 30
)

// recorder is a channel whose platform is a file: one line a send, on the disk's side of the process before Send returns.
type recorder struct{ f *os.File }

func (recorder) Name() string { return "record" }

func (r recorder) Send(_ context.Context, x bot.Reply) bot.Delivery {
	if _, err := fmt.Fprintf(r.f, "%s %s %s\n", x.To.User, x.ID, x.Cause); err != nil {
		return bot.Delivery{Kind: bot.Retry}
	}
	return bot.Delivery{Kind: bot.Sent}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("HESHI_KILL_DIR"); dir != "" {
		if err := killChild(dir, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func killMessage(i int) bot.Message {
	return bot.Message{
		Key: fmt.Sprintf("record:%04d", i), From: bot.Address{Channel: "record", User: strconv.Itoa(i % killConversations)},
		Text: "帮助", At: time.Unix(int64(i), 0),
	}
}

// killChild is the service: it takes message numbers from in, says on out which are accepted, and works and sends
// meanwhile. "drain" makes it finish everything and end.
func killChild(dir string, in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	f, err := os.OpenFile(filepath.Join(dir, "sent"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	cfg := DefaultConfig()
	cfg.Data = dir
	a, err := Open(ctx, slog.New(slog.DiscardHandler), cfg, Options{Channels: []bot.Channel{recorder{f}}})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, l) }()
	fmt.Fprintln(out, "ready")
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if lines.Text() == "drain" {
			if err := drain(ctx, a, f.Name()); err != nil {
				return err
			}
			stop()
			return <-done
		}
		i, err := strconv.Atoi(lines.Text())
		if err != nil {
			return err
		}
		if _, err := a.gateway.Accept(ctx, killMessage(i)); err != nil {
			return err
		}
		fmt.Fprintln(out, i)
	}
	return lines.Err()
}

// drain waits until nothing is pending and the file of sent replies is still.
func drain(ctx context.Context, a *App, sent string) error {
	size, still := int64(-1), 0
	for range 600 {
		n, err := a.Store.Pending(ctx)
		if err != nil {
			return err
		}
		st, err := os.Stat(sent)
		if err != nil {
			return err
		}
		if n == 0 && st.Size() == size {
			still++
		} else {
			still, size = 0, st.Size()
		}
		if still > 20 {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.New("the queue did not drain")
}

type killProcess struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startKill(t *testing.T, dir string) *killProcess {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "HESHI_KILL_DIR="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &killProcess{cmd, in, bufio.NewScanner(out)}
	if !p.out.Scan() || p.out.Text() != "ready" {
		t.Fatal("the service did not start")
	}
	return p
}

// TestKillNine kills the whole service at random points of one long run. An accepted message is never lost, no turn is
// taken twice, every conversation keeps its order, and a reply is sent twice only where the crash made it ambiguous:
// at most one per conversation and kill.
func TestKillNine(t *testing.T) {
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	accepted := map[int]bool{}
	next := 0
	for round := range kills {
		p := startKill(t, dir)
		quota := (killMessages-next)/(kills-round) + 1
		die := time.AfterFunc(time.Duration(rnd.IntN(120))*time.Millisecond, func() { p.cmd.Process.Kill() })
		for range quota {
			if next >= killMessages {
				break
			}
			if _, err := fmt.Fprintln(p.in, next); err != nil {
				break
			}
			if !p.out.Scan() { // died: whether this one was accepted is unknown, so the platform sends it again
				break
			}
			accepted[next] = true
			next++
		}
		time.Sleep(time.Duration(rnd.IntN(30)) * time.Millisecond)
		p.cmd.Process.Kill()
		p.cmd.Wait()
		die.Stop()
		markKill(t, dir, round)
	}
	p := startKill(t, dir)
	for next < killMessages {
		fmt.Fprintln(p.in, next)
		if !p.out.Scan() {
			t.Fatal("the last run ended early")
		}
		accepted[next] = true
		next++
	}
	fmt.Fprintln(p.in, "drain")
	if err := p.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	checkKilled(t, dir, accepted)
}

// markKill writes into the record where a process died.
func markKill(t *testing.T, dir string, round int) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "sent"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "kill %d -\n", round); err != nil {
		t.Fatal(err)
	}
}

func checkKilled(t *testing.T, dir string, accepted map[int]bool) {
	raw, err := os.ReadFile(filepath.Join(dir, "sent"))
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}   // reply id -> sends
	replies := map[string]int{} // cause -> different replies
	last := map[string]string{} // user -> cause of the newest first send
	doubled := map[string]int{} // user and kill before -> replies sent again
	kill := "none"
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		f := strings.Fields(line)
		if len(f) != 3 {
			t.Fatalf("a torn line in the record: %q", line)
		}
		user, id, cause := f[0], f[1], f[2]
		if user == "kill" {
			kill = id
			continue
		}
		times[id]++
		if times[id] > 1 {
			doubled[user+" after kill "+kill]++
			continue
		}
		replies[cause]++
		if cause < last[user] {
			t.Errorf("conversation %s: the reply to %s came after the one to %s", user, cause, last[user])
		}
		last[user] = cause
	}
	for i := range accepted {
		if n := replies[killMessage(i).Key]; n != 1 {
			t.Errorf("message %d was accepted and answered %d times", i, n)
		}
	}
	if len(accepted) != killMessages {
		t.Errorf("%d of %d messages were accepted", len(accepted), killMessages)
	}
	total := 0
	for where, n := range doubled {
		total += n
		if n > 1 {
			t.Errorf("conversation %s: %d replies doubled, only one was in the air", where, n)
		}
	}
	t.Logf("%d messages, %d kills: %d replies doubled (at most %d allowed)", len(accepted), kills, total, kills*killConversations)
}
