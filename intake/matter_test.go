package intake

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func demo(t testing.TB) []Office {
	t.Helper()
	offices, err := DemoOffices()
	if err != nil {
		t.Fatal(err)
	}
	return offices
}

func TestDemoOfficesAreLabelled(t *testing.T) {
	r := regions(t)
	for _, o := range demo(t) {
		if !o.Demo || !strings.HasPrefix(o.Name, "演示机构") || o.Phone != "" || o.Address != "" {
			t.Errorf("%s could be taken for a real office", o.ID)
		}
		if _, ok := r.Region(o.Region); !ok {
			t.Errorf("%s serves %s, which is no place", o.ID, o.Region)
		}
	}
}

func TestMatterGoesItsWay(t *testing.T) {
	m := Matter{ID: "m", Status: Draft}
	way := []Status{Received, NeedsMaterial, Received, Accepted, Assigned, Accepted, Assigned, InProgress, Scheduled, InProgress, Agreed, Closed, FollowUp, Archived}
	for i, next := range way {
		before := m
		var err error
		m.Assignee = "s1"
		if m, err = m.To(next, "s1", noon.Add(time.Duration(i)*time.Hour), "n"); err != nil {
			t.Fatalf("%s to %s: %v", before.Status, next, err)
		}
		if len(before.Events) != i || m.Events[i].From != before.Status || m.Events[i].To != next {
			t.Fatalf("%s to %s: %+v", before.Status, next, m.Events)
		}
		if (m.Assignee == "") != (next == Accepted) {
			t.Errorf("assignee %q at %s", m.Assignee, next)
		}
	}
}

// From every status an end can be reached, nothing leaves an end, and no other move is possible.
func TestMatterTransitions(t *testing.T) {
	all := []Status{Draft, Received, NeedsMaterial, Accepted, Refused, Assigned, InProgress, Scheduled, Agreed, Partly, Failed, Withdrawn, Closed, FollowUp, Archived}
	rapid.Check(t, func(t *rapid.T) {
		m := Matter{Status: rapid.SampledFrom(all).Draw(t, "from")}
		next := rapid.SampledFrom(all).Draw(t, "to")
		_, err := m.To(next, "x", noon, "")
		if legal := slices.Contains(m.Status.Next(), next); legal != (err == nil) || (!legal && !errors.Is(err, ErrTransition)) {
			t.Fatalf("%s to %s: %v", m.Status, next, err)
		}
		seen := map[Status]bool{}
		todo := []Status{m.Status}
		for len(todo) > 0 {
			s := todo[0]
			todo = todo[1:]
			if !seen[s] {
				seen[s] = true
				todo = append(todo, s.Next()...)
			}
		}
		if !seen[Archived] {
			t.Fatalf("%s never ends", m.Status)
		}
	})
	if len(Archived.Next()) > 0 {
		t.Error("something leaves the archive")
	}
	for _, s := range []Status{Received, Accepted, Assigned, InProgress, Scheduled} {
		if !slices.Contains(s.Next(), Withdrawn) {
			t.Errorf("nobody can withdraw from %s", s)
		}
	}
}

func TestRoute(t *testing.T) {
	offices := demo(t)
	town := Office{ID: "town", Code: "T", Name: "苏木", Kind: PeopleMediation, Region: "152502200000", Languages: []string{"zh-Hans"}}
	judicial := Office{ID: "a-judicial", Code: "J", Name: "司法所", Kind: JudicialOffice, Region: "152502", Languages: []string{"mn-Mong"}}
	grass := Office{ID: "grass", Code: "G", Name: "草原调委会", Kind: PeopleMediation, Region: "152502", Languages: []string{"mn-Mong"}, Types: []string{"D07"}}
	for name, x := range map[string]struct {
		m       Matter
		offices []Office
		want    string
		why     string
	}{
		"county":                      {Matter{Kind: ForMediation, Region: "152502"}, offices, "demo-xilinhot-pm", "就在您说的地方"},
		"town without office":         {Matter{Kind: ForMediation, Region: "152502200000"}, offices, "demo-xilinhot-pm", "负责您说的旗县区"},
		"town with office":            {Matter{Kind: ForMediation, Region: "152502200000"}, append(offices, town), "town", "就在您说的地方"},
		"league":                      {Matter{Kind: ForLegalAid, Region: "152526"}, offices, "demo-xilingol-la", "负责您说的盟市"},
		"whole region":                {Matter{Kind: ForMediation, Region: "152921"}, offices, "demo-region-pm", "负责全区"},
		"no place":                    {Matter{Kind: ForMediation}, offices, "demo-region-pm", "负责全区"},
		"legal aid is no mediation":   {Matter{Kind: ForLegalAid, Region: "150105"}, offices, "demo-hohhot-la", "负责您说的盟市"},
		"committee before judicial":   {Matter{Kind: ForMediation, Region: "152502"}, append(offices, judicial), "demo-xilinhot-pm", "就在您说的地方"},
		"language among equals":       {Matter{Kind: ForMediation, Region: "152502", Lang: "mn-Mong", Types: []string{"D07-01"}}, []Office{{ID: "a", Kind: PeopleMediation, Region: "152502"}, grass}, "grass", "就在您说的地方，可以说蒙古语"},
		"types the office takes":      {Matter{Kind: ForMediation, Region: "152502", Types: []string{"D10-01"}}, []Office{grass, {ID: "z", Kind: PeopleMediation, Region: "152502"}}, "z", "就在您说的地方"},
		"county named, town's office": {Matter{Kind: ForMediation, Region: "152502"}, []Office{town}, "town", "负责您说的旗县区"},
	} {
		o, why, ok := Route(x.m, x.offices)
		if !ok || o.ID != x.want || why != x.why {
			t.Errorf("%s: got %s (%s) %v, want %s (%s)", name, o.ID, why, ok, x.want, x.why)
		}
	}
	if o, _, ok := Route(Matter{Kind: ForMediation, Region: "150502"}, []Office{town}); ok {
		t.Errorf("an office elsewhere was found: %s", o.ID)
	}
}

func TestSubmit(t *testing.T) {
	b := book(t)
	_, o := questions(t, b, Mediation, "D10-01", "老板欠我8000块工资不给", []Value{{Kind: KindMoney, Text: "8000块", Value: "8000.00"}}, plainAnswers)
	office := demo(t)[0]
	m, err := b.SubmitFrom(o.Session, Filing{ID: "m1", Conversation: "c1", Seq: 12, At: noon, Office: office, Citations: []Citation{{Kind: "law", Key: "MWR:30"}}})
	if err != nil {
		t.Fatal(err)
	}
	if m.No != "2026-DEMO01-0012" || m.Status != Received || m.Kind != ForMediation || m.Region != "152502" || m.Office != office.ID || m.Version != 0 {
		t.Errorf("matter: %+v", m)
	}
	want := []Party{{Role: "applicant", Kind: "person", Name: "王小明", Phone: "13800138000", Region: "152502"},
		{Role: "respondent", Kind: "org", Name: "宏达公司", Relation: "雇主"}}
	if d := cmp.Diff(want, m.Parties); d != "" {
		t.Errorf("parties (-want +got):\n%s", d)
	}
	if a := m.Session.Answers["w_owed"]; a.Value != "800000" || a.Source != Confirmed {
		t.Errorf("amount: %+v", a)
	}
	for _, id := range []string{"notice_ack", "free_ack", "right_ack", "sign_date"} {
		if m.Session.Answers[id].Source != Notice {
			t.Errorf("%s was not shown", id)
		}
	}
	if m.Session.Versions["M-WAGE"] != 1 || !slices.Contains(m.Missing, "w_pay") || slices.Contains(m.Missing, "w_owed") {
		t.Errorf("versions %v, missing %v", m.Session.Versions, m.Missing)
	}
	facts := b.Facts(m.Session)
	if facts["w_owed"] != "8000.00" || facts["p_prior"] != "没有" || facts["w_end"] != "2025-10" || facts["d_type"] != "D10-01" {
		t.Errorf("facts: %v", facts)
	}
	if _, err := b.SubmitFrom(Session{Stage: Review}, Filing{}); !errors.Is(err, ErrNotReady) {
		t.Errorf("an unconfirmed session: %v", err)
	}
}

// Who refuses the processing of sensitive data still has a matter, and nothing sensitive is in it.
func TestSubmitWithoutSensitive(t *testing.T) {
	b := book(t)
	_, o := questions(t, b, Mediation, "D02-01", "隔壁把路堵了不让我过", nil, plainAnswers)
	s := o.Session
	s.Flags = append(s.Flags, "no_sensitive")
	m, err := b.SubmitFrom(s, Filing{ID: "m", Seq: 1, At: noon, Office: demo(t)[0]})
	if err != nil {
		t.Fatal(err)
	}
	for id := range m.Session.Answers {
		if f, ok := b.Field(id); ok && f.Sensitive() {
			t.Errorf("%s is %s and was submitted", id, f.Sens)
		}
	}
	for _, c := range m.Session.History {
		if f, ok := b.Field(c.Field); ok && f.Sensitive() {
			t.Errorf("the history holds %s", c.Field)
		}
	}
	if m.Session.Answers["a_name"].Empty() || o.Session.Answers["d_facts"].Empty() {
		t.Error("too much was left out, or the session given was changed")
	}
}

// In a criminal case the office gets no account of what happened, even if one was told.
func TestSubmitCriminal(t *testing.T) {
	b := book(t)
	_, o := questions(t, b, LegalAid, "", "我弟弟前天被刑拘了，人在看守所", nil, plainAnswers)
	m, err := b.SubmitFrom(o.Session, Filing{ID: "m", Seq: 1, At: noon, Office: demo(t)[1]})
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := m.Session.Answers["la_facts"]; ok {
		t.Errorf("the facts were submitted: %+v", a)
	}
	if m.Session.Answers["ld_state"].Value != "detention" || m.Session.Answers["la_scope"].Value != "criminal" {
		t.Errorf("answers: %+v", m.Session.Answers)
	}
}

// What a reader of the text took for a field by id is checked like any answer; what does not pass is left out.
func TestStartTakesFields(t *testing.T) {
	b := book(t)
	o := b.Start(Mediation, []string{"D10-01"}, Input{Text: "老板欠我工资不给", Now: noon, Profile: map[string]string{"phone": "13800138000"},
		Fields: map[string]string{"w_owed": "8千", "w_end": "不知哪天", "w_employer": "宏达公司", "no_such": "x", "w_evid": "欠条"}})
	for id, want := range map[string]string{"w_owed": "800000", "w_employer": "宏达公司", "w_end": "", "a_phone": "13800138000"} {
		if got := o.Session.Answers[id].Value; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if o.Session.Answers["w_owed"].Source != Extracted || o.Session.Answers["a_phone"].Source != Channel || o.Session.Stage != Confirm {
		t.Errorf("stage %s, answers %+v", o.Session.Stage, o.Session.Answers)
	}
}
