package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// TestEveryRouteForEveryRole asks every route as a stranger and as every role, for a matter of the own and of another
// office.
func TestEveryRouteForEveryRole(t *testing.T) {
	w := newWorld(t)
	roles := []string{"mediator", "reviewer", "duty", "head", "admin", "auditor", "sensitive"}
	for _, r := range roles {
		w.person(r, r, "xl", r)
	}
	w.matter("own", "xl", citizen, nil)
	w.matter("far", "dw", bot.Address{Channel: "wechat", User: "far"}, nil)
	everywhere := map[string]bool{"duty": true, "admin": true}
	reads := map[string]bool{"mediator": true, "reviewer": true, "duty": true, "head": true, "admin": true}

	for _, role := range append([]string{""}, roles...) {
		b := w.browser()
		if role != "" {
			b = w.signIn(role)
		}
		for _, route := range w.desk.Routes() {
			if route.Open || route.Path == "/desk/logout" || route.Path == "/desk/{$}" {
				continue
			}
			for _, target := range []string{"own", "far", "none"} {
				path := strings.NewReplacer("{id}", target, "{do}", "note", "{hash}", strings.Repeat("0", 64), "{staff}", "nobody").Replace(route.Path)
				code := b.knock(route.Method, path)
				want := func(codes ...int) {
					t.Helper()
					for _, c := range codes {
						if c == code {
							return
						}
					}
					t.Errorf("%s %s as %q: status %d, want %v", route.Method, path, role, code, codes)
				}
				switch {
				case role == "" && route.Method == "GET" && !strings.HasSuffix(path, "/live"):
					want(http.StatusSeeOther)
				case role == "":
					want(http.StatusUnauthorized)
				case route.Matter && (target == "none" || !reads[role] || target == "far" && !everywhere[role]):
					want(http.StatusNotFound)
				case route.Matter && strings.Contains(path, "/blob/"):
					want(http.StatusNotFound) // no such attachment of this matter
				case route.Matter && route.Method == "POST" && (role == "reviewer" || role == "admin"):
					want(http.StatusConflict) // their roles read
				case route.Matter && route.Method == "POST":
					want(http.StatusUnprocessableEntity) // an empty note
				case len(route.Roles) > 0 && !route.Matter && !contains(route.Roles, role):
					want(http.StatusForbidden)
				case strings.Contains(path, "/staff/nobody"):
					want(http.StatusNotFound)
				case route.Method == "POST":
					want(http.StatusUnprocessableEntity)
				case route.Path == "/desk" && !reads[role]:
					want(http.StatusSeeOther)
				default:
					want(http.StatusOK)
				}
			}
		}
	}
	far := 0
	for _, a := range w.audits("denied") {
		if a.Subject == "matter:far" {
			far++
		}
		if a.Subject == "matter:none" {
			t.Error("the record holds what somebody typed into an address")
		}
	}
	if far == 0 {
		t.Error("attempts on the matter of another office are not recorded")
	}
	if m := w.read("far"); m.Version != 1 {
		t.Error("the matter of the other office was changed")
	}
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// knock asks a route and gives the status; a stream is left at once.
func (b *browser) knock(method, path string) int {
	b.w.t.Helper()
	if method == "POST" {
		code, _ := b.post(path)
		return code
	}
	res, err := b.http.Get(b.w.srv.URL + path)
	b.w.must(err)
	b.w.must(res.Body.Close())
	return res.StatusCode
}

func TestForeignMatterLooksLikeNone(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("far", "dw", citizen, nil)
	b := w.signIn("wang")
	_, foreign := b.get("/desk/m/far")
	_, none := b.get("/desk/m/absent")
	if foreign != none {
		t.Error("a matter of another office can be told from none")
	}
	if _, page := b.get("/desk?q=2026-DW"); strings.Contains(page, "2026-DW-FAR") {
		t.Error("the search shows a matter of another office")
	}
	if _, page := b.get("/desk"); strings.Contains(page, "2026-DW-FAR") {
		t.Error("the queue shows a matter of another office")
	}
}

func TestSensitiveAnswers(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"wang", "su"} {
		w.person(id, id, "xl", "mediator")
	}
	w.person("trusted", "trusted", "xl", "reviewer", "sensitive")
	w.person("chief", "chief", "xl", "admin")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) { m.Assignee = "wang" })
	w.matter("m2", "xl", bot.Address{Channel: "web", User: "h"}, func(m *intake.Matter) {
		m.Assignee, m.Flags = "wang", []string{"safety_hold"}
	})
	for who, sees := range map[string]bool{"wang": true, "su": false, "trusted": true, "chief": false} {
		b := w.signIn(who)
		_, page := b.get("/desk/m/m1")
		if got := strings.Contains(page, "安全情况"); got != sees {
			t.Errorf("%s sees the S3 answer: %v, want %v", who, got, sees)
		}
		if strings.Contains(page, "152502199001011234") != (who == "wang") {
			t.Errorf("%s: the whole identity number is for the assignee alone", who)
		}
		_, page = b.get("/desk/m/m2")
		for _, secret := range []string{"我想要回工资", "13800000001", "还差八千块"} {
			if got := strings.Contains(page, secret); got != sees {
				t.Errorf("%s sees %q of a matter under safety hold: %v, want %v", who, secret, got, sees)
			}
		}
		if !strings.Contains(page, "不通知对方") {
			t.Errorf("%s is not shown the rules of a safety hold", who)
		}
	}
}

func TestBlob(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	stranger := bot.Address{Channel: "web", User: "x"}
	keep := func(owner bot.Address, mime, data string) string {
		sum := sha256.Sum256([]byte(data))
		hash := hex.EncodeToString(sum[:])
		w.must(w.store.PutBlob(t.Context(), owner, hash, mime, []byte(data)))
		return hash
	}
	photo, page := keep(citizen, "image/png", "picture"), keep(citizen, "text/html", "<script>alert(1)</script>")
	said, foreign := keep(citizen, "audio/ogg", "voice"), keep(stranger, "image/png", "foreign")
	w.matter("m1", "xl", citizen, func(m *intake.Matter) {
		m.Evidence = []intake.Evidence{{Items: []intake.Attachment{{Kind: "photo", SHA256: photo}, {Kind: "file", Name: "a/b\".html", SHA256: page}}}}
	})
	w.must(w.store.Commit(t.Context(), bot.Commit{Entries: []bot.Entry{{
		ID: "v", Matter: "m1", Party: citizen, From: "citizen", Attachments: []intake.Attachment{{Kind: "voice", Type: "audio/ogg", SHA256: said}},
	}}}))
	b := w.signIn("wang")
	for _, c := range []struct {
		hash, kind string
		code       int
		saved      bool
	}{
		{photo, "image/png", 200, false}, {said, "audio/ogg", 200, false}, {page, "application/octet-stream", 200, true},
		{foreign, "", 404, false}, {"../../etc/passwd", "", 404, false},
	} {
		res, err := b.http.Get(w.srv.URL + "/desk/m/m1/blob/" + strings.ReplaceAll(c.hash, "/", "%2f"))
		w.must(err)
		code, _ := b.read(res)
		if code != c.code {
			t.Errorf("blob %.8s: status %d, want %d", c.hash, code, c.code)
			continue
		}
		if code != 200 {
			continue
		}
		if got := res.Header.Get("Content-Type"); got != c.kind || res.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("blob %.8s: %v", c.hash, res.Header)
		}
		if got := strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment"); got != c.saved {
			t.Errorf("blob %.8s is saved: %v, want %v", c.hash, got, c.saved)
		}
	}
	if len(w.audits("view_attachment")) != 3 || len(w.audits("denied")) == 0 {
		t.Error("views of attachments and attempts are not recorded")
	}
}

// TestReplyThroughTheForm: a form that names the party of another matter reaches nobody.
func TestReplyThroughTheForm(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	var parties []bot.Address
	for i := range 4 {
		a := bot.Address{Channel: []string{"telegram", "wechat"}[i%2], User: fmt.Sprint(i / 2)}
		parties = append(parties, a)
		w.matter(fmt.Sprintf("m%d", i), "xl", a, func(m *intake.Matter) { m.Assignee = "wang" })
	}
	b := w.signIn("wang")
	want := map[bot.Address]int{}
	for i := range parties {
		for j, to := range parties {
			code, _ := b.post(fmt.Sprintf("/desk/m/m%d/reply", i), "party", to.String(), "text", "只给一个人")
			if (code == http.StatusSeeOther) != (i == j) {
				t.Errorf("from matter %d to the party of %d: status %d", i, j, code)
			}
			if i == j {
				want[to]++
			}
		}
		for _, bad := range []string{"", "telegram", "telegram:", ":1", "telegram:999"} {
			if code, _ := b.post(fmt.Sprintf("/desk/m/m%d/reply", i), "party", bad, "text", "x"); code != http.StatusNotFound {
				t.Errorf("to %q: status %d", bad, code)
			}
		}
	}
	for i, a := range parties {
		got := w.sent(a)
		if len(got) != want[a] || got[0].Matter != fmt.Sprintf("m%d", i) {
			t.Errorf("%v got %d replies", a, len(got))
		}
	}
	if len(w.audits("denied")) == 0 {
		t.Error("words for somebody else's party are not recorded")
	}
}

// TestClaimRace: twenty at once, one wins, the rest are told who.
func TestClaimRace(t *testing.T) {
	w := newWorld(t)
	const n = 20
	browsers := make([]*browser, n)
	for i := range n {
		id := fmt.Sprintf("s%02d", i)
		w.person(id, "同事"+id, "xl", "mediator")
		browsers[i] = w.signIn(id)
	}
	w.matter("m1", "xl", citizen, nil)
	type result struct {
		code int
		page string
	}
	results := make(chan result, n)
	gate := make(chan struct{})
	for _, b := range browsers {
		go func() {
			<-gate
			code, page := b.post("/desk/m/m1/claim")
			results <- result{code, page}
		}()
	}
	close(gate)
	won := 0
	for range n {
		r := <-results
		switch r.code {
		case http.StatusSeeOther:
			won++
		case http.StatusConflict:
			if !strings.Contains(r.page, "已由同事s") {
				t.Errorf("the loser is not told who has it:\n%s", r.page)
			}
		default:
			t.Errorf("status %d", r.code)
		}
	}
	m := w.read("m1")
	if won != 1 || m.Assignee == "" || len(m.Events) != 2 {
		t.Errorf("%d won; the matter is with %q after %d events", won, m.Assignee, len(m.Events))
	}
	if got := w.sent(citizen); len(got) != 1 {
		t.Errorf("the citizen got %d notices of one claim", len(got))
	}
}

// TestCitizenWritesMeanwhile: a conversation that changed under a decision is read again, not refused.
func TestCitizenWritesMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	b := w.signIn("wang")
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
			c, err := w.store.Conversation(t.Context(), citizen)
			if err == nil {
				c.LastSeen = w.now()
				_ = w.store.Commit(t.Context(), bot.Commit{Conversations: []bot.Conversation{c}}) // losing to the desk is part of the test
			}
		}
	}()
	code, page := b.post("/desk/m/m1/claim")
	close(stop)
	<-done
	if code != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", code, page)
	}
	if c, _ := w.store.Conversation(t.Context(), citizen); c.Mode != bot.ModeHuman {
		t.Error("the conversation is not in human hands")
	}
}
