package document

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"heshi/intake"
)

// Level says what a problem calls for.
type Level string

// Stop: the clause must not be signed. Ask: a person must look at it.
const (
	Stop Level = "stop"
	Ask  Level = "ask"
)

// Problem is something in an agreement that the law forbids or that leaves it unclear. Term counts from 1; 0 is the
// agreement as a whole. Found is the words that gave rise to it.
type Problem struct {
	Term  int
	ID    string
	Level Level
	What  string
	Fix   string
	Law   []string
	Found string
}

// banned is one entry of clauses.yaml.
type banned struct {
	ID       string   `yaml:"id"`
	Level    Level    `yaml:"level"`
	Law      []string `yaml:"law"`
	What     string   `yaml:"what"`
	Fix      string   `yaml:"fix"`
	Patterns []string `yaml:"patterns"`
	Not      []string `yaml:"not"`

	re []*regexp.Regexp
}

func clauses() ([]banned, error) {
	raw, err := fs.ReadFile(files, "clauses.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplates, err)
	}
	var doc struct {
		Clauses []banned `yaml:"clauses"`
	}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: clauses.yaml: %w", ErrTemplates, err)
	}
	for i := range doc.Clauses {
		for _, p := range doc.Clauses[i].Patterns {
			re, err := regexp.Compile(p)
			if err != nil {
				return nil, fmt.Errorf("%w: clauses.yaml: %s: %w", ErrTemplates, doc.Clauses[i].ID, err)
			}
			doc.Clauses[i].re = append(doc.Clauses[i].re, re)
		}
	}
	return doc.Clauses, nil
}

// CheckAgreement finds what an agreement may not say (民法典 153, 人民调解法 3, 民事诉讼法解释 355, 358 and what else each
// clause of clauses.yaml names), and terms too unclear to be confirmed by a court: who, to whom, what, how, by when. It
// reads words, not minds: no problem found does not make an agreement lawful.
func CheckAgreement(terms []Term) []Problem {
	all, err := clauses()
	if err != nil { // the file is part of the binary and tested; should it be broken, nothing may pass
		return []Problem{{ID: "clauses", Level: Stop, What: "协议条款检查表不能读取", Fix: "请先人工逐条核对。"}}
	}
	var out []Problem
	if len(terms) == 0 {
		out = append(out, Problem{ID: "empty", Level: Stop, Law: []string{"PML:29"}, What: "没有一条协议内容", Fix: "逐条写明由谁、在哪一天之前、以什么方式、履行什么。"})
	}
	for i, t := range terms {
		words := strings.Join([]string{t.Text, t.Subject, t.Mode, t.Late}, "。")
		for _, b := range all {
			if found := b.find(words); found != "" {
				out = append(out, Problem{Term: i + 1, ID: b.ID, Level: b.Level, What: b.What, Fix: b.Fix, Law: b.Law, Found: found})
			}
		}
		out = append(out, unclear(i+1, t)...)
	}
	return out
}

// find is the words that break the clause, or nothing. Spaces are no disguise.
func (b banned) find(words string) string {
	squeezed := strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '　' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, clean(words))
	for _, sentence := range strings.FieldsFunc(squeezed, func(r rune) bool { return strings.ContainsRune("。；;！!？?", r) }) {
		plain := sentence
		for _, n := range b.Not {
			if strings.Contains(sentence, n) {
				plain = ""
			}
		}
		for _, re := range b.re {
			if m := re.FindString(plain); m != "" {
				return m
			}
		}
	}
	return ""
}

var amounts = regexp.MustCompile(`[0-9０-９〇零一二两三四五六七八九十百千万亿.,，]+(?:元|块钱|块)`)

// unclear lists what a court would miss (民事诉讼法解释 358: 内容不明确，无法确认).
func unclear(n int, t Term) []Problem {
	var out []Problem
	say := func(id string, level Level, what, fix, found string) {
		out = append(out, Problem{Term: n, ID: id, Level: level, What: what, Fix: fix, Law: []string{"CPLI:358", "PML:29"}, Found: found})
	}
	does := t.Fen > 0 || t.Subject != "" || t.Debtor != ""
	if does && t.Debtor == "" {
		say("no-debtor", Ask, "没有写由谁履行", "写明义务人的姓名或者名称。", "")
	}
	if does && t.Creditor == "" {
		say("no-creditor", Ask, "没有写向谁履行", "写明权利人的姓名或者名称。", "")
	}
	if does && t.Due == "" {
		say("no-due", Ask, "没有写履行期限", "写明到哪一天为止，如2026年12月31日前。", "")
	}
	if does && t.Mode == "" {
		say("no-mode", Ask, "没有写履行方式", "写明现金、转账、交付实物等方式。", "")
	}
	if t.Due != "" && !intake.ValidDate(t.Due) {
		say("bad-due", Ask, "履行期限不是一个日期", "写成年月日。", t.Due)
	}
	if t.Fen < 0 {
		say("bad-amount", Stop, "金额不能是负数", "核对金额。", "")
	}
	if t.Fen > 0 && t.Text != "" {
		var same, other string
		for _, found := range amounts.FindAllString(t.Text, -1) {
			switch fen, ok := intake.ParseMoney(strings.Trim(found, ",，")); {
			case ok && fen == t.Fen:
				same = found
			case ok:
				other = found
			}
		}
		if other != "" && same == "" {
			say("amount-differs", Stop, "条款文字里的金额和填写的金额不一样", "改成同一个金额："+money(t.Fen), other)
		}
	}
	return out
}
