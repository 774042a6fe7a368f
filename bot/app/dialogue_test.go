package app

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"heshi/bot"
	"heshi/intake"
)

// A dialogue is a txtar file with a section "chat":
//
//	> what the person writes            (">! id" presses a button, ">@ photo" sends an attachment of that kind)
//	< words the answer must contain     (in any of the replies to the line above)
//	! words no reply may contain
//	= mode=intake urgent=T-DV field=w_owed matter=…   (state afterwards; "matter=*" means any)
//
// The conversation is written to the store and read back between any two lines, as in the running service.

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

// noon is the day on which all dialogues happen.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.FixedZone("CST", 8*3600))

type talk struct {
	t       testing.TB
	chat    *Chat
	from    bot.Address
	n       int
	now     time.Time
	replies []bot.Reply
	state   bot.State
}

func newTalk(t testing.TB) *talk {
	t.Helper()
	k := &talk{t: t, from: bot.Address{Channel: "terminal", User: "u"}, now: noon}
	id := 0
	chat, err := NewChat(t.Context(), slog.New(slog.DiscardHandler), DefaultConfig(), think(t),
		func() time.Time { return k.now }, func() string { id++; return fmt.Sprintf("id%d", id) })
	if err != nil {
		t.Fatal(err)
	}
	k.chat = chat
	return k
}

func (k *talk) send(m bot.Message) {
	k.t.Helper()
	k.n++
	k.now = k.now.Add(20 * time.Second)
	m.Key, m.From, m.At = fmt.Sprintf("m%d", k.n), k.from, k.now
	var err error
	if k.replies, k.state, err = k.chat.Converse(k.t.Context(), m); err != nil {
		k.t.Fatal(err)
	}
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

func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no dialogues", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files {
				playDialogue(t, f.Name, string(f.Data))
			}
		})
	}
}

func playDialogue(t *testing.T, name, script string) {
	k := newTalk(t)
	for i, line := range strings.Split(script, "\n") {
		verb, rest, _ := strings.Cut(line, " ")
		fail := func(what string) {
			t.Errorf("%s line %d: %s\n%s\nafter that: %+v\n%s", name, i+1, line, what, k.state, k.text())
		}
		switch verb {
		case "", "#":
		case ">":
			k.say(rest)
		case ">!":
			k.send(bot.Message{Button: rest})
		case ">@":
			k.send(bot.Message{Attachments: []intake.Attachment{{ID: "a", Kind: rest, SHA256: strings.Repeat("0", 64)}}})
		case "<":
			if !strings.Contains(k.text(), rest) {
				fail("no reply contains it")
			}
		case "!":
			if strings.Contains(k.text(), rest) {
				fail("a reply contains it")
			}
		case "=":
			for _, want := range strings.Fields(rest) {
				key, v, _ := strings.Cut(want, "=")
				got := map[string]string{"mode": string(k.state.Mode), "form": k.state.Form, "field": k.state.Field,
					"matter": k.state.Matter, "urgent": strings.Join(k.state.Urgent, ",")}[key]
				if got != v && !(v == "*" && got != "") {
					fail(fmt.Sprintf("%s is %q", key, got))
				}
			}
		default:
			t.Fatalf("%s line %d: unknown verb %q", name, i+1, verb)
		}
		if t.Failed() {
			return
		}
	}
}
