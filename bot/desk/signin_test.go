package desk

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"heshi/bot"
)

func TestPassword(t *testing.T) {
	encoded, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Errorf("encoded as %.40s…", encoded)
	}
	for given, want := range map[string]bool{password: true, password + " ": false, "": false, strings.Repeat("x", 600): false} {
		if got, err := CheckPassword(encoded, given); got != want || err != nil {
			t.Errorf("CheckPassword of %d bytes: %v, %v", len(given), got, err)
		}
	}
	if again, _ := HashPassword(password); again == encoded {
		t.Error("two hashes of one password are the same")
	}
	for _, short := range []string{"", "123456789", "九个汉字不够九个字"} {
		if _, err := HashPassword(short); err == nil {
			t.Errorf("a password of %d bytes is taken", len(short))
		}
	}
	for _, bad := range []string{"", "plain", "$argon2id$v=19$m=4194304,t=1,p=1$c2VjcmV0LXRocm93bi1hdw$AAAA", "$argon2i$v=19$m=47104,t=1,p=1$a$b", encoded[:60]} {
		if ok, err := CheckPassword(bad, password); ok || err == nil {
			t.Errorf("%.30q is read as a hash", bad)
		}
	}
	if ok, err := CheckPassword(decoy, password); ok || err != nil {
		t.Errorf("the decoy: %v %v", ok, err)
	}
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	off := w.person("gone", "离职", "xl", "mediator")
	off.Disabled = true
	w.must(w.store.SaveStaff(t.Context(), off))
	same := ""
	for _, c := range [][2]string{{"nobody", password}, {"wang", "错的密码错的密码"}, {"gone", password}, {"", ""}} {
		code, page := w.browser().login(c[0], c[1])
		page = strings.ReplaceAll(tokenInPage.ReplaceAllString(page, ""), `value="`+c[0]+`"`, "")
		page = strings.ReplaceAll(page, " autofocus", "")
		if code != http.StatusUnauthorized {
			t.Errorf("%q: status %d", c[0], code)
		}
		if same != "" && c[0] != "" && page != same {
			t.Errorf("%q gets another answer", c[0])
		}
		if c[0] != "" {
			same = page
		}
	}
	if code, _ := w.browser().login(" WANG ", password); code != http.StatusSeeOther {
		t.Errorf("a login with capitals and spaces: status %d", code)
	}
}

func TestSessionCookie(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	b := w.browser()
	_, page := b.get("/desk/login")
	res, err := b.http.PostForm(w.srv.URL+"/desk/login", url.Values{"csrf": {token(page)}, "login": {"wang"}, "password": {password}})
	w.must(err)
	w.must(res.Body.Close())
	var session *http.Cookie
	for _, c := range res.Cookies() {
		if c.Name == "heshi_desk" {
			session = c
		}
	}
	if session == nil || !session.HttpOnly || session.SameSite != http.SameSiteLaxMode || session.Path != "/desk" || session.MaxAge > 0 {
		t.Fatalf("cookie: %+v", session)
	}
	if _, err := w.store.Value(t.Context(), sessionBucket, session.Value, w.now()); err == nil {
		t.Error("the store holds the session under its token, not under a hash of it")
	}
	h := res.Header
	if !strings.Contains(h.Get("Content-Security-Policy"), "script-src 'self'") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", h)
	}
}

// TestNewTokenAtSignIn: a session id planted before the sign-in is worth nothing after it.
func TestNewTokenAtSignIn(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	b := w.browser()
	at, err := url.Parse(w.srv.URL + "/desk")
	w.must(err)
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: "heshi_desk", Value: "planted", Path: "/desk"}})
	if code, _ := b.login("wang", password); code != http.StatusSeeOther {
		t.Fatalf("status %d", code)
	}
	for _, c := range b.http.Jar.Cookies(at) {
		if c.Name == "heshi_desk" && c.Value == "planted" {
			t.Error("the planted session became the session")
		}
	}
}

func TestSessionEnds(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		w := newWorld(t)
		w.person("wang", "王芳", "xl", "mediator")
		b := w.signIn("wang")
		for range 4 {
			w.pass(29 * time.Minute)
			if code, _ := b.get("/desk"); code != 200 {
				t.Fatalf("signed out while working: %d", code)
			}
		}
		w.pass(31 * time.Minute)
		if code, _ := b.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("after half an hour without a click: %d", code)
		}
	})
	t.Run("live updates are no sign of life", func(t *testing.T) {
		w := newWorld(t)
		w.person("wang", "王芳", "xl", "mediator")
		b := w.signIn("wang")
		for range 3 {
			w.pass(11 * time.Minute)
			req, err := http.NewRequest(http.MethodGet, w.srv.URL+"/desk", nil)
			w.must(err)
			req.Header.Set("X-Live", "1")
			res, err := b.http.Do(req)
			w.must(err)
			w.must(res.Body.Close())
		}
		if code, _ := b.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("a page left alone stays signed in: %d", code)
		}
	})
	t.Run("absolute", func(t *testing.T) {
		w := newWorld(t)
		w.person("wang", "王芳", "xl", "mediator")
		b := w.signIn("wang")
		for range 30 {
			w.pass(25 * time.Minute)
			b.get("/desk")
		}
		if code, _ := b.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("after twelve and a half hours: %d", code)
		}
	})
	t.Run("disabled", func(t *testing.T) {
		w := newWorld(t)
		s := w.person("wang", "王芳", "xl", "mediator")
		b := w.signIn("wang")
		s.Disabled = true
		w.must(w.store.SaveStaff(t.Context(), s))
		if code, _ := b.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("a disabled account still works: %d", code)
		}
	})
	t.Run("signed out", func(t *testing.T) {
		w := newWorld(t)
		w.person("wang", "王芳", "xl", "mediator")
		b := w.signIn("wang")
		b.post("/desk/logout")
		if code, _ := b.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("after signing out: %d", code)
		}
	})
	t.Run("password changed elsewhere", func(t *testing.T) {
		w := newWorld(t)
		w.person("wang", "王芳", "xl", "mediator")
		here, there := w.signIn("wang"), w.signIn("wang")
		if code, page := here.post("/desk/me", "old", "不是这个密码啊", "password", "另一个长密码啊啊啊", "again", "另一个长密码啊啊啊"); code != 422 {
			t.Fatalf("with the wrong old password: %d\n%s", code, page)
		}
		if code, page := here.post("/desk/me", "old", password, "password", "另一个足够长的密码", "again", "另一个足够长的密码"); code != 422 {
			t.Fatalf("nine characters are enough: %d\n%s", code, page)
		}
		if code, page := here.post("/desk/me", "old", password, "password", "另一个足够长的新密码", "again", "另一个足够长的新密码"); code != http.StatusSeeOther {
			t.Fatalf("status %d\n%s", code, page)
		}
		if code, _ := here.get("/desk"); code != 200 {
			t.Errorf("who changed the password is signed out: %d", code)
		}
		if code, _ := there.get("/desk"); code != http.StatusSeeOther {
			t.Errorf("the other session lives on: %d", code)
		}
	})
}

func TestForgedPosts(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	b := w.signIn("wang")
	claim := func(form url.Values, header ...string) int {
		req, err := http.NewRequest(http.MethodPost, w.srv.URL+"/desk/m/m1/claim", strings.NewReader(form.Encode()))
		w.must(err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := b.http.Do(req)
		w.must(err)
		w.must(res.Body.Close())
		return res.StatusCode
	}
	good := url.Values{"csrf": {b.csrf}}
	for name, code := range map[string]int{
		"no token":       claim(url.Values{}),
		"wrong token":    claim(url.Values{"csrf": {"x" + b.csrf}}),
		"token in query": claim(url.Values{}, "X-CSRF-Token", b.csrf),
		"another origin": claim(good, "Origin", "https://evil.example"),
		"another site":   claim(good, "Sec-Fetch-Site", "cross-site"),
		"a null origin":  claim(good, "Origin", "null"),
	} {
		if code != http.StatusForbidden {
			t.Errorf("%s: status %d", name, code)
		}
	}
	if m := w.read("m1"); m.Assignee != "" || m.Version != 1 {
		t.Fatal("a forged post changed the matter")
	}
	if code := claim(good, "Origin", w.srv.URL, "Sec-Fetch-Site", "same-origin"); code != http.StatusSeeOther {
		t.Errorf("our own page: status %d", code)
	}
	long := url.Values{"csrf": {b.csrf}, "text": {strings.Repeat("长", maxForm)}}
	if code, _ := b.send("/desk/m/m1/note", long); code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body over the limit: status %d", code)
	}
	// The sign-in form cannot be sent from elsewhere either.
	if code, _ := w.browser().send("/desk/login", url.Values{"login": {"wang"}, "password": {password}}); code != http.StatusForbidden {
		t.Errorf("a sign-in without the form: status %d", code)
	}
}

func TestGetChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	b := w.signIn("wang")
	for _, do := range []string{"claim", "accept", "close", "reply"} {
		if code, _ := b.get("/desk/m/m1/" + do + "?csrf=" + b.csrf); code != http.StatusNotFound {
			t.Errorf("GET %s: status %d", do, code)
		}
	}
	if w.read("m1").Version != 1 {
		t.Error("a GET changed the matter")
	}
}

func TestSignInLimits(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	last := 0
	for range 6 {
		last, _ = w.browser().login("wang", "wrong wrong wrong")
	}
	if last != http.StatusTooManyRequests {
		t.Fatalf("the sixth attempt: status %d", last)
	}
	if code, _ := w.browser().login("wang", password); code != http.StatusTooManyRequests {
		t.Errorf("the right password gets through the limit, so it can be tried for: %d", code)
	}
	w.pass(2 * time.Minute)
	if code, _ := w.browser().login("wang", password); code != http.StatusSeeOther {
		t.Errorf("after the wait: status %d", code)
	}
	if code, _ := w.browser().login("wang", password); code != http.StatusSeeOther {
		t.Errorf("after a success: status %d", code)
	}
	for i := range 25 {
		last, _ = w.browser().login(string(rune('a'+i))+"-nobody", "x")
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("one address may try any number of logins: %d", last)
	}
}

func TestLimiterStaysSmall(t *testing.T) {
	l := newLimiter(time.Minute, 2)
	l.most = 10
	for i := range 1000 {
		l.take(strings.Repeat("x", i), start)
	}
	if len(l.seen) > 10 {
		t.Errorf("%d keys are remembered", len(l.seen))
	}
}

func TestNothingPersonalIsLogged(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	w.desk.adv = advisor{err: bot.ErrNotFound}
	b := w.signIn("wang")
	b.get("/desk/m/m1")
	b.post("/desk/m/m1/claim")
	b.post("/desk/m/m1/reply", "party", citizen.String(), "text", "您的电话是13800000001吗")
	w.browser().login("13800000001", "我的真实密码是这个")
	for _, secret := range []string{"13800000001", "巴特尔", "真实密码", "八千", citizen.User} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(w.log.String(), "no advice") {
		t.Error("a library that fails leaves no trace in the log")
	}
}
