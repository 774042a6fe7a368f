package docket

import (
	"slices"

	"heshi/bot"
	"heshi/intake"
)

// Start notes that the work on an accepted matter has begun.
func Start(d Docket, by By) (bot.Commit, error) {
	if err := d.deciding(by); err != nil {
		return bot.Commit{}, err
	}
	m, err := move(d.Matter, intake.InProgress, by, "")
	if err != nil {
		return bot.Commit{}, err
	}
	c := commit(m, by, "start", "")
	d.toPeople(&c)
	return c, nil
}

// ScheduleInput is when and where the parties meet, as they should read it.
type ScheduleInput struct{ When, Where string }

// Schedule sets a meeting, or sets it anew, and tells the parties. Under safety hold no meeting is scheduled: the
// person in danger is never called to sit opposite the one they fear.
func Schedule(d Docket, by By, in ScheduleInput) (bot.Commit, error) {
	if err := d.deciding(by); err != nil {
		return bot.Commit{}, err
	}
	if d.Matter.Flagged("safety_hold") {
		return bot.Commit{}, ErrSafetyHold
	}
	when, err := required("when", in.When, 60)
	if err != nil {
		return bot.Commit{}, err
	}
	where, err := required("where", in.Where, 120)
	if err != nil {
		return bot.Commit{}, err
	}
	m := d.Matter
	if m.Status == intake.Scheduled {
		if m, err = move(m, intake.InProgress, by, ""); err != nil {
			return bot.Commit{}, err
		}
	}
	if m, err = move(m, intake.Scheduled, by, joined(when, where)); err != nil {
		return bot.Commit{}, err
	}
	c := commit(m, by, "schedule", "")
	d.toPeople(&c)
	d.tellAll(&c, by, "desk.say.scheduled", map[string]string{"when": when, "where": where})
	return c, nil
}

// Outcomes are the results a matter can have, in the order they are offered.
func Outcomes() []intake.Status {
	return []intake.Status{intake.Agreed, intake.Partly, intake.Failed, intake.Withdrawn}
}

// ResultInput is how it ended. Next, the routes that stay open, must be named when there is no full agreement.
// Note reaches the citizen when the matter is closed with it.
type ResultInput struct {
	Outcome    intake.Status
	Note, Next string
}

// Result records the outcome and leaves the file open, for the papers that follow.
func Result(d Docket, by By, in ResultInput) (bot.Commit, error) {
	m, in, err := d.result(by, in)
	if err != nil {
		return bot.Commit{}, err
	}
	c := commit(m, by, "result", string(in.Outcome))
	d.tellAll(&c, by, d.resultKey(by, in), map[string]string{"note": in.Note, "next": in.Next})
	return c, nil
}

// CloseInput ends a matter. Outcome is empty when the result was recorded before. Note is told to the citizen.
type CloseInput struct {
	Outcome    intake.Status
	Note, Next string
}

// Close ends a matter: the outcome if it was not recorded, the closing note told to the citizen, the conversation
// back with the bot, and the follow-up marked where there is an agreement to look after (人民调解法 31).
func Close(d Docket, by By, in CloseInput) (bot.Commit, error) {
	if err := d.acting(by); err != nil {
		return bot.Commit{}, err
	}
	last, err := required("note", in.Note, MaxWords)
	if err != nil {
		return bot.Commit{}, err
	}
	m, outcome := d.Matter, d.Matter.Status
	next := clean(in.Next)
	switch {
	case slices.Contains(Outcomes(), outcome) || outcome == intake.Refused:
	case !Application(m.Kind):
		outcome = intake.Agreed
		if m, err = answered(m, by); err != nil {
			return bot.Commit{}, err
		}
	default:
		var r ResultInput
		if m, r, err = d.result(by, ResultInput{Outcome: in.Outcome, Note: last, Next: in.Next}); err != nil {
			return bot.Commit{}, err
		}
		outcome, next = r.Outcome, r.Next
	}
	if m, err = move(m, intake.Closed, by, last); err != nil {
		return bot.Commit{}, err
	}
	if Application(m.Kind) && (outcome == intake.Agreed || outcome == intake.Partly) {
		m = flag(m, "follow_up")
	}
	m.Assignee = d.Matter.Assignee
	c := commit(m, by, "close", string(outcome))
	key := "desk.say.closed"
	switch {
	case d.Matter.Flagged("safety_hold"): // the note and nothing of what it was about
		key = "desk.say.closed_hold"
	case next != "":
		key = "desk.say.closed_next"
	}
	label := by.Say.Text("", d.byKind(by, "desk.outcome."+string(outcome)), nil)
	d.tellAll(&c, by, key, map[string]string{"note": last, "next": next, "outcome": label})
	d.toBot(&c)
	return c, nil
}

// answered takes a wish to speak with a person to its end, through every status on the way.
func answered(m intake.Matter, by By) (intake.Matter, error) {
	owner := m.Assignee
	steps := []intake.Status{intake.Received, intake.Accepted, intake.Assigned, intake.InProgress, intake.Agreed}
	at := slices.Index(steps, m.Status)
	switch m.Status {
	case intake.NeedsMaterial:
		at = -1
	case intake.Scheduled:
		at = slices.Index(steps, intake.InProgress)
	default:
		if at < 0 {
			return m, ErrNotNow
		}
	}
	for _, next := range steps[at+1:] {
		var err error
		if m, err = move(m, next, by, ""); err != nil {
			return m, err
		}
		m.Assignee = owner
	}
	return m, nil
}

// result moves the matter to its outcome.
func (d Docket) result(by By, in ResultInput) (intake.Matter, ResultInput, error) {
	if err := d.deciding(by); err != nil {
		return d.Matter, in, err
	}
	if !slices.Contains(Outcomes(), in.Outcome) {
		return d.Matter, in, &Wrong{"outcome", "desk.wrong.outcome"}
	}
	note, err := required("note", in.Note, MaxWords)
	if err != nil {
		return d.Matter, in, err
	}
	in.Note, in.Next = note, clean(in.Next)
	if in.Next == "" && in.Outcome != intake.Agreed {
		return d.Matter, in, &Wrong{"next", "desk.wrong.next"}
	}
	if err := fits("next", in.Next, 300); err != nil {
		return d.Matter, in, err
	}
	m := d.Matter
	if m.Status == intake.Assigned && in.Outcome != intake.Withdrawn {
		if m, err = move(m, intake.InProgress, by, ""); err != nil {
			return m, in, err
		}
	}
	m, err = move(m, in.Outcome, by, joined(note, in.Next))
	m.Assignee = d.Matter.Assignee
	return m, in, err
}

func (d Docket) resultKey(by By, in ResultInput) string {
	if in.Outcome == intake.Agreed || in.Outcome == intake.Partly {
		return d.byKind(by, "desk.say.agreed")
	}
	return "desk.say.not_agreed"
}
