package docket

import (
	"heshi/bot"
	"heshi/intake"
)

// Accept takes the matter on and assigns it to whoever has claimed it.
func Accept(d Docket, by By) (bot.Commit, error) {
	if err := d.deciding(by); err != nil {
		return bot.Commit{}, err
	}
	owner := d.Matter.Assignee
	m, err := move(d.Matter, intake.Accepted, by, "")
	if err != nil || d.Matter.Status != intake.Received {
		return bot.Commit{}, ErrNotNow
	}
	if m, err = move(m, intake.Assigned, by, ""); err != nil {
		return bot.Commit{}, err
	}
	m.Assignee = owner
	c := commit(m, by, "accept", "")
	d.toPeople(&c)
	d.tell(&c, by, d.byKind(by, "desk.say.accepted"), nil)
	return c, nil
}

// DeclineInput says why the matter is not taken and where the person goes instead. Both reach the citizen.
type DeclineInput struct{ Reason, Next string }

// Decline ends a matter that this office does not take, with the next route told.
func Decline(d Docket, by By, in DeclineInput) (bot.Commit, error) {
	if err := d.deciding(by); err != nil {
		return bot.Commit{}, err
	}
	reason, err := required("reason", in.Reason, 300)
	if err != nil {
		return bot.Commit{}, err
	}
	next, err := required("next", in.Next, 300)
	if err != nil {
		return bot.Commit{}, &Wrong{"next", "desk.wrong.next"}
	}
	m := d.Matter
	// A file that was accepted and turns out not to belong here goes back through accepted, the way the statuses allow.
	if m.Status == intake.Assigned {
		if m, err = move(m, intake.Accepted, by, ""); err != nil {
			return bot.Commit{}, err
		}
	}
	if m, err = move(m, intake.Refused, by, joined(reason, next)); err != nil {
		return bot.Commit{}, err
	}
	m.Assignee = d.Matter.Assignee
	c := commit(m, by, "decline", "")
	d.tellAll(&c, by, d.byKind(by, "desk.say.declined"), map[string]string{"reason": reason, "next": next})
	d.toBot(&c)
	return c, nil
}

// AskMaterial asks the citizen for what is missing, all of it at once (法律援助法 43: once).
func AskMaterial(d Docket, by By, what string) (bot.Commit, error) {
	if err := d.deciding(by); err != nil {
		return bot.Commit{}, err
	}
	what, err := required("what", what, MaxWords)
	if err != nil {
		return bot.Commit{}, err
	}
	m, err := move(d.Matter, intake.NeedsMaterial, by, "")
	if err != nil {
		return bot.Commit{}, err
	}
	to, ok := d.applicantConversation()
	if !ok {
		return bot.Commit{}, ErrUnreachable
	}
	c := commit(m, by, "ask_material", "")
	d.toPeople(&c)
	text := by.Say.Text(to.Lang, "desk.say.material", d.args(by, map[string]string{"what": what}))
	d.send(&c, by, to, "staff:"+by.Staff.ID, "staff", d.signed(by, to.Lang, text), bot.ResendAsk)
	return c, nil
}

// MaterialComplete takes a matter that waited for material back to the decision about acceptance.
func MaterialComplete(d Docket, by By) (bot.Commit, error) {
	if err := d.acting(by); err != nil {
		return bot.Commit{}, err
	}
	if d.Matter.Status != intake.NeedsMaterial {
		return bot.Commit{}, ErrNotNow
	}
	m, err := move(d.Matter, intake.Received, by, "")
	if err != nil {
		return bot.Commit{}, err
	}
	return commit(m, by, "material_complete", ""), nil
}
