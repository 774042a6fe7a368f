package bot

import (
	"fmt"

	"heshi/intake"
)

// ForContact is a matter that holds nothing but a wish to speak with a person, or a complaint.
const ForContact intake.Kind = "contact"

// isCall reports a file that is no application: nothing was submitted with it.
func isCall(m intake.Matter) bool { return m.Kind == ForContact || m.Kind == intake.ForUrgent }

// askHuman hands the conversation to a person. A running form is kept, not lost.
func (t *turn) askHuman() error {
	if t.conv.Mode == ModeHuman {
		t.say("notice", "human.already", map[string]string{"no": t.conv.MatterNo}, nil)
		return nil
	}
	m, err := t.humanMatter("human", nil)
	if err != nil {
		return err
	}
	t.conv.Mode = ModeHuman
	if t.conv.Session != nil {
		t.conv.Paused = true
	}
	steps := []intake.Button{button("go:status", "button.status")}
	if t.conv.Session != nil && !t.conv.SafetyHold {
		steps = append(steps, button("go:resume", "button.resume"))
	}
	t.say("notice", "human.called", map[string]string{"no": m.No}, steps)
	t.audit("human", m.ID, "")
	return nil
}

// toHuman carries words to the person who works the matter, and nothing else. The first message after a hand-over and
// every message nobody has claimed yet get a short truth about who is there.
func (t *turn) toHuman() error {
	m, ok, err := t.matter()
	if err != nil {
		return err
	}
	if !ok {
		if m, err = t.humanMatter("human", nil); err != nil {
			return err
		}
	}
	words := t.text
	if words == "" && t.msg.Button != "" {
		t.say("error", "error.unknown_button", nil, nil)
		return nil
	}
	t.d.Entries = append(t.d.Entries, Entry{
		ID: t.NewID(), Matter: m.ID, Party: t.conv.Address, From: "citizen", Text: words, Attachments: t.msg.Attachments, At: t.now,
	})
	if m.Status == intake.NeedsMaterial {
		next, err := m.To(intake.Received, "citizen", t.now, "material")
		if err != nil {
			return err
		}
		t.d.Matters = append(t.d.Matters, next)
	}
	first := t.msg.Album == "" || t.msg.Album != t.conv.Album
	t.conv.Album = t.msg.Album
	switch {
	case !first:
	case m.Assignee == "" && m.Flagged("urgent"):
		t.say("ack", "human.noted_urgent", nil, nil)
	case m.Assignee == "":
		t.say("ack", "human.noted", map[string]string{"no": m.No}, nil)
	case len(t.msg.Attachments) > 0:
		t.say("ack", "human.noted_file", nil, nil)
	}
	return nil
}

// humanMatter gives the live file, or makes one that holds only what a person needs in order to answer.
func (t *turn) humanMatter(why string, flags []string) (intake.Matter, error) {
	m, ok, err := t.matter()
	if err != nil {
		return m, err
	}
	if ok && m.Status != intake.Closed && m.Status != intake.Archived {
		if added := withFlags(m, flags); len(added.Flags) != len(m.Flags) {
			added.Updated = t.now
			t.d.Matters = append(t.d.Matters, added)
			return added, nil
		}
		return m, nil
	}
	offices, err := t.Records.Offices(t.ctx)
	if err != nil {
		return m, err
	}
	kind := ForContact
	if why == "urgent" {
		kind = intake.ForUrgent
	}
	m = intake.Matter{
		ID: t.NewID(), Kind: kind, Status: intake.Received, Conversation: t.conv.Address.String(), Lang: t.conv.Lang,
		Types: t.conv.Types, Flags: flags, Created: t.now, Updated: t.now,
		Events: []intake.Event{{At: t.now, By: "citizen", To: intake.Received, Note: why}},
	}
	office, _, ok := intake.Route(m, offices)
	if !ok && len(offices) > 0 {
		office = offices[0] // no place is known yet: whoever is first passes it on
	}
	m.Office = office.ID
	seq, err := t.number(office)
	if err != nil {
		return m, err
	}
	m.No = intake.Receipt(t.now, office.Code, seq)
	t.d.Matters = append(t.d.Matters, m)
	if kind != intake.ForUrgent {
		t.tellStory(m)
	}
	t.conv.Matter, t.conv.MatterNo = m.ID, m.No
	return m, nil
}

// number takes the next receipt number of an office's year. One taken by a turn that is not committed stays unused.
func (t *turn) number(o intake.Office) (int, error) {
	return t.Records.NextSerial(t.ctx, fmt.Sprintf("%d-%s", t.now.Year(), o.Code))
}

func withFlags(m intake.Matter, flags []string) intake.Matter {
	m.Flags = append([]string(nil), m.Flags...)
	for _, f := range flags {
		if !m.Flagged(f) {
			m.Flags = append(m.Flags, f)
		}
	}
	return m
}

// tellStory puts what was told before a file existed into its thread.
func (t *turn) tellStory(m intake.Matter) {
	for _, told := range t.conv.Story {
		t.d.Entries = append(t.d.Entries, Entry{ID: t.NewID(), Matter: m.ID, Party: t.conv.Address, From: "citizen", Text: told.Text, At: told.At})
	}
}
