// Package terminal is the conversation on standard input and output: for trying out, for dialogues in scripts, and
// for an office with no network.
//
// It owns nothing. In text mode one line is one message and buttons are numbered; in JSON mode one line in gives
// exactly one line out, whatever the line was. A line that cannot be read is answered with what is wrong with it,
// changes nothing, and the next line is read.
package terminal

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
	"heshi/prompts"
)

// Name is the channel's name in addresses and keys.
const Name = "terminal"

// MaxLine is the longest line read, in bytes.
const MaxLine = 2 << 20

// Options is what a terminal conversation needs.
type Options struct {
	// JSON gives one JSON object per line instead of words for people.
	JSON bool
	// Prompt is written before each line is read, in text mode; empty for none.
	Prompt string
	// User is who is talking; default "local".
	User string
	// Converse takes one message through a whole turn. Its error ends nothing: it is answered, and returned by Run
	// at the end.
	Converse func(ctx context.Context, m bot.Message) ([]bot.Reply, bot.State, error)
	// Keep stores the bytes of an attachment; nil when only its hash is wanted.
	Keep func(ctx context.Context, owner bot.Address, hash, mime string, data []byte) error
	// Say holds the few sentences of the terminal itself; default those built in.
	Say *prompts.Catalog
	// Now and NewID are clock and message numbers; defaults time.Now and random.
	Now   func() time.Time
	NewID func() string
}

// Terminal is one person at one terminal. It is a bot.Channel.
type Terminal struct {
	o       Options
	mu      sync.Mutex
	out     io.Writer
	broken  error           // what Run gives at once
	offered []intake.Button // under the last reply
	state   bot.State
}

// New makes a terminal that writes to out.
func New(out io.Writer, o Options) *Terminal {
	if o.User == "" {
		o.User = "local"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	t := &Terminal{o: o, out: out, state: bot.State{Mode: bot.ModeAsk}}
	if o.Say == nil {
		t.o.Say, t.broken = prompts.Load(prompts.Embedded())
	}
	return t
}

// Run reads lines from in until it ends, ctx ends, or /quit. It gives the last error of a turn, if any failed, or
// what stopped the reading.
func Run(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	return New(out, o).Run(ctx, in)
}

// Name is "terminal".
func (t *Terminal) Name() string { return Name }

// Address is who is talking here.
func (t *Terminal) Address() bot.Address { return bot.Address{Channel: Name, User: t.o.User} }

// Send writes a reply that nobody typed for, from a mediator say.
func (t *Terminal) Send(_ context.Context, r bot.Reply) bot.Delivery {
	if r.To != t.Address() {
		return bot.Delivery{Kind: bot.Failed, Code: "address"}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.show([]bot.Reply{r}) != nil {
		return bot.Delivery{Kind: bot.Retry, RetryAfter: channel.Backoff(r.Attempts), Code: "closed"}
	}
	return bot.Delivery{Kind: bot.Sent}
}

// Run reads lines from in. See the function Run.
func (t *Terminal) Run(ctx context.Context, in io.Reader) error {
	if t.broken != nil {
		return fmt.Errorf("terminal: %w", t.broken)
	}
	lines := bufio.NewReaderSize(in, 1<<16)
	var failed error
	for n := 1; ctx.Err() == nil; n++ {
		if err := t.prompt(); err != nil {
			return err
		}
		line, whole, err := readLine(lines)
		if err != nil && line == "" {
			if errors.Is(err, io.EOF) {
				return failed
			}
			return fmt.Errorf("terminal: reading: %w", err)
		}
		quit, err := t.line(ctx, n, line, whole)
		if err != nil {
			failed = err
		}
		if quit {
			return failed
		}
	}
	return ctx.Err()
}

// line answers one line. The error is that of the turn or of writing.
func (t *Terminal) line(ctx context.Context, n int, line string, whole bool) (quit bool, err error) {
	if !whole {
		return false, t.complain("channel.terminal.long", map[string]string{"n": fmt.Sprint(n), "max": fmt.Sprint(MaxLine)})
	}
	line = strings.Trim(channel.Clean(line), " \t\n")
	if line == "/quit" || line == "/exit" {
		return true, nil
	}
	if line == "" && !t.o.JSON {
		return false, nil
	}
	m, key, args := t.read(ctx, line)
	if key != "" {
		if args == nil {
			args = map[string]string{}
		}
		args["n"] = fmt.Sprint(n)
		return false, t.complain(key, args)
	}
	m.Key, m.From, m.At = Name+":"+t.o.NewID(), t.Address(), t.o.Now()
	replies, state, err := t.o.Converse(ctx, m)
	if err != nil {
		if shown := t.complain("channel.terminal.failed", map[string]string{"n": fmt.Sprint(n)}); shown != nil {
			return true, shown
		}
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state = state
	if err := t.show(replies); err != nil {
		return true, err
	}
	return false, nil
}

// complain answers a line that was not taken.
func (t *Terminal) complain(key string, args map[string]string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	offered := t.offered
	err := t.show([]bot.Reply{{Text: t.o.Say.Text("", key, args), Kind: "error"}})
	t.offered = offered // the buttons on the table stay on the table
	return err
}

func (t *Terminal) prompt() error {
	if t.o.JSON || t.o.Prompt == "" {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := io.WriteString(t.out, t.o.Prompt)
	return err
}

// jsonLine is one line out, as documented in the README.
type jsonLine struct {
	Replies []jsonReply `json:"replies"`
	State   bot.State   `json:"state"`
}

type jsonReply struct {
	Text    string       `json:"text"`
	Buttons []jsonButton `json:"buttons"`
	Kind    string       `json:"kind"`
	// Answer is what an answer stands on, as data.
	Answer *bot.Answer `json:"answer,omitempty"`
}

type jsonButton struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// show writes replies; the caller holds the lock.
func (t *Terminal) show(replies []bot.Reply) error {
	if !t.o.JSON {
		for _, r := range replies {
			t.offered = r.Buttons
			text := strings.TrimRight(r.Text, "\n")
			if len(r.Buttons) > 0 {
				text += "\n" + channel.Numbered(r.Buttons)
			}
			if _, err := fmt.Fprintf(t.out, "%s\n\n", text); err != nil {
				return fmt.Errorf("terminal: writing: %w", err)
			}
		}
		return nil
	}
	l := jsonLine{Replies: []jsonReply{}, State: t.state}
	if l.State.Urgent == nil {
		l.State.Urgent = []string{}
	}
	for _, r := range replies {
		j := jsonReply{Text: r.Text, Buttons: []jsonButton{}, Kind: r.Kind, Answer: r.Answer}
		for _, b := range r.Buttons {
			j.Buttons = append(j.Buttons, jsonButton{b.ID, channel.Label(b)})
		}
		l.Replies = append(l.Replies, j)
	}
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return fmt.Errorf("terminal: writing: %w", err)
	}
	return nil
}

// readLine gives the next line without its end. whole is false for one over MaxLine, which is read past.
func readLine(r *bufio.Reader) (line string, whole bool, err error) {
	var b []byte
	whole = true
	for {
		piece, err := r.ReadSlice('\n')
		if len(b)+len(piece) > MaxLine {
			whole = false
			b = b[:0]
			b = append(b, '.') // not an empty line
		} else if whole {
			b = append(b, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return strings.TrimRight(string(b), "\r\n"), whole, errOnce(err, b)
	}
}

// errOnce keeps the end of the input for the next call when it follows a last line without a line end.
func errOnce(err error, b []byte) error {
	if errors.Is(err, io.EOF) && len(b) > 0 {
		return nil
	}
	return err
}
