package wechat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/bot/channel/channeltest"
	"heshi/intake"
	"heshi/prompts"
)

const follower = "oTEST_follower_0001"

// The library keeps one client for the process; each rig's server is behind this one in turn.
var clients atomic.Pointer[http.Client]

type dispatch struct{}

func (dispatch) RoundTrip(r *http.Request) (*http.Response, error) {
	c := clients.Load()
	ctx, stop := context.WithTimeout(r.Context(), c.Timeout)
	resp, err := c.Transport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		stop()
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	stop()
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp, err
}

func TestMain(m *testing.M) {
	SetHTTPClient(&http.Client{Transport: dispatch{}})
	os.Exit(m.Run())
}

type rig struct {
	*channeltest.Harness
	wx   *channeltest.WeChatServer
	ch   *Channel
	hook string
	logs *channeltest.Logs
}

func newRig(tb testing.TB, lg *slog.Logger, change func(*Options)) *rig {
	tb.Helper()
	logs := &channeltest.Logs{}
	if lg == nil {
		lg = logs.Logger()
	}
	wx := channeltest.NewWeChatServer(tb)
	clients.Store(wx.Client(700 * time.Millisecond))
	o := Options{AppID: wx.AppID, Secret: wx.Secret, Token: wx.Token, AESKey: wx.AESKey, Wait: 60 * time.Millisecond}
	if change != nil {
		change(&o)
	}
	say, err := prompts.Load(prompts.Embedded())
	if err != nil {
		tb.Fatal(err)
	}
	in := channeltest.NewMemory()
	ch, err := New(lg, say, in, o)
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	ch.Register(mux, in)
	hub := httptest.NewServer(mux)
	tb.Cleanup(hub.Close)
	r := &rig{wx: wx, ch: ch, hook: hub.URL + "/wechat", logs: logs}
	r.Harness = &channeltest.Harness{
		Channel: ch, Intake: in, Citizen: bot.Address{Channel: Name, User: follower},
		Deliver: func(tb testing.TB, it channeltest.Item) int {
			return wx.Post(tb, r.hook, wx.WeChatMessage(it, follower)).Status
		},
		Raw: func(tb testing.TB, body []byte) int { return wx.Post(tb, r.hook, string(body)).Status },
		Garbled: []string{"", "{}", "<xml>", "<xml></xml>", "not xml", "<xml><FromUserName>o</FromUserName></xml>",
			"<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>soon</CreateTime><MsgType>text</MsgType></xml>",
			"<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>9</CreateTime><MsgType>text</MsgType></xml>"},
		Dirty: []byte(strings.Replace(wx.WeChatMessage(channeltest.Item{N: 1, Kind: channeltest.Text, Text: "坏@字"}, follower), "@", "\x01\xff", 1)),
		Forge: func(tb testing.TB, it channeltest.Item) int {
			for name, forge := range forgeries(wx, wx.WeChatMessage(it, follower)) {
				if got := forge(tb, r.hook); got < 400 || got >= 500 {
					tb.Errorf("%s: status %d", name, got)
					return got
				}
			}
			return 403
		},
		Sent: func(testing.TB) []channeltest.Part {
			var out []channeltest.Part
			for _, s := range wx.Sent() {
				p := channeltest.Part{Text: s.Text}
				for _, o := range s.Options { // labels of the contract are "选 <id> · …"
					_, id, _ := strings.Cut(o.Content, "选 ")
					id, _, _ = strings.Cut(id, " ·")
					p.Buttons = append(p.Buttons, id)
				}
				out = append(out, p)
			}
			return out
		},
		Limit: maxText, Size: channel.Bytes, Misbehave: wx.Misbehave,
		Faults: []channeltest.Fault{channeltest.RateLimited, channeltest.BlockedUser, channeltest.ClosedWindow,
			channeltest.Refused, channeltest.ServerError, channeltest.Hang, channeltest.Garbage},
		Lacks:       []channeltest.Kind{channeltest.Contact},
		Captionless: true,
		Secrets:     []string{wx.Secret, wx.Token, wx.AESKey, "access-token-no"},
	}
	return r
}

// forgeries are ways to post a message without knowing the token or the key.
func forgeries(wx *channeltest.WeChatServer, inner string) map[string]func(testing.TB, string) int {
	post := func(change func(q url.Values), plain bool, at time.Duration) func(testing.TB, string) int {
		return func(tb testing.TB, hook string) int {
			seal := wx.Seal
			if plain {
				seal = wx.Plain
			}
			q, body := seal([]byte(inner), time.Now().Add(at))
			if change != nil {
				change(q)
			}
			return wx.PostRaw(tb, hook, q, body).Status
		}
	}
	return map[string]func(testing.TB, string) int{
		"no signature":            post(func(q url.Values) { q.Del("signature") }, false, 0),
		"wrong signature":         post(func(q url.Values) { q.Set("signature", strings.Repeat("0", 40)) }, false, 0),
		"signature of other time": post(func(q url.Values) { q.Set("nonce", "x") }, false, 0),
		"no message signature":    post(func(q url.Values) { q.Del("msg_signature") }, false, 0),
		"wrong message signature": post(func(q url.Values) { q.Set("msg_signature", q.Get("signature")) }, false, 0),
		"downgrade to plain":      post(nil, true, 0),
		"downgrade, raw": post(func(q url.Values) {
			q.Set("encrypt_type", "raw")
			q.Set("msg_signature", q.Get("signature"))
		}, true, 0),
		"too old":      post(nil, false, -6*time.Minute),
		"from future":  post(nil, false, 6*time.Minute),
		"no timestamp": post(func(q url.Values) { q.Del("timestamp") }, false, 0),
	}
}

func TestContract(t *testing.T) {
	channeltest.Run(t, func(tb testing.TB, lg *slog.Logger) *channeltest.Harness { return newRig(tb, lg, nil).Harness })
}

func TestNewChecksItsOptions(t *testing.T) {
	lg := (&channeltest.Logs{}).Logger()
	for _, o := range []Options{{}, {AppID: "a", Secret: "b"}, {AppID: "a", Secret: "b", Token: "c", AESKey: "short"}} {
		if _, err := New(lg, nil, channeltest.NewMemory(), o); !errors.Is(err, ErrConfig) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestEcho(t *testing.T) {
	r := newRig(t, nil, nil)
	get := func(change func(url.Values), at time.Time) (int, string) {
		q, _ := r.wx.Plain(nil, at)
		q.Set("echostr", "5837<b>")
		if change != nil {
			change(q)
		}
		resp, err := http.Get(r.hook + "?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, _ := io.ReadAll(resp.Body)
		if resp.StatusCode == 200 && resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("type %s", resp.Header.Get("Content-Type"))
		}
		return resp.StatusCode, string(raw)
	}
	if code, body := get(nil, time.Now()); code != 200 || body != "5837<b>" {
		t.Errorf("%d %q", code, body)
	}
	if code, body := get(func(q url.Values) { q.Set("signature", "") }, time.Now()); code != 403 || strings.Contains(body, "5837") {
		t.Errorf("unsigned: %d %q", code, body)
	}
	if code, _ := get(nil, time.Now().Add(-time.Hour)); code != 403 {
		t.Errorf("an hour old: %d", code)
	}
}

func TestReadsMessages(t *testing.T) {
	r := newRig(t, nil, nil)
	wrap := func(kind, body string) string {
		return fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>1767225600</CreateTime><MsgType>%s</MsgType>%s<MsgId>1</MsgId></xml>",
			r.wx.Account, follower, kind, body)
	}
	for _, x := range []struct {
		name, raw string
		want      bot.Message
		silent    bool
	}{
		{name: "new follower", raw: r.wx.WeChatEvent("subscribe", "qrscene_1", follower, 1), want: bot.Message{Button: channel.Start}},
		{name: "left", raw: r.wx.WeChatEvent("unsubscribe", "", follower, 2), silent: true},
		{name: "menu of the account", raw: r.wx.WeChatEvent("CLICK", "申请调解", follower, 3), want: bot.Message{Text: "申请调解"}},
		{name: "reported place", raw: r.wx.WeChatEvent("LOCATION", "", follower, 4), silent: true},
		{name: "link", raw: wrap("link", "<Title>欠条</Title><Description>照片</Description><Url>https://x.cn/1</Url>"), want: bot.Message{Text: "欠条\n照片\nhttps://x.cn/1"}},
		{name: "not passed on", raw: wrap("text", "<Content>"+unreadable+"</Content>"), want: bot.Message{Unsupported: "unknown"}},
		{name: "silent voice", raw: wrap("voice", "<MediaId>m</MediaId><Format>speex</Format>"),
			want: bot.Message{Attachments: []intake.Attachment{{ID: "m", Kind: "voice", Type: "audio/speex"}}}},
		{name: "video", raw: wrap("shortvideo", "<MediaId>v</MediaId>"), want: bot.Message{Attachments: []intake.Attachment{{ID: "v", Kind: "video", Type: "video/mp4"}}}},
		{name: "forged menu number", raw: wrap("text", "<Content>2. 不同意</Content><bizmsgmenuid>12</bizmsgmenuid>"), want: bot.Message{Text: "不同意"}},
		{name: "empty", raw: wrap("text", "<Content></Content>"), want: bot.Message{Unsupported: "empty"}},
	} {
		m, err := parse([]byte(x.raw))
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		got, ok := m.message()
		if ok == x.silent {
			t.Errorf("%s: ok %v", x.name, ok)
			continue
		}
		if x.silent {
			continue
		}
		if err := r.ch.tap(context.Background(), &got); err != nil {
			t.Error(err)
		}
		got.Key, got.From, got.At = "", bot.Address{}, time.Time{}
		if a, b := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", x.want); a != b {
			t.Errorf("%s:\n got %s\nwant %s", x.name, a, b)
		}
	}
	a, _ := parse([]byte(wrap("voice", "<MediaId>a</MediaId>")))
	b := a
	b.CreateTime++
	if a.key() == b.key() || strings.Contains(a.key(), follower) {
		t.Errorf("keys %s %s", a.key(), b.key())
	}
}

func TestPlainModeWithoutKey(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.AESKey = "" })
	inner := []byte(r.wx.WeChatMessage(channeltest.Item{N: 1, Kind: channeltest.Text, Text: "你好"}, follower))
	q, body := r.wx.Plain(inner, time.Now())
	if a := r.wx.PostRaw(t, r.hook, q, body); !a.Success {
		t.Errorf("plain: %+v", a)
	}
	q, body = r.wx.Seal(inner, time.Now())
	if a := r.wx.PostRaw(t, r.hook, q, body); a.Status != 403 {
		t.Errorf("encrypted without a key: %+v", a)
	}
	if !strings.Contains(r.logs.String(), "no AES key") {
		t.Error("plain mode must be warned of")
	}
	r.Intake.Answer("", bot.Reply{ID: "p", To: r.Citizen, Text: "您好 ]]> \x02<b>"})
	q, body = r.wx.Plain([]byte(r.wx.WeChatMessage(channeltest.Item{N: 2, Kind: channeltest.Text, Text: "在吗"}, follower)), time.Now())
	if a := r.wx.PostRaw(t, r.hook, q, body); a.Text != "您好 ]]> <b>" {
		t.Errorf("plain answer: %+v", a)
	}
}

func TestTokenIsSharedAndRenewed(t *testing.T) {
	r := newRig(t, nil, nil)
	send := func(id string) {
		t.Helper()
		if d := r.ch.Send(context.Background(), bot.Reply{ID: id, To: r.Citizen, Text: "好"}); d.Kind != bot.Sent {
			t.Fatalf("%+v", d)
		}
	}
	send("1")
	send("2")
	again, err := New(r.logs.Logger(), r.ch.say, r.Intake, r.ch.o) // another instance on the same vault
	if err != nil {
		t.Fatal(err)
	}
	if d := again.Send(context.Background(), bot.Reply{ID: "3", To: r.Citizen, Text: "好"}); d.Kind != bot.Sent {
		t.Fatalf("%+v", d)
	}
	asked := func() int { return strings.Count(strings.Join(r.wx.Calls(), " "), "stable_token") }
	if asked() != 1 {
		t.Errorf("token asked for %d times", asked())
	}
	r.wx.ExpireToken()
	send("4")
	if asked() != 2 {
		t.Errorf("token asked for %d times after it was revoked", asked())
	}
	r.logs.Silent(t, "access-token-no", r.wx.Secret)
}

func TestWrongSecretWaitsAndIsNotLogged(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Secret = "not-the-secret-77" })
	d := r.ch.Send(context.Background(), bot.Reply{ID: "1", To: r.Citizen, Text: "好"})
	if d.Kind != bot.Retry || d.Code != "40125" || d.RetryAfter < 5*time.Minute {
		t.Errorf("%+v", d)
	}
	r.logs.Silent(t, "not-the-secret-77", follower)
}

func TestFetch(t *testing.T) {
	r := newRig(t, nil, nil)
	clients.Store(r.wx.Client(30 * time.Second))
	r.wx.PutMedia("m1", []byte("\xff\xd8\xff picture"))
	r.wx.PutMedia("v1", []byte("http://api.weixin.qq.com/video"))
	r.wx.PutMedia("v2", []byte("http://evil.example/video"))
	read := func(ref string) (string, string, error) {
		body, kind, err := r.ch.Fetch(context.Background(), ref)
		if err != nil {
			return "", "", err
		}
		defer body.Close()
		raw, err := io.ReadAll(body)
		return string(raw), kind, err
	}
	if s, kind, err := read("m1"); err != nil || kind != "image/jpeg" || !strings.HasSuffix(s, "picture") {
		t.Errorf("%q %s %v", s, kind, err)
	}
	r.wx.ExpireToken()
	if s, kind, err := read("v1"); err != nil || kind != "video/mp4" || s != "moving pictures" {
		t.Errorf("%q %s %v", s, kind, err)
	}
	if _, _, err := read("v2"); err == nil {
		t.Error("a video from a strange host was fetched")
	}
	if _, _, err := read("gone"); !errors.Is(err, ErrGone) {
		t.Errorf("gone: %v", err)
	}
	r.wx.PutMedia("big", make([]byte, MaxFile+1))
	if _, _, err := read("big"); !errors.Is(err, ErrTooBig) {
		t.Errorf("big: %v", err)
	}
}

func TestMenuNumbersLastAndAreTakenAgain(t *testing.T) {
	vault := channeltest.NewMemory()
	m := &menus{vault: vault, now: time.Now}
	ctx := context.Background()
	for i := range menuMost + 5 {
		if _, err := m.numbers(ctx, follower, []intake.Button{{ID: fmt.Sprintf("b%d", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	n, err := m.numbers(ctx, follower, []intake.Button{{ID: "b404"}, {ID: "b0"}})
	if err != nil || n[0] != 5 || n[1] != 6 {
		t.Errorf("%v %v", n, err)
	}
	other := &menus{vault: vault, now: time.Now}
	if id, ok, err := other.button(ctx, follower, "5"); id != "b404" || !ok || err != nil {
		t.Errorf("%q %v %v", id, ok, err)
	}
	if _, ok, _ := other.button(ctx, "somebody else", "5"); ok {
		t.Error("a number of one follower was found for another")
	}
	for k := range vault.Values() {
		if strings.Contains(k, follower) {
			t.Errorf("the vault's key names the follower: %s", k)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>9</CreateTime><MsgType>text</MsgType><Content>a</Content><MsgId>1</MsgId></xml>"))
	f.Add([]byte("<xml><ToUserName><![CDATA[g]]></ToUserName><FromUserName>o</FromUserName><CreateTime>9</CreateTime><MsgType>event</MsgType><Event>CLICK</Event></xml>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parse(raw)
		if err != nil {
			return
		}
		if msg, ok := m.message(); ok && (msg.Key == "" || msg.From.IsZero()) {
			t.Fatalf("%+v", msg)
		}
	})
}
