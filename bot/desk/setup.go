package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"
	"unicode/utf8"

	"heshi/bot"
	"heshi/intake"
)

// How long one-time links live.
const (
	setupTime  = 24 * time.Hour
	inviteTime = 72 * time.Hour
)

// Buckets of the vault. Keys are hashes of the tokens: who reads the store holds no link.
const (
	setupBucket  = "setup"
	inviteBucket = "desk-invite"
)

var loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,63}$`)

// SetupLink makes the one-time link with which the first administrator chooses a login and a password, and gives
// its path ("/desk/setup?token=…"). It works once, for a day, and only while there is no administrator.
func (d *Desk) SetupLink(ctx context.Context) (path string, err error) {
	t, err := d.newLink(ctx, setupBucket, []byte("{}"), setupTime)
	if err != nil {
		return "", fmt.Errorf("a link for the first administrator: %w", err)
	}
	return "/desk/setup?token=" + t, nil
}

func (d *Desk) newLink(ctx context.Context, bucket string, value []byte, life time.Duration) (token string, err error) {
	if token, err = secret(24); err != nil {
		return "", err
	}
	return token, d.store.PutValue(ctx, bucket, linkKey(token), value, d.now().Add(life))
}

func linkKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// HasAdmin reports whether somebody can administer the desk.
func (d *Desk) HasAdmin(ctx context.Context) (bool, error) {
	all, err := d.store.AllStaff(ctx)
	if err != nil {
		return false, err
	}
	for _, s := range all {
		if s.HasRole("admin") && !s.Disabled && s.Password != "" {
			return true, nil
		}
	}
	return false, nil
}

type setupView struct {
	Token, Link string
	Login, Name string
	Office      string
	Offices     []intake.Office
	Wrong       string // message key
	Field       string // which field it is about
}

// setupPage shows the form. It looks at the link and leaves it whole: opening a page must not use it up.
func (d *Desk) setupPage(w http.ResponseWriter, r *http.Request) {
	link := r.URL.Query().Get("token")
	if _, ok := d.linkValue(w, r, setupBucket, link); !ok {
		return
	}
	d.showSetup(w, r, http.StatusOK, setupView{Link: link})
}

// linkValue looks a one-time link up without using it; when it is gone it has answered already.
func (d *Desk) linkValue(w http.ResponseWriter, r *http.Request, bucket, link string) ([]byte, bool) {
	v, err := d.store.Value(r.Context(), bucket, linkKey(link), d.now())
	return d.linkAnswer(w, r, v, err)
}

func (d *Desk) linkAnswer(w http.ResponseWriter, r *http.Request, v []byte, err error) ([]byte, bool) {
	switch {
	case errors.Is(err, bot.ErrNotFound), errors.Is(err, bot.ErrExpired):
		d.page(w, r, http.StatusGone, "message", messageView{Key: "desk.wrong.link", Back: "/desk/login"})
		return nil, false
	case err != nil:
		d.fail(w, r, err)
		return nil, false
	}
	return v, true
}

func (d *Desk) showSetup(w http.ResponseWriter, r *http.Request, code int, v setupView) {
	var err error
	if v.Token, err = d.openForm(w, r); err == nil {
		v.Offices, err = d.store.Offices(r.Context())
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, code, "setup", v)
}

// setup makes the first administrator, who may also work matters: in a small office it is the same person.
func (d *Desk) setup(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	v := setupView{
		Link: r.PostFormValue("link"), Login: normal(r.PostFormValue("login")),
		Name: trimmed(r.PostFormValue("name"), 40), Office: r.PostFormValue("office"),
	}
	again := func(field, key string) {
		v.Field, v.Wrong = field, key
		d.showSetup(w, r, http.StatusUnprocessableEntity, v)
	}
	if !openFormOK(r) {
		again("", "desk.wrong.token")
		return
	}
	if _, ok := d.linkValue(w, r, setupBucket, v.Link); !ok {
		return
	}
	if has, err := d.HasAdmin(ctx); err != nil || has {
		d.linkAnswer(w, r, nil, errors.Join(err, bot.ErrNotFound))
		return
	}
	if field, key := d.checkPerson(ctx, v.Login, v.Name, v.Office); key != "" {
		again(field, key)
		return
	}
	encoded, key, err := d.newPassword(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if key != "" {
		again("password", key)
		return
	}
	// From here on the link is used: of two who post it one wins.
	value, err := d.store.TakeValue(ctx, setupBucket, linkKey(v.Link), d.now())
	if _, ok := d.linkAnswer(w, r, value, err); !ok {
		return
	}
	s := bot.Staff{
		ID: d.newID(), Login: v.Login, Name: v.Name, Office: v.Office, Roles: []string{"admin", "mediator"},
		Languages: []string{"zh-Hans"}, Password: encoded, Created: d.now(),
	}
	if err := d.store.SaveStaff(ctx, s); err != nil {
		if putErr := d.store.PutValue(ctx, setupBucket, linkKey(v.Link), value, d.now().Add(setupTime)); putErr != nil {
			err = errors.Join(err, putErr)
		}
		d.fail(w, r, err)
		return
	}
	d.note(ctx, "staff:"+s.ID, "setup", "staff:"+s.ID)
	d.openAndGo(w, r, s)
}

// openAndGo signs s in with what the store has of them and shows the queue.
func (d *Desk) openAndGo(w http.ResponseWriter, r *http.Request, s bot.Staff) {
	if err := d.open(r, s); err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/desk", http.StatusSeeOther)
}

// checkPerson gives the field and the message of what is wrong with a new person's entries.
func (d *Desk) checkPerson(ctx context.Context, login, name, office string) (field, key string) {
	if !loginShape.MatchString(login) {
		return "login", "desk.wrong.login_shape"
	}
	if name == "" {
		return "name", "desk.wrong.empty"
	}
	if _, err := d.store.StaffByLogin(ctx, login); err == nil {
		return "login", "desk.wrong.login_taken"
	}
	if _, ok := d.office(ctx, office); !ok {
		return "office", "desk.wrong.office"
	}
	return "", ""
}

// newPassword reads and hashes the two password fields of a form; key says what is wrong with them.
func (d *Desk) newPassword(r *http.Request) (encoded, key string, err error) {
	password := r.PostFormValue("password")
	if password != r.PostFormValue("again") {
		return "", "desk.wrong.password_differs", nil
	}
	var hashErr error
	if err := d.hash.do(r.Context(), func() { encoded, hashErr = HashPassword(password) }); err != nil {
		return "", "", err
	}
	switch {
	case errors.Is(hashErr, ErrPasswordShort):
		return "", "desk.wrong.password_short", nil
	case errors.Is(hashErr, ErrPasswordLong):
		return "", "desk.wrong.password_long", nil
	}
	return encoded, "", hashErr
}

// trimmed gives s without surrounding space and at most n characters of it.
func trimmed(s string, n int) string {
	s = clean(s)
	for utf8.RuneCountInString(s) > n {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// invitation is what a one-time link for a member of staff stands for.
type invitation struct {
	Staff string `json:"staff"`
}

// InviteLink makes a one-time link with which s chooses a password, the first or a new one.
func (d *Desk) InviteLink(ctx context.Context, s bot.Staff) (path string, err error) {
	v, err := json.Marshal(invitation{Staff: s.ID})
	if err != nil {
		return "", err
	}
	t, err := d.newLink(ctx, inviteBucket, v, inviteTime)
	return "/desk/join?token=" + t, err
}
