package web

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
	"heshi/prompts"
)

// shown is how many replies a page shows, and how many words at most; older ones stay in the store.
const shown = 200

// view is the page. Fields in capitals are for the template.
type view struct {
	status  int
	Problem string // key of what went wrong, shown above the form
	Code    string // a resume code, shown this once
	Draft   string // what was typed into a form that was refused

	Lang     string
	CSRF     string
	ID       string // of the next message, so that sending twice is saying once
	Items    []item
	Last     int64
	Pending  bool
	Operator string
	Exit     string
	Hotlines []string
	Examples []string
	Langs    []langLink
}

type langLink struct {
	Lang, Name string
	Current    bool
}

// item is one bubble: said by the citizen, or answered.
type item struct {
	Mine    bool
	Seq     int64
	Who     string // key of who speaks
	Kind    string
	Cause   string
	Blocks  []block
	Files   []string
	Buttons []intake.Button
	CSRF    string
	ID      string
	Lang    string
	At      time.Time
}

func (c *Channel) show(w http.ResponseWriter, r *http.Request) {
	if l := r.URL.Query().Get("lang"); l != "" {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: prompts.Written(l), Path: Path, MaxAge: 365 * 24 * 3600,
			HttpOnly: true, Secure: c.o.Secure, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, Path, http.StatusSeeOther)
		return
	}
	v, err := c.visitor(r)
	if err != nil {
		c.lg.Error("web: could not tell who asks", "err", err)
		c.page(w, r, v, view{status: http.StatusServiceUnavailable, Problem: "channel.web.failed"})
		return
	}
	c.keep(w, v.token)
	v.known = true
	c.page(w, r, v, view{})
}

// page writes the whole page, with what p says on top.
func (c *Channel) page(w http.ResponseWriter, r *http.Request, v visitor, p view) {
	p.Lang, p.CSRF, p.ID, p.Operator, p.Exit = v.lang, v.csrf(), newToken()[:16], c.o.Operator, Exit
	p.Hotlines = strings.Fields(c.say.Text(prompts.Chinese, "channel.web.hotlines", nil))
	for i := 1; i <= 3; i++ {
		p.Examples = append(p.Examples, fmt.Sprintf("channel.web.example%d", i))
	}
	for _, l := range []string{prompts.Chinese, prompts.Cyrillic, prompts.Vertical} {
		p.Langs = append(p.Langs, langLink{l, c.say.Text(prompts.Chinese, "channel.web.lang."+l, nil), l == v.lang})
	}
	if v.known && v.user != "" {
		var err error
		if p.Items, p.Last, p.Pending, err = c.thread(r.Context(), v, p); err != nil {
			c.lg.Error("web: could not read a conversation", "err", err)
			p.status, p.Problem = http.StatusServiceUnavailable, "channel.web.failed"
		}
	}
	var out bytes.Buffer
	if err := c.pages.ExecuteTemplate(&out, "chat.html", p); err != nil {
		c.lg.Error("web: the page is broken", "err", err)
		http.Error(w, "broken page", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if p.status != 0 {
		w.WriteHeader(p.status)
	}
	_, _ = w.Write(out.Bytes())
}

// history reads the last replies to a.
func (c *Channel) history(ctx context.Context, a bot.Address) ([]bot.Sequenced, error) {
	var all []bot.Sequenced
	for after := int64(0); ; {
		some, err := c.store.History(ctx, a, after, 500)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < 500 {
			break
		}
		after = some[len(some)-1].Seq
	}
	if len(all) > shown {
		all = all[len(all)-shown:]
	}
	return all, nil
}

// words reads what a said. Of a conversation longer than the page, words whose answers are not shown are left out.
func (c *Channel) words(ctx context.Context, a bot.Address, replies []bot.Sequenced) ([]bot.Message, error) {
	words, err := c.store.Heard(ctx, a, shown)
	if err != nil || len(replies) < shown {
		return words, err
	}
	first := replies[0].Reply
	return slices.DeleteFunc(words, func(m bot.Message) bool { return m.Key != first.Cause && m.At.Before(first.Made) }), nil
}

// thread puts words and answers into one order. pending says that the last word has no answer yet.
func (c *Channel) thread(ctx context.Context, v visitor, p view) (items []item, last int64, pending bool, err error) {
	replies, err := c.history(ctx, v.address())
	if err != nil {
		return nil, 0, false, err
	}
	words, err := c.words(ctx, v.address(), replies)
	if err != nil {
		return nil, 0, false, err
	}
	answered, labels := map[string]bool{}, map[string]string{}
	for _, s := range replies {
		answered[s.Reply.Cause] = true
		for _, b := range s.Reply.Buttons {
			labels[b.ID] = channel.Label(b)
		}
		last = s.Seq
	}
	open := openFrom(replies)
	i := 0
	for n, s := range replies {
		for ; i < len(words) && !words[i].At.After(s.Reply.Made); i++ {
			items = append(items, c.mine(words[i], v, labels))
		}
		it := c.answer(s, v, p.CSRF)
		if n < open {
			it.Buttons = nil
		}
		items = append(items, it)
	}
	for ; i < len(words); i++ {
		items = append(items, c.mine(words[i], v, labels))
		pending = !answered[words[i].Key] && c.o.Now().Sub(words[i].At) < time.Minute
	}
	return items, last, pending, nil
}

// openFrom is the first reply whose buttons can still be pressed: those of the last turn, and what staff said since.
func openFrom(replies []bot.Sequenced) int {
	open, cause := len(replies), ""
	for i := len(replies) - 1; i >= 0; i-- {
		switch k := replies[i].Reply.Cause; {
		case cause == "" || k == cause:
			if k != "" {
				cause = k
			}
			open = i
		default:
			return open
		}
	}
	return open
}

// mine sets what the citizen said; labels are the words on the buttons that were offered.
func (c *Channel) mine(m bot.Message, v visitor, labels map[string]string) item {
	it := item{Mine: true, Who: "channel.web.you", Lang: v.lang, At: m.At, Cause: m.Key}
	switch {
	case m.Text != "":
		it.Blocks = blocks(m.Text, false)
	case labels[m.Button] != "":
		it.Blocks = blocks(labels[m.Button], false)
	case m.Button != "":
		it.Blocks = blocks(c.say.Text(v.lang, "channel.web.pressed", nil), false)
	}
	for _, a := range m.Attachments {
		name := a.Name
		if a.Kind == "location" {
			name = fmt.Sprintf("%.4f, %.4f", a.Lat, a.Lon)
		}
		it.Files = append(it.Files, strings.TrimSpace(c.say.Text(prompts.Chinese, "channel.web.kind."+a.Kind, nil)+" "+name))
	}
	return it
}

func (c *Channel) answer(s bot.Sequenced, v visitor, csrf string) item {
	r := s.Reply
	it := item{Seq: s.Seq, Who: "channel.web.bot", Kind: r.Kind, Cause: r.Cause, Blocks: blocks(r.Text, true), Buttons: r.Buttons,
		CSRF: csrf, ID: fmt.Sprintf("b%d", s.Seq), Lang: v.lang, At: r.Made}
	if r.Kind == "staff" {
		it.Who = "channel.web.staff"
	}
	return it
}

// funcs are what the templates call.
func (c *Channel) funcs() template.FuncMap {
	return template.FuncMap{
		// say sets a message in the reader's language, with the Chinese beneath.
		"say":  func(lang, key string) []block { return blocks(c.say.Text(lang, key, nil), true) },
		"word": func(lang, key string) []span { return spans(c.say.Label(lang, key), "", false) },
		"zh":   func(key string) string { return c.say.Text(prompts.Chinese, key, nil) },
		"label": func(b intake.Button) []span {
			return spans(channel.Label(b), "", false)
		},
		"blocks": func(s string) []block { return blocks(s, true) },
		"clock":  func(t time.Time) string { return t.Local().Format("15:04") },
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"file":   func(name string) string { return Path + "/assets/" + url.PathEscape(name) + "?v=" + c.assets[name].tag },
	}
}
