package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSetup(t *testing.T) {
	w := newWorld(t)
	path, err := w.desk.SetupLink(t.Context())
	w.must(err)
	link := strings.TrimPrefix(path, "/desk/setup?token=")
	if _, err := w.store.Value(t.Context(), setupBucket, link, w.now()); err == nil {
		t.Error("the store holds the link itself")
	}
	b := w.browser()
	for range 3 { // looking does not use it up
		if code, _ := b.get(path); code != 200 {
			t.Fatalf("status %d", code)
		}
	}
	_, page := b.get(path)
	form := func(change ...string) url.Values {
		v := url.Values{"csrf": {token(page)}, "link": {link}, "login": {"Wang.Fang"}, "name": {"王芳"}, "office": {"xl"}, "password": {password}, "again": {password}}
		for i := 0; i+1 < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		return v
	}
	for name, v := range map[string]url.Values{
		"short password": form("password", "short", "again", "short"), "different": form("again", "x"), "bad login": form("login", "王芳"),
		"no name": form("name", " "), "no office": form("office", "nowhere"),
	} {
		if code, page := b.send("/desk/setup", v); code != http.StatusUnprocessableEntity || !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: status %d", name, code)
		}
	}
	if code, _ := b.send("/desk/setup", form("csrf", "x")); code != http.StatusUnprocessableEntity {
		t.Error("the form is taken without its token")
	}
	if code, page := b.send("/desk/setup", form()); code != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", code, page)
	}
	if code, page := b.get("/desk"); code != 200 || !strings.Contains(page, "王芳") {
		t.Errorf("the administrator is not signed in: %d", code)
	}
	s, err := w.store.StaffByLogin(t.Context(), "wang.fang")
	w.must(err)
	if !s.HasRole("admin") || !s.HasRole("mediator") {
		t.Errorf("roles: %v", s.Roles)
	}
	if code, _ := w.browser().send("/desk/setup", form()); code != http.StatusGone && code != http.StatusUnprocessableEntity {
		t.Errorf("the link works twice: %d", code)
	}
	if code, _ := b.get(path); code != http.StatusGone {
		t.Errorf("the used link still opens: %d", code)
	}
	// A second link, printed before somebody was an administrator, makes no second one.
	second, err := w.desk.SetupLink(t.Context())
	w.must(err)
	v := form("link", strings.TrimPrefix(second, "/desk/setup?token="), "login", "second")
	if code, _ := b.send("/desk/setup", v); code != http.StatusGone {
		t.Errorf("a second first administrator: %d", code)
	}
	w.pass(25 * time.Hour)
	if code, _ := w.browser().get(second); code != http.StatusGone {
		t.Errorf("an old link opens: %d", code)
	}
}

func TestStaffPage(t *testing.T) {
	w := newWorld(t)
	w.person("boss", "主任", "xl", "admin")
	b := w.signIn("boss")
	code, page := b.post("/desk/staff", "login", "Su", "name", "苏日娜", "office", "xl", "role", "mediator", "role", "nonsense")
	if code != 200 {
		t.Fatalf("status %d\n%s", code, page)
	}
	at := strings.Index(page, "/desk/join?token=")
	if at < 0 {
		t.Fatal("no link is shown")
	}
	path := page[at : at+strings.IndexByte(page[at:], '"')]
	s, err := w.store.StaffByLogin(t.Context(), "su")
	w.must(err)
	if s.Password != "" || len(s.Roles) != 1 {
		t.Errorf("new staff: %+v", s.Roles)
	}
	if code, _ := w.browser().login("su", ""); code != http.StatusUnauthorized {
		t.Errorf("someone without a password signs in: %d", code)
	}
	if _, page := b.get("/desk/staff"); strings.Contains(page, "join?token=") {
		t.Error("the link is shown again")
	}
	for name, form := range map[string][]string{
		"taken login": {"login", "su", "name", "甲", "office", "xl", "role", "mediator"},
		"no role":     {"login", "new", "name", "甲", "office", "xl"},
		"no office":   {"login", "new", "name", "甲", "role", "mediator"},
	} {
		if code, _ := b.post("/desk/staff", form...); code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, code)
		}
	}
	su := w.browser()
	_, page = su.get(path)
	link := strings.TrimPrefix(path, "/desk/join?token=")
	v := url.Values{"csrf": {token(page)}, "link": {link}, "password": {password}, "again": {password}}
	if code, page := su.send("/desk/join", v); code != http.StatusSeeOther {
		t.Fatalf("joining: %d\n%s", code, page)
	}
	if code, _ := su.send("/desk/join", v); code != http.StatusGone {
		t.Errorf("the invitation works twice: %d", code)
	}
	if code, _ := su.get("/desk"); code != 200 {
		t.Errorf("not signed in after joining: %d", code)
	}
	if code, _ := b.post("/desk/staff/"+s.ID, "office", "xl", "role", "mediator", "disabled", "yes"); code != http.StatusSeeOther {
		t.Fatalf("disabling: %d", code)
	}
	if code, _ := su.get("/desk"); code != http.StatusSeeOther {
		t.Errorf("a disabled member of staff still works: %d", code)
	}
	if code, _ := b.post("/desk/staff/" + s.ID + "/link"); code != http.StatusConflict {
		t.Errorf("a link for somebody disabled: %d", code)
	}
	for _, form := range [][]string{{"office", "xl", "role", "mediator"}, {"office", "xl", "role", "admin", "disabled", "yes"}} {
		if code, _ := b.post("/desk/staff/boss", form...); code != http.StatusConflict {
			t.Errorf("the last administrator goes: %d", code)
		}
	}
	if s, err := w.store.Staff(t.Context(), "boss"); err != nil || !s.HasRole("admin") || s.Disabled {
		t.Errorf("boss: %+v %v", s.Roles, err)
	}
}
