package desk

import (
	"net/http"
	"net/url"

	"heshi/bot"
	"heshi/bot/desk/docket"
)

// delivery is what a person decides about a reply that did not arrive: it was said by phone, or it is sent again.
func (d *Desk) delivery(w http.ResponseWriter, r *http.Request) {
	ctx, m, me := r.Context(), matterOf(r), staffOf(r)
	dk, err := d.docketOf(ctx, m)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if acting := can(dk, me); !acting.Fill && m.Assignee != me.ID && !docket.Leads(me) {
		d.refuse(w, r, http.StatusForbidden, "desk.wrong.role")
		return
	}
	lost, err := d.store.Undelivered(ctx, m.ID)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	var found *bot.Undelivered
	for i := range lost {
		if lost[i].Reply.ID == r.PostFormValue("reply") && lost[i].Reply.Matter == m.ID {
			found = &lost[i]
		}
	}
	if found == nil {
		d.notFound(w, r)
		return
	}
	said, what := bot.Delivery{Kind: bot.Sent, Code: "phone"}, "phoned"
	if r.PostFormValue("how") == "again" {
		said, what = bot.Delivery{Kind: bot.Retry}, "resent"
	}
	if err := d.store.Settle(ctx, found.Reply.ID, said, d.now()); err != nil {
		d.fail(w, r, err)
		return
	}
	d.note(ctx, "staff:"+me.ID, what, "matter:"+m.ID)
	if said.Kind == bot.Retry && d.Nudge != nil {
		d.Nudge()
	}
	d.flash(r, "desk.done."+what)
	http.Redirect(w, r, "/desk/m/"+url.PathEscape(m.ID), http.StatusSeeOther)
}
