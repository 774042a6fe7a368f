package docket

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heshi/bot"
	"heshi/intake"
	"heshi/prompts"
)

var (
	at        = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	applicant = bot.Address{Channel: "telegram", User: "1"}
	other     = bot.Address{Channel: "wechat", User: "2"}
	wang      = bot.Staff{ID: "wang", Name: "王芳", Roles: []string{"mediator"}, Office: "xl"}
	su        = bot.Staff{ID: "su", Name: "苏日娜", Roles: []string{"mediator"}, Office: "xl"}
	head      = bot.Staff{ID: "head", Name: "主任", Roles: []string{"head"}, Office: "xl"}
	reader    = bot.Staff{ID: "reader", Name: "审核", Roles: []string{"reviewer", "admin"}, Office: "xl"}
)

var catalog = sync.OnceValues(func() (*prompts.Catalog, error) { return prompts.Load(prompts.Embedded()) })

func by(t testing.TB, s bot.Staff) By {
	t.Helper()
	cat, err := catalog()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return By{Staff: s, At: at, Say: cat, NewID: func() string { n++; return fmt.Sprint("id", n) }}
}

func file(status intake.Status, assignee string, change ...func(*Docket)) Docket {
	m := intake.Matter{
		ID: "m1", No: "2026-XL-0001", Kind: intake.ForMediation, Status: status, Conversation: applicant.String(), Office: "xl",
		Assignee: assignee, Version: 7, Session: intake.Session{Answers: map[string]intake.Answer{}}, Missing: []string{"a_job", "w_start"},
	}
	d := Docket{Matter: m, Office: intake.Office{ID: "xl", Name: "锡林浩特市人民调解委员会"}}
	for i, a := range []bot.Address{applicant, other} {
		c := bot.NewConversation(a)
		c.Matter, c.MatterNo, c.Version, c.Mode = m.ID, m.No, int64(3+i), bot.ModeHuman
		d.Parties = append(d.Parties, c)
	}
	for _, f := range change {
		f(&d)
	}
	return d
}

func hold(d *Docket)  { d.Matter.Flags = []string{"safety_hold"} }
func aid(d *Docket)   { d.Matter.Kind = intake.ForLegalAid }
func inBot(d *Docket) { d.Parties[0].Mode = bot.ModeAsk }

// deeds are the decisions with an entry that would be right, so that only standing and roles decide.
var deeds = map[string]func(Docket, By) (bot.Commit, error){
	"claim":     Claim,
	"accept":    Accept,
	"complete":  MaterialComplete,
	"start":     Start,
	"hand_back": func(d Docket, b By) (bot.Commit, error) { return HandBack(d, b, "请假") },
	"decline": func(d Docket, b By) (bot.Commit, error) {
		return Decline(d, b, DeclineInput{"不在本辖区", "东乌旗调委会"})
	},
	"material": func(d Docket, b By) (bot.Commit, error) { return AskMaterial(d, b, "工资条") },
	"reply":    func(d Docket, b By) (bot.Commit, error) { return Reply(d, b, ReplyInput{applicant, "您好"}) },
	"note":     func(d Docket, b By) (bot.Commit, error) { return Note(d, b, "明天再打") },
	"schedule": func(d Docket, b By) (bot.Commit, error) { return Schedule(d, b, ScheduleInput{"3月5日", "二楼"}) },
	"result": func(d Docket, b By) (bot.Commit, error) {
		return Result(d, b, ResultInput{Outcome: intake.Agreed, Note: "付清"})
	},
	"close": func(d Docket, b By) (bot.Commit, error) {
		return Close(d, b, CloseInput{Outcome: intake.Failed, Note: "谈不拢", Next: "仲裁"})
	},
	"transfer": func(d Docket, b By) (bot.Commit, error) {
		return Transfer(d, b, TransferInput{To: intake.Office{ID: "dw", Name: "东乌旗调委会"}, Why: "属地", Consent: true})
	},
	"fill": func(d Docket, b By) (bot.Commit, error) {
		return Complete(d, b, CompleteInput{Field: "a_job", Label: "职业", Answer: intake.Answer{Value: "木工"}, New: "木工"})
	},
}

// TestStandings says for every decision and status whether the assignee may take it, and where the matter then stands.
func TestStandings(t *testing.T) {
	const no = ""
	statuses := []intake.Status{
		intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Scheduled,
		intake.Agreed, intake.Failed, intake.Refused, intake.Closed, intake.Archived,
	}
	want := map[string][]intake.Status{
		//            received            needs               accepted        assigned         in_progress        scheduled         agreed         failed         refused        closed     archived
		"accept":    {intake.Assigned, no, no, no, no, no, no, no, no, no, no},
		"complete":  {no, intake.Received, no, no, no, no, no, no, no, no, no},
		"start":     {no, no, no, intake.InProgress, no, intake.InProgress, no, no, no, no, no},
		"hand_back": {intake.Received, intake.NeedsMaterial, no, intake.Accepted, intake.Accepted, intake.Accepted, no, no, no, no, no},
		"decline":   {intake.Refused, intake.Refused, intake.Refused, intake.Refused, no, no, no, no, no, no, no},
		"material":  {intake.NeedsMaterial, no, no, no, no, no, no, no, no, no, no},
		"schedule":  {no, no, no, intake.Scheduled, intake.Scheduled, intake.Scheduled, no, no, no, no, no},
		"result":    {no, no, no, intake.Agreed, intake.Agreed, intake.Agreed, no, no, no, no, no},
		"close":     {no, no, no, intake.Closed, intake.Closed, intake.Closed, intake.Closed, intake.Closed, intake.Closed, no, no},
		"transfer":  {intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Accepted, intake.Accepted, intake.Accepted, no, no, no, no, no},
		"reply":     {intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Scheduled, intake.Agreed, intake.Failed, no, no, no},
		"fill":      {intake.Received, intake.NeedsMaterial, intake.Accepted, intake.Assigned, intake.InProgress, intake.Scheduled, intake.Agreed, intake.Failed, no, no, no},
	}
	for name, row := range want {
		for i, s := range statuses {
			c, err := deeds[name](file(s, "wang"), by(t, wang))
			if row[i] == no {
				if !errors.Is(err, ErrNotNow) {
					t.Errorf("%s of a matter that is %s: %v, want ErrNotNow", name, s, err)
				}
				if len(c.Matters)+len(c.Replies)+len(c.Entries)+len(c.Conversations) > 0 {
					t.Errorf("%s of a matter that is %s failed and still wants to write", name, s)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s of a matter that is %s: %v", name, s, err)
				continue
			}
			if got := c.Matters[0]; got.Status != row[i] || got.Version != 7 {
				t.Errorf("%s of a matter that is %s leads to %s at version %d, want %s at the version read", name, s, got.Status, got.Version, row[i])
			}
			if len(c.Audit) != 1 || c.Audit[0].Who != "staff:wang" || c.Audit[0].Subject != "matter:m1" {
				t.Errorf("%s is not recorded: %+v", name, c.Audit)
			}
		}
	}
}

func TestWhoMayAct(t *testing.T) {
	for name, deed := range deeds {
		if name == "claim" || name == "note" || name == "transfer" {
			continue
		}
		for _, c := range []struct {
			who      bot.Staff
			assignee string
			want     error
		}{
			{wang, "", ErrUnclaimed}, {su, "wang", ErrTaken}, {reader, "wang", ErrNotAllowed}, {reader, "reader", ErrNotAllowed}, {head, "", ErrUnclaimed},
		} {
			if _, err := deed(file(intake.Received, c.assignee), by(t, c.who)); !errors.Is(err, c.want) {
				t.Errorf("%s by %s of a matter of %q: %v, want %v", name, c.who.ID, c.assignee, err, c.want)
			}
		}
	}
	if _, err := deeds["reply"](file(intake.InProgress, "wang"), by(t, head)); err != nil {
		t.Errorf("the head may not step in: %v", err)
	}
	if _, err := Note(file(intake.Closed, ""), by(t, reader), "x"); !errors.Is(err, ErrNotAllowed) {
		t.Errorf("a reader writes notes: %v", err)
	}
}

func TestClaim(t *testing.T) {
	for _, c := range []struct {
		name     string
		status   intake.Status
		assignee string
		who      bot.Staff
		want     error
		then     intake.Status
	}{
		{"new", intake.Received, "", wang, nil, intake.Received},
		{"waiting for material", intake.NeedsMaterial, "", wang, nil, intake.NeedsMaterial},
		{"handed back", intake.Accepted, "", wang, nil, intake.Assigned},
		{"somebody else's", intake.Received, "su", wang, ErrTaken, ""},
		{"my own", intake.Received, "wang", wang, ErrAlready, ""},
		{"closed", intake.Closed, "", wang, ErrNotNow, ""},
		{"by a reader", intake.Received, "", reader, ErrNotAllowed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Claim(file(c.status, c.assignee, inBot), by(t, c.who))
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err != nil {
				return
			}
			m := got.Matters[0]
			if m.Status != c.then || m.Assignee != "wang" || m.Version != 7 {
				t.Errorf("matter %s of %q at version %d", m.Status, m.Assignee, m.Version)
			}
			if len(got.Conversations) != 1 || got.Conversations[0].Mode != bot.ModeHuman || got.Conversations[0].Version != 3 {
				t.Errorf("the conversation is not in human hands: %+v", got.Conversations)
			}
			if len(got.Replies) != 1 || !strings.Contains(got.Replies[0].Text, "王芳") || len(got.Entries) != 1 {
				t.Errorf("the citizen is not told: %+v", got.Replies)
			}
		})
	}
}

func TestClaimLetsAHalfFilledFormWait(t *testing.T) {
	d := file(intake.Received, "", func(d *Docket) {
		d.Parties[0].Mode, d.Parties[0].Session = bot.ModeIntake, &intake.Session{Form: "F1"}
	})
	c, err := Claim(d, by(t, wang))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Conversations[0]; got.Mode != bot.ModeHuman || !got.Paused || got.Session == nil {
		t.Errorf("the other form is not kept: %+v", got)
	}
}

func TestEntriesThatAreMissing(t *testing.T) {
	long := strings.Repeat("字", MaxWords+1)
	for name, c := range map[string]struct {
		do    func(Docket, By) (bot.Commit, error)
		field string
	}{
		"decline without a reason":     {func(d Docket, b By) (bot.Commit, error) { return Decline(d, b, DeclineInput{Next: "法院"}) }, "reason"},
		"decline without a next route": {func(d Docket, b By) (bot.Commit, error) { return Decline(d, b, DeclineInput{Reason: "x"}) }, "next"},
		"empty reply":                  {func(d Docket, b By) (bot.Commit, error) { return Reply(d, b, ReplyInput{applicant, " \n\x00"}) }, "text"},
		"reply that is too long":       {func(d Docket, b By) (bot.Commit, error) { return Reply(d, b, ReplyInput{applicant, long}) }, "text"},
		"nothing asked for":            {func(d Docket, b By) (bot.Commit, error) { return AskMaterial(d, b, "") }, "what"},
		"no reason to hand back":       {func(d Docket, b By) (bot.Commit, error) { return HandBack(d, b, "") }, "why"},
		"transfer nowhere": {func(d Docket, b By) (bot.Commit, error) {
			return Transfer(d, b, TransferInput{Why: "x", Consent: true})
		}, "office"},
		"transfer to the same office": {func(d Docket, b By) (bot.Commit, error) {
			return Transfer(d, b, TransferInput{To: intake.Office{ID: "xl"}, Why: "x", Consent: true})
		}, "office"},
		"transfer without consent": {func(d Docket, b By) (bot.Commit, error) {
			return Transfer(d, b, TransferInput{To: intake.Office{ID: "dw"}, Why: "x"})
		}, "consent"},
		"fill with nothing": {func(d Docket, b By) (bot.Commit, error) { return Complete(d, b, CompleteInput{Field: "a_job"}) }, "value"},
		"fill no field": {func(d Docket, b By) (bot.Commit, error) {
			return Complete(d, b, CompleteInput{Answer: intake.Answer{Value: "x"}})
		}, "field"},
	} {
		_, err := c.do(file(intake.Received, "wang"), by(t, wang))
		var wrong *Wrong
		if !errors.As(err, &wrong) || wrong.Field != c.field {
			t.Errorf("%s: %v, want the field %s to be wrong", name, err, c.field)
		}
	}
	for _, o := range []intake.Status{intake.Partly, intake.Failed, intake.Withdrawn} {
		_, err := Close(file(intake.InProgress, "wang"), by(t, wang), CloseInput{Outcome: o, Note: "x"})
		var wrong *Wrong
		if !errors.As(err, &wrong) || wrong.Field != "next" {
			t.Errorf("closing as %s without a next route: %v", o, err)
		}
	}
	for _, o := range []intake.Status{"", intake.Closed, intake.Received, "nonsense"} {
		if _, err := Result(file(intake.InProgress, "wang"), by(t, wang), ResultInput{Outcome: o, Note: "x", Next: "y"}); err == nil {
			t.Errorf("%q is taken for a result", o)
		}
	}
}

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

// TestReplyReachesOneParty: whatever the parties of a matter are, words reach the party in whose thread they were
// written, or nobody.
func TestReplyReachesOneParty(t *testing.T) {
	who := by(t, wang)
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.Custom(func(t *rapid.T) bot.Address {
			return bot.Address{
				Channel: rapid.SampledFrom([]string{"telegram", "wechat", "web"}).Draw(t, "channel"),
				User:    rapid.StringMatching(`[0-9]{1,2}`).Draw(t, "user"),
			}
		})
		parties := rapid.SliceOfNDistinct(address, 0, 6, func(a bot.Address) bot.Address { return a }).Draw(t, "parties")
		to := address.Draw(t, "to")
		d := file(intake.InProgress, "wang")
		d.Parties, d.Matter.Conversation = nil, ""
		for i, p := range parties {
			c := bot.NewConversation(p)
			c.Matter = d.Matter.ID
			d.Parties = append(d.Parties, c)
			if i == 0 {
				d.Matter.Conversation = p.String()
			}
		}
		held := rapid.Bool().Draw(t, "held")
		if held {
			d.Matter.Flags = []string{"safety_hold"}
		}
		member, first := false, false
		for i, p := range parties {
			member, first = member || p == to, first || p == to && i == 0
		}
		c, err := Reply(d, who, ReplyInput{Party: to, Text: "私下的话"})
		allowed := member && (!held || first)
		if allowed != (err == nil) {
			t.Fatalf("to %v of %v, held %v: %v", to, parties, held, err)
		}
		if !allowed {
			if len(c.Replies)+len(c.Entries)+len(c.Conversations) > 0 {
				t.Fatal("a refused reply wants to write")
			}
			return
		}
		if len(c.Replies) != 1 || c.Replies[0].To != to || len(c.Entries) != 1 || c.Entries[0].Party != to {
			t.Fatalf("replies %+v entries %+v", c.Replies, c.Entries)
		}
		for _, conv := range c.Conversations {
			if conv.Address != to {
				t.Fatalf("the conversation of %v was touched", conv.Address)
			}
		}
	})
}
