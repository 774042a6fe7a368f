package desk

import (
	"context"
	"encoding/json"
	"net/http"

	"heshi/bot"
)

type joinView struct {
	Token, Link string
	Name, Login string
	Wrong       string
}

func (d *Desk) joinPage(w http.ResponseWriter, r *http.Request) {
	link := r.URL.Query().Get("token")
	value, ok := d.linkValue(w, r, inviteBucket, link)
	if !ok {
		return
	}
	s, ok := d.invited(w, r, value)
	if !ok {
		return
	}
	d.showJoin(w, r, http.StatusOK, joinView{Link: link, Name: s.Name, Login: s.Login})
}

func (d *Desk) showJoin(w http.ResponseWriter, r *http.Request, code int, v joinView) {
	var err error
	if v.Token, err = d.openForm(w, r); err != nil {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, code, "join", v)
}

// invited is the member of staff an invitation is for; someone disabled meanwhile is not let in.
func (d *Desk) invited(w http.ResponseWriter, r *http.Request, value []byte) (bot.Staff, bool) {
	var in invitation
	if err := json.Unmarshal(value, &in); err != nil {
		d.fail(w, r, err)
		return bot.Staff{}, false
	}
	s, err := d.store.Staff(r.Context(), in.Staff)
	if err == nil && s.Disabled {
		err = bot.ErrNotFound
	}
	if _, ok := d.linkAnswer(w, r, nil, err); !ok {
		return bot.Staff{}, false
	}
	return s, true
}

func (d *Desk) join(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	link := r.PostFormValue("link")
	value, ok := d.linkValue(w, r, inviteBucket, link)
	if !ok {
		return
	}
	s, ok := d.invited(w, r, value)
	if !ok {
		return
	}
	v := joinView{Link: link, Name: s.Name, Login: s.Login}
	if !openFormOK(r) {
		v.Wrong = "desk.wrong.token"
		d.showJoin(w, r, http.StatusForbidden, v)
		return
	}
	encoded, key, err := d.newPassword(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if key != "" {
		v.Wrong = key
		d.showJoin(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	value, err = d.store.TakeValue(ctx, inviteBucket, linkKey(link), d.now())
	if _, ok := d.linkAnswer(w, r, value, err); !ok {
		return
	}
	s.Password = encoded
	if err := d.store.SaveStaff(ctx, s); err != nil {
		if putErr := d.store.PutValue(ctx, inviteBucket, linkKey(link), value, d.now().Add(inviteTime)); putErr != nil {
			d.log.ErrorContext(ctx, "desk: an invitation was used up by a fault", "staff", s.ID)
		}
		d.fail(w, r, err)
		return
	}
	d.note(ctx, "staff:"+s.ID, "join", "staff:"+s.ID)
	d.openAndGo(w, r, s)
}

type meView struct {
	Wrong string
	Roles []string
}

func (d *Desk) mePage(w http.ResponseWriter, r *http.Request) {
	d.page(w, r, http.StatusOK, "me", meView{Roles: staffOf(r).Roles})
}

// changePassword needs the old one, and ends every other session of the same person.
func (d *Desk) changePassword(w http.ResponseWriter, r *http.Request) {
	ctx, s := r.Context(), staffOf(r)
	again := func(code int, key string) {
		d.page(w, r, code, "me", meView{Wrong: key, Roles: s.Roles})
	}
	if !d.byLogin.take(s.Login, d.now()) {
		again(http.StatusTooManyRequests, "desk.wrong.wait")
		return
	}
	var right bool
	var checkErr error
	if err := d.hash.do(ctx, func() { right, checkErr = CheckPassword(s.Password, r.PostFormValue("old")) }); err != nil || checkErr != nil {
		d.fail(w, r, orElse(err, checkErr))
		return
	}
	if !right {
		again(http.StatusUnprocessableEntity, "desk.wrong.password_old")
		return
	}
	encoded, key, err := d.newPassword(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if key != "" {
		again(http.StatusUnprocessableEntity, key)
		return
	}
	s.Password = encoded
	if err := d.store.SaveStaff(ctx, s); err != nil {
		d.fail(w, r, err)
		return
	}
	d.byLogin.forgive(s.Login)
	d.note(ctx, "staff:"+s.ID, "password", "staff:"+s.ID)
	if err := d.open(r, s); err != nil {
		d.fail(w, r, err)
		return
	}
	d.flash(r, "desk.done.password")
	http.Redirect(w, r, "/desk/me", http.StatusSeeOther)
}

func orElse(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// note writes a line of the record about something that is not a matter; a fault is logged, the deed is done.
func (d *Desk) note(ctx context.Context, who, what, subject string) {
	if err := d.store.AppendAudit(ctx, bot.Audit{At: d.now(), Who: who, What: what, Subject: subject}); err != nil {
		d.log.ErrorContext(ctx, "desk: writing the record", "error", err)
	}
}
