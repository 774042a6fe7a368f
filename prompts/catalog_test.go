package prompts

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func files(m map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, text := range m {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestText(t *testing.T) {
	c, err := Load(files(map[string]string{
		"messages/zh-Hans/a.yaml": "a.hi: 您好，{name}。\na.yes: 是\na.id: 请填身份证号码。\na.only: 只有汉语",
		"messages/mn-Cyrl/a.yaml": "a.hi: {text: 'Сайн байна уу, {name}.', confidence: high}\n" +
			"a.yes: {text: Тийм, confidence: medium}\na.id: {text: Иргэний дугаар, confidence: low}",
		"messages/mn-Mong/a.yaml": "a.yes: {text: ᠲᠡᠢᠮᠦ, confidence: high}",
	}))
	if err != nil {
		t.Fatal(err)
	}
	args := map[string]string{"name": "{a.yes}"}
	for _, x := range []struct{ name, got, want string }{
		{"chinese", c.Text("zh-Hans", "a.hi", args), "您好，{a.yes}。"},
		{"detected chinese", c.Text("zh", "a.yes", nil), "是"},
		{"mongolian above chinese", c.Text("mn-Cyrl", "a.hi", args), "Сайн байна уу, {a.yes}.\n您好，{a.yes}。"},
		{"latin mongolian reads cyrillic", c.Text("mn-Latn", "a.yes", nil), "Тийм\n是"},
		{"low confidence is not shown", c.Text("mn-Cyrl", "a.id", nil), "请填身份证号码。"},
		{"missing mongolian", c.Text("mn-Mong", "a.only", nil), "只有汉语"},
		{"unknown key", c.Text("zh-Hans", "a.none", nil), "a.none"},
		{"chinese label", c.Label("zh-Hans", "a.yes"), "是"},
		{"mongolian label", c.Label("mn-Mong", "a.yes"), "是 · ᠲᠡᠢᠮᠦ"},
		{"label of low confidence", c.Label("mn-Cyrl", "a.id"), "请填身份证号码。"},
		{"argument missing", c.Text("zh-Hans", "a.hi", map[string]string{"x": "y"}), "您好，{name}。"},
	} {
		if x.got != x.want {
			t.Errorf("%s: got %q, want %q", x.name, x.got, x.want)
		}
	}
	if !c.Has("a.hi") || c.Has("a.none") {
		t.Error("Has is wrong")
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, m := range map[string]map[string]string{
		"unknown language": {"messages/zh-Hans/a.yaml": "a: b", "messages/en/a.yaml": "a: b"},
		"key in two areas": {"messages/zh-Hans/a.yaml": "x: 1", "messages/zh-Hans/b.yaml": "x: 2"},
		"key twice":        {"messages/zh-Hans/a.yaml": "x: 1\nx: 2"},
		"not yaml":         {"messages/zh-Hans/a.yaml": "{"},
		"no chinese":       {"messages/mn-Cyrl/a.yaml": "a: {text: Тийм, confidence: high}"},
		"no folder":        {"x": ""},
	} {
		if _, err := Load(files(m)); !errors.Is(err, ErrMessages) {
			t.Errorf("%s: got %v, want ErrMessages", name, err)
		}
	}
}

func TestCheck(t *testing.T) {
	c, err := Load(files(map[string]string{
		"messages/zh-Hans/a.yaml": "a.hi: 您好，{name}。\na.yes: 是\na.no: 否\na.empty: ''",
		"messages/mn-Cyrl/a.yaml": "a.hi: {text: Сайн байна уу, confidence: high}\na.yes: {text: Тийм, confidence: sure}\n" +
			"a.no: {text: ᠦᠭᠡᠢ, confidence: high}\na.lost: {text: Буцах, confidence: high}",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`mn-Cyrl/a.yaml: "a.hi" has placeholders "", the Chinese has "name"`,
		`mn-Cyrl/a.yaml: "a.lost" has no Chinese`,
		`mn-Cyrl/a.yaml: "a.no" has no Cyrillic letter`,
		`mn-Cyrl/a.yaml: "a.yes" has confidence "sure", want high, medium or low`,
		`zh-Hans/a.yaml: "a.empty" has no Chinese text`,
	}
	if d := cmp.Diff(want, c.Check()); d != "" {
		t.Errorf("Check (-want +got):\n%s", d)
	}
}

func TestEmbedded(t *testing.T) {
	c, err := Load(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if problems := c.Check(); len(problems) > 0 {
		t.Errorf("the messages in the binary:\n%s", strings.Join(problems, "\n"))
	}
	if _, err := fs.ReadDir(Models(), "."); err != nil {
		t.Errorf("model templates: %v", err)
	}
}
