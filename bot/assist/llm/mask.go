package llm

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"heshi/bot"
	"heshi/intake"
)

// personal are the kinds of values that no model may see, and how they are called instead.
var personal = map[string]string{
	intake.KindPhone: "PHONE", intake.KindID: "ID", intake.KindPlate: "PLATE", intake.KindPerson: "NAME",
}

// What no reader needs to have recognised: mobile and landline numbers, identity and card numbers, mail addresses,
// plates.
var personalText = []struct {
	name string
	re   *regexp.Regexp
}{
	{"MAIL", regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)},
	{"PHONE", regexp.MustCompile(`1[3-9][0-9](?:[ -]?[0-9]{4}){2}`)},
	{"NUMBER", regexp.MustCompile(`[0-9０-９]{11,}[Xx]?|[0-9]{4}(?: [0-9]{3,4}){2,}`)},
	{"PHONE", regexp.MustCompile(`0[0-9]{2,3}[- ]?[0-9]{7,8}`)},
	{"PLATE", regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·-]?[A-Za-z0-9]{5,6}`)},
}

// mask replaces personal data by marks such as 〔PHONE1〕 and puts it back. The same data has the same mark.
type mask struct {
	marks map[string]string // data -> mark
	order []string          // data, the longest first
	back  *strings.Replacer
}

// newMask makes the mask of a text and the values that were read from it.
func newMask(text string, values []intake.Value) *mask {
	m := &mask{marks: map[string]string{}}
	counts := map[string]int{}
	add := func(name, data string) {
		if data == "" || m.marks[data] != "" {
			return
		}
		for {
			counts[name]++
			mark := fmt.Sprintf("〔%s%d〕", name, counts[name])
			if !strings.Contains(text, mark) { // somebody may have typed one
				m.marks[data] = mark
				return
			}
		}
	}
	for _, v := range values {
		if name, ok := personal[v.Kind]; ok {
			add(name, v.Text)
		}
	}
	for _, p := range personalText {
		for _, found := range p.re.FindAllString(text, -1) {
			add(p.name, found)
		}
	}
	var pairs []string
	for data, mark := range m.marks {
		m.order = append(m.order, data)
		pairs = append(pairs, mark, data)
	}
	slices.SortFunc(m.order, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	m.back = strings.NewReplacer(pairs...)
	return m
}

// hide gives s as the model may see it.
func (m *mask) hide(s string) string {
	for _, data := range m.order {
		s = strings.ReplaceAll(s, data, m.marks[data])
	}
	return s
}

// show puts back what was hidden.
func (m *mask) show(s string) string { return m.back.Replace(s) }

func hideAll(m *mask, sentences []bot.Sentence) []bot.Sentence {
	out := make([]bot.Sentence, 0, len(sentences))
	for _, s := range sentences {
		out = append(out, bot.Sentence{Text: m.hide(s.Text), Sources: s.Sources})
	}
	return out
}

func joined(sentences []bot.Sentence) string {
	var b strings.Builder
	for _, s := range sentences {
		b.WriteString(s.Text + "\n")
	}
	return b.String()
}
