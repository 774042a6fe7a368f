package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"heshi/bot"
	"heshi/intake"
)

type staffView struct {
	All         []staffRow
	Offices     []intake.Office
	Roles       []string
	Link, LinkN string // a fresh one-time link and whom it is for; shown once
	Wrong       string
	Field       string
	Login, Name string
	Office      string
	Picked      []string
}

type staffRow struct {
	bot.Staff
	OfficeName string
	Waiting    bool // no password yet
	Self       bool
}

func (d *Desk) staffPage(w http.ResponseWriter, r *http.Request) {
	d.showStaff(w, r, http.StatusOK, staffView{})
}

func (d *Desk) showStaff(w http.ResponseWriter, r *http.Request, code int, v staffView) {
	ctx := r.Context()
	all, err := d.store.AllStaff(ctx)
	if err == nil {
		v.Offices, err = d.store.Offices(ctx)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	v.Roles = d.layout.Roles
	for _, s := range all {
		row := staffRow{Staff: s, Waiting: s.Password == "", Self: s.ID == staffOf(r).ID}
		row.Password = "" // never near a template
		for _, o := range v.Offices {
			if o.ID == s.Office {
				row.OfficeName = o.Name
			}
		}
		v.All = append(v.All, row)
	}
	slices.SortFunc(v.All, func(a, b staffRow) int {
		disabled := func(s staffRow) int {
			if s.Disabled {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(disabled(a), disabled(b)), cmp.Compare(a.OfficeName, b.OfficeName), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	d.page(w, r, code, "staff", v)
}

// pickedRoles are the roles ticked in the form, of those there are.
func (d *Desk) pickedRoles(r *http.Request) []string {
	var out []string
	for _, role := range d.layout.Roles {
		if slices.Contains(r.PostForm["role"], role) {
			out = append(out, role)
		}
	}
	return out
}

// addStaff makes a person who cannot sign in yet, and shows the one-time link with which they choose a password.
func (d *Desk) addStaff(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	v := staffView{
		Login: normal(r.PostFormValue("login")), Name: trimmed(r.PostFormValue("name"), 40),
		Office: r.PostFormValue("office"), Picked: d.pickedRoles(r),
	}
	v.Field, v.Wrong = d.checkPerson(ctx, v.Login, v.Name, v.Office)
	if v.Wrong == "" && len(v.Picked) == 0 {
		v.Field, v.Wrong = "role", "desk.wrong.no_role"
	}
	if v.Wrong != "" {
		d.showStaff(w, r, http.StatusUnprocessableEntity, v)
		return
	}
	s := bot.Staff{
		ID: d.newID(), Login: v.Login, Name: v.Name, Office: v.Office, Roles: v.Picked,
		Languages: []string{"zh-Hans"}, Created: d.now(),
	}
	if err := d.store.SaveStaff(ctx, s); err != nil {
		d.staffFault(w, r, err)
		return
	}
	d.note(ctx, "staff:"+staffOf(r).ID, "staff_add", "staff:"+s.ID)
	d.showLink(w, r, s)
}

func (d *Desk) showLink(w http.ResponseWriter, r *http.Request, s bot.Staff) {
	link, err := d.InviteLink(r.Context(), s)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	scheme := "http://"
	if d.Secure || r.TLS != nil {
		scheme = "https://"
	}
	d.showStaff(w, r, http.StatusOK, staffView{Link: scheme + r.Host + link, LinkN: s.Name})
}

// relink gives a new one-time link to someone who lost theirs or their password.
func (d *Desk) relink(w http.ResponseWriter, r *http.Request) {
	s, ok := d.staffInPath(w, r)
	if !ok {
		return
	}
	if s.Disabled {
		d.refuse(w, r, http.StatusConflict, "desk.wrong.disabled")
		return
	}
	d.note(r.Context(), "staff:"+staffOf(r).ID, "staff_link", "staff:"+s.ID)
	d.showLink(w, r, s)
}

func (d *Desk) staffInPath(w http.ResponseWriter, r *http.Request) (bot.Staff, bool) {
	s, err := d.store.Staff(r.Context(), r.PathValue("staff"))
	if errors.Is(err, bot.ErrNotFound) {
		d.notFound(w, r)
		return s, false
	}
	if err != nil {
		d.fail(w, r, err)
		return s, false
	}
	return s, true
}

// editStaff changes roles and office, and disables or enables. Nobody takes the administrator's role from
// themselves: there is always one left.
func (d *Desk) editStaff(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s, ok := d.staffInPath(w, r)
	if !ok {
		return
	}
	roles := d.pickedRoles(r)
	off := r.PostFormValue("disabled") == "yes"
	_, officeOK := d.office(ctx, r.PostFormValue("office"))
	switch {
	case s.ID == staffOf(r).ID && (off || !slices.Contains(roles, "admin")):
		d.refuse(w, r, http.StatusConflict, "desk.wrong.self")
		return
	case len(roles) == 0:
		d.refuse(w, r, http.StatusUnprocessableEntity, "desk.wrong.no_role")
		return
	case !officeOK:
		d.refuse(w, r, http.StatusUnprocessableEntity, "desk.wrong.office")
		return
	}
	s.Roles, s.Office, s.Disabled = roles, r.PostFormValue("office"), off
	if err := d.store.SaveStaff(ctx, s); err != nil {
		d.staffFault(w, r, err)
		return
	}
	d.note(ctx, "staff:"+staffOf(r).ID, "staff_edit", "staff:"+s.ID)
	d.flash(r, "desk.done.staff")
	http.Redirect(w, r, "/desk/staff", http.StatusSeeOther)
}

func (d *Desk) staffFault(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, bot.ErrConflict) {
		d.page(w, r, http.StatusConflict, "message", messageView{Key: "desk.wrong.conflict", Back: "/desk/staff"})
		return
	}
	d.fail(w, r, err)
}
