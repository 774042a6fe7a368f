package desk

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"heshi/bot"
	"heshi/bot/desk/docket"
	"heshi/intake"
)

type fileView struct {
	M                                     intake.Matter
	Type, Kind, Status, Office, Assignee  string
	Lang, Channel, Wait, Received, Urgent string
	Hold, Aid, Mine, Works, CanAct, Sees  bool
	Assumed                               []answerRow
	Fix                                   *missingRow
	Others                                string // further types it may be
	Summary                               string // the first lines of the story
	Groups                                []answerGroup
	Hidden                                int // S3 answers this reader does not see
	Missing                               []missingRow
	Questions                             []questionRow
	Parties                               []partyRow
	Evidence                              []evidenceRow
	Clocks                                []ClockNote
	Advice                                Advice
	AdviceFailed                          bool
	Threads                               []threadView
	Undelivered                           []undeliveredRow
	Notes                                 []entryRow
	Events                                []eventRow
	Can                                   actions
	Reasons, Routes, Outcomes             []string
	Transfer                              []intake.Office
	Form                                  map[string]string // what was entered, after a mistake
	Wrong, WrongDo, WrongField            string
	Ask                                   string // the question put into the reply
	State                                 string // for the live updates
	FollowUp                              bool
	Minor                                 bool
	UnreachableApplicant, ClaimedByOther  bool
	Term                                  *termView // where words are looked up; nil for whoever works no matters
}

// actions is what this reader may do now; the page shows nothing else.
type actions struct {
	Claim, Accept, Decline, Material, Complete, Reply, Start, Schedule, Result, Close, HandBack, Transfer, Note, Fill bool
}

type answerGroup struct {
	ID   string
	Rows []answerRow
}

type answerRow struct {
	Field, Label, Value, Said, Source, At string
	Full                                  string // an identity number in full, for the assignee
	Secret                                bool   // S3
	Long                                  bool
	History                               []intake.Change
}

type missingRow struct {
	Field, Label, Why, Type, Hint string
	Options                       []intake.Option
	Told                          bool // asked, and the citizen does not know
}

type questionRow struct{ Field, Q string }

type partyRow struct{ Role, Kind, Name, Phone, Region, Relation string }

type evidenceRow struct {
	Note, Field, At string
	Items           []evidenceItem
}

type evidenceItem struct {
	Kind, Name, Size, SHA256, Href, Transcript, Caption string
	Image, Audio, Here                                  bool
	Place                                               string
}

type eventRow struct{ At, By, From, To, Note string }

// file shows a matter. The view is recorded before anything of it is shown.
func (d *Desk) file(w http.ResponseWriter, r *http.Request) {
	m, me := matterOf(r), staffOf(r)
	what := "view"
	if r.Header.Get("X-Live") != "" {
		what = "view_live"
	}
	if err := d.viewed(r.Context(), me, m, what); err != nil {
		d.fail(w, r, err)
		return
	}
	state, err := d.fileState(r.Context(), m.ID, addresses(m)) // before the content: what changes meanwhile is not missed
	if err != nil {
		d.fail(w, r, err)
		return
	}
	v, err := d.fileOf(r.Context(), me, m)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	v.State = state
	d.askedTerm(r, v.Term)
	d.fix(&v, r.URL.Query().Get("fix"))
	if field := r.URL.Query().Get("ask"); field != "" {
		for _, q := range v.Questions {
			if q.Field == field {
				v.Ask = q.Q
			}
		}
	}
	d.page(w, r, http.StatusOK, "file", v)
}

// fileOf gathers everything a file page shows.
func (d *Desk) fileOf(ctx context.Context, me bot.Staff, m intake.Matter) (fileView, error) {
	now := d.now()
	v := fileView{
		M: m, Type: d.mainType(m), Others: d.otherTypes(m), Kind: string(m.Kind), Status: d.statusWord(m.Kind, m.Status), Lang: m.Lang, Channel: channelOf(m),
		Wait: d.waited(since(m), now), Received: clockTime(since(m), now), Urgent: d.urgency(m, now),
		Hold: m.Flagged("safety_hold"), Minor: m.Flagged("minor"), Aid: m.Kind == intake.ForLegalAid,
		Mine: m.Assignee == me.ID, Works: docket.Works(me), FollowUp: m.Flagged("follow_up"), Form: map[string]string{},
	}
	v.Sees = seesSensitive(me, m)
	v.Term = d.termBox(me, m.ID)
	v.ClaimedByOther = m.Assignee != "" && !v.Mine
	staff, err := d.store.AllStaff(ctx)
	if err != nil {
		return v, err
	}
	v.Assignee = nameOf(staff, m.Assignee)
	if err := d.addOffices(ctx, &v); err != nil {
		return v, err
	}
	dk, err := d.docketOf(ctx, m)
	if err != nil {
		return v, err
	}
	v.Can = can(dk, me)
	v.CanAct = v.Can.Reply
	v.UnreachableApplicant = len(dk.Parties) == 0
	d.addAnswers(&v, now)
	v.Summary = d.summary(&v)
	for _, p := range m.Parties {
		if v.Hold && !v.Sees {
			p.Phone = "" // a call to the wrong moment is a danger
		}
		v.Parties = append(v.Parties, partyRow{p.Role, p.Kind, p.Name, p.Phone, d.placeName(p.Region), p.Relation})
	}
	v.Reasons, v.Routes = d.layout.reasons(m.Kind), d.layout.Routes
	for _, o := range docket.Outcomes() {
		v.Outcomes = append(v.Outcomes, string(o))
	}
	for _, e := range m.Events {
		v.Events = append(v.Events, d.eventRow(e, staff, now))
	}
	if err := d.addThreads(ctx, &v, dk, staff, now); err != nil {
		return v, err
	}
	d.addAdvice(ctx, &v)
	return v, nil
}

func (d *Desk) addOffices(ctx context.Context, v *fileView) error {
	all, err := d.store.Offices(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == v.M.Office {
			v.Office = o.Name
		} else {
			v.Transfer = append(v.Transfer, o)
		}
	}
	return nil
}

// addAdvice asks the library. A library that cannot answer is said to be unavailable; the file is shown all the same.
func (d *Desk) addAdvice(ctx context.Context, v *fileView) {
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	var err error
	if v.Advice, err = d.adv.Advise(ctx, v.M); err != nil {
		v.AdviceFailed = true
		d.log.WarnContext(ctx, "desk: no advice", "matter", v.M.ID, "error", err)
	}
	v.Clocks = v.Advice.Clocks
	for i, c := range v.Clocks { // today's colour, whenever it was computed
		if c.Due != "" {
			v.Clocks[i].Level = levelOn(c.Due, d.now())
		}
	}
	if len(v.Clocks) == 0 { // as they stood when the file came in, in today's colours
		for _, c := range v.M.Clocks {
			v.Clocks = append(v.Clocks, ClockNote{Name: c.Name, Due: c.Due, Level: levelOn(c.Due, d.now()), Phrase: c.Phrase})
		}
	}
}

func (d *Desk) placeName(code string) string {
	if r := d.book.Regions(); r != nil && code != "" {
		if p := r.Path(code); p != "" {
			return p
		}
	}
	return code
}

// eventRow shows a step in the life of a matter; what the note says in our own short words is translated.
func (d *Desk) eventRow(e intake.Event, staff []bot.Staff, now time.Time) eventRow {
	row := eventRow{At: clockTime(e.At, now), By: e.By, From: string(e.From), To: string(e.To), Note: e.Note}
	switch e.By {
	case "citizen", "system":
		row.By = d.word("desk.who", e.By)
	default:
		row.By = nameOf(staff, e.By)
	}
	if e.From == e.To {
		row.To = ""
	}
	if e.By == "citizen" && d.cat.Has("desk.event."+e.Note) {
		row.Note = d.word("desk.event", e.Note)
	}
	if verb, _, ok := strings.Cut(e.Note, ":"); ok && verb == "transfer" || e.Note == "claim" || e.Note == "hand_back" {
		row.Note = d.word("desk.event", verb)
	}
	return row
}

// docketOf reads what a decision about m rests on: the office and the conversations of its parties.
func (d *Desk) docketOf(ctx context.Context, m intake.Matter) (docket.Docket, error) {
	dk := docket.Docket{Matter: m}
	if o, ok := d.office(ctx, m.Office); ok {
		dk.Office = o
	}
	for _, a := range addresses(m) {
		c, err := d.store.Conversation(ctx, a)
		if errors.Is(err, bot.ErrNotFound) {
			continue
		}
		if err != nil {
			return dk, err
		}
		dk.Parties = append(dk.Parties, c)
	}
	return dk, nil
}

// addresses is everyone a matter reaches. It is the one place that says so: what is not here gets no reply.
func addresses(m intake.Matter) []bot.Address {
	if a, ok := bot.ParseAddress(m.Conversation); ok {
		return []bot.Address{a}
	}
	return nil
}

// can asks every decision whether it would be possible, so that the page and the decision never disagree.
func can(dk docket.Docket, me bot.Staff) actions {
	m := dk.Matter
	acting := docket.Works(me) && m.Assignee != "" && (m.Assignee == me.ID || docket.Leads(me))
	working := m.Status == intake.Assigned || m.Status == intake.InProgress || m.Status == intake.Scheduled
	ended := m.Status == intake.Agreed || m.Status == intake.Partly || m.Status == intake.Failed || m.Status == intake.Withdrawn
	before := docket.Receivable(m.Status) || m.Status == intake.Accepted
	if !docket.Application(m.Kind) {
		return actions{
			Claim:    docket.Works(me) && m.Assignee == "" && before,
			Reply:    acting && docket.Open(m.Status) && len(dk.Parties) > 0,
			Close:    acting && docket.Open(m.Status),
			HandBack: acting && (docket.Receivable(m.Status) || working),
			Transfer: docket.Works(me) && (acting || m.Assignee == "") && (before || working),
			Note:     docket.Works(me),
			Fill:     acting && docket.Open(m.Status),
		}
	}
	return actions{
		Claim:    docket.Works(me) && m.Assignee == "" && before,
		Accept:   acting && m.Status == intake.Received,
		Decline:  acting && (docket.Receivable(m.Status) || m.Status == intake.Assigned),
		Material: acting && m.Status == intake.Received,
		Complete: acting && m.Status == intake.NeedsMaterial,
		Reply:    acting && docket.Open(m.Status) && len(dk.Parties) > 0,
		Start:    acting && (m.Status == intake.Assigned || m.Status == intake.Scheduled),
		Schedule: acting && working && !m.Flagged("safety_hold"),
		Result:   acting && working,
		Close:    acting && (working || ended || m.Status == intake.Refused),
		HandBack: acting && (docket.Receivable(m.Status) || working),
		Transfer: docket.Works(me) && (acting || m.Assignee == "") && (before || working),
		Note:     docket.Works(me),
		Fill:     acting && docket.Open(m.Status),
	}
}
