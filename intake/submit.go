package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// ErrNotReady is a session that has not been confirmed and agreed to.
var ErrNotReady = errors.New("session is not ready to submit")

// Filing is what a submission needs that the session does not hold. Seq is the running number of the office in the
// year; the caller's store hands it out.
type Filing struct {
	ID, Conversation string
	Seq              int
	At               time.Time
	Office           Office
	Clocks           []Deadline
	Citations        []Citation
}

// Receipt is a receipt number, "2026-DEMO01-0012": year, code of the office, running number.
func Receipt(at time.Time, office string, seq int) string {
	return fmt.Sprintf("%04d-%s-%04d", at.Year(), office, seq)
}

// SubmitFrom makes the matter of a finished session: answers that apply, frozen with their sources and the versions of
// the forms, parties, evidence, flags, and what is missing. Where the citizen refused the processing of sensitive data,
// no answer of level S2 or S3 goes in (个人信息保护法 16, 29). A session that was not agreed to gives ErrNotReady.
func (b *Book) SubmitFrom(s Session, by Filing) (Matter, error) {
	if s.Stage != Submitted {
		return Matter{}, fmt.Errorf("%w: it is at %q", ErrNotReady, s.Stage)
	}
	t := b.turn(s, Input{})
	s = t.s
	m := b.draft(s)
	for id := range s.Answers { // what does not apply is nobody's business, the facts of a criminal case least of all
		if f := t.index[id]; f == nil || !t.visible(f) {
			delete(s.Answers, id)
		}
	}
	if slices.Contains(s.Flags, "no_sensitive") {
		for _, f := range b.plan(s) {
			if f.Sensitive() {
				delete(s.Answers, f.ID)
			}
		}
		s.History = slices.DeleteFunc(s.History, func(c Change) bool {
			f, ok := b.Field(c.Field)
			return ok && f.Sensitive()
		})
	}
	m.ID, m.Conversation, m.Office = by.ID, by.Conversation, by.Office.ID
	m.No = Receipt(by.At, by.Office.Code, by.Seq)
	m.Session, m.Parties, m.Missing = s, b.parties(s), b.Missing(s)
	m.Clocks, m.Citations = by.Clocks, by.Citations
	m.Created, m.Updated, m.Version = by.At, by.At, 0
	m.Session.Offered, m.Session.Lines, m.Session.Narrow = nil, nil, nil
	return m.To(Received, "citizen", by.At, "")
}

// Draft is the matter a session is on the way to: kind, types, place, language, flags. It is what offices are
// chosen by before anything is submitted.
func (b *Book) Draft(s Session) Matter { return b.draft(s) }

func (b *Book) draft(s Session) Matter {
	m := Matter{Status: Draft, Form: s.Form, Lang: s.Lang, Types: slices.Clone(s.Types), Flags: slices.Clone(s.Flags),
		Evidence: slices.Clone(s.Evidence), Kind: ForMediation}
	if flow := b.flows[s.Form]; flow != nil {
		m.Kind = flow.Kind
	}
	if slices.Contains(m.Flags, "under14") {
		m.Flags = appendNew(m.Flags, "minor")
	}
	// Where it happened decides, then where the applicant lives (人民调解工作若干规定 21, 法律援助法 38).
	for _, id := range []string{"d_place_town", "d_place_region", "a_addr_town", "a_addr_region", "la_addr"} {
		if a := s.Answers[id]; a.Value != "" && m.Region == "" {
			m.Region = a.Value
		}
	}
	return m
}

// parties is who stands in the answers: the applicant, an agent, the other side.
func (b *Book) parties(s Session) []Party {
	value := func(id string) string { return s.Answers[id].Value }
	applicant := Party{Role: "applicant", Kind: "person", Name: value("a_name"), Phone: value("a_phone"), Region: value("a_addr_region")}
	if name := value("a_org_name"); name != "" {
		applicant.Kind, applicant.Name = "org", name
	}
	if applicant.Region == "" {
		applicant.Region = value("la_addr")
	}
	out := []Party{applicant}
	if name := value("agent_name"); name != "" {
		out = append(out, Party{Role: "agent", Kind: "person", Name: name, Relation: b.label(s, "agent_rel")})
	}
	for _, name := range append(s.Answers["r_list"].all(), s.Answers["la_opponent"].all()...) {
		p := Party{Role: "respondent", Kind: "person", Name: name, Relation: b.label(s, "r_relation")}
		if strings.ContainsAny(name, "厂店") || containsAny(name, []string{"公司", "合作社", "医院", "学校", "银行", "平台", "嘎查委员会", "村委会"}) {
			p.Kind = "org"
		}
		out = append(out, p)
	}
	return out
}

func (b *Book) label(s Session, id string) string {
	if f, ok := b.Field(id); ok && !s.Answers[id].Empty() {
		return b.show(f, s.Answers[id])
	}
	return ""
}

// LoadOffices reads a YAML list of offices.
func LoadOffices(fsys fs.FS, name string) ([]Office, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("offices: %w", err)
	}
	var out []Office
	if err := yaml.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("offices: %s: %w", name, err)
	}
	seen := map[string]bool{}
	for _, o := range out {
		switch {
		case o.ID == "" || o.Code == "" || o.Name == "":
			return nil, fmt.Errorf("offices: %s: an office needs an id, a code and a name", name)
		case seen[o.ID] || seen["code "+o.Code]:
			return nil, fmt.Errorf("offices: %s: %s or its code %s is there twice", name, o.ID, o.Code)
		}
		seen[o.ID], seen["code "+o.Code] = true, true
	}
	return out, nil
}

// DemoOffices is the fictional offices a fresh installation starts with, all named 演示机构.
func DemoOffices() ([]Office, error) { return LoadOffices(Data(), "offices_demo.yaml") }
