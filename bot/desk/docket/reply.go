package docket

import (
	"slices"

	"heshi/bot"
	"heshi/intake"
)

// ReplyInput is what a member of staff wrote in the thread of one party.
type ReplyInput struct {
	Party bot.Address
	Text  string
}

// Reply sends words to the party whose thread they were written in, signed with office and name.
func Reply(d Docket, by By, in ReplyInput) (bot.Commit, error) {
	to, ok := d.party(in.Party)
	if !ok {
		return bot.Commit{}, ErrNotParty
	}
	if err := d.acting(by); err != nil {
		return bot.Commit{}, err
	}
	if !Open(d.Matter.Status) {
		return bot.Commit{}, ErrNotNow
	}
	if d.held(to.Address) {
		return bot.Commit{}, ErrSafetyHold
	}
	text, err := required("text", in.Text, MaxWords)
	if err != nil {
		return bot.Commit{}, err
	}
	m := d.Matter
	m.Updated = by.At
	c := commit(m, by, "reply", "")
	one := Docket{Matter: d.Matter, Office: d.Office, Parties: []bot.Conversation{to}}
	one.toPeople(&c)
	d.send(&c, by, to, "staff:"+by.Staff.ID, "staff", d.signed(by, to.Lang, text), bot.ResendAsk)
	return c, nil
}

// Note writes something only colleagues see.
func Note(d Docket, by By, text string) (bot.Commit, error) {
	if !Works(by.Staff) {
		return bot.Commit{}, ErrNotAllowed
	}
	text, err := required("text", text, 4000)
	if err != nil {
		return bot.Commit{}, err
	}
	m := d.Matter
	m.Updated = by.At
	c := commit(m, by, "note", "")
	c.Entries = append(c.Entries, d.memo(by, text))
	return c, nil
}

func (d Docket) memo(by By, text string) bot.Entry {
	return bot.Entry{ID: by.NewID(), Matter: d.Matter.ID, From: "staff:" + by.Staff.ID, Text: text, At: by.At}
}

// CompleteInput is a value staff add for a field of the documents, in the canonical form of the field; Label, Old
// and New are as people read them.
type CompleteInput struct {
	Field, Label string
	Answer       intake.Answer // Value, Values and Text
	Old, New     string
	Missing      []string // what the documents still lack with this answer
}

// Complete writes an answer that staff found out. What the citizen said stays in the history; the record names the
// field and never the value.
func Complete(d Docket, by By, in CompleteInput) (bot.Commit, error) {
	if err := d.acting(by); err != nil {
		return bot.Commit{}, err
	}
	if !Open(d.Matter.Status) {
		return bot.Commit{}, ErrNotNow
	}
	if in.Field == "" {
		return bot.Commit{}, &Wrong{"field", "desk.wrong.field"}
	}
	if in.Answer.Empty() {
		return bot.Commit{}, &Wrong{"value", "desk.wrong.empty"}
	}
	m := d.Matter
	answers := make(map[string]intake.Answer, len(m.Session.Answers)+1)
	for k, v := range m.Session.Answers {
		answers[k] = v
	}
	in.Answer.Source, in.Answer.At, in.Answer.Unknown = intake.Staff, by.At, false
	answers[in.Field] = in.Answer
	m.Session.Answers = answers
	m.Session.History = append(m.Session.History[:len(m.Session.History):len(m.Session.History)], intake.Change{
		Field: in.Field, Label: in.Label, Old: in.Old, New: in.New, By: intake.Staff, At: by.At,
	})
	m.Missing = slices.DeleteFunc(slices.Clone(in.Missing), func(f string) bool { return f == in.Field })
	m.Updated = by.At
	return commit(m, by, "complete", "field:"+in.Field), nil
}
