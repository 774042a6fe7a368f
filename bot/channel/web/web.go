// Package web is the conversation on a page of our own at /chat: plain, accessible, without an account, and usable
// with no JavaScript at all.
//
// A visitor is a random cookie; the conversation's address is a hash of it, so that nothing stored opens a
// conversation. It owns three buckets of the vault: "web-session" (cookies that were moved to another conversation
// by a code), "web-code" and "web-code-of" (resume codes, hashed). Replies are not sent anywhere: they are visible
// once they are in the outbox, and the page learns of them by server-sent events or by being loaded again.
//
// Invariants: every request that changes something carries a token only our page knows; what is uploaded is judged
// by its bytes, not its name; no text, name, code, cookie or address reaches a log; no page loads anything from
// another host and none runs inline script.
package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"heshi/bot"
	"heshi/prompts"
)

// Name is the channel's name in addresses and keys.
const Name = "web"

// Path is where the page is.
const Path = "/chat"

// Exit is where the quick exit leads: a page nobody asks questions about.
const Exit = "https://www.weather.com.cn/"

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// Store is what the page needs of the store. bot.Store has all of it.
type Store interface {
	bot.Vault
	bot.Blobs
	bot.Hearing
	History(ctx context.Context, to bot.Address, after int64, n int) ([]bot.Sequenced, error)
}

// Options is what an operator sets. The zero value is ready for 127.0.0.1.
type Options struct {
	// Operator is the office that answers for this service, shown on the page; may be empty.
	Operator string
	// Secure marks cookies for HTTPS only. Set it wherever the page is served by HTTPS.
	Secure bool
	// ClientIP tells callers apart for the rate limits; default the address of the connection. Behind a proxy of
	// ours it must read what the proxy says.
	ClientIP func(r *http.Request) string
	// Wait is how long a form post without JavaScript waits for the answer before the page is shown; default 3 s.
	Wait time.Duration
	// Calm switches the rate limits off, for load tests.
	Calm bool
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Channel is the chat page. It is a bot.Channel and a Receiver.
type Channel struct {
	lg     *slog.Logger
	say    *prompts.Catalog
	store  Store
	watch  bot.Watcher
	o      Options
	pages  *template.Template
	assets map[string]asset
	limits *limits
	bell   bell
	heavy  chan struct{} // a place for each upload in work
	slow   chan struct{} // a place for each code being hashed
}

// New makes the channel. It fails only when the embedded page is broken.
func New(lg *slog.Logger, say *prompts.Catalog, store Store, watch bot.Watcher, o Options) (*Channel, error) {
	if o.ClientIP == nil {
		o.ClientIP = func(r *http.Request) string {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				return r.RemoteAddr
			}
			return host
		}
	}
	if o.Wait <= 0 {
		o.Wait = 3 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Channel{lg: lg, say: say, store: store, watch: watch, o: o, limits: newLimits(o.Now, o.Calm),
		heavy: make(chan struct{}, 4), slow: make(chan struct{}, 2)}
	var err error
	if c.assets, err = loadAssets(assetFiles); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if c.pages, err = template.New("").Funcs(c.funcs()).ParseFS(templateFiles, "templates/*.html"); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return c, nil
}

// Name is "web".
func (c *Channel) Name() string { return Name }

// Send says that r is delivered: it is in the outbox, where the page reads it. Open pages are woken.
func (c *Channel) Send(_ context.Context, r bot.Reply) bot.Delivery {
	if r.To.Channel != Name || r.To.User == "" {
		return bot.Delivery{Kind: bot.Failed, Code: "address"}
	}
	c.bell.ring(r.To.User)
	return bot.Delivery{Kind: bot.Sent}
}

// Register serves the page and everything below it.
func (c *Channel) Register(mux *http.ServeMux, in bot.Intake) {
	handle := func(pattern string, f http.HandlerFunc) { mux.HandleFunc(pattern, secured(f)) }
	handle("GET "+Path, c.show)
	handle("GET "+Path+"/events", c.events)
	handle("GET "+Path+"/assets/{name}", c.asset)
	handle("POST "+Path+"/say", func(w http.ResponseWriter, r *http.Request) { c.hear(w, r, in) })
	handle("POST "+Path+"/code", c.makeCode)
	handle("POST "+Path+"/resume", c.resume)
	handle("POST "+Path+"/leave", c.leave)
}

// secured sets the headers every answer carries. Script and style come from our own files only; the page may ask for
// the place, and nothing else of the device.
func secured(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // with no-referrer, browsers send forms with "Origin: null"
		h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next(w, r)
	}
}

// bell wakes the pages of one visitor. Its zero value is ready.
type bell struct {
	mu   sync.Mutex
	wait map[string]map[chan struct{}]bool
}

func (b *bell) watch(user string) (<-chan struct{}, func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ch := make(chan struct{}, 1)
	if b.wait == nil {
		b.wait = map[string]map[chan struct{}]bool{}
	}
	if b.wait[user] == nil {
		b.wait[user] = map[chan struct{}]bool{}
	}
	b.wait[user][ch] = true
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.wait[user], ch)
		if len(b.wait[user]) == 0 {
			delete(b.wait, user)
		}
	}
}

func (b *bell) ring(user string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.wait[user] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
