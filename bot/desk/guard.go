package desk

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"

	"heshi/bot"
)

// maxForm bounds the body of every POST: the longest is a reply.
const maxForm = 64 << 10

type staffKey struct{}
type matterKey struct{}

// staffOf is who is signed in; the zero Staff on open routes.
func staffOf(r *http.Request) bot.Staff {
	s, _ := r.Context().Value(staffKey{}).(bot.Staff)
	return s
}

// guard is what stands before every handler: headers, body limit, our own pages only, who is signed in, their
// roles, the token of the session, and the matter named in the path.
func (d *Desk) guard(route Route) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			if err := d.origin.Check(r); err != nil {
				d.refuse(w, r, http.StatusForbidden, "desk.wrong.origin")
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := r.ParseForm(); err != nil {
				d.refuse(w, r, http.StatusRequestEntityTooLarge, "desk.wrong.size")
				return
			}
		}
		if route.Open {
			route.handle(w, r)
			return
		}
		who, err := d.signedIn(r)
		if err != nil {
			d.fail(w, r, err)
			return
		}
		if who.ID == "" {
			d.toLogin(w, r, route)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), staffKey{}, who))
		if r.Method == http.MethodPost && !d.tokenOK(r) {
			d.refuse(w, r, http.StatusForbidden, "desk.wrong.token")
			return
		}
		if !route.Matter && len(route.Roles) > 0 && !slices.ContainsFunc(route.Roles, who.HasRole) {
			d.refuse(w, r, http.StatusForbidden, "desk.wrong.role")
			return
		}
		if route.Matter { // whether a matter exists is nobody's business who may not see it
			m, err := d.matterFor(r.Context(), who, r.PathValue("id"))
			if errors.Is(err, bot.ErrNotFound) {
				d.notFound(w, r)
				return
			}
			if err != nil {
				d.fail(w, r, err)
				return
			}
			r = r.WithContext(context.WithValue(r.Context(), matterKey{}, m))
		}
		route.handle(w, r)
	})
	sessions := d.sessions.LoadAndSave(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers(w)
		if route.Path == "/desk/assets/{name}" || isStream(route) {
			// Assets need no session. A stream must not be held in scs's writer; it reads its session without saving.
			if isStream(route) {
				ctx, err := d.sessions.Load(r.Context(), cookie(r, d.sessions.Cookie.Name))
				if err != nil {
					d.fail(w, r, err)
					return
				}
				r = r.WithContext(ctx)
			}
			inner.ServeHTTP(w, r)
			return
		}
		sessions.ServeHTTP(w, r)
	})
}

func isStream(r Route) bool { return r.Path == "/desk/live" || r.Path == "/desk/m/{id}/live" }

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// headers keep the pages to themselves: nothing from elsewhere, no inline script, no frame, no copy in a cache
// of a machine that several people use.
func headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; "+
		"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
}

// signedIn gives the member of staff of the session, or the zero Staff. A session ends when it is too old, when its
// owner was disabled, and when their password was changed elsewhere.
func (d *Desk) signedIn(r *http.Request) (bot.Staff, error) {
	ctx := r.Context()
	id := d.sessions.GetString(ctx, keyStaff)
	if id == "" {
		return bot.Staff{}, nil
	}
	s, err := d.store.Staff(ctx, id)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return bot.Staff{}, err
	}
	if err != nil || s.Disabled || d.sessions.GetString(ctx, keyStamp) != stamp(s) || !d.alive(r, d.now()) {
		return bot.Staff{}, d.sessions.Destroy(ctx)
	}
	return s, nil
}

// stamp changes with the password and says nothing about it.
func stamp(s bot.Staff) string {
	sum := sha256.Sum256([]byte("desk session " + s.Password))
	return hex.EncodeToString(sum[:8])
}

func (d *Desk) tokenOK(r *http.Request) bool {
	want := d.sessions.GetString(r.Context(), keyCSRF)
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue("csrf"))) == 1
}

// toLogin sends a page to the sign-in; what a page asks for by itself is told that the session is over.
func (d *Desk) toLogin(w http.ResponseWriter, r *http.Request, route Route) {
	if r.Method != http.MethodGet || isStream(route) {
		d.refuse(w, r, http.StatusUnauthorized, "desk.wrong.session")
		return
	}
	http.Redirect(w, r, "/desk/login", http.StatusSeeOther)
}

// refuse answers with a page that says what happened and what to do.
func (d *Desk) refuse(w http.ResponseWriter, r *http.Request, code int, key string) {
	d.page(w, r, code, "message", messageView{Key: key, Back: "/desk"})
}

func (d *Desk) notFound(w http.ResponseWriter, r *http.Request) {
	d.refuse(w, r, http.StatusNotFound, "desk.wrong.not_found")
}

// fail answers a fault of ours. The log names the route and the error, never what was entered.
func (d *Desk) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	d.log.ErrorContext(r.Context(), "desk", "route", r.Pattern, "error", err)
	d.refuse(w, r, http.StatusInternalServerError, "desk.wrong.fault")
}
