package rules

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"heshi/caselib"
	"heshi/intake"
)

func library(t testing.TB) *caselib.Library {
	t.Helper()
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

type facts = map[string]string

func TestAcceptance(t *testing.T) {
	a, err := LoadAcceptance(Embedded(), library(t).Taxonomy)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		facts
		do, code string
	}{
		{"wages", facts{"types": "D10-01", "p_prior": "没有"}, Accept, "A1"},
		{"loan, other side not asked yet", facts{"types": "D04-01", "p_prior": "没有", "p_other_party_ok": "没联系过"}, Accept, "A1"},
		{"loan, other side refuses", facts{"types": "D04-01", "p_prior": "没有", "p_other_party_ok": "不愿意"}, Refer, "G2"},
		{"violence now", facts{"types": "D01-01", "p_prior": "没有", "safety_q": "正在发生"}, Refer, "X2"},
		{"violence found by the gate", facts{"types": "D01-01", "urgent": "T-DV、T-CHILD"}, Refer, "X2"},
		{"domestic violence type", facts{"types": "D01-08"}, Refer, "X2"},
		{"violence in the past is taken, with care", facts{"types": "D01-02", "p_prior": "没有", "m_violence": "以前有"}, Accept, "A1"},
		{"crime now", facts{"types": "D07-04", "urgent": "T-CRIME-NOW"}, Refer, "X1"},
		{"heavy injury on purpose", facts{"types": "D06-01", "i_intent": "故意", "i_level": "住院", "p_prior": "没有"}, Refer, "X1"},
		{"light injury", facts{"types": "D06-01", "i_intent": "故意", "i_level": "轻微", "p_prior": "没有"}, Accept, "A1"},
		{"harassment", facts{"types": "D06-07"}, Refer, "X1"},
		{"elder in danger", facts{"types": "D01-04", "urgent": "T-ELDER"}, Refer, "X1-ELDER"},
		{"support for an elder", facts{"types": "D01-04", "p_prior": "没有"}, Accept, "A1"},
		{"hatred", facts{"types": "D02-05", "urgent": "T-HATE"}, Human, "X9"},
		{"fine for grazing", facts{"types": "D07-05", "p_prior": "没有"}, Refer, "X3"},
		{"expropriation", facts{"types": "D08-01"}, Refer, "X3"},
		{"administrative", facts{"types": "N02"}, Refer, "X3"},
		{"identity", facts{"types": "N03"}, Refer, "X4"},
		{"paternity asked for", facts{"types": "D01-07", "identity_claim": "yes"}, Refer, "X4"},
		{"title to grassland", facts{"types": "D07-01", "title_decision": "yes", "p_prior": "没有"}, Refer, "X5"},
		{"use of grassland", facts{"types": "D07-01", "title_decision": "no", "p_prior": "没有"}, Accept, "A1"},
		{"title not told, no certificate", facts{"types": "D07-01", "g_cert": "没有", "p_prior": "没有"}, Ask, "X5-ASK"},
		{"government has decided", facts{"types": "D07-01", "g_gov": "有", "p_prior": "没有"}, Refer, "X6-GOV"},
		{"in court", facts{"types": "D04-01", "p_prior": "法院"}, Refer, "X6"},
		{"arbitration decided", facts{"types": "D10-02", "p_prior": "没有", "w_pass": "已裁决"}, Refer, "X6"},
		{"several had it", facts{"types": "D04-01", "p_prior": "公安、法院"}, Refer, "X6"},
		{"hospital, health office", facts{"types": "D15-01", "md_complain": "卫健委已受理"}, Refer, "X7"},
		{"hospital", facts{"types": "D15-01", "md_complain": "没有", "p_prior": "没有"}, Accept, "A1"},
		{"reporting an official", facts{"types": "N05"}, Refer, "X8"},
		{"relief", facts{"types": "N06"}, Refer, "N06"},
		{"police, not told", facts{"types": "D06-01", "p_prior": "公安"}, Ask, "G4-ASK"},
		{"police guide to mediation", facts{"types": "D06-01", "p_prior": "公安", "police_allows": "yes"}, Accept, "A1"},
		{"police go on", facts{"types": "D06-01", "p_prior": "公安", "police_allows": "no"}, Refer, "G4-POLICE"},
		{"an office had it", facts{"types": "D02-01", "p_prior": "政府部门"}, Human, "G4-GOV"},
		{"petition", facts{"types": "D02-01", "p_prior": "信访"}, Human, "G4-GOV"},
		{"another committee", facts{"types": "D02-01", "p_prior": "另一家调委会"}, Human, "G8"},
		{"elsewhere", facts{"types": "D02-01", "p_prior": "没有", "in_area": "no"}, Refer, "AREA"},
		{"what is it", facts{"types": "D18-02", "p_prior": "没有"}, Ask, "D18-02"},
		{"nothing known", facts{}, Ask, "D18-02"},
		{"prior not told", facts{"types": "D04-01"}, Ask, "G4-PRIOR"},
		{"prior not sure", facts{"types": "D04-01", "p_prior": "不清楚"}, Ask, "G4-PRIOR"},
	} {
		v := a.Decide(c.facts)
		if v.Do != c.do || v.Code != c.code {
			t.Errorf("%s: %s %s, want %s %s", c.name, v.Do, v.Code, c.do, c.code)
		}
		if v.Reason == "" || len(v.Src) == 0 || v.Do == Refer && v.Go == "" || v.Do == Ask && v.Missing == "" {
			t.Errorf("%s: incomplete: %+v", c.name, v)
		}
	}
	if v := a.Decide(facts{"types": "D01-01", "p_prior": "没有"}); v.Do != Accept || v.Limits == "" {
		t.Errorf("divorce is taken in part only: %+v", v)
	}
	v := a.Decide(facts{"types": "D10-01", "p_prior": "没有", "w_people": "40", "w_owed": "300000.00", "i_minor": "是"})
	if len(v.Review) != 3 {
		t.Errorf("many people, a large sum, a minor: %v", v.Review)
	}
}

// TestEveryTypeHasAVerdict: no dispute type is left without an answer and somewhere to go.
func TestEveryTypeHasAVerdict(t *testing.T) {
	lib := library(t)
	a, err := LoadAcceptance(Embedded(), lib.Taxonomy)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range lib.Taxonomy.Codes() {
		v := a.Decide(facts{"types": code, "p_prior": "没有", "title_decision": "no"})
		sub, _ := lib.Taxonomy.Subtype(code)
		if sub.Mediable == "no" && v.Do == Accept {
			t.Errorf("%s cannot be mediated, but is accepted", code)
		}
		if sub.Mediable != "no" && v.Do != Accept {
			t.Errorf("%s can be mediated: %+v", code, v)
		}
		if v.Do == Refer && v.Go == "" {
			t.Errorf("%s: nowhere to go", code)
		}
	}
}

func TestEligibility(t *testing.T) {
	now := noon(t, "2026-03-15")
	unknown, err := LoadEligibility(Embedded(), Threshold{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := LoadEligibility(Embedded(), Threshold{Monthly: 1500, Effective: "2026-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		e    *Eligibility
		facts
		level, code string
	}{
		{"detained minor", unknown, facts{"la_scope": "刑事", "ld_who": "本人", "ld_special": "未成年人"}, Appointed, "LC2"},
		{"detained, no special ground", unknown, facts{"la_scope": "刑事", "ld_who": "家属", "ld_special": "都不是", "ld_state": "看守所"}, MayApply, "LC1"},
		{"victim of a crime", unknown, facts{"la_scope": "刑事", "ld_who": "被害人"}, MayApply, "LC4"},
		{"a minor victim is not appointed a defender", unknown, facts{"la_scope": "刑事", "ld_who": "被害人", "ld_special": "未成年人"}, MayApply, "LC4"},
		{"domestic violence", unknown, facts{"types": "D01-01", "la_dv": "是"}, NoTest, "LX4"},
		{"domestic violence, high income", set, facts{"types": "D01-01", "la_dv": "是", "ec_income": "90000"}, NoTest, "LX4"},
		{"good samaritan", unknown, facts{"la_special": "见义勇为、都不是"}, NoTest, "LX2"},
		{"migrant worker, wages", unknown, facts{"types": "D10-01", "w_migrant": "是"}, NoCheck, "EX3"},
		{"migrant worker by the form", unknown, facts{"la_scope": "LM5", "la_special": "进城务工"}, NoCheck, "EX3"},
		{"migrant worker, work injury", unknown, facts{"types": "D11-03", "w_migrant": "是"}, NoCheck, "EX3"},
		{"migrant worker, a loan: not covered", unknown, facts{"types": "D04-01", "w_migrant": "是"}, Outside, "OUT"},
		{"on relief", unknown, facts{"types": "D16-01", "la_special": "低保特困"}, NoCheck, "EX2"},
		{"relief, by paper", unknown, facts{"types": "D01-03", "ec_exempt": "低保证"}, NoCheck, "EX2"},
		{"old, no income", unknown, facts{"types": "D01-04", "la_special": "老年人", "ec_income_src": "没有"}, NoCheck, "EX1"},
		{"old, with a pension", unknown, facts{"types": "D01-04", "la_special": "老年人", "ec_income_src": "退休金"}, MayApply, "E-UNKNOWN"},
		{"wages, threshold not known", unknown, facts{"types": "D10-02", "ec_income": "800"}, MayApply, "E-UNKNOWN"},
		{"wages, below", set, facts{"types": "D10-02", "ec_income": "3000", "ec_members": "3"}, Below, "E-BELOW"},
		{"wages, above", set, facts{"types": "D10-02", "ec_income": "9000", "ec_members": "3"}, Above, "E-ABOVE"},
		{"support, other side in the household: own income", set, facts{"types": "D01-03", "la_opp_house": "是", "ec_income": "3000", "ec_members": "3"}, Above, "E-ABOVE"},
		{"income not told: nothing said about means", set, facts{"types": "D10-02"}, MayApply, "E-UNKNOWN"},
		{"neighbours", unknown, facts{"types": "D02-01"}, Outside, "OUT"},
		{"an operator covers neighbours", unknown, facts{"types": "D02-01", "local_matter": "yes"}, MayApply, "LM9"},
		{"pollution", unknown, facts{"types": "D09-01"}, MayApply, "LM8"},
		{"medical", unknown, facts{"types": "D15-01"}, MayApply, "LM7"},
		{"traffic", unknown, facts{"types": "D16-01"}, MayApply, "LM7"},
		{"vehicle only", unknown, facts{"types": "D16-02"}, Outside, "OUT"},
		{"state compensation", unknown, facts{"la_scope": "LM1"}, MayApply, "LM1"},
	} {
		l := c.e.Decide(c.facts, now)
		codes := ""
		for _, r := range l.Reasons {
			codes += " " + r.Code
			if r.Text == "" || len(r.Src) == 0 && r.Code != "E4" {
				t.Errorf("%s: reason without text or article: %+v", c.name, r)
			}
		}
		if l.Level != c.level || !slices.Contains(strings.Fields(codes), c.code) {
			t.Errorf("%s: %s%s, want %s %s", c.name, l.Level, codes, c.level, c.code)
		}
		if (l.Level == Above || l.Level == Outside) && !strings.Contains(codes, "LAL49") {
			t.Errorf("%s: discouraging, and no way out named:%s", c.name, codes)
		}
		if l.Where.Text == "" || len(l.Where.Src) == 0 {
			t.Errorf("%s: where to apply is missing", c.name)
		}
	}
	if l := unknown.Decide(facts{"types": "D10-01", "la_deadline": "2026-03-20"}, now); !l.Urgent || !l.Human {
		t.Errorf("five days left: %+v", l)
	}
	if l := unknown.Decide(facts{"types": "D10-01", "la_deadline": "2026-03-22"}, now); l.Urgent {
		t.Errorf("seven days left is not less than seven: %+v", l)
	}
	if l := unknown.Decide(facts{"types": "D01-03", "guardian_conflict": "是"}, now); !l.Human || l.Reasons[0].Code != "CONFLICT" {
		t.Errorf("guardian is the other side: %+v", l)
	}
	if l := unknown.Decide(facts{"types": "D10-01", "la_stage": "仲裁中"}, now); l.Where.Code != "W-SUIT" {
		t.Errorf("%+v", l.Where)
	}
}

func TestLint(t *testing.T) {
	lib := library(t)
	for _, p := range Lint(Embedded(), lib.Sources, lib.Taxonomy) {
		t.Errorf("%s: %s (%s)", p.Where, p.What, p.Fix)
	}
	with := func(name, old, new string) fstest.MapFS {
		m := fstest.MapFS{}
		for _, f := range []string{"urgency.yaml", "urgency_words.yaml", "urgency_wide.yaml", "cards.yaml", "traditional.yaml", "refusals.yaml", "deadlines.yaml", "holidays.yaml", "acceptance.yaml", "eligibility.yaml"} {
			b, err := embedded.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if f == name {
				changed := strings.Replace(string(b), old, new, 1)
				if changed == string(b) {
					t.Fatalf("%s does not contain %q", name, old)
				}
				b = []byte(changed)
			}
			m[f] = &fstest.MapFile{Data: b}
		}
		learned, err := fs.ReadFile(Embedded(), "urgency.linear")
		if err != nil {
			t.Fatal(err)
		}
		m["urgency.linear"] = &fstest.MapFile{Data: learned}
		return m
	}
	for _, c := range []struct{ file, old, new, want string }{
		{"deadlines.yaml", `src: ["CC:188"]`, `src: []`, "no article"},
		{"deadlines.yaml", `src: ["CC:188"]`, `src: ["CC:18800"]`, "articles"},
		{"deadlines.yaml", `src: ["CC:188"]`, `src: ["XYZ:1"]`, "not in the register"},
		{"deadlines.yaml", `src: ["CC:188"]`, `src: ["LAP:9"]`, "memory only"},
		{"urgency.yaml", `src: ["ADVL:2", "ADVL:13", "ADVL:23", "ADVL:37", "WPL:29"]`, `src: []`, "no article"},
		{"acceptance.yaml", `src: ["PML:17", "PML:26"]`, `src: []`, "needs code, reason"},
		{"eligibility.yaml", `types: ["D09*"]`, `types: ["D99*"]`, "does not know"},
		{"cards.yaml", `numbers: ["110", "12338", "12110"]`, `numbers: ["110", "12338", "12110", "120"]`, "more than three"},
		{"urgency.yaml", `'@me _6 !打`, `'@nobody _6 !打`, "unknown word class"},
	} {
		found := Lint(with(c.file, c.old, c.new), lib.Sources, lib.Taxonomy)
		if !slices.ContainsFunc(found, func(p intake.Problem) bool { return strings.Contains(p.What, c.want) }) {
			t.Errorf("%s with %s: want a problem %q, got %v", c.file, c.new, c.want, found)
		}
	}
}
