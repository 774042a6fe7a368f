package desk

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"heshi/bot"
	"heshi/caselib"
	"heshi/intake"
	"heshi/prompts"
)

// Advisor says what the library and the clocks have to say on a matter.
type Advisor interface {
	Advise(ctx context.Context, m intake.Matter) (Advice, error)
}

// Advice stands beside a file: similar cases, articles and clocks, each with why it is shown.
type Advice struct {
	Cases    []CaseNote
	Statutes []StatuteNote
	Clocks   []ClockNote
}

// CaseNote is one similar case. Label says what kind of case it is (示范案例).
type CaseNote struct{ ID, Title, Summary, Why, Outcome, Label string }

// StatuteNote is one article: how it is cited, what it says in own words, and why it is shown.
type StatuteNote struct{ Cite, Digest, Why string }

// ClockNote is one period. Due is YYYY-MM-DD or empty; Level is red, orange, yellow, green or none.
type ClockNote struct{ Name, Due, Level, Phrase string }

// Desk serves the pages under /desk. The exported fields are set before Register and not changed afterwards.
type Desk struct {
	// Nudge is called after a commit that wrote replies, to wake the sender at once. It may be nil.
	Nudge func()
	// Secure marks the cookies for https only. Set it wherever the desk is not served from the local machine.
	Secure bool

	log   *slog.Logger
	store bot.Store
	cat   *prompts.Catalog
	book  *intake.Book
	tax   *caselib.Taxonomy
	adv   Advisor
	watch bot.Watcher
	now   func() time.Time
	newID func() string

	sessions *scs.SessionManager
	origin   *http.CrossOriginProtection
	hash     hashers
	decoy    string // a hash nobody has the password of, so that an unknown login costs the same time
	byLogin  *limiter
	byRemote *limiter
	pages    *pages
	layout   layoutFile
	closing  func()
	closed   <-chan struct{}
}

// New gives a desk over store. now is the clock, newID gives ids that never repeat. Nothing runs until Register,
// and nothing in the background until a page asks for live updates.
func New(log *slog.Logger, store bot.Store, cat *prompts.Catalog, book *intake.Book, tax *caselib.Taxonomy,
	adv Advisor, watch bot.Watcher, now func() time.Time, newID func() string) *Desk {
	d := &Desk{
		log: log, store: store, cat: cat, book: book, tax: tax, adv: adv, watch: watch, now: now, newID: newID,
		sessions: newSessions(store, now),
		origin:   http.NewCrossOriginProtection(),
		hash:     make(hashers, 2),
		byLogin:  newLimiter(time.Minute, 5),
		byRemote: newLimiter(3*time.Second, 20),
		decoy:    decoy,
		layout:   loadLayout(log),
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.closing, d.closed = cancel, ctx.Done()
	d.pages = loadPages(d)
	d.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { d.fail(w, r, err) }
	return d
}

// decoy is the hash of a random password that was thrown away, at the cost of a real one.
const decoy = "$argon2id$v=19$m=47104,t=1,p=1$c2VjcmV0LXRocm93bi1hdw$3xn0T1pOaQ3GmTqGm1b9fJr7q1m0o3m3uWvYxYp4w2E"

// Close ends the live streams, so that a server can shut down without waiting for them.
func (d *Desk) Close() { d.closing() }

// Register puts the desk's routes on mux.
func (d *Desk) Register(mux *http.ServeMux) {
	d.sessions.Cookie.Secure = d.Secure
	for _, r := range d.routes() {
		mux.Handle(r.Method+" "+r.Path, d.guard(r))
	}
	mux.Handle("/desk/", d.guard(Route{Path: "/desk/", Open: true, handle: d.notFound}))
}

// Route is one address of the desk and who may ask it.
type Route struct {
	Method, Path string
	// Open routes need no sign-in.
	Open bool
	// Roles of which one is needed; empty: any member of staff.
	Roles []string
	// Matter routes name a matter in {id}; it must belong to an office of the member of staff.
	Matter bool
	handle func(http.ResponseWriter, *http.Request)
}

// Routes lists what Register serves.
func (d *Desk) Routes() []Route { return d.routes() }

// The roles that read matters. An auditor reads the record, not the files.
var readers = []string{"mediator", "reviewer", "duty", "head", "admin"}

func (d *Desk) routes() []Route {
	admin := []string{"admin"}
	return []Route{
		{Method: "GET", Path: "/desk/assets/{name}", Open: true, handle: d.asset},
		{Method: "GET", Path: "/desk/login", Open: true, handle: d.loginPage},
		{Method: "POST", Path: "/desk/login", Open: true, handle: d.login},
		{Method: "GET", Path: "/desk/setup", Open: true, handle: d.setupPage},
		{Method: "POST", Path: "/desk/setup", Open: true, handle: d.setup},
		{Method: "GET", Path: "/desk/join", Open: true, handle: d.joinPage},
		{Method: "POST", Path: "/desk/join", Open: true, handle: d.join},
		{Method: "POST", Path: "/desk/logout", handle: d.logout},
		{Method: "GET", Path: "/desk/me", handle: d.mePage},
		{Method: "POST", Path: "/desk/me", handle: d.changePassword},
		{Method: "GET", Path: "/desk", handle: d.queue},
		{Method: "GET", Path: "/desk/{$}", handle: d.queue},
		{Method: "GET", Path: "/desk/live", Roles: readers, handle: d.queueLive},
		{Method: "GET", Path: "/desk/m/{id}", Roles: readers, Matter: true, handle: d.file},
		{Method: "GET", Path: "/desk/m/{id}/live", Roles: readers, Matter: true, handle: d.fileLive},
		{Method: "GET", Path: "/desk/m/{id}/blob/{hash}", Roles: readers, Matter: true, handle: d.blob},
		{Method: "POST", Path: "/desk/m/{id}/term", Roles: readers, Matter: true, handle: d.term},
		{Method: "POST", Path: "/desk/m/{id}/{do}", Roles: readers, Matter: true, handle: d.act},
		{Method: "GET", Path: "/desk/staff", Roles: admin, handle: d.staffPage},
		{Method: "POST", Path: "/desk/staff", Roles: admin, handle: d.addStaff},
		{Method: "POST", Path: "/desk/staff/{staff}", Roles: admin, handle: d.editStaff},
		{Method: "POST", Path: "/desk/staff/{staff}/link", Roles: admin, handle: d.relink},
		{Method: "GET", Path: "/desk/record", Roles: []string{"admin", "auditor"}, handle: d.record},
	}
}
