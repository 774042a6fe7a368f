package app

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"heshi/bot"
	"heshi/intake"
)

// A file of testdata is a txtar archive of dialogues: the name of each is its title, the lines are
//
//	> what the person writes
//	>! id                    presses a button
//	>@ kind …                sends an attachment: photo, video, file [name], voice [words in it],
//	                         location lat lon, contact name phone, album kind kind …
//	>? kind                  sends something this channel cannot read: sticker
//	>> stage words           writes the same words until the form is at this stage, or asks this field: review, a_phone …
//	+ 41h                    time passes (h, d); what came of itself meanwhile stands in the place of replies
//	~ channel:user           from here on this person speaks
//	< words                  some reply to the line above contains them; "[kind]" before a reply is its kind,
//	                         "(id) label" below it a button
//	! words                  no reply contains them
//	-                        there is no reply at all
//	= mode=intake urgent=…   the conversation afterwards (see shown); "key=*" means any value but none
//	$ w_owed=800000 …        the file: answers of the running form or of the submitted matter (see filed)
//	% deed …                 the desk acts (see dialogue_desk_test.go); replies are then what the person receives
//	%< words, %! words       the page the desk shows contains them, or does not
//	# comment
//
// The conversation is written to the store and read back between any two lines, as in the running service.

var transcript = flag.Bool("transcript", false, "print what is said in the dialogues")

var brainOnce = sync.OnceValues(func() (*Brain, error) {
	return Think(context.Background(), slog.New(slog.DiscardHandler), Config{Data: "testdata"})
})

// think shares one Brain among the tests of this package: it is read-only.
func think(t testing.TB) *Brain {
	t.Helper()
	b, err := brainOnce()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// noon is the day on which all dialogues begin.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))

type talk struct {
	t       testing.TB
	chat    *Chat
	from    bot.Address
	n, ids  int
	now     time.Time
	replies []bot.Reply
	state   bot.State
	office  *office
}

func newTalk(t testing.TB) *talk {
	t.Helper()
	k := &talk{t: t, from: bot.Address{Channel: "terminal", User: "u"}, now: noon}
	chat, err := NewChat(t.Context(), slog.New(slog.DiscardHandler), DefaultConfig(), think(t),
		func() time.Time { return k.now }, k.newID)
	if err != nil {
		t.Fatal(err)
	}
	k.chat = chat
	return k
}

func (k *talk) newID() string { k.ids++; return fmt.Sprintf("id%d", k.ids) }

// send takes one message through the service; the replies to an album are those to all its messages.
func (k *talk) send(ms ...bot.Message) {
	k.t.Helper()
	k.now = k.now.Add(20 * time.Second)
	var all []bot.Reply
	for _, m := range ms {
		k.n++
		m.Key, m.From, m.At = fmt.Sprintf("m%d", k.n), k.from, k.now
		replies, state, err := k.chat.Converse(k.t.Context(), m)
		if err != nil {
			k.t.Fatal(err)
		}
		all, k.state = append(all, replies...), state
	}
	k.replies = all
}

func (k *talk) say(text string) { k.t.Helper(); k.send(bot.Message{Text: text}) }

func (k *talk) text() string {
	var b strings.Builder
	for _, r := range k.replies {
		fmt.Fprintf(&b, "[%s] %s\n", r.Kind, r.Text)
		for _, x := range r.Buttons {
			fmt.Fprintf(&b, "  (%s) %s\n", x.ID, x.Label)
		}
	}
	return b.String()
}

// pass lets time go by hour by hour, with the timers that the service runs.
func (k *talk) pass(d time.Duration) {
	k.t.Helper()
	e := k.chat.Engine
	remind := bot.Reminder{Log: e.Log, Store: k.chat.Store, Engine: e, Signal: bot.NewSignal(), Now: e.Now}
	forget := bot.Retention{Log: e.Log, Store: k.chat.Store, Now: e.Now}
	for end := k.now.Add(d); k.now.Before(end); {
		k.now = k.now.Add(min(time.Hour, end.Sub(k.now)))
		if _, err := remind.Flush(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		if _, err := forget.Flush(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
	}
	k.receive()
}

// receive takes what was sent to the person without a message of theirs.
func (k *talk) receive() {
	k.t.Helper()
	var err error
	if k.replies, err = k.chat.Replies(k.t.Context(), k.from); err != nil {
		k.t.Fatal(err)
	}
	k.state = k.conversation().State()
}

// attached makes the messages of a ">@" line, as channels make them: an album is one message for each of its items.
func attached(n int, rest string) ([]bot.Message, error) {
	words := strings.Fields(rest)
	if len(words) == 0 {
		return nil, fmt.Errorf("what is sent?")
	}
	kind, words := words[0], words[1:]
	a := intake.Attachment{ID: fmt.Sprintf("a%d", n), Kind: kind, SHA256: fmt.Sprintf("%064d", n), Size: 1000}
	m := bot.Message{}
	switch kind {
	case "album":
		var all []bot.Message
		group := fmt.Sprintf("g%d", n)
		for i, kind := range words {
			a := intake.Attachment{ID: fmt.Sprintf("a%d-%d", n, i), Kind: kind, Group: group, SHA256: fmt.Sprintf("%062d%02d", n, i), Size: 1000}
			all = append(all, bot.Message{Album: group, Attachments: []intake.Attachment{a}})
		}
		return all, nil
	case "photo", "video":
		a.Caption, m.Text = strings.Join(words, " "), strings.Join(words, " ")
	case "file":
		a.Name = strings.Join(words, " ")
	case "voice":
		a.Transcript = strings.Join(words, " ")
	case "location":
		if len(words) != 2 {
			return nil, fmt.Errorf("a location is a latitude and a longitude")
		}
		var err1, err2 error
		a = intake.Attachment{Kind: kind}
		a.Lat, err1 = strconv.ParseFloat(words[0], 64)
		a.Lon, err2 = strconv.ParseFloat(words[1], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("not a position: %s", rest)
		}
	case "contact": // one's own number, as it comes from a messenger
		if len(words) != 2 {
			return nil, fmt.Errorf("a contact is a name and a number")
		}
		a = intake.Attachment{Kind: kind, Name: words[0], Caption: words[1]}
		m.Text = words[1]
	default:
		return nil, fmt.Errorf("unknown kind %q", kind)
	}
	m.Attachments = []intake.Attachment{a}
	return []bot.Message{m}, nil
}

// days reads "41h" and "3d".
func days(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		d, err := strconv.Atoi(n)
		return time.Duration(d) * 24 * time.Hour, err
	}
	return time.ParseDuration(s)
}

func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no dialogues", err)
	}
	seen := newSeen()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files {
				t.Run(f.Name, func(t *testing.T) { playDialogue(t, string(f.Data), seen) })
			}
		})
	}
	if !strings.Contains(flag.Lookup("test.run").Value.String(), "/") {
		seen.check(t)
	}
}

func playDialogue(t *testing.T, script string, seen *seen) {
	k := newTalk(t)
	seen.dialogues++
	for i, line := range strings.Split(script, "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		fail := func(what string) {
			t.Errorf("line %d: %s\n%s\nafter that: %+v\n%s", i+1, line, what, k.state, k.text())
		}
		acted := true
		switch verb {
		case ">":
			k.say(rest)
		case ">!":
			k.send(bot.Message{Button: rest})
		case ">@":
			ms, err := attached(k.n, rest)
			if err != nil {
				t.Fatalf("line %d: %s: %v", i+1, line, err)
			}
			k.send(ms...)
		case ">?":
			k.send(bot.Message{Unsupported: rest})
		case ">>":
			stage, words, _ := strings.Cut(rest, " ")
			for n := 0; k.shown()["stage"] != stage && k.state.Field != stage; n++ {
				if k.say(words); n == 15 {
					t.Fatalf("line %d: %s: not there after %d answers\n%s", i+1, line, n, k.text())
				}
			}
		case "+":
			d, err := days(rest)
			if err != nil {
				t.Fatalf("line %d: %s: %v", i+1, line, err)
			}
			k.pass(d)
		case "~":
			a, ok := bot.ParseAddress(rest)
			if !ok {
				t.Fatalf("line %d: %s: no address", i+1, line)
			}
			k.from = a
			k.receive()
		case "%":
			if err := k.deed(rest); err != nil {
				fail(err.Error())
			}
		default:
			acted = false
			if wrong := k.expect(verb, rest); wrong != "" {
				fail(wrong)
			}
		}
		if acted {
			seen.note(k)
			if *transcript {
				fmt.Printf("%s\n    %s\n", line, strings.ReplaceAll(strings.TrimSpace(k.text()), "\n", "\n    "))
			}
		}
		if t.Failed() {
			return
		}
	}
}
