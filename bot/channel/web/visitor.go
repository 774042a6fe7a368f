package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"heshi/bot"
	"heshi/prompts"
)

const (
	cookieName  = "heshi_chat"
	langCookie  = "heshi_lang"
	sessionLife = 90 * 24 * time.Hour

	sessionBucket = "web-session"
)

// visitor is one browser. Its token is in the cookie and nowhere else.
type visitor struct {
	token string
	user  string
	// known is false for a browser that brought no cookie: it has no conversation yet.
	known bool
	lang  string
}

func (v visitor) address() bot.Address { return bot.Address{Channel: Name, User: v.user} }

// csrf is the token our page puts into its forms. Another site can make the browser send the cookie, but cannot
// read it, and so cannot know this.
func (v visitor) csrf() string { return digest("form", v.token)[:22] }

func digest(use, s string) string {
	sum := sha256.Sum256([]byte("heshi " + use + " " + s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// userOf is the user of a fresh token: a hash, so that the address in the store opens nothing.
func userOf(token string) string {
	sum := sha256.Sum256([]byte("heshi user " + token))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:15]))
}

func newToken() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// visitor tells who asks. A browser without a cookie gets a token, not yet a cookie.
func (c *Channel) visitor(r *http.Request) (visitor, error) {
	v := visitor{lang: prompts.Chinese}
	if l, err := r.Cookie(langCookie); err == nil {
		v.lang = prompts.Written(l.Value)
	}
	ck, err := r.Cookie(cookieName)
	if err != nil || len(ck.Value) != 32 {
		v.token = newToken()
		v.user = userOf(v.token)
		return v, nil
	}
	v.token, v.known = ck.Value, true
	moved, err := c.store.Value(r.Context(), sessionBucket, digest("session", v.token), c.o.Now())
	switch {
	case err == nil:
		v.user = string(moved)
	case errors.Is(err, bot.ErrNotFound), errors.Is(err, bot.ErrExpired):
		v.user = userOf(v.token)
	default:
		return v, fmt.Errorf("session: %w", err)
	}
	return v, nil
}

// keep gives the browser its cookie, for another ninety days.
func (c *Channel) keep(w http.ResponseWriter, token string) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: Path, MaxAge: int(sessionLife.Seconds()),
		HttpOnly: true, Secure: c.o.Secure, SameSite: http.SameSiteLaxMode})
}

func (c *Channel) forget(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: Path, MaxAge: -1, HttpOnly: true, Secure: c.o.Secure,
		SameSite: http.SameSiteLaxMode})
}

// ours reports whether a request that changes something comes from our own page: by what the browser says of its
// origin, and in any case by the token.
func ours(r *http.Request, v visitor, token string) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if site != "" && site != "same-origin" {
		return false
	}
	if site == "" && origin != "" { // an older browser
		u, err := url.Parse(origin)
		if err != nil || u.Host != r.Host {
			return false
		}
	}
	return v.known && subtle.ConstantTimeCompare([]byte(token), []byte(v.csrf())) == 1
}
