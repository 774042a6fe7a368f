package app

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/bot/store/memory"
)

func TestLastHop(t *testing.T) {
	for _, c := range []struct {
		lines []string
		want  string // empty: the connection's own
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{"unknown"}, ""},
		{[]string{"203.0.113.7"}, "203.0.113.7"},
		{[]string{"1.1.1.1, 203.0.113.7"}, "203.0.113.7"},
		{[]string{"203.0.113.7, unknown"}, ""}, // what our proxy did not write is not believed
		{[]string{"1.1.1.1", "2.2.2.2 ,203.0.113.7 "}, "203.0.113.7"},
		{[]string{"203.0.113.7:4711"}, "203.0.113.7"},
		{[]string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{[]string{"2001:db8::1"}, "2001:db8::1"},
		{[]string{"::ffff:203.0.113.7"}, "203.0.113.7"},
	} {
		ip, ok := lastHop(c.lines)
		if got := map[bool]string{true: ip.String()}[ok]; got != c.want {
			t.Errorf("%q: got %q, want %q", c.lines, got, c.want)
		}
	}
}

// wired is the pages of a service with its settings changed, over a store in memory. Nothing of it runs.
func wired(t *testing.T, change func(*Config)) *App {
	t.Helper()
	cfg := DefaultConfig()
	change(&cfg)
	log, store := slog.New(slog.DiscardHandler), memory.New()
	a := &App{Config: cfg, Brain: think(t), Store: store, log: log, signal: bot.NewSignal(), now: Clock}
	a.Engine = a.Brain.Engine(log, cfg, store, Clock, NewID)
	if err := a.connect(Options{Now: Clock, NewID: NewID}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.desk.Close)
	return a
}

func get(a *App, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	a.Handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

func TestPagesUnderHTTPS(t *testing.T) {
	for _, c := range []struct {
		public string
		secure bool
	}{{"", false}, {"http://heshi.example", false}, {"https://heshi.example", true}, {"HTTPS://heshi.example/", true}} {
		a := wired(t, func(cfg *Config) { cfg.Public, cfg.Operator = c.public, "示范旗司法局" })
		page := get(a, "/chat")
		if !strings.Contains(page.Body.String(), "示范旗司法局") {
			t.Error("the chat page does not say who answers for it")
		}
		for path, w := range map[string]*httptest.ResponseRecorder{"/chat": page, "/desk/login": get(a, "/desk/login")} {
			cookies := w.Result().Cookies()
			if len(cookies) == 0 {
				t.Fatalf("%s sets no cookie", path)
			}
			for _, ck := range cookies {
				if ck.Secure != c.secure {
					t.Errorf("public %q: %s sets %s with Secure=%v", c.public, path, ck.Name, ck.Secure)
				}
			}
		}
	}
}

// TestLimitsBehindAProxy: one connection carries everybody, and one guesser must not lock all others out; without a
// proxy a guesser who writes the header themselves does not escape.
func TestLimitsBehindAProxy(t *testing.T) {
	for _, trust := range []bool{true, false} {
		a := wired(t, func(cfg *Config) { cfg.TrustProxy = trust })
		form := get(a, "/desk/login")
		token := csrfField.FindStringSubmatch(form.Body.String())
		if token == nil {
			t.Fatal("the sign-in has no token")
		}
		guess := func(login, forwarded string) int {
			body := url.Values{"csrf": {token[1]}, "login": {login}, "password": {"wrong"}}.Encode()
			r := httptest.NewRequest("POST", "/desk/login", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Forwarded-For", forwarded)
			for _, ck := range form.Result().Cookies() {
				r.AddCookie(ck)
			}
			w := httptest.NewRecorder()
			a.Handler.ServeHTTP(w, r)
			return w.Code
		}
		for i := range 30 { // one login, whose own limit soon spares us the slow hashing
			guess("nobody", fmt.Sprintf("198.51.100.%d, 203.0.113.7", i))
		}
		if guess("first", "198.51.100.99, 203.0.113.7") != http.StatusTooManyRequests {
			t.Errorf("trust-proxy %v: guessing is never refused", trust)
		}
		if other := guess("second", "203.0.113.8") != http.StatusTooManyRequests; other != trust {
			t.Errorf("trust-proxy %v: another caller may try: %v", trust, other)
		}
	}
}
