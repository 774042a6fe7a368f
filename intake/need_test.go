package intake

import (
	"slices"
	"strings"
	"testing"
)

// questions is the fields a plain person is asked who answers every question, starting from a story.
func questions(t *testing.T, b *Book, form, code, story string, values []Value, answers map[string]string) ([]string, Outcome) {
	t.Helper()
	offices, err := DemoOffices()
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	o := b.Start(form, []string{code}, Input{Text: story, Values: values, Now: noon, Offices: offices})
	for n := 0; !o.Done; n++ {
		if n > 40 {
			t.Fatalf("%s: no end, asking %s", code, o.Session.Asking)
		}
		in := Input{Now: noon, Offices: offices}
		switch o.Session.Stage {
		case Confirm:
			in.Text = "对"
		case Review:
			in.Text = "提交"
		case Consent:
			in.Text = "都同意"
		default:
			f, _ := b.Field(o.Session.Asking)
			asked = append(asked, f.ID)
			in.Text = answers[f.ID]
			if in.Text == "" {
				in.Text = "不知道"
				if len(f.Options) > 0 {
					in.Text = f.Options[0].Label
				}
			}
		}
		o = b.Step(o.Session, in)
	}
	return asked, o
}

var plainAnswers = map[string]string{
	"a_name": "王小明", "a_phone": "13800138000", "w_owed": "8000", "w_employer": "宏达公司", "d_place_region": "锡林浩特",
	"w_end": "去年3月到10月", "w_evid": "欠条", "p_prior": "没有", "l_role": "借出人", "l_principal": "2万", "r_list": "张三", "la_opponent": "张三",
	"d_facts": "老板欠我工资一直不给", "la_facts": "老板欠我工资一直不给", "t_people": "受伤", "t_cert": "拿到了", "m_kids": "有", "m_violence": "没有",
}

// A wage file is usable after at most eight further questions, whatever the story gave (the further ones are
// optional), and the office then has who, against whom, where, when, how much and how to reach them.
func TestWageInEight(t *testing.T) {
	b := book(t)
	for _, code := range []string{"D10-01", "D10-02", "D10-03", "D11-01"} {
		for story, values := range map[string][]Value{
			"老板欠我工资不给":        nil,
			"老板欠我8000块工资不给":   {{Kind: KindMoney, Text: "8000块", Value: "8000.00"}},
			"干活不给钱，我们都是出来打工的": nil,
		} {
			asked, o := questions(t, b, Mediation, code, story, values, plainAnswers)
			if len(asked) > 8 {
				t.Errorf("%s %s: %d questions: %v", code, story, len(asked), asked)
			}
			if len(values) > 0 && slices.Contains(asked, "w_owed") {
				t.Errorf("%s: the amount was told and is asked again", code)
			}
			for _, id := range []string{"w_owed", "w_employer", "r_list", "d_place_region", "w_start", "w_end", "a_name", "a_phone", "w_evid", "d_claims", "d_facts"} {
				if o.Session.Answers[id].Empty() {
					t.Errorf("%s %s: the file lacks %s", code, story, id)
				}
			}
		}
	}
}

// Any file takes at most twelve questions, and within them always who applies, how to reach them, where it
// happened and against whom.
func TestEveryFileInTwelve(t *testing.T) {
	b := book(t)
	longest := map[string]int{}
	for _, form := range []string{Mediation, LegalAid} {
		for _, code := range typeCodes(b) {
			asked, o := questions(t, b, form, code, "", nil, plainAnswers)
			if len(asked) > 12 {
				t.Errorf("%s %s: %d questions: %v", form, code, len(asked), asked)
			}
			longest[form] = max(longest[form], len(asked))
			for _, id := range []string{"a_name", "a_phone", "d_place_region"} {
				if !slices.Contains(asked, id) && o.Session.Answers[id].Empty() {
					t.Errorf("%s %s never asks %s: %v", form, code, id, asked)
				}
			}
			against := []string{"r_list", "la_opponent", "w_employer", "s_seller", "md_hosp", "pp_company", "e_source", "q_decision", "lc_org", "x_who"}
			if !slices.ContainsFunc(asked, func(id string) bool { return slices.Contains(against, id) }) {
				t.Errorf("%s %s never asks against whom: %v", form, code, asked)
			}
			for _, id := range asked {
				f, _ := b.Field(id)
				if f.Why == "" || strings.Contains(f.Why, "DL0") {
					t.Errorf("%s is asked and its why is %q", id, f.Why)
				}
			}
		}
	}
	t.Logf("longest: %v", longest)
}

// Asked from a wage story, one turn takes well under two milliseconds.
func BenchmarkStep(b *testing.B) {
	bk := book(b)
	offices, err := DemoOffices()
	if err != nil {
		b.Fatal(err)
	}
	o := bk.Start(Mediation, []string{"D10-01"}, Input{Text: "老板欠我工资不给", Now: noon, Offices: offices})
	o = bk.Step(o.Session, Input{Text: "对", Now: noon, Offices: offices})
	b.ReportAllocs()
	for b.Loop() {
		bk.Step(o.Session, Input{Text: "8000", Now: noon, Offices: offices})
	}
}
