package desk

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"heshi/bot"
	"heshi/bot/store/memory"
	"heshi/caselib"
	"heshi/intake"
	"heshi/prompts"
)

// world is a desk over the in-memory store with two offices, someone of every role, and a clock that tests move.
type world struct {
	t     testing.TB
	store *memory.Store
	desk  *Desk
	srv   *httptest.Server
	log   *strings.Builder
	bell  *bot.Signal

	mu     sync.Mutex
	clock  time.Time
	ids    int
	nudged int
}

const password = "九曲黄河绕草原2026"

var start = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC) // 10:00 in Beijing

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = w.clock.Add(d)
}

func (w *world) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("id-%06d", w.ids)
}

// advisor is a library with one case, one article and one clock.
type advisor struct{ err error }

func (a advisor) Advise(context.Context, intake.Matter) (Advice, error) {
	return Advice{
		Cases: []CaseNote{{
			ID: "HS-0001", Title: "工地欠薪，三方协商分期付清", Summary: "包工头拖欠十二名工人两个月工资，调委会约总包单位到场，分三期付清。",
			Why: "欠薪、工地、包工头", Outcome: "agreed", Label: "示范案例",
		}, {
			ID: "HS-0014", Title: "餐馆服务员追讨押金和工资", Summary: "离职后老板以押金抵扣为由不付工资，经释法后退还。",
			Why: "拖欠工资、没有合同", Outcome: "partly", Label: "示范案例",
		}},
		Statutes: []StatuteNote{{
			Cite: "《劳动争议调解仲裁法》第二十七条（2007-12-29）", Digest: "申请劳动仲裁一般要在一年内；还在职的，拖欠工资不受这一年限制，离职的从离职之日起算。", Why: "拖欠工资的时效",
		}},
		Clocks: []ClockNote{
			{Name: "劳动仲裁时效", Due: "2026-03-28", Level: "orange", Phrase: "按您说的日期，2026-03-28 前需要采取行动（申请仲裁）。调解不能代替这一步，建议同时准备。"},
		},
	}, a.err
}

// loaded is what every test shares and nobody changes.
var loaded = sync.OnceValues(func() (kit struct {
	cat  *prompts.Catalog
	book *intake.Book
	tax  *caselib.Taxonomy
}, err error) {
	if kit.cat, err = prompts.Load(prompts.Embedded()); err != nil {
		return kit, err
	}
	if kit.book, err = intake.LoadBook(os.DirFS("testdata/forms")); err != nil {
		return kit, err
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return kit, err
	}
	kit.tax = lib.Taxonomy
	return kit, nil
})

var offices = []intake.Office{
	{ID: "xl", Code: "XL", Name: "锡林浩特市人民调解委员会", Kind: intake.PeopleMediation, Region: "152502", Languages: []string{"zh-Hans", "mn-Mong"}, Phone: "0479-0000001", Demo: true},
	{ID: "dw", Code: "DW", Name: "东乌珠穆沁旗人民调解委员会", Kind: intake.PeopleMediation, Region: "152525", Languages: []string{"zh-Hans", "mn-Mong"}, Phone: "0479-0000002", Demo: true},
}

func newWorld(t testing.TB) *world {
	t.Helper()
	kit, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: memory.New(), clock: start, log: &strings.Builder{}, bell: bot.NewSignal()}
	w.desk = New(slog.New(slog.NewTextHandler(lockedWriter{&sync.Mutex{}, w.log}, nil)), w.store, kit.cat, kit.book, kit.tax,
		advisor{}, w.bell, w.now, w.newID)
	w.desk.Nudge = func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.nudged++
	}
	mux := http.NewServeMux()
	w.desk.Register(mux)
	w.srv = httptest.NewServer(mux)
	t.Cleanup(func() { w.desk.Close(); w.srv.Close() })
	for _, o := range offices {
		w.must(w.store.SaveOffice(t.Context(), o))
	}
	return w
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// hashed is a hash of password that costs a thousandth of a real one: most tests are not about passwords.
var hashed = func() string {
	salt := []byte("salt of the tests")
	key := argon2.IDKey([]byte(password), salt, 1, 32, 1, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=32,t=1,p=1$" + b64(salt) + "$" + b64(key)
}()

// person adds a member of staff with roles, login and id the same.
func (w *world) person(id, name, office string, roles ...string) bot.Staff {
	w.t.Helper()
	w.must(w.store.SaveStaff(w.t.Context(), bot.Staff{ID: id, Login: id, Name: name, Office: office, Roles: roles, Password: hashed, Created: start}))
	s, err := w.store.Staff(w.t.Context(), id)
	w.must(err)
	return s
}

var citizen = bot.Address{Channel: "telegram", User: "7001"}

// matter commits a submitted wage matter of office with the conversation of its applicant.
func (w *world) matter(id, office string, from bot.Address, change func(*intake.Matter)) intake.Matter {
	w.t.Helper()
	at := w.now().Add(-3 * time.Hour)
	said := func(v string) intake.Answer { return intake.Answer{Value: v, Text: v, Source: intake.Said, At: at} }
	m := intake.Matter{
		ID: id, No: "2026-" + strings.ToUpper(office) + "-" + strings.ToUpper(id), Kind: intake.ForMediation, Status: intake.Received,
		Form: intake.Mediation, Conversation: from.String(), Lang: "zh-Hans", Region: "152502", Office: office, Types: []string{"D10-01"},
		Session: intake.Session{Form: intake.Mediation, Answers: map[string]intake.Answer{
			"a_name":     said("巴特尔"),
			"a_phone":    said("13800000001"),
			"a_id":       said("152502199001011234"),
			"d_facts":    {Value: "在宏达建筑干了三个月，还差八千块没给，打电话不接。", Text: "在宏达建筑干了三个月，还差八千块没给，打电话不接。", Source: intake.Said, At: at},
			"d_amount":   {Value: "800000", Text: "八千块", Source: intake.Confirmed, At: at},
			"d_claims":   {Values: []string{"付清拖欠的工资8000元"}, Source: intake.Said, At: at},
			"w_contract": {Unknown: true, Source: intake.Said, At: at},
			"safety_q":   {Value: "不担心", Source: intake.Said, At: at},
		}},
		Parties: []intake.Party{
			{Role: "applicant", Kind: "person", Name: "巴特尔", Phone: "13800000001", Region: "152502"},
			{Role: "respondent", Kind: "org", Name: "宏达建筑有限公司", Relation: "雇主"},
		},
		Clocks:  []intake.Deadline{{ID: "DL060", Name: "劳动仲裁时效", Due: "2026-03-28", Level: "orange"}},
		Missing: []string{"w_start", "a_addr_town", "a_job"},
		Events:  []intake.Event{{At: at, By: "citizen", From: intake.Draft, To: intake.Received}},
		Created: at, Updated: at,
	}
	if change != nil {
		change(&m)
	}
	c := bot.NewConversation(from)
	c.Lang, c.Matter, c.MatterNo = m.Lang, m.ID, m.No
	w.must(w.store.Commit(w.t.Context(), bot.Commit{
		Matters: []intake.Matter{m}, Conversations: []bot.Conversation{c},
		Entries: []bot.Entry{{ID: "e-" + id, Matter: id, Party: from, From: "citizen", Text: "你好，我想要回工资", At: at}},
	}))
	return w.read(id)
}

func (w *world) read(id string) intake.Matter {
	w.t.Helper()
	m, err := w.store.Matter(w.t.Context(), id)
	w.must(err)
	return m
}

// browser is one signed-in browser.
type browser struct {
	w    *world
	http *http.Client
	csrf string
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &browser{w: w, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signIn opens a browser and signs id in.
func (w *world) signIn(id string) *browser {
	w.t.Helper()
	b := w.browser()
	code, _ := b.login(id, password)
	if code != http.StatusSeeOther {
		w.t.Fatalf("signing %s in: status %d", id, code)
	}
	_, page := b.get("/desk/me")
	b.csrf = token(page)
	if b.csrf == "" {
		w.t.Fatal("no token on the page")
	}
	return b
}

var tokenInPage = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

func token(page string) string {
	if m := tokenInPage.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

func (b *browser) login(id, pass string) (int, string) {
	_, page := b.get("/desk/login")
	return b.send("/desk/login", url.Values{"csrf": {token(page)}, "login": {id}, "password": {pass}})
}

func (b *browser) get(path string) (int, string) {
	b.w.t.Helper()
	res, err := b.http.Get(b.w.srv.URL + path)
	b.w.must(err)
	return b.read(res)
}

func (b *browser) read(res *http.Response) (int, string) {
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.w.must(err)
	return res.StatusCode, string(body)
}

// send posts exactly what it is given; post adds the token.
func (b *browser) send(path string, form url.Values) (int, string) {
	b.w.t.Helper()
	res, err := b.http.PostForm(b.w.srv.URL+path, form)
	b.w.must(err)
	return b.read(res)
}

func (b *browser) post(path string, pairs ...string) (int, string) {
	form := url.Values{"csrf": {b.csrf}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(path, form)
}

func (w *world) audits(what string) (out []bot.Audited) {
	w.t.Helper()
	all, err := w.store.AuditLog(w.t.Context(), 0, 10_000)
	w.must(err)
	for _, a := range all {
		if a.What == what {
			out = append(out, a)
		}
	}
	return out
}

// sent gives the replies to one address, oldest first.
func (w *world) sent(to bot.Address) (out []bot.Reply) {
	w.t.Helper()
	all, err := w.store.History(w.t.Context(), to, 0, 1000)
	w.must(err)
	for _, s := range all {
		out = append(out, s.Reply)
	}
	return out
}
