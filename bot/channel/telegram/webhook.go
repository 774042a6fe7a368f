package telegram

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"heshi/bot"
)

// Register serves the webhook at POST Options.Path.
func (c *Channel) Register(mux *http.ServeMux, in bot.Intake) {
	if c.o.Secret == "" {
		c.lg.Error("telegram: webhook takes nothing", "why", "telegram.secret is not set")
	}
	mux.HandleFunc("POST "+c.o.Path, func(w http.ResponseWriter, r *http.Request) { c.webhook(w, r, in) })
}

// webhook answers 200 only for what is stored, or needs no storing. Anything else Telegram sends again.
func (c *Channel) webhook(w http.ResponseWriter, r *http.Request, in bot.Intake) {
	if c.o.Secret == "" || !same(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), c.o.Secret) {
		c.lg.Warn("telegram: refused a call", "why", "secret")
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			c.lg.Warn("telegram: refused a call", "why", "size")
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	u, err := decode(body)
	if err != nil {
		c.lg.Warn("telegram: refused a call", "why", "form")
		http.Error(w, "not an update", http.StatusBadRequest)
		return
	}
	after, err := c.take(r.Context(), in, u)
	if err != nil {
		c.lg.Error("telegram: could not store an update", "update", u.ID, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	if after != nil {
		_ = http.NewResponseController(w).Flush() // Telegram has its 200; the courtesy call must not delay it
		after()
	}
}

// courtesy gives a call that nothing depends on a short time of its own.
func courtesy(f func(ctx context.Context)) func() {
	return func() {
		ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
		defer stop()
		f(ctx)
	}
}
