// Package docket decides what staff do to a matter: claim, accept, decline, ask for material, reply, schedule,
// record a result, close, hand back, transfer, complete an answer, note.
//
// Every decision is a pure function of the matter as it was read, who acts, what they entered, the moment and a
// source of ids. It gives one bot.Commit that holds all of its effects, or an error and nothing.
//
// Invariants:
//   - A reply goes to one party, and only to one that belongs to the matter. Nothing crosses between parties.
//   - While a matter is under safety_hold nothing reaches anyone but the applicant, and no meeting is scheduled.
//   - Declining, failing and withdrawing always name where to go next (人民调解法 26, 人民调解工作若干规定 24).
//   - Closing and declining hand the conversation back to the bot in the same commit: nobody is left talking to
//     a desk that has put the file away.
//   - The matter in a commit carries the version that was read, so that of two who decide at once one wins.
package docket

import (
	"errors"
	"slices"
	"strings"
	"time"

	"heshi/bot"
	"heshi/intake"
	"heshi/prompts"
)

// Docket is what a decision rests on: the matter, the office that works it, and the conversations of its parties.
// A party whose conversation is gone (erased, never begun) is not in it and cannot be written to.
type Docket struct {
	Matter  intake.Matter
	Office  intake.Office
	Parties []bot.Conversation
}

// By is who acts and when, with what a decision may not make up itself: ids and words.
type By struct {
	Staff bot.Staff
	At    time.Time
	NewID func() string
	Say   *prompts.Catalog
}

// Errors of decisions. They are answers to staff, not faults.
var (
	ErrTaken       = errors.New("another member of staff has the matter")
	ErrAlready     = errors.New("the matter is already yours")
	ErrUnclaimed   = errors.New("nobody has claimed the matter")
	ErrNotAllowed  = errors.New("your roles do not include this")
	ErrNotNow      = errors.New("the matter does not stand where this can be done")
	ErrNotParty    = errors.New("this address is not a party of the matter")
	ErrSafetyHold  = errors.New("the matter is under safety hold")
	ErrUnreachable = errors.New("the party has no conversation")
)

// Wrong is an entry that cannot be used: the field of the form and the message that says what to do.
type Wrong struct{ Field, Key string }

func (w *Wrong) Error() string { return w.Field + ": " + w.Key }

// Works reports whether s may work matters at all: an auditor or a pure administrator reads, and decides nothing.
func Works(s bot.Staff) bool {
	return s.HasRole("mediator") || s.HasRole("duty") || s.HasRole("head")
}

// Leads reports whether s may act on matters that a colleague has claimed.
func Leads(s bot.Staff) bool { return s.HasRole("duty") || s.HasRole("head") }

// acting checks that by may decide on the matter: it is claimed, by them or by someone they lead.
func (d Docket) acting(by By) error {
	switch {
	case !Works(by.Staff):
		return ErrNotAllowed
	case d.Matter.Assignee == "":
		return ErrUnclaimed
	case d.Matter.Assignee != by.Staff.ID && !Leads(by.Staff):
		return ErrTaken
	}
	return nil
}

// Addresses gives everyone the matter reaches, the applicant first.
func (d Docket) Addresses() []bot.Address {
	out := make([]bot.Address, 0, len(d.Parties))
	for _, c := range d.Parties {
		if d.applicant(c.Address) {
			out = append([]bot.Address{c.Address}, out...)
		} else {
			out = append(out, c.Address)
		}
	}
	return out
}

// Application reports whether a matter of this kind asks for mediation or legal aid. Every other kind is a wish to
// speak with a person: it is answered and closed, and nothing is accepted or declined.
func Application(k intake.Kind) bool { return k == intake.ForMediation || k == intake.ForLegalAid }

// deciding is acting on an application.
func (d Docket) deciding(by By) error {
	if err := d.acting(by); err != nil {
		return err
	}
	if !Application(d.Matter.Kind) {
		return ErrNotNow
	}
	return nil
}

func (d Docket) applicant(a bot.Address) bool { return d.Matter.Conversation == a.String() }

func (d Docket) party(a bot.Address) (bot.Conversation, bool) {
	i := slices.IndexFunc(d.Parties, func(c bot.Conversation) bool { return c.Address == a })
	if i < 0 || a.IsZero() {
		return bot.Conversation{}, false
	}
	return d.Parties[i], true
}

// held reports whether nothing may reach a.
func (d Docket) held(a bot.Address) bool {
	return d.Matter.Flagged("safety_hold") && !d.applicant(a)
}

// Open reports whether a matter in this status still waits for somebody to work it.
func Open(s intake.Status) bool {
	switch s {
	case intake.Draft, intake.Refused, intake.Closed, intake.FollowUp, intake.Archived:
		return false
	}
	return true
}

// Receivable are the statuses in which a matter waits for an answer about acceptance.
func Receivable(s intake.Status) bool { return s == intake.Received || s == intake.NeedsMaterial }

// move takes the matter to a status. The version stays the one that was read: the store compares and raises it.
func move(m intake.Matter, next intake.Status, by By, note string) (intake.Matter, error) {
	keep := m.Version
	m, err := m.To(next, by.Staff.ID, by.At, note)
	m.Version = keep
	if errors.Is(err, intake.ErrTransition) {
		return m, ErrNotNow
	}
	return m, err
}

// note adds an event that changes no status.
func note(m intake.Matter, by By, text string) intake.Matter {
	m.Events = append(slices.Clone(m.Events), intake.Event{At: by.At, By: by.Staff.ID, From: m.Status, To: m.Status, Note: text})
	m.Updated = by.At
	return m
}

// commit starts the commit of one decision: the matter and the line of the record. Details hold no personal data.
func commit(m intake.Matter, by By, what, detail string) bot.Commit {
	return bot.Commit{
		Matters: []intake.Matter{m},
		Audit: []bot.Audit{{
			At: by.At, Who: "staff:" + by.Staff.ID, What: what, Subject: "matter:" + m.ID, Detail: detail,
		}},
	}
}

func flag(m intake.Matter, f string) intake.Matter {
	if !m.Flagged(f) {
		m.Flags = append(slices.Clone(m.Flags), f)
	}
	return m
}

func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", ""))
}
