package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
)

// refusal is how a message that was not taken is answered: a status, and the key of the words.
type refusal struct {
	status int
	key    string
}

var refusals = map[error]refusal{
	errForm:    {http.StatusBadRequest, "channel.web.bad"},
	errBig:     {http.StatusRequestEntityTooLarge, "channel.web.big"},
	errMany:    {http.StatusRequestEntityTooLarge, "channel.web.many"},
	errKind:    {http.StatusUnsupportedMediaType, "channel.web.unreadable"},
	errNothing: {http.StatusBadRequest, "channel.web.nothing"},
}

// hear takes one message of the page: by fetch, which wants a short answer in JSON, or by a plain form.
func (c *Channel) hear(w http.ResponseWriter, r *http.Request, in bot.Intake) {
	v, err := c.visitor(r)
	if err != nil {
		c.lg.Error("web: could not tell who asks", "err", err)
		c.deny(w, r, v, "", refusal{http.StatusServiceUnavailable, "channel.web.failed"})
		return
	}
	if r.ContentLength > MaxUpload+maxFields {
		c.deny(w, r, v, "", refusals[errBig])
		return
	}
	if r.ContentLength < 0 || r.ContentLength > maxFields {
		select { // each upload holds its bytes in memory
		case c.heavy <- struct{}{}:
			defer func() { <-c.heavy }()
		case <-r.Context().Done():
			return
		}
	}
	f, err := readForm(w, r)
	draft := channel.Clean(f.values["text"])
	if err != nil {
		c.lg.Info("web: a message was not taken", "why", err.Error())
		c.deny(w, r, v, draft, refusals[err])
		return
	}
	if !ours(r, v, f.values["csrf"]) {
		c.lg.Warn("web: refused a form", "why", "token")
		c.again(w, r, v)
		c.deny(w, r, v, draft, refusal{http.StatusForbidden, "channel.web.stale"})
		return
	}
	if !c.limits.maySay(v.user, c.o.ClientIP(r)) {
		c.deny(w, r, v, draft, refusal{http.StatusTooManyRequests, "channel.web.slow"})
		return
	}
	m, err := c.message(r.Context(), v, f)
	if why, known := refusals[err]; known {
		c.deny(w, r, v, draft, why)
		return
	}
	var last int64
	var news <-chan struct{}
	if err == nil && !wantsJSON(r) { // look before speaking, or the answer may be missed
		var stop func()
		news, stop = c.news(v)
		defer stop()
		last = c.lastSeq(r.Context(), v)
	}
	if err == nil { // one that was taken before is answered like a fresh one
		_, err = in.Accept(r.Context(), m)
	}
	if err != nil {
		c.lg.Error("web: could not store a message", "key", m.Key, "err", err)
		c.deny(w, r, v, draft, refusal{http.StatusServiceUnavailable, "channel.web.unsent"})
		return
	}
	c.keep(w, v.token)
	if wantsJSON(r) {
		writeJSON(w, http.StatusOK, map[string]any{"ok": true, "id": newToken()[:16]})
		return
	}
	c.await(r.Context(), v, last, news)
	http.Redirect(w, r, Path+"#end", http.StatusSeeOther)
}

// message makes a message of a form and stores its files. It gives one of the errors of refusals for a form that says
// nothing, or something impossible.
func (c *Channel) message(ctx context.Context, v visitor, f fields) (bot.Message, error) {
	m := bot.Message{From: v.address(), Text: strings.Trim(channel.Clean(f.values["text"]), " \t\n"),
		Button: channel.Clean(f.values["button"]), At: c.o.Now()}
	id := f.values["id"]
	if id == "" || len(id) > 64 || len(m.Button) > 200 {
		return m, errForm
	}
	if lat, lon := f.values["lat"], f.values["lon"]; lat != "" || lon != "" {
		x, err1 := strconv.ParseFloat(lat, 64)
		y, err2 := strconv.ParseFloat(lon, 64)
		if err1 != nil || err2 != nil || !(x >= -90 && x <= 90 && y >= -180 && y <= 180) {
			return m, errForm
		}
		m.Attachments = append(m.Attachments, intake.Attachment{Kind: "location", Lat: x, Lon: y})
	}
	if len(f.files) > 1 {
		m.Album = digest("album", v.user+id)[:16]
	}
	for _, u := range f.files {
		sum := sha256.Sum256(u.data)
		a := intake.Attachment{Kind: kindOf(u.mime), Name: u.name, Type: u.mime, Size: int64(len(u.data)),
			SHA256: hex.EncodeToString(sum[:]), Group: m.Album, Caption: m.Text}
		if err := c.store.PutBlob(ctx, m.From, a.SHA256, a.Type, u.data); err != nil {
			return m, err
		}
		m.Attachments = append(m.Attachments, a)
	}
	if m.Text == "" && m.Button == "" && len(m.Attachments) == 0 {
		return m, errNothing
	}
	m.Key = key(v, id, m)
	return m, nil
}

// key is the same for the same form sent twice, and another as soon as anything in it differs: a page gone back to
// has the old id, and may have new words.
func key(v visitor, id string, m bot.Message) string {
	parts := []string{v.user, id, m.Text, m.Button}
	for _, a := range m.Attachments {
		parts = append(parts, a.SHA256, strconv.FormatFloat(a.Lat, 'g', -1, 64), strconv.FormatFloat(a.Lon, 'g', -1, 64))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return Name + ":" + hex.EncodeToString(sum[:16])
}

// again gives a browser that lost its cookie a new one, so that its next try counts. Only when the browser itself says
// that the request came from our page: another site's form must not replace the cookie of a conversation.
func (c *Channel) again(w http.ResponseWriter, r *http.Request, v visitor) {
	if !v.known && r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		c.keep(w, v.token)
	}
}

// deny answers a message that was not taken; what was typed is not lost.
func (c *Channel) deny(w http.ResponseWriter, r *http.Request, v visitor, draft string, why refusal) {
	if wantsJSON(r) {
		writeJSON(w, why.status, map[string]any{"error": c.say.Text(v.lang, why.key, nil)})
		return
	}
	c.page(w, r, v, view{status: why.status, Problem: why.key, Draft: draft})
}

func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// lastSeq is the number of the newest reply to v.
func (c *Channel) lastSeq(ctx context.Context, v visitor) int64 {
	replies, err := c.history(ctx, v.address())
	if err != nil || len(replies) == 0 {
		return 0
	}
	return replies[len(replies)-1].Seq
}

// await waits a little for a reply after last.
func (c *Channel) await(ctx context.Context, v visitor, last int64, news <-chan struct{}) {
	ctx, stop := context.WithTimeout(ctx, c.o.Wait)
	defer stop()
	for {
		if some, err := c.store.History(ctx, v.address(), last, 1); err != nil || len(some) > 0 {
			return
		}
		select {
		case <-news:
		case <-ctx.Done():
			return
		}
	}
}

// news rings for every reply to v, from this process's commits and from the sender.
func (c *Channel) news(v visitor) (<-chan struct{}, func()) {
	committed, stop1 := c.watch.Watch(v.address())
	sent, stop2 := c.bell.watch(v.user)
	both := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-committed:
			case <-sent:
			case <-done:
				return
			}
			select {
			case both <- struct{}{}:
			default:
			}
		}
	}()
	return both, func() {
		close(done)
		stop1()
		stop2()
	}
}
