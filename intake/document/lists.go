package document

import (
	"strconv"
	"strings"

	"heshi/caselib"
)

// gather makes the lists a template may repeat: applicants, respondents, parties, terms, materials, contents, clocks.
func (p *paper) gather() {
	applicants := p.d.Applicants
	var first []entry
	if len(applicants) == 0 {
		first = []entry{p.applicant()}
	}
	for _, x := range applicants {
		first = append(first, person(x, "applicant"))
	}
	respondents := p.d.Respondents
	if len(respondents) == 0 {
		for _, party := range p.d.Matter.Parties {
			if party.Role == "respondent" {
				respondents = append(respondents, Person{Name: party.Name, Phone: party.Phone, Address: p.d.Book.Regions().Path(party.Region)})
			}
		}
	}
	var other []entry
	for _, x := range respondents {
		other = append(other, person(x, "respondent"))
	}
	if len(other) == 0 {
		other = []entry{person(Person{}, "respondent")}
	}
	p.lists = map[string][]entry{"applicants": first, "respondents": other, "terms": p.terms(), "materials": p.materials()}
	for _, c := range p.d.Contents {
		p.lists["contents"] = append(p.lists["contents"], entry{"name": text(c.Name), "pages": text(c.Pages)})
	}
	for _, c := range p.d.Matter.Clocks {
		p.lists["clocks"] = append(p.lists["clocks"], entry{"name": text(c.Name), "due": text(day(c.Due)), "phrase": text(c.Phrase)})
	}
	for _, l := range p.lists {
		number(l)
	}
	p.lists["parties"] = append(append([]entry{}, first...), other...)
	p.values["applicant_names"], p.values["respondent_names"] = names(first), names(other)
	var total int64
	for _, t := range p.d.Terms {
		total += t.Fen
	}
	if total > 0 {
		p.values["terms_total"] = text(money(total))
	}
	if len(p.d.Terms) > 0 {
		p.values["terms"] = text("terms")
	}
	p.values["materials_count"] = text(strconv.Itoa(len(p.lists["materials"])))
}

// number gives every entry its running number, and an ordinal that is empty where there is only one.
func number(l []entry) {
	for i := range l {
		l[i]["n"] = text(strconv.Itoa(i + 1))
		l[i]["cn"] = text(caselib.Numeral(i + 1))
		l[i]["ord"] = value{}
		if len(l) > 1 {
			l[i]["ord"] = text("（" + caselib.Numeral(i+1) + "）")
		}
	}
}

func names(l []entry) value {
	var out []string
	for _, e := range l {
		if e["name"].state == known {
			out = append(out, e["name"].text)
		}
	}
	return text(strings.Join(out, "、"))
}

func person(x Person, side string) entry {
	role := map[string]string{"applicant": "申请人", "respondent": "被申请人"}[side]
	return entry{"side": text(side), "role": text(role), "name": text(x.Name), "sex": text(x.Sex), "ethnic": text(x.Ethnic),
		"birth": text(day(x.Birth)), "id": text(x.ID), "job": text(x.Job), "phone": text(x.Phone), "address": text(x.Address),
		"code": text(x.Code), "legal": text(x.Legal), "agent": text(x.Agent), "agent_scope": text(x.AgentScope)}
}

// applicant is the citizen of the session.
func (p *paper) applicant() entry {
	pick := func(names ...string) value { return p.resolve(slot{names: names}, nil) }
	e := entry{"side": text("applicant"), "role": text("申请人"), "name": pick("a_org_name", "a_name"), "sex": pick("a_sex"),
		"ethnic": pick("a_ethnic"), "birth": pick("a_birth"), "id": pick("a_id"), "job": pick("a_job"), "phone": pick("a_phone", "ld_contact"),
		"code": pick("a_org_code"), "legal": pick("a_org_legal"), "agent": pick("agent_name"), "agent_scope": pick("agent_scope")}
	if v := e["ethnic"]; v.text == "不填" {
		e["ethnic"] = value{state: missing}
	}
	if e["birth"].state != known {
		if id := e["id"].text; len(id) == 18 {
			e["birth"] = text(day(id[6:10] + "-" + id[10:12] + "-" + id[12:14]))
		}
	}
	e["address"] = p.address()
	return e
}

// address joins the parts of the applicant's address; the town already names its county.
func (p *paper) address() value {
	var b strings.Builder
	place := p.resolve(slot{names: []string{"a_addr_town", "a_addr_region", "la_addr"}}, nil)
	if place.state == withheld {
		return place
	}
	b.WriteString(place.text)
	for _, id := range []string{"a_addr_village", "a_addr_detail"} {
		if v := p.value(id, nil); v.state == known {
			b.WriteString(v.text)
		}
	}
	if b.Len() == 0 {
		return place
	}
	return text(b.String())
}

func (p *paper) terms() []entry {
	var out []entry
	for _, t := range p.d.Terms {
		amount := ""
		if t.Fen > 0 {
			amount = money(t.Fen)
		}
		out = append(out, entry{"text": text(clause(t)), "debtor": text(t.Debtor), "creditor": text(t.Creditor), "subject": text(t.Subject),
			"amount": text(amount), "mode": text(t.Mode), "due": text(day(t.Due)), "account": text(t.Account), "late": text(t.Late)})
	}
	return out
}

// clause is a term in words. The amount comes from the one value in fen, whatever the words around it.
func clause(t Term) string {
	if strings.TrimSpace(t.Text) != "" {
		return t.Text
	}
	var b strings.Builder
	b.WriteString(t.Debtor)
	if t.Due != "" {
		b.WriteString("于" + day(t.Due) + "前")
	}
	if t.Mode != "" {
		b.WriteString("以" + t.Mode + "方式")
	}
	if t.Creditor != "" {
		b.WriteString("向" + t.Creditor)
	}
	switch {
	case t.Fen > 0:
		b.WriteString("支付" + t.Subject + money(t.Fen))
	default:
		b.WriteString("履行：" + t.Subject)
	}
	if t.Account != "" {
		b.WriteString("，收款账户：" + t.Account)
	}
	b.WriteString("。")
	if t.Late != "" {
		b.WriteString("逾期的：" + t.Late + "。")
	}
	return b.String()
}

func (p *paper) materials() []entry {
	all := p.d.Materials
	if len(all) == 0 {
		all = p.evidence()
	}
	var out []entry
	for _, m := range all {
		form, pages, sum := "复印件或电子件", "", m.SHA256
		if m.Original {
			form = "原件"
		}
		if m.Pages > 0 {
			pages = strconv.Itoa(m.Pages)
		}
		if len(sum) > 12 {
			sum = sum[:12]
		}
		out = append(out, entry{"name": text(m.Name), "kind": text(m.Kind), "pages": text(pages), "form": text(form), "at": dated(m.At),
			"sum": text(sum), "note": text(m.Note)})
	}
	return out
}

// evidence is what came in with the conversation, one line for each piece; an album is one piece.
func (p *paper) evidence() []Material {
	kinds := map[string]string{"photo": "照片", "voice": "录音", "video": "视频", "file": "文件", "location": "位置", "contact": "联系人"}
	var out []Material
	for _, e := range p.d.Matter.Evidence {
		m := Material{Name: e.Note, At: e.At, Pages: len(e.Items)}
		for i, a := range e.Items {
			if i == 0 {
				m.Kind, m.SHA256 = kinds[a.Kind], a.SHA256
			}
			if m.Name == "" {
				m.Name = first(a.Caption, a.Name)
			}
		}
		if m.Name == "" {
			m.Name = p.label(e.Field)
		}
		if m.Name == "" {
			m.Name = first(m.Kind, "材料")
		}
		out = append(out, m)
	}
	return out
}

func (p *paper) label(field string) string {
	if f, ok := p.d.Book.Field(field); ok {
		return f.Label
	}
	return ""
}

func first(ss ...string) string {
	for _, s := range ss {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}
