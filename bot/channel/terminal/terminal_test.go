package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel/channeltest"
	"heshi/intake"
	"heshi/prompts"
)

func say(tb testing.TB) *prompts.Catalog {
	tb.Helper()
	c, err := prompts.Load(prompts.Embedded())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// screen collects what is written.
type screen struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

var numbered = regexp.MustCompile(`(?m)^\d+\. 选 (\S+) · Тийм$`)

func harness(tb testing.TB, asJSON bool) *channeltest.Harness {
	in := channeltest.NewMemory()
	out := &screen{}
	ids := 0
	term := New(out, Options{JSON: asJSON, Say: say(tb),
		NewID: func() string { ids++; return fmt.Sprint(ids) },
		Converse: func(ctx context.Context, m bot.Message) ([]bot.Reply, bot.State, error) {
			_, err := in.Accept(ctx, m)
			return nil, bot.State{Mode: bot.ModeAsk}, err
		}})
	type offer struct{ id, label string }
	var offered []offer
	raw := func(tb testing.TB, line []byte) int {
		tb.Helper()
		before := out.Len()
		if err := term.Run(context.Background(), bytes.NewReader(append(line, '\n'))); errors.Is(err, channeltest.ErrFull) {
			return 503
		} else if err != nil {
			tb.Fatal(err)
		}
		switch said := out.String()[before:]; {
		case strings.Contains(said, "太长"):
			return 413
		case strings.Contains(said, "第 1 行") || strings.Contains(said, "没有“") || strings.Contains(said, "后面的内容不对"):
			return 400
		}
		return 200
	}
	photo := filepath.Join(tb.TempDir(), "欠条.png")
	if err := os.WriteFile(photo, []byte("\x89PNG\r\n\x1a\n picture"), 0o600); err != nil {
		tb.Fatal(err)
	}
	return &channeltest.Harness{
		Channel: term, Intake: in, Citizen: term.Address(), Local: true, Captionless: true,
		Deliver: func(tb testing.TB, it channeltest.Item) int {
			tb.Helper()
			if asJSON {
				line := map[string]any{}
				switch it.Kind {
				case channeltest.Text:
					line["text"] = it.Text
				case channeltest.Button:
					line["button"] = it.Button
				case channeltest.Photo:
					line["attachments"] = []any{map[string]any{"kind": "photo", "path": photo}}
				case channeltest.Voice:
					line["attachments"] = []any{map[string]any{"kind": "voice", "id": "v", "transcript": it.Text}}
				case channeltest.Location:
					line["attachments"] = []any{map[string]any{"kind": "location", "lat": it.Lat, "lon": it.Lon}}
				case channeltest.Contact:
					line["attachments"] = []any{map[string]any{"kind": "contact", "name": it.Name, "caption": it.Phone}}
					line["text"] = it.Phone
				case channeltest.Unsupported:
					return raw(tb, []byte("/sticker"))
				}
				b, _ := json.Marshal(line)
				return raw(tb, b)
			}
			switch it.Kind {
			case channeltest.Button:
				for i, o := range offered {
					if o.id == it.Button {
						return raw(tb, []byte(fmt.Sprint(i+1)))
					}
				}
				return raw(tb, []byte("/button "+it.Button))
			case channeltest.Photo:
				return raw(tb, []byte("/photo "+photo))
			case channeltest.Voice:
				return raw(tb, []byte("/voice "+it.Text))
			case channeltest.Location:
				return raw(tb, fmt.Appendf(nil, "/location %v,%v", it.Lat, it.Lon))
			case channeltest.Contact:
				return raw(tb, []byte("/contact "+it.Name+" "+it.Phone))
			case channeltest.Unsupported:
				return raw(tb, []byte("/sticker"))
			}
			return raw(tb, []byte(it.Text))
		},
		Raw: raw,
		Garbled: map[bool][]string{
			true:  {"", `{`, `{"text":7}`, `{"texts":"a"}`, `{"text":"a"} {}`, `{"attachments":[{"kind":"gold"}]}`, "/nothing", "{}"},
			false: {"/nothing", "/photo", "/location 1", "/location 91,0", "/contact 巴图", "/button"},
		}[asJSON],
		Dirty: []byte("坏\xff字"),
		Queue: func(r bot.Reply) {
			offered = nil
			for _, b := range r.Buttons {
				offered = append(offered, offer{b.ID, b.Label})
			}
		},
		Sent: func(tb testing.TB) []channeltest.Part {
			var parts []channeltest.Part
			if !asJSON {
				for _, block := range strings.SplitAfter(out.String(), "\n\n") {
					if strings.TrimSpace(block) == "" {
						continue
					}
					p := channeltest.Part{Text: block}
					for _, m := range numbered.FindAllStringSubmatch(block, -1) {
						p.Buttons = append(p.Buttons, m[1])
					}
					parts = append(parts, p)
				}
				return parts
			}
			dec := json.NewDecoder(strings.NewReader(out.String()))
			for {
				var l jsonLine
				if err := dec.Decode(&l); errors.Is(err, io.EOF) {
					return parts
				} else if err != nil {
					tb.Fatal(err)
				}
				for _, r := range l.Replies {
					p := channeltest.Part{Text: r.Text}
					for _, b := range r.Buttons {
						p.Buttons = append(p.Buttons, b.ID)
					}
					parts = append(parts, p)
				}
			}
		},
	}
}

func TestContractText(t *testing.T) {
	channeltest.Run(t, func(tb testing.TB, _ *slog.Logger) *channeltest.Harness { return harness(tb, false) })
}

func TestContractJSON(t *testing.T) {
	channeltest.Run(t, func(tb testing.TB, _ *slog.Logger) *channeltest.Harness { return harness(tb, true) })
}

func echo(_ context.Context, m bot.Message) ([]bot.Reply, bot.State, error) {
	if m.Text == "坏" {
		return nil, bot.State{}, errors.New("broken")
	}
	r := bot.Reply{Text: "听到：" + m.Text + m.Button, Kind: "answer", Buttons: []intake.Button{
		{ID: "go:mediation", Label: "申请调解", LabelMn: "Эвлэрүүлэх"}, {ID: "six", Label: "6"}, {ID: "three", Label: "3"}}}
	return []bot.Reply{r}, bot.State{Mode: bot.ModeIntake, Form: "F1", Field: "f1.what", Matter: "调2026-1", Urgent: []string{"T-DV"}}, nil
}

func TestJSONLineIsExact(t *testing.T) {
	var out strings.Builder
	err := Run(context.Background(), strings.NewReader("老板<欠>钱\n坏\n\n{\"button\":\"yes\"}"), &out, Options{JSON: true, Say: say(t), Converse: echo})
	if err == nil {
		t.Error("a failed turn must be reported at the end")
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines out for 4 in:\n%s", len(lines), out.String())
	}
	const state = `"state":{"mode":"intake","form":"F1","field":"f1.what","matter":"调2026-1","urgent":["T-DV"]}}`
	const buttons = `"buttons":[{"id":"go:mediation","label":"申请调解 · Эвлэрүүлэх"},{"id":"six","label":"6"},{"id":"three","label":"3"}],"kind":"answer"}],`
	for i, want := range []string{
		`{"replies":[{"text":"听到：老板<欠>钱",` + buttons + state,
		`{"replies":[{"text":"第 2 行没有办成：程序出了错，什么都没有改变。可以再试一次。","buttons":[],"kind":"error"}],` + state,
		`{"replies":[{"text":"第 3 行是空的。","buttons":[],"kind":"error"}],` + state,
		`{"replies":[{"text":"听到：yes",` + buttons + state,
	} {
		if lines[i] != want {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, lines[i], want)
		}
	}
}

func TestJSONBeforeAnythingWasSaid(t *testing.T) {
	var out strings.Builder
	if err := Run(context.Background(), strings.NewReader("{\n"), &out, Options{JSON: true, Converse: echo}); err != nil {
		t.Fatal(err)
	}
	if want := `"state":{"mode":"ask","form":"","field":"","matter":"","urgent":[]}}`; !strings.HasSuffix(strings.TrimSpace(out.String()), want) {
		t.Errorf("got %s", out.String())
	}
}

func TestNumbersAndWordsPressButtons(t *testing.T) {
	var pressed []string
	converse := func(ctx context.Context, m bot.Message) ([]bot.Reply, bot.State, error) {
		pressed = append(pressed, m.Button+"|"+m.Text)
		return echo(ctx, m)
	}
	in := "1\n你好\n1\n3\n2\n4\n申请调解\n/help\n/quit\n1\n"
	var out strings.Builder
	if err := Run(context.Background(), strings.NewReader(in), &out, Options{Say: say(t), Converse: converse, Prompt: "> "}); err != nil {
		t.Fatal(err)
	}
	// 3 is the label of the third button and the number of it; 6 is a label only at place two.
	want := "[|1 |你好 go:mediation| three| six| |4 go:mediation| |/help]"
	if got := fmt.Sprint(pressed); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := strings.Count(out.String(), "> "); n != 9 {
		t.Errorf("%d prompts", n)
	}
	if !strings.Contains(out.String(), "1. 申请调解 · Эвлэрүүлэх\n2. 6\n3. 3\n") {
		t.Errorf("got %s", out.String())
	}
}

func TestKeepsFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "合同.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.7 x"), 0o600); err != nil {
		t.Fatal(err)
	}
	mem := channeltest.NewMemory()
	var got bot.Message
	var out strings.Builder
	o := Options{Say: say(t), Keep: mem.PutBlob, Now: func() time.Time { return time.Unix(1, 0) },
		Converse: func(_ context.Context, m bot.Message) ([]bot.Reply, bot.State, error) {
			got = m
			return nil, bot.State{}, nil
		}}
	if err := Run(context.Background(), strings.NewReader("/file "+path+"\n"), &out, o); err != nil {
		t.Fatal(err)
	}
	if len(got.Attachments) != 1 {
		t.Fatalf("%+v\n%s", got, out.String())
	}
	a := got.Attachments[0]
	data, mime, err := mem.Blob(context.Background(), a.SHA256)
	if err != nil || string(data) != "%PDF-1.7 x" || mime != "application/pdf" || a.Name != "合同.pdf" || a.Size != 10 || !got.At.Equal(time.Unix(1, 0)) {
		t.Errorf("%+v %q %s %v", a, data, mime, err)
	}
	out.Reset()
	if err := Run(context.Background(), strings.NewReader("/file "+path+".lost\n/voice 你好"), &out, o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "打不开") || got.Text != "你好" {
		t.Errorf("%s %+v", out.String(), got)
	}
}

func TestALineTooLongIsReadPast(t *testing.T) {
	var out strings.Builder
	in := strings.Repeat("长", MaxLine/3+1) + "\n你好\n"
	if err := Run(context.Background(), strings.NewReader(in), &out, Options{JSON: true, Say: say(t), Converse: echo}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "太长") || !strings.Contains(lines[1], "听到：你好") {
		t.Errorf("%d lines: %.200s", len(lines), out.String())
	}
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := Run(ctx, strings.NewReader("a\n"), io.Discard, Options{Say: say(t), Converse: echo}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
