package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// beat is how often a silent stream says that it lives; proxies close silent ones.
const beat = 20 * time.Second

// events streams the replies after the last one the page has, and then each as it comes. Its numbers are those of the
// outbox, so a page that was away asks for what it missed and gets exactly that.
func (c *Channel) events(w http.ResponseWriter, r *http.Request) {
	v, err := c.visitor(r)
	if err != nil {
		c.lg.Error("web: could not tell who asks", "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	if !v.known {
		http.Error(w, "open the page first", http.StatusForbidden)
		return
	}
	if !c.limits.mayOpen(v.user) {
		http.Error(w, "too many", http.StatusTooManyRequests)
		return
	}
	seq := startAfter(r)
	news, stop := c.news(v)
	defer stop()
	ctl := http.NewResponseController(w)
	_ = ctl.SetWriteDeadline(time.Time{}) // a stream outlives the server's time for one answer
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	if _, err := fmt.Fprint(w, "retry: 3000\n\n"); err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), streamLife)
	defer cancel()
	pulse := time.NewTicker(beat)
	defer pulse.Stop()
	for {
		if seq, err = c.stream(ctx, w, v, seq); err != nil {
			return
		}
		if ctl.Flush() != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-pulse.C:
			if _, err := fmt.Fprint(w, ": \n\n"); err != nil {
				return
			}
		}
	}
}

// startAfter is the last reply the page has: what the browser says when it comes back, else what the page says.
func startAfter(r *http.Request) int64 {
	for _, s := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return 0
}

// stream writes every reply after seq and gives the number of the last.
func (c *Channel) stream(ctx context.Context, w http.ResponseWriter, v visitor, seq int64) (int64, error) {
	for {
		some, err := c.store.History(ctx, v.address(), seq, 50)
		if err != nil {
			if ctx.Err() == nil {
				c.lg.Error("web: could not read a conversation", "err", err)
			}
			return seq, err
		}
		for _, s := range some {
			var html bytes.Buffer
			if err := c.pages.ExecuteTemplate(&html, "item", c.answer(s, v, v.csrf())); err != nil {
				c.lg.Error("web: the page is broken", "err", err)
				return seq, err
			}
			data, err := json.Marshal(map[string]any{"seq": s.Seq, "cause": s.Reply.Cause, "html": html.String()})
			if err != nil {
				return seq, err
			}
			if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", s.Seq, data); err != nil {
				return seq, err
			}
			seq = s.Seq
		}
		if len(some) < 50 {
			return seq, nil
		}
	}
}

// streamLife bounds one event stream: the browser opens the next by itself.
const streamLife = 30 * time.Minute
