package app

import (
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/crypto/argon2"

	"heshi/bot"
	"heshi/bot/desk"
)

// The desk in a dialogue is the real one, in a browser without scripts:
//
//	% as name role,role [office]   this member of staff works from here on (saran, a duty officer, unless somebody is named)
//	% queue                        opens the list
//	% open                         opens the file of the person who speaks
//	% claim, % reply text=…        does something to that file; fields are name=value, a value has no blanks
//	% refused do name=value …      the same, and the desk must refuse it
//
// After a deed the page is the file as it stands then, or the page that says why not.

type office struct {
	mux   *http.ServeMux
	web   *http.Client
	staff bot.Staff
	shown string
}

const deskPassword = "草原上的风很大2026"

// deskHash costs a thousandth of a real hash: the dialogues are not about passwords.
var deskHash = func() string {
	salt := []byte("salt of dialogues")
	b64 := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=32,t=1,p=1$" + b64(salt) + "$" + b64(argon2.IDKey([]byte(deskPassword), salt, 1, 32, 1, 32))
}()

// inside answers requests without a network.
type inside struct{ h http.Handler }

func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r.RemoteAddr, r.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
	i.h.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// desk opens the office of this dialogue on first use.
func (k *talk) desk() *office {
	k.t.Helper()
	if k.office == nil {
		b := k.chat.Engine
		d := desk.New(slog.New(slog.DiscardHandler), k.chat.Store, b.Say, b.Book, b.Taxonomy,
			advisor{func() *bot.Finder { return think(k.t).Edition().Finder() }}, bot.NewSignal(), b.Now, k.newID)
		k.t.Cleanup(d.Close)
		k.office = &office{mux: http.NewServeMux()}
		d.Register(k.office.mux)
		k.works("saran", []string{"duty", "mediator"}, "demo-xilinhot-pm")
	}
	return k.office
}

// works puts a member of staff at the desk.
func (k *talk) works(login string, roles []string, at string) {
	k.t.Helper()
	ctx, o := k.t.Context(), k.office
	if _, err := k.chat.Store.StaffByLogin(ctx, login); err != nil {
		if err := k.chat.Store.SaveStaff(ctx, bot.Staff{ID: login, Login: login, Name: login, Office: at, Roles: roles, Password: deskHash, Created: k.now}); err != nil {
			k.t.Fatal(err)
		}
	}
	var err error
	if o.staff, err = k.chat.Store.StaffByLogin(ctx, login); err != nil {
		k.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	o.web = &http.Client{Transport: inside{o.mux}, Jar: jar}
	_, page := k.visit("GET", "/desk/login", nil)
	if code, page := k.visit("POST", "/desk/login", url.Values{"csrf": {hidden(page)}, "login": {login}, "password": {deskPassword}}); code != http.StatusOK {
		k.t.Fatalf("%s cannot sign in: %d\n%s", login, code, page)
	}
}

// visit asks for a page and follows where it leads.
func (k *talk) visit(method, path string, form url.Values) (int, string) {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), method, "http://desk"+path, strings.NewReader(form.Encode()))
	if err != nil {
		k.t.Fatal(err)
	}
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://desk")
	}
	res, err := k.office.web.Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func hidden(page string) string {
	if m := csrfField.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

var (
	pageTags   = regexp.MustCompile(`(?s)<(?:script|style|head)\b.*?</(?:script|style|head)>|<[^>]*>`)
	pageBlanks = regexp.MustCompile(`[ \t]*\n\s*`)
)

// page is the words of the page at the desk.
func (k *talk) page() string {
	if k.office == nil {
		return ""
	}
	return strings.TrimSpace(pageBlanks.ReplaceAllString(html.UnescapeString(pageTags.ReplaceAllString(k.office.shown, "")), "\n"))
}

// deed does one thing at the desk.
func (k *talk) deed(line string) error {
	k.t.Helper()
	o := k.desk()
	words := strings.Fields(line)
	if len(words) == 0 {
		return fmt.Errorf("nothing to do")
	}
	do, words := words[0], words[1:]
	refused := do == "refused"
	if refused {
		do, words = words[0], words[1:]
	}
	switch do {
	case "as":
		at := o.staff.Office
		if len(words) > 2 {
			at = words[2]
		}
		k.works(words[0], strings.Split(words[1], ","), at)
		return nil
	case "queue":
		return k.look("/desk?who=all")
	}
	m, ok := k.file()
	if !ok {
		return fmt.Errorf("there is no file")
	}
	at := "/desk/m/" + url.PathEscape(m.ID)
	if err := k.look(at); err != nil || do == "open" {
		return err
	}
	form := url.Values{"csrf": {hidden(o.shown)}, "party": {k.from.String()}}
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		if !ok {
			return fmt.Errorf("%q is no name=value", w)
		}
		form.Add(name, value)
	}
	code, page := k.visit("POST", at+"/"+do, form)
	o.shown = page
	switch {
	case refused && code < 400:
		return fmt.Errorf("the desk did it:\n%s", k.page())
	case !refused && code >= 400:
		return fmt.Errorf("the desk refuses: %d\n%s", code, k.page())
	}
	k.receive()
	return nil
}

// look opens a page, signing in again when the session has ended meanwhile.
func (k *talk) look(path string) error {
	k.t.Helper()
	o := k.office
	code, page := k.visit("GET", path, nil)
	if strings.Contains(page, `name="password"`) {
		k.works(o.staff.Login, o.staff.Roles, o.staff.Office)
		code, page = k.visit("GET", path, nil)
	}
	o.shown = page
	if code != http.StatusOK {
		return fmt.Errorf("GET %s: %d\n%s", path, code, k.page())
	}
	return nil
}
