package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"heshi/bot"
	"heshi/bot/desk/docket"
	"heshi/intake"
)

// deed parses the form of one action and decides. It reads r's form and nothing else of the request.
type deed func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error)

func (d *Desk) deeds() map[string]deed {
	return map[string]deed{
		"claim": func(_ *Desk, dk docket.Docket, by docket.By, _ *http.Request) (bot.Commit, error) {
			return docket.Claim(dk, by)
		},
		"accept": func(_ *Desk, dk docket.Docket, by docket.By, _ *http.Request) (bot.Commit, error) {
			return docket.Accept(dk, by)
		},
		"complete": func(_ *Desk, dk docket.Docket, by docket.By, _ *http.Request) (bot.Commit, error) {
			return docket.MaterialComplete(dk, by)
		},
		"start": func(_ *Desk, dk docket.Docket, by docket.By, _ *http.Request) (bot.Commit, error) {
			return docket.Start(dk, by)
		},
		"decline": func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.Decline(dk, by, docket.DeclineInput{
				Reason: d.chosen(r, "reason", "desk.reason", d.layout.reasons(dk.Matter.Kind)), Next: d.nextRoutes(r),
			})
		},
		"material": func(_ *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.AskMaterial(dk, by, r.PostFormValue("what"))
		},
		"reply": func(_ *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			party, ok := bot.ParseAddress(r.PostFormValue("party"))
			if !ok {
				return bot.Commit{}, docket.ErrNotParty
			}
			return docket.Reply(dk, by, docket.ReplyInput{Party: party, Text: r.PostFormValue("text")})
		},
		"note": func(_ *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.Note(dk, by, r.PostFormValue("text"))
		},
		"schedule": func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.Schedule(dk, by, docket.ScheduleInput{When: d.whenText(r.PostFormValue("when")), Where: r.PostFormValue("where")})
		},
		"result": func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.Result(dk, by, docket.ResultInput{
				Outcome: intake.Status(r.PostFormValue("outcome")), Note: r.PostFormValue("note"), Next: d.nextRoutes(r),
			})
		},
		"close": func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.Close(dk, by, docket.CloseInput{
				Outcome: intake.Status(r.PostFormValue("outcome")), Note: r.PostFormValue("note"), Next: d.nextRoutes(r),
			})
		},
		"handback": func(_ *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			return docket.HandBack(dk, by, r.PostFormValue("why"))
		},
		"transfer": func(d *Desk, dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
			to, _ := d.office(r.Context(), r.PostFormValue("office"))
			return docket.Transfer(dk, by, docket.TransferInput{To: to, Why: r.PostFormValue("why"), Consent: r.PostFormValue("consent") == "yes"})
		},
		"fill": (*Desk).fill,
	}
}

// act carries out one action: decide, commit, then wake whoever waits. What was changed by somebody else meanwhile
// is read again and decided again: a citizen who writes at the same moment is no reason to refuse.
func (d *Desk) act(w http.ResponseWriter, r *http.Request) {
	do, me, m := r.PathValue("do"), staffOf(r), matterOf(r)
	if do == "delivery" {
		d.delivery(w, r)
		return
	}
	decide, ok := d.deeds()[do]
	if !ok {
		d.notFound(w, r)
		return
	}
	var err error
	for range 4 {
		var dk docket.Docket
		if dk, err = d.docketOf(r.Context(), m); err != nil {
			break
		}
		var c bot.Commit
		if c, err = decide(d, dk, docket.By{Staff: me, At: d.now(), NewID: d.newID, Say: d.cat}, r); err != nil {
			break
		}
		if err = d.store.Commit(r.Context(), c); !errors.Is(err, bot.ErrConflict) {
			if err == nil {
				d.wake(c)
			}
			break
		}
		again, readErr := d.matterFor(r.Context(), me, m.ID)
		if readErr != nil {
			err = readErr
			break
		}
		m = again
	}
	d.acted(w, r, do, m, err)
}

// wake tells the sender and the open pages, after the commit.
func (d *Desk) wake(c bot.Commit) {
	if ring, ok := d.watch.(ringer); ok {
		for _, reply := range c.Replies {
			ring.Outbox(reply.To, "")
		}
		ring.Desk()
	}
	if len(c.Replies) > 0 && d.Nudge != nil {
		d.Nudge()
	}
}

// acted answers: on to the page that shows the result, back to the form with what is wrong, or why it cannot be.
func (d *Desk) acted(w http.ResponseWriter, r *http.Request, do string, m intake.Matter, err error) {
	var wrong *docket.Wrong
	at := "/desk/m/" + url.PathEscape(m.ID)
	switch {
	case err == nil:
		d.flash(r, "desk.done."+do)
		if do == "transfer" && !sees(staffOf(r), r.PostFormValue("office")) || do == "handback" {
			at = "/desk"
		}
		http.Redirect(w, r, at+anchor(do), http.StatusSeeOther)
	case errors.Is(err, docket.ErrTaken):
		d.taken(w, r, m)
	case errors.Is(err, docket.ErrAlready):
		http.Redirect(w, r, at, http.StatusSeeOther)
	case errors.As(err, &wrong):
		d.wrongForm(w, r, do, m, wrong)
	case errors.Is(err, docket.ErrNotParty): // words for somebody who is no party of this matter
		d.denied(r.Context(), staffOf(r), m.ID)
		d.notFound(w, r)
	case errors.Is(err, bot.ErrNotFound):
		d.notFound(w, r)
	case errors.Is(err, bot.ErrConflict):
		d.page(w, r, http.StatusConflict, "message", messageView{Key: "desk.wrong.conflict", Back: at})
	default:
		for fault, key := range map[error]string{
			docket.ErrUnclaimed: "desk.wrong.unclaimed", docket.ErrNotAllowed: "desk.wrong.role",
			docket.ErrNotNow: "desk.wrong.not_now", docket.ErrSafetyHold: "desk.wrong.safety_hold",
			docket.ErrUnreachable: "desk.wrong.unreachable",
		} {
			if errors.Is(err, fault) {
				d.page(w, r, http.StatusConflict, "message", messageView{Key: key, Back: at})
				return
			}
		}
		d.fail(w, r, err)
	}
}

func anchor(do string) string {
	switch do {
	case "reply":
		return "#thread"
	case "note":
		return "#notes"
	case "fill":
		return "#missing"
	}
	return ""
}

// taken says who has the matter: losing a race for a claim is no error.
func (d *Desk) taken(w http.ResponseWriter, r *http.Request, m intake.Matter) {
	s, err := d.store.Staff(r.Context(), m.Assignee)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		d.fail(w, r, err)
		return
	}
	d.page(w, r, http.StatusConflict, "taken", takenView{No: m.No, ID: m.ID, Name: s.Name})
}

type takenView struct{ No, ID, Name string }

// wrongForm shows the file again with what was entered still in the form: nobody types a closing note twice.
func (d *Desk) wrongForm(w http.ResponseWriter, r *http.Request, do string, m intake.Matter, wrong *docket.Wrong) {
	me := staffOf(r)
	if err := d.viewed(r.Context(), me, m, "view"); err != nil {
		d.fail(w, r, err)
		return
	}
	v, err := d.fileOf(r.Context(), me, m)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	v.Wrong, v.WrongDo, v.WrongField = wrong.Key, do, wrong.Field
	for name, values := range r.PostForm {
		if name != "csrf" && len(values) > 0 {
			v.Form[name] = values[0]
		}
	}
	if field := r.PostFormValue("field"); !slices.ContainsFunc(v.Missing, func(m missingRow) bool { return m.Field == field }) {
		d.fix(&v, field)
	}
	d.page(w, r, http.StatusUnprocessableEntity, "file", v)
}

// chosen gives the words for a choice of the form with the free text beside it.
func (d *Desk) chosen(r *http.Request, field, prefix string, allowed []string) string {
	var label string
	if id := r.PostFormValue(field); id != "other" && slices.Contains(allowed, id) {
		label = d.word(prefix, id)
	}
	return joinWords(label, r.PostFormValue(field+"_more"))
}

// nextRoutes gives the routes ticked in the form and the free text beside them, as the citizen reads it.
func (d *Desk) nextRoutes(r *http.Request) string {
	var out []string
	for _, id := range r.PostForm["next"] {
		if slices.Contains(d.layout.Routes, id) {
			out = append(out, d.word("desk.route", id))
		}
	}
	return joinWords(append(out, r.PostFormValue("next_more"))...)
}
