package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/bot/channel/channeltest"
	"heshi/intake"
	"heshi/prompts"
)

const (
	citizen = 55512345
	secret  = "webhook-Secret_for_tests"
)

type rig struct {
	*channeltest.Harness
	api *channeltest.TelegramServer
	ch  *Channel
	hub *httptest.Server
}

func say(tb testing.TB) *prompts.Catalog {
	tb.Helper()
	c, err := prompts.Load(prompts.Embedded())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func newRig(tb testing.TB, lg *slog.Logger, change func(*Options)) *rig {
	tb.Helper()
	api := channeltest.NewTelegramServer(tb)
	o := Options{Token: api.Token, Secret: secret, ServerURL: api.URL(), ChatRate: -1, AllRate: -1,
		Client: &http.Client{Timeout: 700 * time.Millisecond}, PollTimeout: time.Second}
	if change != nil {
		change(&o)
	}
	ch, err := New(lg, say(tb), o)
	if err != nil {
		tb.Fatal(err)
	}
	in := channeltest.NewMemory()
	mux := http.NewServeMux()
	ch.Register(mux, in)
	hub := httptest.NewServer(mux)
	tb.Cleanup(hub.Close)
	post := func(tb testing.TB, token string, body []byte) int {
		tb.Helper()
		req, err := http.NewRequest(http.MethodPost, hub.URL+"/telegram/webhook", bytes.NewReader(body))
		if err != nil {
			tb.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			tb.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	return &rig{api: api, ch: ch, hub: hub, Harness: &channeltest.Harness{
		Channel: ch, Intake: in, Citizen: bot.Address{Channel: Name, User: fmt.Sprint(citizen)},
		Deliver: func(tb testing.TB, it channeltest.Item) int {
			return post(tb, secret, []byte(channeltest.TelegramUpdate(it, citizen)))
		},
		Raw: func(tb testing.TB, body []byte) int { return post(tb, secret, body) },
		Garbled: []string{"", "{", "[]", "null", "{}", `{"update_id":"x"}`, `{"update_id":-4}`, "<xml/>", "\xff\xfe",
			`{"update_id":1,"message":7}`, `{"update_id":9,"message":{"text":["a"]}}`},
		Dirty: []byte(strings.Replace(channeltest.TelegramUpdate(channeltest.Item{N: 1, Kind: channeltest.Text, Text: "坏@字"}, citizen), "@", "\xff", 1)),
		Forge: func(tb testing.TB, it channeltest.Item) int {
			body := []byte(channeltest.TelegramUpdate(it, citizen))
			for _, wrong := range []string{"", secret + "x", strings.ToUpper(secret)} {
				if got := post(tb, wrong, body); got < 400 {
					return got
				}
			}
			return post(tb, secret[:len(secret)-1], body)
		},
		Sent: func(testing.TB) []channeltest.Part {
			var out []channeltest.Part
			for _, s := range api.Sent() {
				out = append(out, channeltest.Part{Text: s.Text, Buttons: s.Data})
			}
			return out
		},
		Limit: maxText, Size: channel.UTF16, Misbehave: api.Misbehave,
		Faults: []channeltest.Fault{channeltest.RateLimited, channeltest.BlockedUser, channeltest.Refused,
			channeltest.ServerError, channeltest.Hang, channeltest.Garbage},
		Secrets: []string{api.Token, strings.Split(api.Token, ":")[1], secret, "55512345"},
	}}
}

func TestContract(t *testing.T) {
	channeltest.Run(t, func(tb testing.TB, lg *slog.Logger) *channeltest.Harness {
		return newRig(tb, lg, nil).Harness
	})
}

func TestNewRefusesABadToken(t *testing.T) {
	for _, token := range []string{"", "x", ":x", "1:"} {
		if _, err := New(slog.Default(), say(t), Options{Token: token}); !errors.Is(err, ErrToken) {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestWebhookWithoutSecretTakesNothing(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), func(o *Options) { o.Secret = "" })
	req, _ := http.NewRequest(http.MethodPost, r.hub.URL+"/telegram/webhook",
		strings.NewReader(channeltest.TelegramUpdate(channeltest.Item{N: 1, Kind: channeltest.Text, Text: "x"}, 1)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || len(r.Intake.Messages()) != 0 {
		t.Errorf("status %d, %d messages", resp.StatusCode, len(r.Intake.Messages()))
	}
}

// deliver posts the fields of a message in the private chat, or in chat when given.
func (r *rig) deliver(t *testing.T, id int, kind string, chat map[string]any, fields map[string]any) int {
	t.Helper()
	if chat == nil {
		chat = map[string]any{"id": citizen, "type": "private"}
	}
	m := map[string]any{"message_id": id, "date": 1767225600, "chat": chat, "from": map[string]any{"id": citizen}}
	for k, v := range fields {
		m[k] = v
	}
	raw, _ := json.Marshal(map[string]any{"update_id": id, kind: m})
	return r.Raw(t, raw)
}

func TestReadsUpdates(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), nil)
	photo := []any{map[string]any{"file_id": "P", "width": 1, "height": 1, "file_unique_id": "p"}}
	for i, x := range []struct {
		name, kind string
		fields     map[string]any
		want       bot.Message // Key, From and At are checked by the contract
	}{
		{"start", "message", map[string]any{"text": "/start"}, bot.Message{Button: channel.Start}},
		{"start with a code", "message", map[string]any{"text": "/start abc"}, bot.Message{Button: channel.Start, Text: "abc"}},
		{"a command", "message", map[string]any{"text": "/human@heshi_bot please"}, bot.Message{Text: "人工"}},
		{"a slash in words", "message", map[string]any{"text": "/不是命令"}, bot.Message{Text: "/不是命令"}},
		{"an edit corrects", "edited_message", map[string]any{"text": "是5月", "edit_date": 1767225700}, bot.Message{Text: "更正：是5月"}},
		{"an album", "message", map[string]any{"photo": photo, "media_group_id": "A1"},
			bot.Message{Album: "A1", Attachments: []intake.Attachment{{ID: "P", Kind: "photo", Type: "image/jpeg", Group: "A1"}}}},
		{"a document", "message", map[string]any{"document": map[string]any{"file_id": "D", "file_name": "合同.pdf", "mime_type": "application/pdf", "file_size": 9}},
			bot.Message{Attachments: []intake.Attachment{{ID: "D", Kind: "file", Name: "合同.pdf", Type: "application/pdf", Size: 9}}}},
		{"a huge video", "message", map[string]any{"video": map[string]any{"file_id": "V", "file_size": 30 << 20}}, bot.Message{Unsupported: "file_too_big"}},
		{"a place by name", "message", map[string]any{"venue": map[string]any{"title": "司法所", "address": "锡林浩特", "location": map[string]any{"latitude": 43.9, "longitude": 116.1}}},
			bot.Message{Attachments: []intake.Attachment{{Kind: "location", Name: "司法所 锡林浩特", Lat: 43.9, Lon: 116.1}}}},
		{"another's contact", "message", map[string]any{"contact": map[string]any{"phone_number": "0479-1234567", "first_name": "巴图", "user_id": 9}},
			bot.Message{Text: "巴图 0479-1234567", Attachments: []intake.Attachment{{Kind: "contact", Name: "巴图", Caption: "0479-1234567"}}}},
		{"a dice", "message", map[string]any{"dice": map[string]any{"emoji": "🎲", "value": 3}}, bot.Message{Unsupported: "dice"}},
		{"half an emoji", "message", map[string]any{"text": "a\x00b"}, bot.Message{Text: "ab"}},
	} {
		if got := r.deliver(t, i+1, x.kind, nil, x.fields); got != 200 {
			t.Errorf("%s: status %d", x.name, got)
			continue
		}
		ms := r.Intake.Messages()
		if len(ms) == 0 {
			t.Fatalf("%s: nothing accepted", x.name)
		}
		got := ms[len(ms)-1]
		if got.Key != fmt.Sprintf("telegram:%d", i+1) {
			t.Errorf("%s: key %s", x.name, got.Key)
		}
		got.Key, got.From, got.At = "", bot.Address{}, time.Time{}
		if a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", x.want); a != b {
			t.Errorf("%s:\n got %s\nwant %s", x.name, a, b)
		}
	}
}

func TestIgnoresWhatNobodySaid(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), nil)
	for i, body := range []string{
		`{"update_id":1,"edited_message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"location":{"latitude":1,"longitude":2}}}`,
		`{"update_id":2,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"message_auto_delete_timer_changed":{"message_auto_delete_time":1}}}`,
		`{"update_id":3,"poll":{"id":"1","question":"?","options":[]}}`,
	} {
		if got := r.Raw(t, []byte(body)); got != 200 {
			t.Errorf("%d: status %d", i, got)
		}
	}
	if n := len(r.Intake.Messages()); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func TestGroupIsDeclinedOnce(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), nil)
	group := map[string]any{"id": -100200, "type": "supergroup", "title": "嘎查群"}
	for i := range 3 {
		if got := r.deliver(t, i+1, "message", group, map[string]any{"text": "老板欠我钱"}); got != 200 {
			t.Errorf("status %d", got)
		}
	}
	for deadline := time.Now().Add(3 * time.Second); len(r.api.Sent()) == 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	if sent := r.api.Sent(); len(sent) != 1 || sent[0].Chat != "-100200" || !strings.Contains(sent[0].Text, "单独") {
		t.Errorf("sent %+v", sent)
	}
	if len(r.Intake.Messages()) != 0 {
		t.Error("a group's words were taken")
	}
}

func TestPublicKeepsNothingPersonal(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), func(o *Options) { o.Public = true })
	if !r.ch.Public() {
		t.Error("Public is not said")
	}
	for i, k := range []channeltest.Kind{channeltest.Photo, channeltest.Voice, channeltest.Location, channeltest.Contact} {
		r.Deliver(t, channeltest.Item{N: i, Kind: k, Name: "苏日娜", Phone: "13900139000", Lat: 1, Lon: 2})
		m := r.Intake.Messages()[i]
		if m.Unsupported != string(k) || len(m.Attachments) != 0 || strings.Contains(m.Text, "139") {
			t.Errorf("%s: %+v", k, m)
		}
	}
}

func TestFetch(t *testing.T) {
	logs := &channeltest.Logs{}
	r := newRig(t, logs.Logger(), nil)
	r.api.PutFile("F1", []byte("\xff\xd8\xff\xe0 picture"))
	body, kind, err := r.ch.Fetch(context.Background(), "F1")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	body.Close()
	if err != nil || kind != "image/jpeg" || !strings.HasSuffix(string(data), "picture") {
		t.Errorf("%q %s %v", data, kind, err)
	}
	if _, _, err := r.ch.Fetch(context.Background(), "unknown"); !errors.Is(err, ErrGone) {
		t.Errorf("unknown file: %v", err)
	}
	r.api.Misbehave(channeltest.Hang, 0)
	if _, _, err := r.ch.Fetch(context.Background(), "F1"); err == nil || strings.Contains(err.Error(), r.api.Token) {
		t.Errorf("hanging: %v", err)
	}
	r.api.PutFile("big", make([]byte, MaxFile+1))
	if _, _, err := r.ch.Fetch(context.Background(), "big"); !errors.Is(err, ErrTooBig) {
		t.Errorf("21 MB: %v", err)
	}
	logs.Silent(t, r.api.Token)
}

func TestPollCommitsBeforeItMoves(t *testing.T) {
	logs := &channeltest.Logs{}
	r := newRig(t, logs.Logger(), nil)
	for n := range 30 {
		r.api.Push(channeltest.TelegramUpdate(channeltest.Item{N: n, Kind: channeltest.Text, Text: fmt.Sprint(n)}, citizen))
	}
	r.api.Push(`{"update_id":8030,"message":7}`) // nobody can read it; it must not hold back the next
	r.api.Push(channeltest.TelegramUpdate(channeltest.Item{N: 31, Kind: channeltest.Button, Button: "yes"}, citizen))
	r.Intake.Refuse(true)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error, 1)
	go func() { done <- r.ch.Poll(ctx, r.Intake) }()
	time.Sleep(150 * time.Millisecond)
	if off := r.api.Offset(); off != 0 {
		t.Errorf("offset moved to %d while nothing could be stored", off)
	}
	r.Intake.Refuse(false)
	for deadline := time.Now().Add(10 * time.Second); r.api.Offset() != 8032 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("Poll: %v", err)
	}
	ms := r.Intake.Messages()
	if len(ms) != 31 || ms[30].Button != "yes" {
		t.Fatalf("%d messages", len(ms))
	}
	for n := range 30 {
		if ms[n].Text != fmt.Sprint(n) {
			t.Fatalf("message %d says %s: the order is lost", n, ms[n].Text)
		}
	}
	calls := strings.Join(r.api.Calls(), " ")
	if !strings.HasPrefix(calls, "deleteWebhook") || !strings.Contains(calls, "answerCallbackQuery") {
		t.Errorf("calls: %s", calls)
	}
	logs.Silent(t, r.api.Token)
}

func TestPollStopsOnAnUnknownToken(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), func(o *Options) { o.Token = "1:unknown" })
	if err := r.ch.Poll(context.Background(), r.Intake); !errors.Is(err, ErrToken) {
		t.Errorf("got %v", err)
	}
}

func TestPace(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), func(o *Options) { o.ChatRate, o.AllRate = 5, 1000 })
	start := time.Now()
	for i := range 3 {
		if d := r.ch.Send(context.Background(), bot.Reply{ID: fmt.Sprint(i), To: r.Citizen, Text: "好"}); d.Kind != bot.Sent {
			t.Fatalf("%+v", d)
		}
	}
	if took := time.Since(start); took < 350*time.Millisecond {
		t.Errorf("three messages at 5 a second took %v", took)
	}
	r = newRig(t, (&channeltest.Logs{}).Logger(), func(o *Options) { o.ChatRate = 0.01 })
	r.ch.Send(context.Background(), bot.Reply{ID: "a", To: r.Citizen, Text: "好"})
	if d := r.ch.Send(context.Background(), bot.Reply{ID: "b", To: r.Citizen, Text: "好"}); d.Kind != bot.Retry || d.RetryAfter < 30*time.Second || d.Code != "rate" {
		t.Errorf("no place soon: %+v", d)
	}
}

func TestButtonThatDoesNotFitIsNumbered(t *testing.T) {
	r := newRig(t, (&channeltest.Logs{}).Logger(), nil)
	d := r.ch.Send(context.Background(), bot.Reply{ID: "a", To: r.Citizen, Text: "选", Buttons: []intake.Button{
		{ID: strings.Repeat("x", 65), Label: "长"}, {ID: "b", Label: "短"}}})
	if sent := r.api.Sent(); d.Kind != bot.Sent || len(sent) != 1 || sent[0].Text != "选\n\n1. 长\n2. 短" || sent[0].Data != nil {
		t.Errorf("%+v %+v", d, sent)
	}
}

func FuzzDecode(f *testing.F) {
	for _, k := range []channeltest.Kind{channeltest.Text, channeltest.Button, channeltest.Photo, channeltest.Contact, channeltest.Unsupported} {
		f.Add([]byte(channeltest.TelegramUpdate(channeltest.Item{N: 1, Kind: k, Text: "x", Button: "y"}, citizen)))
	}
	f.Add([]byte(`{"update_id":1,"message":{"chat":{"type":"private"},"pinned_message":{}}}`))
	api, err := New(slog.New(slog.DiscardHandler), say(f), Options{Token: "1:x", ServerURL: "http://127.0.0.1:1"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := decode(body)
		if err != nil {
			return
		}
		in := channeltest.NewMemory()
		if _, err := api.take(context.Background(), in, u); err != nil {
			t.Fatal(err)
		}
		for _, m := range in.Messages() {
			if m.Key == "" || m.From.IsZero() {
				t.Fatalf("%+v", m)
			}
		}
	})
}
