package desk

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// TestEveryWordExists: every message the templates and the code name is in the catalog, and so is every code that
// is shown as a word.
func TestEveryWordExists(t *testing.T) {
	kit, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	templates, err := fs.Glob(files, "templates/*.html")
	if err != nil || len(templates) == 0 {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`\((?:t|tn|ta) "([^"]+)"|\{(?:t|tn|ta) "([^"]+)"`)
	for _, name := range templates {
		raw, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range words.FindAllStringSubmatch(string(raw), -1) {
			if key := m[1] + m[2]; !kit.cat.Has(key) {
				t.Errorf("%s names %s", name, key)
			}
		}
	}
	w := newWorld(t)
	l := w.desk.layout
	var want []string
	add := func(prefix string, codes ...string) {
		for _, c := range codes {
			want = append(want, prefix+"."+c)
		}
	}
	for _, g := range l.Groups {
		add("desk.group", g.ID)
	}
	add("desk.reason", append(l.Reasons, l.ReasonsAid...)...)
	add("desk.route", l.Routes...)
	add("desk.role", l.Roles...)
	add("desk.role_hint", l.Roles...)
	for _, s := range shownStatuses {
		add("desk.status", string(s))
	}
	for do := range w.desk.deeds() {
		add("desk.done", do)
	}
	for _, o := range []string{"agreed", "partly", "failed", "withdrawn", "declined"} {
		add("desk.outcome", o)
		add("desk.outcome", o+"_aid")
	}
	for _, key := range want {
		if !kit.cat.Has(key) {
			t.Errorf("there is no message %s", key)
		}
	}
	if len(l.Groups) < 5 {
		t.Error("the layout was not read")
	}
}

// TestRealFormsAreLaidOut: the fields of the forms that ship stand in a group of their own, not in the last one.
func TestRealFormsAreLaidOut(t *testing.T) {
	book, err := intake.LoadBook(intake.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	last := len(w.desk.layout.Groups) - 1
	for _, id := range []string{"d_facts", "a_name", "w_owed", "g_kind", "la_scope", "ec_income", "safety_q", "p_prior", "r_list", "lang"} {
		if _, ok := book.Field(id); !ok {
			t.Errorf("the forms have no field %s", id)
		}
		if g, _ := w.desk.layout.place(id); g == last {
			t.Errorf("%s stands among the rest", id)
		}
	}
}

func TestPagesAreSmallAndOurs(t *testing.T) {
	w := newWorld(t)
	w.person("boss", "主任", "xl", "admin", "mediator")
	for i := range 120 {
		w.matter(fmt.Sprintf("m%03d", i), "xl", bot.Address{Channel: "web", User: fmt.Sprint(i)}, nil)
	}
	b := w.signIn("boss")
	assets := 0
	for _, name := range []string{"desk.css", "desk.js"} {
		code, raw := b.get("/desk/assets/" + name)
		if code != 200 {
			t.Fatalf("%s: %d", name, code)
		}
		assets += len(raw)
	}
	outside := regexp.MustCompile(`(?:src|href|action)="(https?:)?//`)
	inline := regexp.MustCompile(`<script[^>]*>[^<]|\son[a-z]+="|\sstyle="|<style`)
	for _, path := range []string{"/desk", "/desk?who=mine", "/desk/m/m000", "/desk/staff", "/desk/record", "/desk/me", "/desk/login", "/desk/nowhere"} {
		_, page := b.get(path)
		if n := len(page) + assets; n > 100_000 {
			t.Errorf("%s is %d bytes with its assets", path, n)
		}
		if m := outside.FindString(page); m != "" {
			t.Errorf("%s asks another host: %s", path, m)
		}
		if m := inline.FindString(page); m != "" {
			t.Errorf("%s has inline code or style: %s", path, m)
		}
		if k := keys(page); k != "" {
			t.Errorf("%s shows keys: %s", path, k)
		}
	}
}

func TestQueueOrderAndFilters(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	set := func(id string, change func(*intake.Matter)) {
		w.matter(id, "xl", bot.Address{Channel: "web", User: id}, func(m *intake.Matter) { m.Clocks = nil; change(m) })
	}
	older := func(m *intake.Matter, d time.Duration) { m.Created, m.Events = m.Created.Add(-d), nil }
	set("plain", func(m *intake.Matter) {})
	set("old", func(m *intake.Matter) { older(m, 48*time.Hour) })
	set("soon", func(m *intake.Matter) { m.Clocks = []intake.Deadline{{Name: "仲裁", Due: "2026-03-20"}} })
	set("now", func(m *intake.Matter) { m.Clocks = []intake.Deadline{{Name: "上诉", Due: "2026-03-05"}} })
	set("child", func(m *intake.Matter) { m.Flags = []string{"minor"} })
	set("hold", func(m *intake.Matter) { m.Flags = []string{"safety_hold"} })
	set("mine", func(m *intake.Matter) { m.Assignee, m.Status = "wang", intake.InProgress })
	set("done", func(m *intake.Matter) { m.Status = intake.Closed })
	set("draft", func(m *intake.Matter) { m.Status = intake.Draft })
	b := w.signIn("wang")
	inRow := regexp.MustCompile(`<a href="/desk/m/([a-z]+)">`)
	rows := func(query string) string {
		t.Helper()
		code, page := b.get("/desk" + query)
		if code != 200 {
			t.Fatalf("%s: status %d", query, code)
		}
		var out []string
		for _, m := range inRow.FindAllStringSubmatch(page, -1) {
			out = append(out, m[1])
		}
		return strings.Join(out, " ")
	}
	for query, want := range map[string]string{
		"":                        "hold now child soon old mine plain",
		"?who=mine":               "mine",
		"?who=free":               "hold now child soon old plain",
		"?status=closed":          "done",
		"?status=nonsense":        "hold now child soon old mine plain",
		"?who=mine&status=closed": "",
		"?q=2026-xl-p":            "plain",
		"?q=2026-XL-D":            "done",
		"?q=%3Cscript%3E":         "",
		"?status=draft":           "hold now child soon old mine plain",
	} {
		if got := rows(query); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
	}
	_, page := b.get("/desk")
	for _, want := range []string{"安全保护", "期限将到", "涉未成年人", "7 天内或已过", "2 天", "建筑工程欠薪"} {
		if !strings.Contains(page, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
	if code, _ := b.get("/desk?q=2026-XL-SOON"); code != http.StatusSeeOther {
		t.Error("a whole number does not lead to its file")
	}
	if code, _ := b.get("/desk/m/2026-XL-SOON"); code != 200 {
		t.Error("a file does not open by its number")
	}
	w2 := newWorld(t)
	w2.person("wang", "王芳", "xl", "mediator")
	if _, page := w2.signIn("wang").get("/desk"); !strings.Contains(page, "现在没有待办事项") {
		t.Error("an empty queue says nothing")
	}
}

func TestWhatWasTypedSurvivesAMistake(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) { m.Assignee, m.Status = "wang", intake.InProgress })
	b := w.signIn("wang")
	code, page := b.post("/desk/m/m1/close", "outcome", "failed", "note", "双方<b>差距</b>太大")
	if code != http.StatusUnprocessableEntity || !strings.Contains(page, "双方&lt;b&gt;差距&lt;/b&gt;太大") || !strings.Contains(page, "请写明当事人接下来可以去哪里") {
		t.Errorf("status %d", code)
	}
	if code, _ := b.post("/desk/m/m1/close", "outcome", "failed", "note", "双方差距太大", "next", "court", "next", "nonsense", "next_more", "旗法院立案庭"); code != http.StatusSeeOther {
		t.Fatalf("status %d", code)
	}
	last := w.sent(citizen)[0].Text
	if !strings.Contains(last, "向有管辖权的人民法院起诉；旗法院立案庭") || !strings.Contains(last, "人工") {
		t.Errorf("the citizen reads %q", last)
	}
}

func TestFill(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) { m.Assignee = "wang" })
	b := w.signIn("wang")
	for _, c := range []struct{ field, value, want string }{
		{"d_amount", "8,000.5", "800050"}, {"d_amount", "八千", ""}, {"d_amount", "1.234", ""},
		{"w_start", "2025-03-01", "2025-03-01"}, {"w_start", "2025-03", "2025-03"}, {"w_start", "去年", ""},
		{"w_contract", "没有", "没有"}, {"w_contract", "也许", ""},
		{"a_addr_region", "锡林浩特市", "152502"}, {"a_addr_region", "天边", ""},
		{"a_phone", "0479-1234567", "0479-1234567"}, {"a_phone", "没有", ""},
		{"a_job", strings.Repeat("字", 31), ""}, {"sign_app", "王", ""}, {"no_such", "x", ""},
	} {
		before := w.read("m1").Session.Answers[c.field].Value
		code, _ := b.post("/desk/m/m1/fill", "field", c.field, "value", c.value)
		got := w.read("m1").Session.Answers[c.field].Value
		if c.want == "" {
			if code != http.StatusUnprocessableEntity || got != before {
				t.Errorf("%s = %q: status %d, now %q", c.field, c.value, code, got)
			}
			continue
		}
		if code != http.StatusSeeOther || got != c.want {
			t.Errorf("%s = %q: status %d, now %q, want %q", c.field, c.value, code, got, c.want)
		}
	}
	if code, _ := b.post("/desk/m/m1/fill", "field", "w_evid", "value", "工资条", "value", "证人"); code != http.StatusSeeOther || len(w.read("m1").Session.Answers["w_evid"].Values) != 2 {
		t.Errorf("several choices: %d", code)
	}
	for _, a := range w.audits("complete") {
		if !strings.HasPrefix(a.Detail, "field:") || strings.ContainsAny(a.Detail, "0123456789") {
			t.Errorf("the record says %q", a.Detail)
		}
	}
}

// TestAssumedIsNotSaid: what nobody was asked does not stand among the answers, and can be put right.
func TestAssumedIsNotSaid(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) {
		m.Assignee = "wang"
		m.Session.Answers["w_contract"] = intake.Answer{Value: "没有", Source: intake.Default}
	})
	b := w.signIn("wang")
	_, page := b.get("/desk/m/m1")
	before, assumed, ok := strings.Cut(page, "按一般情况填的 1 项")
	if !ok || strings.Contains(before, "书面合同") || !strings.Contains(assumed, "书面合同") {
		t.Error("a default stands among what was said")
	}
	if _, page := b.get("/desk/m/m1?fix=w_contract"); !strings.Contains(page, "更正“书面合同”") {
		t.Error("it cannot be corrected")
	}
	if code, page := b.post("/desk/m/m1/fill", "field", "w_contract", "value", "也许"); code != 422 || !strings.Contains(page, "更正“书面合同”") {
		t.Errorf("after a mistake the form is gone: %d", code)
	}
	b.post("/desk/m/m1/fill", "field", "w_contract", "value", "有")
	a := w.read("m1").Session
	if a.Answers["w_contract"].Source != intake.Staff || len(a.History) != 1 || a.History[0].Old != "没有" {
		t.Errorf("answer %+v history %+v", a.Answers["w_contract"], a.History)
	}
	for _, s := range []string{"?fix=sign_app", "?fix=nothing", "?fix=%3Cscript%3E"} {
		if _, page := b.get("/desk/m/m1" + s); strings.Contains(page, `id="fix"`) {
			t.Errorf("%s opens a form", s)
		}
	}
}

func TestUndelivered(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.person("su", "苏日娜", "xl", "mediator")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) { m.Assignee = "wang" })
	w.matter("m2", "xl", bot.Address{Channel: "web", User: "2"}, func(m *intake.Matter) { m.Assignee = "wang" })
	b := w.signIn("wang")
	lose := func(kind bot.DeliveryKind) string {
		b.post("/desk/m/m1/reply", "party", citizen.String(), "text", "请回电话")
		due, err := w.store.Due(t.Context(), w.now(), []string{"telegram"}, 10)
		w.must(err)
		if len(due) != 1 {
			t.Fatalf("%d replies are due", len(due))
		}
		w.must(w.store.Settle(t.Context(), due[0].ID, bot.Delivery{Kind: kind, Code: "403"}, w.now()))
		return due[0].ID
	}
	id := lose(bot.Blocked)
	_, page := b.get("/desk/m/m1")
	for _, want := range []string{"有消息没有送到", "当事人已屏蔽", "tel:13800000001", "请回电话"} {
		if !strings.Contains(page, want) {
			t.Errorf("the file does not say %q", want)
		}
	}
	if code, _ := b.post("/desk/m/m2/delivery", "reply", id, "how", "phoned"); code != http.StatusNotFound {
		t.Errorf("a reply of another matter: %d", code)
	}
	if code, _ := w.signIn("su").post("/desk/m/m1/delivery", "reply", id, "how", "phoned"); code != http.StatusForbidden {
		t.Errorf("by a colleague: %d", code)
	}
	if code, page := b.post("/desk/m/m1/delivery", "reply", id, "how", "phoned"); code != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", code, page)
	}
	if _, page := b.get("/desk/m/m1"); strings.Contains(page, "有消息没有送到") {
		t.Error("what was said by phone is still shown as lost")
	}
	id = lose(bot.Failed)
	if code, _ := b.post("/desk/m/m1/delivery", "reply", id, "how", "again"); code != http.StatusSeeOther {
		t.Fatalf("status %d", code)
	}
	if due, err := w.store.Due(t.Context(), w.now(), []string{"telegram"}, 10); err != nil || len(due) != 1 || due[0].ID != id {
		t.Errorf("it is not sent again: %v %v", due, err)
	}
	if len(w.audits("phoned")) != 1 || len(w.audits("resent")) != 1 {
		t.Error("not recorded")
	}
}

func TestLibraryThatFails(t *testing.T) {
	w := newWorld(t)
	w.desk.adv = advisor{err: errors.New("index gone")}
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	code, page := w.signIn("wang").get("/desk/m/m1")
	if code != 200 || !strings.Contains(page, "案例库暂时查不了") || strings.Contains(page, "没有相近的案例") || !strings.Contains(page, "巴特尔") {
		t.Errorf("status %d: a library that fails is told from one that has nothing, and the file still opens", code)
	}
}
