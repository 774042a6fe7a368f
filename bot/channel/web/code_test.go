package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"heshi/bot"
)

func TestResumeByCode(t *testing.T) {
	r := newRig(t, nil, nil)
	phone, desktop := r.browser(), r.browser()
	to := bot.Address{Channel: Name, User: phone.user()}
	r.mem.Write(bot.Reply{ID: "1", To: to, Text: "昨天说到工资。", Made: time.Now()})
	issue := func() string {
		t.Helper()
		code, page, _ := phone.post("/chat/code", url.Values{"csrf": {phone.csrf()}})
		m := codeIn.FindStringSubmatch(page)
		if code != 200 || m == nil {
			t.Fatalf("status %d, no code", code)
		}
		return m[1]
	}
	old := issue()
	code := issue()
	if len(strings.ReplaceAll(code, "-", "")) != codeSize || old == code {
		t.Errorf("codes %q %q", old, code)
	}
	if _, page, _ := phone.get("/chat"); strings.Contains(page, code) {
		t.Error("the code is shown twice")
	}
	for k, v := range r.mem.Values() {
		if strings.Contains(k+v, code) || strings.Contains(k+v, strings.ReplaceAll(code, "-", "")) {
			t.Error("the vault holds the code itself")
		}
	}
	try := func(s string) int {
		status, _, _ := desktop.post("/chat/resume", url.Values{"csrf": {desktop.csrf()}, "code": {s}})
		return status
	}
	for _, wrong := range []string{"", "ABC", "ABC-DEF-GH0", "AAA-AAA-AAA", old} {
		if got := try(wrong); got != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", wrong, got)
		}
	}
	if got := try(" " + strings.ToLower(strings.ReplaceAll(code, "-", " ")) + "　"); got != http.StatusSeeOther {
		t.Fatalf("the code does not open: %d", got)
	}
	if _, page, _ := desktop.get("/chat"); !strings.Contains(page, "昨天说到工资") {
		t.Error("the other device does not see the conversation")
	}
	desktop.post("/chat/say", url.Values{"csrf": {desktop.csrf()}, "id": {"1"}, "text": {"接着说"}})
	if m := r.mem.Messages()[0]; m.From != to {
		t.Error("the other device talks as somebody else")
	}
	if _, page, _ := phone.get("/chat"); !strings.Contains(page, "接着说") {
		t.Error("the first device lost the conversation")
	}
	if got, _, _ := desktop.post("/chat/leave", url.Values{"csrf": {desktop.csrf()}}); got != http.StatusSeeOther {
		t.Errorf("leave: %d", got)
	}
	if _, page, _ := desktop.get("/chat"); strings.Contains(page, "昨天说到工资") {
		t.Error("a device that left still shows it")
	}
	r.logs.Silent(t, code, strings.ReplaceAll(code, "-", ""), to.User)
}

func TestGuessingIsSlow(t *testing.T) {
	now := time.Now()
	r := newRig(t, nil, func(o *Options) { o.Calm, o.Now = false, func() time.Time { return now } })
	b := r.browser()
	token := b.csrf()
	codes := map[int]int{}
	for range 12 {
		status, _, _ := b.post("/chat/resume", url.Values{"csrf": {token}, "code": {"AAA-AAA-AAA"}})
		codes[status]++
	}
	if codes[http.StatusUnprocessableEntity] != 5 || codes[http.StatusTooManyRequests] != 7 {
		t.Errorf("%v", codes)
	}
	now = now.Add(3 * time.Minute)
	if status, _, _ := b.post("/chat/resume", url.Values{"csrf": {token}, "code": {"AAA-AAA-AAA"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("after a while: %d", status)
	}
}

func TestFloodIsSlowed(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Calm = false })
	b := r.browser()
	token, slow := b.csrf(), 0
	for i := range 30 {
		status, _, _ := b.post("/chat/say", url.Values{"csrf": {token}, "id": {string(rune('a' + i))}, "text": {"x"}}, "Accept", "application/json")
		if status == http.StatusTooManyRequests {
			slow++
		}
	}
	if slow < 10 || len(r.mem.Messages()) < 15 {
		t.Errorf("%d slowed, %d taken", slow, len(r.mem.Messages()))
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{"192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "::ffff:192.0.2.7": "::ffff:192.0.2.7", "?": "?"} {
		if got := network(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestTidyCode(t *testing.T) {
	for in, want := range map[string]string{"abc-def-ghj": "ABCDEFGHJ", "ＡＢＣ ＤＥＦ ２３４": "ABCDEF234", " a.b c_d—e f g h j ": "ABCDEFGHJ"} {
		if got, ok := tidyCode(in); got != want || !ok {
			t.Errorf("%q: %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "abc-def-gh", "abc-def-gh1", "abc-def-ghjk", "继续"} {
		if _, ok := tidyCode(in); ok {
			t.Errorf("%q is taken for a code", in)
		}
	}
}
