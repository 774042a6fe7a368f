package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"heshi/bot"
)

const (
	codeBucket   = "web-code"    // hash of a code -> user
	codeOfBucket = "web-code-of" // user -> hash of the code in force, so that a new one ends the old
	codeLife     = 90 * 24 * time.Hour

	// letters of a code: no 0 O 1 I L U, which are misread or misheard.
	letters  = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeSize = 9
)

// newCode is nine letters: 44 bits.
func newCode() (string, error) {
	b := make([]byte, codeSize)
	for i := range b {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", fmt.Errorf("code: %w", err)
		}
		b[i] = letters[n.Int64()]
	}
	return string(b), nil
}

// spaced writes a code as it is read out: ABC-DEF-GHJ.
func spaced(code string) string { return code[:3] + "-" + code[3:6] + "-" + code[6:] }

// tidyCode reads what was typed: small letters, spaces, dashes and the usual mistakes are forgiven.
func tidyCode(s string) (string, bool) {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= '！' && r <= '～': // full width
			r = r - '！' + '!'
		}
		switch {
		case strings.ContainsRune(" -–—_　.\t", r):
			continue
		case strings.ContainsRune(letters, r):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), b.Len() == codeSize
}

// hashCode is slow on purpose: whoever gets hold of the store cannot try all codes in a lifetime. The salt is fixed,
// because a code must be found by its hash alone.
func (c *Channel) hashCode(code string) string {
	c.slow <- struct{}{}
	defer func() { <-c.slow }()
	return hex.EncodeToString(argon2.IDKey([]byte(code), []byte("heshi web resume code"), 1, 19*1024, 1, 24))
}

// makeCode gives the visitor a code, once; it ends any code given before.
func (c *Channel) makeCode(w http.ResponseWriter, r *http.Request) {
	v, ok := c.form(w, r)
	if !ok {
		return
	}
	if !c.limits.maySay(v.user, c.o.ClientIP(r)) {
		c.page(w, r, v, view{status: http.StatusTooManyRequests, Problem: "channel.web.slow"})
		return
	}
	code, err := c.issue(r.Context(), v)
	if err != nil {
		c.lg.Error("web: could not make a code", "err", err)
		c.page(w, r, v, view{status: http.StatusServiceUnavailable, Problem: "channel.web.failed"})
		return
	}
	c.page(w, r, v, view{Code: spaced(code)})
}

func (c *Channel) issue(ctx context.Context, v visitor) (string, error) {
	code, err := newCode()
	if err != nil {
		return "", err
	}
	now := c.o.Now()
	old, err := c.store.Value(ctx, codeOfBucket, v.user, now)
	if err != nil && !errors.Is(err, bot.ErrNotFound) && !errors.Is(err, bot.ErrExpired) {
		return "", err
	}
	hash := c.hashCode(code)
	if err := c.store.PutValue(ctx, codeBucket, hash, []byte(v.user), now.Add(codeLife)); err != nil {
		return "", err
	}
	if err := c.store.PutValue(ctx, codeOfBucket, v.user, []byte(hash), now.Add(codeLife)); err != nil {
		return "", err
	}
	if len(old) > 0 {
		if err := c.store.DeleteValue(ctx, codeBucket, string(old)); err != nil {
			return "", err
		}
	}
	return code, nil
}

// resume moves this browser to the conversation a code belongs to.
func (c *Channel) resume(w http.ResponseWriter, r *http.Request) {
	v, ok := c.form(w, r)
	if !ok {
		return
	}
	if !c.limits.mayGuess(c.o.ClientIP(r)) {
		c.lg.Warn("web: too many codes tried")
		c.page(w, r, v, view{status: http.StatusTooManyRequests, Problem: "channel.web.code_slow"})
		return
	}
	code, ok := tidyCode(r.PostFormValue("code"))
	if !ok {
		c.page(w, r, v, view{status: http.StatusUnprocessableEntity, Problem: "channel.web.code_form"})
		return
	}
	user, err := c.store.Value(r.Context(), codeBucket, c.hashCode(code), c.o.Now())
	switch {
	case errors.Is(err, bot.ErrNotFound), errors.Is(err, bot.ErrExpired):
		c.page(w, r, v, view{status: http.StatusUnprocessableEntity, Problem: "channel.web.code_wrong"})
		return
	case err != nil:
		c.lg.Error("web: could not read a code", "err", err)
		c.page(w, r, v, view{status: http.StatusServiceUnavailable, Problem: "channel.web.failed"})
		return
	}
	token := newToken() // never the old one: whoever planted that cookie must not come along
	if err := c.store.PutValue(r.Context(), sessionBucket, digest("session", token), user, c.o.Now().Add(sessionLife)); err != nil {
		c.lg.Error("web: could not move a session", "err", err)
		c.page(w, r, v, view{status: http.StatusServiceUnavailable, Problem: "channel.web.failed"})
		return
	}
	c.keep(w, token)
	http.Redirect(w, r, Path+"#end", http.StatusSeeOther)
}

// leave makes this browser forget the conversation. The conversation stays: a code, or the office, still finds it.
func (c *Channel) leave(w http.ResponseWriter, r *http.Request) {
	v, ok := c.form(w, r)
	if !ok {
		return
	}
	if err := c.store.DeleteValue(r.Context(), sessionBucket, digest("session", v.token)); err != nil && !errors.Is(err, bot.ErrNotFound) {
		c.lg.Error("web: could not end a session", "err", err)
	}
	c.forget(w)
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, Path, http.StatusSeeOther)
}

// form reads a small form of our own page and tells who sent it. ok is false when it was refused.
func (c *Channel) form(w http.ResponseWriter, r *http.Request) (v visitor, ok bool) {
	v, err := c.visitor(r)
	if err != nil {
		c.lg.Error("web: could not tell who asks", "err", err)
		http.Error(w, c.say.Text(v.lang, "channel.web.failed", nil), http.StatusServiceUnavailable)
		return v, false
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return v, false
	}
	if !ours(r, v, r.PostFormValue("csrf")) {
		c.lg.Warn("web: refused a form", "why", "token")
		c.again(w, r, v)
		c.page(w, r, v, view{status: http.StatusForbidden, Problem: "channel.web.stale"})
		return v, false
	}
	return v, true
}
