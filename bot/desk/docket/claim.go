package docket

import (
	"heshi/bot"
	"heshi/intake"
)

// Claim gives an unclaimed matter to by. A matter waiting for acceptance stays where it stands; one that was
// accepted and handed back is assigned at once.
func Claim(d Docket, by By) (bot.Commit, error) {
	m := d.Matter
	switch {
	case !Works(by.Staff):
		return bot.Commit{}, ErrNotAllowed
	case m.Assignee == by.Staff.ID:
		return bot.Commit{}, ErrAlready
	case m.Assignee != "":
		return bot.Commit{}, ErrTaken
	}
	switch {
	case Receivable(m.Status):
		m = note(m, by, "claim")
	case m.Status == intake.Accepted:
		var err error
		if m, err = move(m, intake.Assigned, by, "claim"); err != nil {
			return bot.Commit{}, err
		}
	default:
		return bot.Commit{}, ErrNotNow
	}
	m.Assignee = by.Staff.ID
	c := commit(m, by, "claim", "")
	d.toPeople(&c)
	d.tell(&c, by, d.byKind(by, "desk.say.claimed"), nil)
	return c, nil
}

// HandBack puts a claimed matter back into the queue of its office, for a colleague. why is for colleagues only.
func HandBack(d Docket, by By, why string) (bot.Commit, error) {
	if err := d.acting(by); err != nil {
		return bot.Commit{}, err
	}
	why, err := required("why", why, 300)
	if err != nil {
		return bot.Commit{}, err
	}
	m := d.Matter
	if Receivable(m.Status) {
		m = note(m, by, "hand_back")
		m.Assignee = ""
	} else if m, err = move(m, intake.Accepted, by, "hand_back"); err != nil {
		return bot.Commit{}, err
	}
	c := commit(m, by, "hand_back", "")
	c.Entries = append(c.Entries, d.memo(by, why))
	d.tell(&c, by, "desk.say.handed_back", nil)
	return c, nil
}

// TransferInput is where a matter goes and why. Consent: the citizen agreed to this receiver, which the law asks for
// each receiver by itself (个人信息保护法 23); a member of staff states it and the statement is kept.
type TransferInput struct {
	To      intake.Office
	Why     string
	Consent bool
}

// Transfer moves a matter to another office, unclaimed. The citizen is told which.
func Transfer(d Docket, by By, in TransferInput) (bot.Commit, error) {
	if !Works(by.Staff) {
		return bot.Commit{}, ErrNotAllowed
	}
	if d.Matter.Assignee != "" {
		if err := d.acting(by); err != nil {
			return bot.Commit{}, err
		}
	}
	if in.To.ID == "" || in.To.ID == d.Matter.Office {
		return bot.Commit{}, &Wrong{"office", "desk.wrong.office"}
	}
	if !in.Consent {
		return bot.Commit{}, &Wrong{"consent", "desk.wrong.consent"}
	}
	why, err := required("why", in.Why, 300)
	if err != nil {
		return bot.Commit{}, err
	}
	m := d.Matter
	switch m.Status {
	case intake.Received, intake.NeedsMaterial, intake.Accepted:
		m = note(m, by, "transfer:"+in.To.ID)
	case intake.Assigned, intake.InProgress, intake.Scheduled:
		if m, err = move(m, intake.Accepted, by, "transfer:"+in.To.ID); err != nil {
			return bot.Commit{}, err
		}
	default:
		return bot.Commit{}, ErrNotNow
	}
	m.Assignee, m.Office = "", in.To.ID
	m.Session.Consents = append(m.Session.Consents[:len(m.Session.Consents):len(m.Session.Consents)], intake.ConsentGiven{
		Kind: "transfer", Given: true, Key: "desk.say.transferred", Version: 1, Office: in.To.ID, Lang: m.Lang, At: by.At,
	})
	c := commit(m, by, "transfer", "office:"+in.To.ID)
	c.Entries = append(c.Entries, d.memo(by, why))
	d.tell(&c, by, "desk.say.transferred", map[string]string{"to": in.To.Name, "phone": in.To.Phone})
	return c, nil
}
