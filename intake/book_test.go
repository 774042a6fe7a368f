package intake

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"heshi/prompts"
)

var loaded = sync.OnceValues(func() (*Book, error) { return LoadBook(Embedded()) })

func book(t testing.TB) *Book {
	t.Helper()
	b, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLintEmbedded(t *testing.T) {
	c, err := prompts.Load(prompts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range book(t).Lint(c) {
		t.Errorf("%s: %s (%s)", p.Where, p.What, p.Fix)
	}
	if n := len(book(t).Forms()); n != 25 {
		t.Errorf("%d forms, want 25", n)
	}
}

const small = `
code: F0
version: 1
fields:
  - {id: a, label: 甲, q: 甲吗？, type: choice, req: Y, from: ask, sens: S1, why: 要用, options: [{id: "yes", label: 是}, {id: "no", label: 否}]}
`

func folder(extra string) fstest.MapFS {
	files := map[string]string{
		"flows.yaml": "flows: [{code: F1, name: 调解, kind: mediation, forms: [F0], limit: 12}, {code: F3, name: 援助, kind: legal_aid, forms: [F0], limit: 12}]",
		"types.yaml": "D10: {name: 欠薪}", "words.yaml": "yes: [对]", "F0.yaml": small + extra,
	}
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestLintFinds(t *testing.T) {
	for want, extra := range map[string]string{
		"there is no field x":                      "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: x == 1}",
		"a has no option 也许":                       "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: a == 也许}",
		"some is no system variable":               "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: some}",
		"it ends too early":                        "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: a == 是 and}",
		"the id is used by another field":          "  - {id: a, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用}",
		"its question has 33 characters":           "  - {id: b, label: 乙, q: 这个问题实在是太长了谁也没有耐心把它从头到尾看完更不要说回答它了呀, type: text, req: Y, from: ask, sens: S1, why: 要用}",
		"it has no why":                            "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1}",
		`sens is ""`:                               "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, why: 要用}",
		"option 1 has no id or no label":           "  - {id: b, label: 乙, q: 乙？, type: choice, req: Y, from: ask, sens: S1, why: 要用, options: [{label: 是}, {id: n, label: 否}]}",
		"it is to be asked and has no question":    "  - {id: b, label: 乙, type: text, req: Y, from: ask, sens: S1, why: 要用}",
		"its default is no option: 大概":             "  - {id: b, label: 乙, q: 乙？, type: choice, req: Y, from: default, default: 大概, sens: S1, why: 要用, options: [{id: y, label: 是}, {id: n, label: 否}]}",
		"compares numbers":                         "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: a >= 是}",
		"any_field is written any_field(sens>=S2)": "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: any_field(x)}",
	} {
		b, err := LoadBook(folder(extra))
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		found := false
		for _, p := range b.Lint() {
			found = found || strings.Contains(p.What, want)
		}
		if !found {
			t.Errorf("no problem says %q: %v", want, b.Lint())
		}
	}
	if b, err := LoadBook(folder("")); err != nil || len(b.Lint()) > 0 {
		t.Errorf("a sound folder: %v %v", err, b.Lint())
	}
}

func TestLoadBookRefuses(t *testing.T) {
	circle := "  - {id: b, label: 乙, q: 乙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: c not empty}\n" +
		"  - {id: c, label: 丙, q: 丙？, type: text, req: Y, from: ask, sens: S1, why: 要用, show_if: b not empty}"
	for name, extra := range map[string]string{
		"circle": circle, "unknown key": "  - {id: b, colour: red}", "not yaml": "  - {",
	} {
		if _, err := LoadBook(folder(extra)); !errors.Is(err, ErrBook) {
			t.Errorf("%s: %v, want ErrBook", name, err)
		}
	}
}
