package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// answer makes a good answer to a question.
func answer(t *rapid.T, b *Book, s Session) Input {
	f, ok := b.Field(s.Asking)
	if !ok {
		t.Fatalf("asking %q, which is no field", s.Asking)
	}
	in := Input{}
	switch f.Type {
	case "choice", "boolean":
		o := rapid.SampledFrom(f.Options).Draw(t, "option")
		if rapid.Bool().Draw(t, "press") {
			in.Button = "opt:" + f.ID + ":" + o.ID
		} else {
			in.Text = o.Label
		}
	case "multi":
		var words []string
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(f.Options)-1), 1, 3, rapid.ID[int]).Draw(t, "options") {
			words = append(words, fmt.Sprint(i+1))
		}
		in.Text = strings.Join(words, " ")
	case "taxonomy":
		in.Text = fmt.Sprint(rapid.IntRange(1, 18).Draw(t, "type"))
	case "money":
		in.Text = rapid.SampledFrom([]string{"8000", "两万三", "1.5万", "300块"}).Draw(t, "money")
	case "date", "datetime":
		in.Text = rapid.SampledFrom([]string{"去年5月", "2025年3月1日", "2024年", "昨天"}).Draw(t, "date")
	case "number":
		in.Text = rapid.SampledFrom([]string{"3", "十二", "20"}).Draw(t, "number")
	case "phone":
		in.Text = "13912345678"
	case "id-number":
		in.Text = "152502199003070019"
	case "org-code":
		in.Text = "91150500MA0DEM000H"
	case "plate":
		in.Text = "蒙A12345"
	case "region":
		in.Text = rapid.SampledFrom([]string{"锡林浩特市", "西乌旗", "呼和浩特市赛罕区"}).Draw(t, "region")
		if f.Level == "town" {
			in.Text = "跳过"
		}
	case "file", "file-list":
		in.Attachments = []Attachment{{ID: "p1", Kind: "photo"}}
	case "long-text":
		in.Text = "他家的事说了好几回一直没有结果"
	default:
		in.Text = rapid.SampledFrom([]string{"巴特尔", "王小明", "苏和"}).Draw(t, "text")
	}
	return in
}

func typeCodes(b *Book) []string {
	var out []string
	for _, code := range sortedKeys(b.types) {
		if strings.Contains(code, "-") {
			out = append(out, code)
		}
	}
	return out
}

// wade moves a session one step towards the end, as somebody does who cooperates.
func wade(t *rapid.T, b *Book, s Session, unknown bool) Input {
	switch s.Stage {
	case Confirm:
		return Input{Text: "对"}
	case Picking:
		return Input{Text: "不改了"}
	case Review:
		return Input{Text: "提交"}
	case Consent:
		return Input{Text: "都同意"}
	case Declined:
		return Input{Text: "同意"}
	}
	if unknown {
		return Input{Text: "不知道"}
	}
	return answer(t, b, s)
}

// Whoever answers is asked no question twice, at most as many as the flow allows, and comes to the end.
func TestWalkWilling(t *testing.T) {
	b := book(t)
	offices, err := DemoOffices()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		flow := rapid.SampledFrom([]string{Mediation, LegalAid}).Draw(t, "flow")
		types := []string{rapid.SampledFrom(typeCodes(b)).Draw(t, "type")}
		if rapid.IntRange(0, 9).Draw(t, "untyped") == 0 {
			types = nil
		}
		o := b.Start(flow, types, Input{Now: noon, Offices: offices})
		var asked []string
		for step := 0; !o.Done; step++ {
			if step > 60 {
				t.Fatalf("no end after %d steps: stage %s, asking %s", step, o.Session.Stage, o.Session.Asking)
			}
			s := o.Session
			if s.Stage == Asking {
				if slices.Contains(asked, s.Asking) {
					t.Fatalf("%s is asked again; asked so far %v", s.Asking, asked)
				}
				asked = append(asked, s.Asking)
			}
			in := wade(t, b, s, rapid.IntRange(0, 5).Draw(t, "unknown") == 0)
			in.Now, in.Offices = noon, offices
			o = b.Step(s, in)
			sound(t, b, o)
			if s.Stage == Asking && o.Session.Stage == Asking && o.Session.Asking == s.Asking {
				t.Fatalf("%s does not take %q (%s)", s.Asking, in.Text+in.Button, o.Says[0].Key)
			}
		}
		if limit := b.flows[flow].Limit; len(asked) > limit {
			t.Fatalf("%d questions, the limit is %d: %v", len(asked), limit, asked)
		}
		m, err := b.SubmitFrom(o.Session, Filing{ID: "m", Office: offices[0], Seq: 1, At: noon})
		if err != nil || m.Status != Received || m.No == "" {
			t.Fatalf("submit: %v %+v", err, m)
		}
	})
}

// Whatever anybody does for a while, somebody who then cooperates comes to the end.
func TestWalkWild(t *testing.T) {
	b := book(t)
	offices, err := DemoOffices()
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"不知道", "返回", "重来", "暂停", "继续", "为什么问", "修改", "改1", "改2", "不对", "不对，是5月", "金额改成9000",
		"修改 姓名", "跳过", "对", "不对，是锡林浩特", "提交", "再补充", "够了", "不同意", "同意", "1同意 2不同意", "好了", "不变", "1", "2", "7", "99",
		"", "???", "……", "老板叫张三，电话13812345678", "我住在西乌旗", "是", "不是", "没有", "有", "8000", "𠮷𠮷𠮷", "{姓名}", "\x00", "ᠲᠡᠢᠮᠦ", "Тийм"}
	rapid.Check(t, func(t *rapid.T) {
		flow := rapid.SampledFrom([]string{Mediation, LegalAid}).Draw(t, "flow")
		story := rapid.SampledFrom([]string{"", "老板欠我8000块工资不给，我们15个人", "邻居的羊进了我家草场"}).Draw(t, "story")
		o := b.Start(flow, []string{rapid.SampledFrom(typeCodes(b)).Draw(t, "type")}, Input{Text: story, Now: noon, Offices: offices})
		wild := rapid.IntRange(1, 40).Draw(t, "wild")
		for step := 0; !o.Done; step++ {
			s := o.Session
			var in Input
			switch {
			case step > wild+80:
				t.Fatalf("no end: stage %s, asking %s", s.Stage, s.Asking)
			case step >= wild:
				in = wade(t, b, s, false)
			default:
				switch rapid.IntRange(0, 4).Draw(t, "act") {
				case 0:
					if len(s.Offered) > 0 {
						in.Button = rapid.SampledFrom(s.Offered).Draw(t, "button")
					}
				case 1:
					in.Button = rapid.SampledFrom([]string{"opt:w_evid:badge", "edit:a_name", "edit:nothing", "nav:back", "nav:pause", "rubbish", "consent:basic:no", "unknown:a_name"}).Draw(t, "stale")
				case 2:
					in.Attachments = []Attachment{{ID: "p", Kind: rapid.SampledFrom([]string{"photo", "location", "voice"}).Draw(t, "kind"), Group: "g", Lat: 43.9, Lon: 116.1}}
				case 3:
					if s.Stage == Asking {
						in = answer(t, b, s)
					}
				default:
					in.Text = rapid.SampledFrom(words).Draw(t, "words")
				}
			}
			in.Now, in.Offices = noon, offices
			o = b.Step(s, in)
			sound(t, b, o)
		}
	})
}

// sound checks what must hold of every outcome.
func sound(t *rapid.T, b *Book, o Outcome) {
	if len(o.Says) == 0 && len(o.Alarms) == 0 {
		t.Fatalf("nothing is said at stage %s", o.Session.Stage)
	}
	for _, s := range o.Says {
		if (s.Key == "") == (s.Text == "") {
			t.Fatalf("a part says key %q and text %q", s.Key, s.Text)
		}
	}
	s := o.Session
	if s.Stage == Asking && len(o.Alarms) == 0 {
		f, ok := b.Field(s.Asking)
		if !ok || !f.Askable() {
			t.Fatalf("asking %q", s.Asking)
		}
	}
	for id, a := range s.Answers {
		f, ok := b.Field(id)
		if !ok {
			t.Fatalf("an answer to %s, which is no field", id)
		}
		if f.Type == "choice" && a.Value != "" {
			if _, ok := f.Option(a.Value); !ok {
				t.Fatalf("%s holds %q, which is no option", id, a.Value)
			}
		}
	}
}
