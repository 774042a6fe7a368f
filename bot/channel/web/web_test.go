package web

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel/channeltest"
	"heshi/intake"
	"heshi/prompts"
)

var (
	pngBytes = []byte("\x89PNG\r\n\x1a\n picture")
	csrfIn   = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	idIn     = regexp.MustCompile(`id="say"[\s\S]*?name="id" value="([^"]+)"`)
	codeIn   = regexp.MustCompile(`<p class="big">([^<]+)</p>`)
)

type rig struct {
	t    testing.TB
	ch   *Channel
	mem  *channeltest.Memory
	hub  *httptest.Server
	logs *channeltest.Logs
}

func catalog(tb testing.TB) *prompts.Catalog {
	tb.Helper()
	c, err := prompts.Load(prompts.Embedded())
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func newRig(tb testing.TB, lg *slog.Logger, change func(*Options)) *rig {
	tb.Helper()
	logs := &channeltest.Logs{}
	if lg == nil {
		lg = logs.Logger()
	}
	mem := channeltest.NewMemory()
	o := Options{Operator: "示范旗法律援助中心", Wait: 30 * time.Millisecond, Calm: true}
	if change != nil {
		change(&o)
	}
	ch, err := New(lg, catalog(tb), mem, mem, o)
	if err != nil {
		tb.Fatal(err)
	}
	mux := http.NewServeMux()
	ch.Register(mux, mem)
	hub := httptest.NewServer(mux)
	tb.Cleanup(hub.Close)
	return &rig{t: tb, ch: ch, mem: mem, hub: hub, logs: logs}
}

// browser is one visitor with its own cookies.
type browser struct {
	*rig
	http *http.Client
}

func (r *rig) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{r, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) get(path string) (int, string, http.Header) {
	b.t.Helper()
	resp, err := b.http.Get(b.hub.URL + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Header
}

func (b *browser) csrf() string {
	b.t.Helper()
	_, page, _ := b.get("/chat")
	m := csrfIn.FindStringSubmatch(page)
	if m == nil {
		b.t.Fatal("the page has no token")
	}
	return m[1]
}

func (b *browser) user() string {
	b.t.Helper()
	b.csrf()
	u, _ := url.Parse(b.hub.URL + "/chat")
	for _, ck := range b.http.Jar.Cookies(u) {
		if ck.Name == cookieName {
			req := httptest.NewRequest("GET", "/chat", nil)
			req.AddCookie(ck)
			v, err := b.ch.visitor(req)
			if err != nil {
				b.t.Fatal(err)
			}
			return v.user
		}
	}
	b.t.Fatal("no cookie")
	return ""
}

func (b *browser) post(path string, form url.Values, header ...string) (int, string, http.Header) {
	b.t.Helper()
	return b.send(path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), header...)
}

func (b *browser) send(path, kind string, body io.Reader, header ...string) (int, string, http.Header) {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodPost, b.hub.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), resp.Header
}

func (b *browser) upload(values map[string]string, files ...[2]string) (int, string) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range values {
		_ = w.WriteField(k, v)
	}
	for _, f := range files {
		p, _ := w.CreateFormFile("file", f[0])
		_, _ = io.WriteString(p, f[1])
	}
	_ = w.Close()
	code, page, _ := b.send("/chat/say", w.FormDataContentType(), &body, "Accept", "application/json")
	return code, page
}

func TestPageIsSafeAndSmall(t *testing.T) {
	b := newRig(t, nil, nil).browser()
	code, page, h := b.get("/chat")
	if code != 200 {
		t.Fatalf("status %d", code)
	}
	csp := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("CSP lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", h)
	}
	if n := strings.Count(page, "<script"); n != len(regexp.MustCompile(`<script src="/chat/assets/[^"]+" defer></script>`).FindAllString(page, -1)) {
		t.Error("inline script")
	}
	if regexp.MustCompile(`<[^>]+\s(?:on\w+|style)=|javascript:|<style`).MatchString(page) {
		t.Error("inline handler or style")
	}
	for _, m := range regexp.MustCompile(`(?:src|href|action)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if u := m[1]; !strings.HasPrefix(u, "/chat") && !strings.HasPrefix(u, "#") && !strings.HasPrefix(u, "tel:") && u != Exit {
			t.Errorf("the page points elsewhere: %s", u)
		}
	}
	total := len(page)
	for _, m := range regexp.MustCompile(`"(/chat/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		code, body, h := b.get(m[1])
		if code != 200 || !strings.Contains(h.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %s", m[1], code, h.Get("Cache-Control"))
		}
		total += len(body)
	}
	if total > 60_000 {
		t.Errorf("first load is %d bytes", total)
	}
	if code, _, _ := b.get("/chat/assets/none.js"); code != 404 {
		t.Errorf("unknown file: %d", code)
	}
	cookie := h.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || strings.Contains(cookie, "Secure") {
		t.Errorf("cookie: %s", cookie)
	}
	_, _, h = newRig(t, nil, func(o *Options) { o.Secure = true }).browser().get("/chat")
	if !strings.Contains(h.Get("Set-Cookie"), "Secure") {
		t.Error("cookie not secure")
	}
}

func TestEveryStatedMessageExists(t *testing.T) {
	say := catalog(t)
	keys := map[string]bool{}
	for _, fsys := range []string{"templates/chat.html", "templates/item.html"} {
		raw, err := templateFiles.ReadFile(fsys)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`channel\.web\.[a-z_.]+`).FindAllString(string(raw), -1) {
			keys[m] = true
		}
	}
	for _, r := range refusals {
		keys[r.key] = true
	}
	if len(keys) < 30 {
		t.Fatalf("only %d keys found", len(keys))
	}
	for k := range keys {
		if !say.Has(k) {
			t.Errorf("no words for %s", k)
		}
	}
}

func TestWithoutJavaScript(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Wait = 2 * time.Second })
	b := r.browser()
	_, page, _ := b.get("/chat")
	if !strings.Contains(page, "老板拖欠我八个月工资不给") || !strings.Contains(page, "示范旗法律援助中心") {
		t.Error("the empty page must show examples and who answers")
	}
	form := url.Values{"csrf": {csrfIn.FindStringSubmatch(page)[1]}, "id": {idIn.FindStringSubmatch(page)[1]}, "text": {"老板<b>欠钱"}}
	go func() {
		for len(r.mem.Messages()) == 0 {
			time.Sleep(time.Millisecond)
		}
		m := r.mem.Messages()[0]
		r.mem.Write(bot.Reply{ID: "1", To: m.From, Text: "请拨打12348。\n第110条，欠了110元。", Cause: m.Key, Made: time.Now(), Kind: "answer",
			Buttons: []intake.Button{{ID: "go:mediation", Label: "申请调解", LabelMn: "ᠡᠪᠯᠡᠷᠡᠭᠦᠯᠦᠯᠲᠡ"}}})
	}()
	start := time.Now()
	code, _, h := b.post("/chat/say", form)
	if code != http.StatusSeeOther || h.Get("Location") != "/chat#end" || time.Since(start) > 1500*time.Millisecond {
		t.Fatalf("%d %s after %v", code, h.Get("Location"), time.Since(start))
	}
	_, page, _ = b.get("/chat")
	for _, want := range []string{"老板&lt;b&gt;欠钱", `<a href="tel:12348">12348</a>`, `value="go:mediation"`, `<span lang="mn-Mong">ᠡᠪᠯᠡᠷᠡᠭᠦᠯᠦᠯᠲᠡ</span>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, `tel:110">110</a>条`) || strings.Contains(page, `tel:110">110</a>元`) || strings.Contains(page, `id="empty"`) {
		t.Error("figures are dialled, or the page still says that it is empty")
	}
	if mine, its := strings.Index(page, "老板&lt;b&gt;"), strings.Index(page, "tel:12348\">12348</a>。"); mine < 0 || its < mine {
		t.Errorf("order: %d %d", mine, its)
	}
	// The same form again says nothing new; the page gone back to with new words does.
	b.post("/chat/say", form)
	form.Set("text", "别的话")
	b.post("/chat/say", form)
	if n := len(r.mem.Messages()); n != 2 {
		t.Errorf("%d messages", n)
	}
	_, page, _ = b.get("/chat")
	if !strings.Contains(page, `http-equiv="refresh"`) {
		t.Error("a page that waits must load itself again without script")
	}
	// A refused form keeps what was typed.
	code, page, _ = b.post("/chat/say", url.Values{"id": {"1"}, "text": {"写了很久的话"}})
	if code != 403 || !strings.Contains(page, ">写了很久的话</textarea>") {
		t.Errorf("%d: the draft is lost", code)
	}
}

func TestOnlyTheLastTurnsButtonsArePressed(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	to := bot.Address{Channel: Name, User: b.user()}
	for i, x := range []struct{ cause, button string }{{"m1", "old"}, {"m2", "a"}, {"m2", ""}, {"", "staff"}} {
		rp := bot.Reply{ID: fmt.Sprint(i), To: to, Text: "x", Cause: x.cause, Kind: "answer", Made: time.Now()}
		if x.button != "" {
			rp.Buttons = []intake.Button{{ID: x.button, Label: x.button}}
		}
		r.mem.Write(rp)
	}
	_, page, _ := b.get("/chat")
	if strings.Contains(page, `value="old"`) || !strings.Contains(page, `value="a"`) || !strings.Contains(page, `value="staff"`) {
		t.Error("wrong buttons")
	}
}

func TestStrangersSeeNothing(t *testing.T) {
	r := newRig(t, nil, nil)
	a, b := r.browser(), r.browser()
	r.mem.Write(bot.Reply{ID: "1", To: bot.Address{Channel: Name, User: a.user()}, Text: "只给您看", Made: time.Now()})
	if _, page, _ := a.get("/chat"); !strings.Contains(page, "只给您看") {
		t.Error("the owner does not see it")
	}
	if _, page, _ := b.get("/chat"); strings.Contains(page, "只给您看") {
		t.Error("a stranger sees it")
	}
	// The address in the store opens nothing.
	req, _ := http.NewRequest("GET", r.hub.URL+"/chat", nil)
	req.AddCookie(&http.Cookie{Name: cookieName, Value: (a.user() + strings.Repeat("x", 32))[:32]})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if strings.Contains(string(raw), "只给您看") {
		t.Error("the user id works as a cookie")
	}
}

func TestRestartShowsOwnWords(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	b.post("/chat/say", url.Values{"csrf": {b.csrf()}, "id": {"1"}, "text": {"老板欠我工资"}})
	m := r.mem.Messages()[0]
	r.mem.Write(bot.Reply{ID: "1", To: m.From, Text: "请说欠了多少。", Cause: m.Key, Made: time.Now()})
	again, err := New(r.logs.Logger(), catalog(t), r.mem, r.mem, Options{Wait: time.Millisecond, Calm: true})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	again.Register(mux, r.mem)
	hub := httptest.NewServer(mux)
	t.Cleanup(hub.Close)
	r.hub = hub // another process; cookies know hosts, not ports
	_, page, _ := b.get("/chat")
	mine, answer := strings.Index(page, "老板欠我工资"), strings.Index(page, "请说欠了多少")
	if mine < 0 || answer < mine {
		t.Errorf("after a restart: words at %d, answer at %d", mine, answer)
	}
	if _, other, _ := r.browser().get("/chat"); strings.Contains(other, "老板欠我工资") {
		t.Error("a stranger sees the words")
	}
}

func TestLongConversationsShowTheirEnd(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	to, at := bot.Address{Channel: Name, User: b.user()}, time.Now().Add(-time.Hour)
	for i := range 150 { // two replies each
		m := bot.Message{Key: fmt.Sprint("k", i), From: to, Text: fmt.Sprintf("(word %d)", i), At: at.Add(time.Duration(i) * time.Second)}
		if _, err := r.mem.Accept(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		for j := range 2 {
			r.mem.Write(bot.Reply{ID: fmt.Sprint(i, "-", j), To: to, Text: fmt.Sprintf("(reply %d)", i), Cause: m.Key, Made: m.At.Add(time.Millisecond)})
		}
	}
	_, page, _ := b.get("/chat")
	for text, want := range map[string]bool{"(word 149)": true, "(word 50)": true, "(reply 50)": true, "(word 49)": false, "(reply 49)": false} {
		if strings.Contains(page, text) != want {
			t.Errorf("%s on the page: %v", text, !want)
		}
	}
}

func TestErasedWordsAreNotShown(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	b.post("/chat/say", url.Values{"csrf": {b.csrf()}, "id": {"1"}, "text": {"要忘掉的话"}})
	b.post("/chat/say", url.Values{"csrf": {b.csrf()}, "id": {"2"}, "text": {"是"}})
	_, page, _ := b.get("/chat")
	if !strings.Contains(page, "要忘掉的话") {
		t.Fatal("words are not on the page")
	}
	last := r.mem.Messages()[1]
	r.mem.Erase(last.From)
	r.mem.Write(bot.Reply{ID: "1", To: last.From, Text: "都删除了。", Cause: last.Key, Made: time.Now()}) // the only reply left
	_, page, _ = b.get("/chat")
	if strings.Contains(page, "要忘掉的话") || !strings.Contains(page, "都删除了") {
		t.Error("erased words are still on the page")
	}
}
