// Package assisttest is the contract of bot.Assistant: what holds whoever helps, rules or a model, well or badly.
package assisttest

import (
	"context"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// Story is a text with values in it. Reader finds them.
const Story = "我叫巴特尔，电话13912345678，2025年10月起宏达建筑欠我8000元工资，有欠条。"

// Fields are what an intake might ask of Story.
func Fields() []bot.FieldSpec {
	return []bot.FieldSpec{
		{ID: "w_owed", Label: "欠薪金额", Type: "money"},
		{ID: "w_since", Label: "从何时起", Type: "date"},
		{ID: "employer", Label: "用人单位", Type: "text"},
		{ID: "proof", Label: "证据", Type: "choice", Options: []string{"有欠条", "没有"}},
		{ID: "phone", Label: "电话", Type: "phone"},
	}
}

// Draft is an answer with a heading, an article, a case, a clock and a closing line.
func Draft() bot.Draft {
	return bot.Draft{Lang: "zh-Hans", Sentences: []bot.Sentence{
		{Text: "可以参考的法律：", Sources: []string{"ui"}},
		{Text: "《劳动争议调解仲裁法》第二十七条：申请仲裁的时效期间为一年。", Sources: []string{"LDMA:27"}},
		{Text: "类似案例HS-0001：拖欠工资8000元，调解后分2次付清。", Sources: []string{"HS-0001"}},
		{Text: "请在2026年10月1日以前申请仲裁。", Sources: []string{"K-ARB"}},
		{Text: "以上供参考，不是法律意见。", Sources: []string{"ui"}},
	}}
}

// Run runs the contract. open gives an assistant that reads with Reader.
func Run(t *testing.T, open func(t *testing.T) bot.Assistant) {
	t.Run("has a name", func(t *testing.T) {
		if a, b := open(t), open(t); a.Name() == "" || a.Name() != b.Name() {
			t.Errorf("names %q and %q", a.Name(), b.Name())
		}
	})
	t.Run("the rules always read", func(t *testing.T) {
		x := extract(t, open(t), bot.ExtractRequest{Text: Story, Lang: "zh-Hans", Fields: Fields()})
		if want := (Reader{}).Values(Story, time.Time{}); !slices.Equal(x.Values, want) {
			t.Errorf("values %v, want %v", x.Values, want)
		}
		for id, v := range x.Fields {
			if !slices.ContainsFunc(Fields(), func(f bot.FieldSpec) bool { return f.ID == id }) || v == "" {
				t.Errorf("field %q = %q", id, v)
			}
		}
	})
	t.Run("nothing in, nothing out", func(t *testing.T) {
		a := open(t)
		if x := extract(t, a, bot.ExtractRequest{Fields: Fields()}); len(x.Values)+len(x.Fields) > 0 {
			t.Errorf("read %v %v out of nothing", x.Values, x.Fields)
		}
		if d, err := a.Reword(t.Context(), bot.Draft{Lang: "zh-Hans"}); err != nil || len(d.Sentences) > 0 {
			t.Errorf("worded %v, %v out of nothing", d.Sentences, err)
		}
	})
	t.Run("every sentence keeps sources of the draft, and every source a sentence", func(t *testing.T) {
		in, before := Draft(), Draft()
		out, err := open(t).Reword(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(in, before) {
			t.Error("the draft was changed in place")
		}
		if out.Lang != in.Lang || out.Provenance == "" {
			t.Errorf("lang %q, provenance %q", out.Lang, out.Provenance)
		}
		given, kept := sources(in), sources(out)
		for _, s := range out.Sentences {
			if len(s.Sources) == 0 || strings.TrimSpace(s.Text) == "" {
				t.Errorf("sentence %+v", s)
			}
		}
		if !slices.Equal(given, kept) {
			t.Errorf("sources %v, want %v", kept, given)
		}
	})
	t.Run("interface wording stays as it is", func(t *testing.T) {
		out, err := open(t).Reword(t.Context(), Draft())
		if err != nil {
			t.Fatal(err)
		}
		first, last := out.Sentences[0].Text, out.Sentences[len(out.Sentences)-1].Text
		if d := Draft().Sentences; first != d[0].Text || last != d[len(d)-1].Text {
			t.Errorf("begins %q, ends %q", first, last)
		}
	})
	t.Run("gives up with its caller", func(t *testing.T) {
		a := open(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		begin := time.Now()
		_, _ = a.Reword(ctx, Draft())
		_, _ = a.Extract(ctx, bot.ExtractRequest{Text: Story, Fields: Fields()})
		if took := time.Since(begin); took > time.Second {
			t.Errorf("it took %v after the end of its context", took)
		}
	})
	t.Run("many at once", func(t *testing.T) {
		a := open(t)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				d, err := a.Reword(t.Context(), Draft())
				if err != nil || !slices.Equal(sources(d), sources(Draft())) {
					t.Errorf("%v, %v", sources(d), err)
				}
			})
		}
		wg.Wait()
	})
}

func extract(t *testing.T, a bot.Assistant, r bot.ExtractRequest) bot.Extraction {
	t.Helper()
	x, err := a.Extract(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if x.Provenance == "" {
		t.Error("no provenance")
	}
	return x
}

func sources(d bot.Draft) []string {
	var out []string
	for _, s := range d.Sentences {
		out = append(out, s.Sources...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Reader is a small reader of values: phones, identity numbers, plates, amounts in 元, months, and people who say
// their name.
type Reader struct{}

var kinds = []struct {
	kind string
	re   *regexp.Regexp
}{
	{intake.KindPhone, regexp.MustCompile(`1[3-9]\d{9}`)},
	{intake.KindID, regexp.MustCompile(`\d{17}[\dX]`)},
	{intake.KindPlate, regexp.MustCompile(`蒙[A-Z][A-Z0-9]{5}`)},
	{intake.KindMoney, regexp.MustCompile(`(\d+)元`)},
	{intake.KindDate, regexp.MustCompile(`(\d{4})年(\d{1,2})月`)},
	{intake.KindPerson, regexp.MustCompile(`我叫(\p{Han}{2,4})`)},
}

// Values finds them in the order of their kinds.
func (Reader) Values(text string, _ time.Time) []intake.Value {
	var out []intake.Value
	for _, k := range kinds {
		for _, m := range k.re.FindAllStringSubmatchIndex(text, -1) {
			v := intake.Value{Kind: k.kind, Text: text[m[0]:m[1]], Start: m[0], End: m[1]}
			v.Value = v.Text
			switch k.kind {
			case intake.KindMoney:
				v.Value = text[m[2]:m[3]] + ".00"
			case intake.KindDate:
				month := text[m[4]:m[5]]
				v.Value = text[m[2]:m[3]] + "-" + strings.Repeat("0", 2-len(month)) + month
			case intake.KindPerson:
				v.Text, v.Value, v.Start, v.End = text[m[2]:m[3]], text[m[2]:m[3]], m[2], m[3]
			}
			out = append(out, v)
		}
	}
	return out
}
