package docket

import (
	"errors"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/intake"
)

func TestCloseHandsBack(t *testing.T) {
	for _, d := range []Docket{file(intake.InProgress, "wang"), file(intake.Agreed, "wang")} {
		c, err := Close(d, by(t, wang), CloseInput{Outcome: intake.Agreed, Note: "四月底前付清"})
		if err != nil {
			t.Fatal(err)
		}
		m := c.Matters[0]
		if m.Status != intake.Closed || m.Assignee != "wang" || !m.Flagged("follow_up") {
			t.Errorf("matter: %s of %q, flags %v", m.Status, m.Assignee, m.Flags)
		}
		if len(c.Conversations) != 2 {
			t.Fatalf("%d conversations are handed back, want both", len(c.Conversations))
		}
		for i, got := range c.Conversations {
			if got.Mode != bot.ModeAsk || got.Matter != "" || got.MatterNo != "" || got.Version != int64(3+i) {
				t.Errorf("conversation %d: %+v", i, got)
			}
		}
		for _, r := range c.Replies {
			if !strings.Contains(r.Text, "四月底前付清") || r.Resend != bot.ResendAsk || r.Matter != "m1" {
				t.Errorf("closing reply: %+v", r)
			}
		}
	}
	c, err := Close(file(intake.Failed, "wang"), by(t, wang), CloseInput{Note: "终止"})
	if err != nil || c.Matters[0].Flagged("follow_up") {
		t.Errorf("a matter without agreement is followed up: %v", err)
	}
}

// TestDeclineTellsTheWay is about the one thing a refusal must hold.
func TestDeclineTellsTheWay(t *testing.T) {
	for _, c := range []struct {
		d    Docket
		want string
	}{{file(intake.Received, "wang"), "12348"}, {file(intake.Received, "wang", aid), "第四十九条"}} {
		got, err := deeds["decline"](c.d, by(t, wang))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got.Replies {
			for _, want := range []string{"不在本辖区", "东乌旗调委会", c.want} {
				if !strings.Contains(r.Text, want) {
					t.Errorf("the refusal does not say %q: %s", want, r.Text)
				}
			}
		}
		if len(got.Conversations) != 2 || got.Conversations[0].Mode != bot.ModeAsk {
			t.Error("the conversation stays with the desk")
		}
	}
}

func TestSafetyHold(t *testing.T) {
	if _, err := deeds["schedule"](file(intake.InProgress, "wang", hold), by(t, wang)); !errors.Is(err, ErrSafetyHold) {
		t.Errorf("a meeting is scheduled: %v", err)
	}
	if _, err := Reply(file(intake.InProgress, "wang", hold), by(t, wang), ReplyInput{other, "请来调解"}); !errors.Is(err, ErrSafetyHold) {
		t.Errorf("the other side is written to: %v", err)
	}
	for name, deed := range deeds {
		for _, s := range []intake.Status{intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Agreed} {
			assignee := "wang"
			if name == "claim" {
				assignee = ""
			}
			c, err := deed(file(s, assignee, hold, inBot), by(t, wang))
			if err != nil {
				continue
			}
			for _, r := range c.Replies {
				if r.To != applicant {
					t.Errorf("%s of a matter under safety hold reaches %s", name, r.To.Channel)
				}
				if r.Kind == "notice" && (strings.Contains(r.Text, "2026-XL-0001") || strings.Contains(r.Text, "调解")) {
					t.Errorf("%s sends a notice that says what it is about: %s", name, r.Text)
				}
			}
		}
	}
}

func TestCompleteKeepsWhatWasSaid(t *testing.T) {
	d := file(intake.Received, "wang")
	before := d.Matter.Session.Answers
	c, err := Complete(d, by(t, wang), CompleteInput{Field: "a_job", Label: "职业", Answer: intake.Answer{Value: "木工"}, Old: "不清楚", New: "木工", Missing: []string{"a_job", "w_start"}})
	if err != nil {
		t.Fatal(err)
	}
	m := c.Matters[0]
	if a := m.Session.Answers["a_job"]; a.Value != "木工" || a.Source != intake.Staff || !a.At.Equal(at) {
		t.Errorf("answer: %+v", a)
	}
	if h := m.Session.History; len(h) != 1 || h[0].Old != "不清楚" || h[0].By != intake.Staff {
		t.Errorf("history: %+v", h)
	}
	if len(m.Missing) != 1 || m.Missing[0] != "w_start" {
		t.Errorf("missing: %v", m.Missing)
	}
	if len(before) != 0 {
		t.Error("the answers of the matter that was read were changed")
	}
	if strings.Contains(c.Audit[0].Detail, "木工") {
		t.Error("the record holds the value")
	}
}

// TestWishToSpeak: such a matter is answered and closed; nothing of an application applies to it.
func TestWishToSpeak(t *testing.T) {
	contact := func(d *Docket) { d.Matter.Kind = bot.ForContact }
	for _, name := range []string{"accept", "decline", "material", "start", "schedule", "result"} {
		for _, s := range []intake.Status{intake.Received, intake.Assigned, intake.InProgress} {
			if _, err := deeds[name](file(s, "wang", contact), by(t, wang)); !errors.Is(err, ErrNotNow) {
				t.Errorf("%s of a wish to speak that is %s: %v", name, s, err)
			}
		}
	}
	for _, s := range []intake.Status{intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Agreed} {
		c, err := Close(file(s, "wang", contact), by(t, wang), CloseInput{Note: "已经告诉您怎么办"})
		if err != nil {
			t.Fatalf("closing one that is %s: %v", s, err)
		}
		m := c.Matters[0]
		if m.Status != intake.Closed || m.Assignee != "wang" || m.Version != 7 || m.Flagged("follow_up") {
			t.Errorf("closing one that is %s: %+v", s, m)
		}
		if !strings.Contains(c.Replies[0].Text, "已答复") || strings.Contains(c.Replies[0].Text, "达成") {
			t.Errorf("the citizen reads %q", c.Replies[0].Text)
		}
	}
	if _, err := Close(file(intake.Closed, "wang", contact), by(t, wang), CloseInput{Note: "x"}); !errors.Is(err, ErrNotNow) {
		t.Errorf("closing a closed one: %v", err)
	}
}

func TestTransfer(t *testing.T) {
	c, err := deeds["transfer"](file(intake.InProgress, "wang"), by(t, wang))
	if err != nil {
		t.Fatal(err)
	}
	m := c.Matters[0]
	if m.Office != "dw" || m.Assignee != "" || len(m.Session.Consents) != 1 || m.Session.Consents[0].Office != "dw" {
		t.Errorf("matter: %+v", m)
	}
	if len(c.Replies) != 1 || !strings.Contains(c.Replies[0].Text, "东乌旗调委会") || strings.Contains(c.Replies[0].Text, "属地") {
		t.Errorf("the citizen reads: %+v", c.Replies)
	}
	if len(c.Entries) != 2 || !c.Entries[0].Party.IsZero() {
		t.Errorf("the reason is not an internal note: %+v", c.Entries)
	}
}
