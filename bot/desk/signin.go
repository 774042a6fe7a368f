package desk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"strings"

	"heshi/bot"
)

const formCookie = "heshi_desk_form"

// secret gives n random bytes as text.
func secret(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// openForm gives the token of a form that is shown before there is a session: the same value stands in the form and
// in a cookie that only this site reads, so that no other site can send the form.
func (d *Desk) openForm(w http.ResponseWriter, r *http.Request) (string, error) {
	if t := cookie(r, formCookie); len(t) == 43 {
		return t, nil
	}
	t, err := secret(32)
	if err != nil {
		return "", err
	}
	http.SetCookie(w, &http.Cookie{
		Name: formCookie, Value: t, Path: "/desk", HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteStrictMode,
	})
	return t, nil
}

func openFormOK(r *http.Request) bool {
	want := cookie(r, formCookie)
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(r.PostFormValue("csrf"))) == 1
}

type loginView struct {
	Token, Login, Wrong string
}

func (d *Desk) loginPage(w http.ResponseWriter, r *http.Request) {
	who, err := d.signedIn(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if who.ID != "" {
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
		return
	}
	d.showLogin(w, r, http.StatusOK, "", "")
}

func (d *Desk) showLogin(w http.ResponseWriter, r *http.Request, code int, login, wrong string) {
	t, err := d.openForm(w, r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, code, "login", loginView{Token: t, Login: login, Wrong: wrong})
}

// login signs in. An unknown login, a wrong password and a disabled account get the same answer after the same work.
func (d *Desk) login(w http.ResponseWriter, r *http.Request) {
	ctx, now := r.Context(), d.now()
	if !openFormOK(r) {
		d.showLogin(w, r, http.StatusForbidden, "", "desk.wrong.token")
		return
	}
	login, password := normal(r.PostFormValue("login")), r.PostFormValue("password")
	if len(login) > maxLogin {
		login = login[:maxLogin]
	}
	if !d.byRemote.take(remote(r), now) || !d.byLogin.take(login, now) {
		w.Header().Set("Retry-After", "60")
		d.showLogin(w, r, http.StatusTooManyRequests, login, "desk.wrong.wait")
		return
	}
	s, err := d.store.StaffByLogin(ctx, login)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		d.fail(w, r, err)
		return
	}
	known := err == nil && !s.Disabled && s.Password != ""
	encoded := d.decoy
	if known {
		encoded = s.Password
	}
	var right bool
	var checkErr error
	if err := d.hash.do(ctx, func() { right, checkErr = CheckPassword(encoded, password) }); err != nil {
		d.fail(w, r, err)
		return
	}
	if checkErr != nil {
		d.log.ErrorContext(ctx, "desk: a stored password cannot be read", "staff", s.ID)
	}
	if !known || !right || checkErr != nil {
		d.signInRecord(r, s, "sign_in_failed")
		d.showLogin(w, r, http.StatusUnauthorized, login, "desk.wrong.login")
		return
	}
	d.byLogin.forgive(login)
	if err := d.open(r, s); err != nil {
		d.fail(w, r, err)
		return
	}
	d.signInRecord(r, s, "sign_in")
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
}

// open starts the session of s under a new token: one that was planted before is worth nothing.
func (d *Desk) open(r *http.Request, s bot.Staff) error {
	ctx := r.Context()
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	token, err := secret(32)
	if err != nil {
		return err
	}
	now := d.now().Unix()
	d.sessions.Put(ctx, keyStaff, s.ID)
	d.sessions.Put(ctx, keyStamp, stamp(s))
	d.sessions.Put(ctx, keyCSRF, token)
	d.sessions.Put(ctx, keySince, now)
	d.sessions.Put(ctx, keySeen, now)
	return nil
}

// signInRecord notes a sign-in. An unknown login is not written down: people type passwords there by mistake.
func (d *Desk) signInRecord(r *http.Request, s bot.Staff, what string) {
	who := "staff:" + s.ID
	if s.ID == "" {
		who = "unknown"
	}
	if err := d.store.AppendAudit(r.Context(), bot.Audit{At: d.now(), Who: who, What: what, Subject: "desk"}); err != nil {
		d.log.ErrorContext(r.Context(), "desk: recording a sign-in", "error", err)
	}
}

func (d *Desk) logout(w http.ResponseWriter, r *http.Request) {
	if err := d.sessions.Destroy(r.Context()); err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/desk/login", http.StatusSeeOther)
}

const maxLogin = 64

// normal is how logins are kept and compared.
func normal(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// remote is the address the connection came from, without the port.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
