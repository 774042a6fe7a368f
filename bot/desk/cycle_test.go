package desk

import (
	"net/http"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/intake"
)

// TestMediatorWorksAMatter goes the whole way: claim, accept, reply, schedule, close.
func TestMediatorWorksAMatter(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	b := w.signIn("wang")

	code, page := b.get("/desk")
	if code != 200 || !strings.Contains(page, "2026-XL-M1") || !strings.Contains(page, "3 小时") {
		t.Fatalf("queue: %d\n%s", code, page)
	}
	steps := []struct {
		do     string
		form   []string
		status intake.Status
	}{
		{"claim", nil, intake.Received},
		{"accept", nil, intake.Assigned},
		{"start", nil, intake.InProgress},
		{"reply", []string{"party", citizen.String(), "text", "您好，合同带来了吗？"}, intake.InProgress},
		{"fill", []string{"field", "a_job", "value", "木工"}, intake.InProgress},
		{"note", []string{"text", "对方经理姓李，明天再打"}, intake.InProgress},
		{"schedule", []string{"when", "2026-03-05T09:30", "where", "调委会二楼"}, intake.Scheduled},
		{"close", []string{"outcome", "agreed", "note", "双方约定四月底前付清"}, intake.Closed},
	}
	for _, s := range steps {
		code, page := b.post("/desk/m/m1/"+s.do, s.form...)
		if code != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", s.do, code, page)
		}
		if m := w.read("m1"); m.Status != s.status {
			t.Fatalf("%s: matter is %s, want %s", s.do, m.Status, s.status)
		}
		if code, page := b.get("/desk/m/m1"); code != 200 || keys(page) != "" {
			t.Fatalf("%s: the file does not open, or shows a key instead of words: %d %s", s.do, code, keys(page))
		}
	}
	var texts []string
	for _, r := range w.sent(citizen) {
		texts = append(texts, r.Text)
		if r.Kind == "staff" && r.Resend != bot.ResendAsk {
			t.Errorf("words of staff %q are resent without asking", r.Text)
		}
	}
	all := strings.Join(texts, "\n")
	for _, want := range []string{"王芳", "锡林浩特市人民调解委员会", "您好，合同带来了吗？", "3月5日（周四） 09:30", "双方约定四月底前付清", "第四条"} {
		if !strings.Contains(all, want) {
			t.Errorf("the citizen was not told %q; told:\n%s", want, all)
		}
	}
	if strings.Contains(all, "对方经理姓李") {
		t.Error("an internal note reached the citizen")
	}
	m := w.read("m1")
	if !m.Flagged("follow_up") || m.Session.Answers["a_job"].Source != intake.Staff {
		t.Errorf("after closing: flags %v, a_job %+v", m.Flags, m.Session.Answers["a_job"])
	}
	c, err := w.store.Conversation(t.Context(), citizen)
	w.must(err)
	if c.Mode != bot.ModeAsk || c.Matter != "" {
		t.Errorf("the conversation is not back with the bot: %s, matter %q", c.Mode, c.Matter)
	}
	if w.nudged == 0 {
		t.Error("the sender was never woken")
	}
	if n := len(w.audits("view")); n != len(steps) {
		t.Errorf("%d views are recorded, want %d", n, len(steps))
	}
}

func keys(page string) string {
	var out []string
	for _, f := range strings.FieldsFunc(page, func(r rune) bool { return !(r == '.' || r == '_' || r >= 'a' && r <= 'z') }) {
		if strings.HasPrefix(f, "desk.") && !strings.HasSuffix(f, ".css") && !strings.HasSuffix(f, ".js") {
			out = append(out, f)
		}
	}
	return strings.Join(out, " ")
}
