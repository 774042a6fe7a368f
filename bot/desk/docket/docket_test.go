package docket

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

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
