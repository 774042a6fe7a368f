package laws

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heshi/caselib"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// These laws are made up: only their layout is that of real ones.
const grazing = `# 中华人民共和国放牧示例法

2001年3月2日 某会议通过
2011年5月6日 某会议《关于修改的决定》修正

<!-- INFO END -->

## 第一章 总 则

第一条 为了做例子，
制定本法。

第二条　放牧的人应当：

（一）先看草；

（二）再放羊。

第三条的说法不是开头。

## 第二章 附则
### 第一节 其他

第三条 羊进了别人的草场，按第二条处理。

第三条之一 牛也一样。

第四条 本法自2001年7月1日起施行。
`

func TestParse(t *testing.T) {
	l, doubts, err := Parse("经济法/放牧示例法(2011-05-06).md", []byte(grazing))
	if err != nil {
		t.Fatal(err)
	}
	if l.Name != "中华人民共和国放牧示例法" || l.Version != "2011-05-06" || l.Category != "经济法" || l.Part != "" || len(l.Notes) != 2 {
		t.Errorf("read %+v", l)
	}
	if l.Effective != "" { // 2001-07-01 is when an older version began
		t.Errorf("effective %s", l.Effective)
	}
	want := []caselib.LawArticle{
		{Number: 1, Path: "第一章 总 则", Text: "为了做例子，\n制定本法。"},
		{Number: 2, Path: "第一章 总 则", Text: "放牧的人应当：\n（一）先看草；\n（二）再放羊。\n第三条的说法不是开头。"},
		{Number: 3, Path: "第二章 附则 / 第一节 其他", Text: "羊进了别人的草场，按第二条处理。"},
		{Number: 3, Sub: 1, Path: "第二章 附则 / 第一节 其他", Text: "牛也一样。"},
		{Number: 4, Path: "第二章 附则 / 第一节 其他", Text: "本法自2001年7月1日起施行。"},
	}
	if !slices.Equal(l.Articles, want) || len(doubts) != 0 {
		t.Errorf("articles %+v\ndoubts %v", l.Articles, doubts)
	}
}

func TestParseHeads(t *testing.T) {
	for _, tc := range []struct {
		name, file, text         string
		version, effective, part string
		articles, doubts         int
		err                      error
	}{
		{"date from the head", "a.md", "# 甲法\n2003年7月30日 会议通过\n2003年8月8日 公布\n2003年10月1日 施行\n<!-- INFO END -->\n第一条 一。", "2003-08-08", "2003-10-01", "", 1, 0, nil},
		{"full-width brackets", "甲法（2020-01-02）.md", "# 甲法\n第一条 自2020年3月1日起施行。", "2020-01-02", "2020-03-01", "", 1, 0, nil},
		{"a part of a code", "民典/总则.md", "# 中华人民共和国民典\n\n# 总则\n\n2020年5月28日 会议通过\n\n<!-- INFO END -->\n\n第七条 一。\n\n第八条 二。", "2020-05-28", "", "总则", 2, 0, nil},
		{"a reply without articles", "批复(2020-11-09).md", "# 关于某问题的批复\n<!-- INFO END -->\n某法院：\n一、可以。\n二、不可以。", "2020-11-09", "", "", 1, 0, nil},
		{"a missing article", "a(2020-01-02).md", "# 甲法\n第一条 一。\n第三条 三。\n第一条 引文。", "2020-01-02", "", "", 2, 2, nil},
		{"bold", "a(2020-01-02).md", "# 甲法\n**第一条** 一。\n**第二条** 二。", "2020-01-02", "", "", 2, 0, nil},
		{"front matter", "a(2020-01-02).md", "---\nx: 1\n---\n# 甲法\n第一条 一。", "2020-01-02", "", "", 1, 0, nil},
		{"an index", "_index.md", "---\nbookCollapseSection: true\n---", "", "", "", 0, 0, ErrNotLaw},
		{"no date", "a.md", "# 甲法\n第一条 一。", "", "", "", 0, 0, ErrNoVersion},
		{"not text", "a.md", "# \xff\xfe", "", "", "", 0, 0, ErrNotText},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, doubts, err := Parse(tc.file, []byte(tc.text))
			if !errors.Is(err, tc.err) || tc.err == nil && err != nil {
				t.Fatalf("error %v, want %v", err, tc.err)
			}
			if err != nil {
				return
			}
			if l.Version != tc.version || l.Effective != tc.effective || l.Part != tc.part || len(l.Articles) != tc.articles || len(doubts) != tc.doubts {
				t.Errorf("version %q effective %q part %q articles %d doubts %v", l.Version, l.Effective, l.Part, len(l.Articles), doubts)
			}
		})
	}
}

// Every character of the file is somewhere in what was read.
func FuzzParseLosesNothing(f *testing.F) {
	f.Add(grazing)
	f.Add("# 甲法\n第一条 一。\n第九条 九\n## x\n第二条 y")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "<!--") || strings.HasPrefix(text, "---") {
			return // comments and front matter are dropped on purpose
		}
		l, _, err := Parse("a(2020-01-02).md", []byte(text))
		if err != nil {
			return
		}
		var kept strings.Builder
		kept.WriteString(l.Name + l.Part + strings.Join(l.Notes, "") + l.Preamble)
		for _, a := range l.Articles {
			if a.Number > 0 && (a.Text == "" && a.Path == "") {
				continue
			}
			kept.WriteString(a.Text)
		}
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "#") || strings.ContainsAny(line, "第条*\uFEFF") {
				continue
			}
			for _, word := range strings.Fields(line) {
				if strings.ToValidUTF8(word, "") == word && isASCII(word) && !strings.Contains(kept.String(), word) {
					t.Fatalf("%q is lost; kept %q", word, kept.String())
				}
			}
		}
	})
}

func isASCII(s string) bool {
	for _, r := range s {
		if r > 0x7E || r < 0x21 {
			return false
		}
	}
	return true
}

func TestImport(t *testing.T) {
	lib := &caselib.Library{Taxonomy: &caselib.Taxonomy{}, Sources: map[string]caselib.Source{
		"GRZ": {Key: "GRZ", Name: "放牧示例法", Date: "2011-05-06", Status: "memory"},
	}}
	files := fstest.MapFS{
		"经济法/放牧示例法(2001-03-02).md": {Data: []byte("# 中华人民共和国放牧示例法\n第一条 旧。")},
		"经济法/放牧示例法(2011-05-06).md": {Data: []byte(grazing)},
		"民典/_index.md":             {Data: []byte("---\nx: y\n---")},
		"民典/总则.md":                 {Data: []byte("# 民典\n# 总则\n2020年5月28日 通过\n2021年1月1日 施行\n<!-- INFO END -->\n第一条 一。\n第二条 二。")},
		"民典/附则.md":                 {Data: []byte("# 民典\n# 附则\n2020年5月28日 通过\n<!-- INFO END -->\n第三条 三。")},
		"坏.md":                     {Data: []byte("# 无日期法\n第一条 一。")},
		"README.md":                {Data: []byte("读我")},
		"别的.txt":                   {Data: []byte("x")},
	}
	dir := t.TempDir()
	shelf, err := caselib.OpenShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer shelf.Close()
	o := Options{Library: lib, Now: func() time.Time { return noon }, DryRun: true}
	run := func(fsys fs.FS) Summary {
		t.Helper()
		sum, err := Import(t.Context(), shelf, fsys, o)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	if sum := run(files); sum.Imported != 4 || sum.Files != 7 || sum.Passed != 2 || len(sum.Errors) != 1 || sum.Articles != 9 || sum.Superseded != 1 {
		t.Errorf("dry run %+v", sum)
	}
	if _, n := shelf.Len(); n != 0 {
		t.Fatalf("a dry run stored %d", n)
	}
	o.DryRun = false
	if sum := run(files); sum.Imported != 4 {
		t.Errorf("import %+v", sum)
	}
	if sum := run(files); sum.Unchanged != 4 || sum.Imported+sum.Corrected != 0 {
		t.Errorf("again %+v", sum)
	}
	corrected := maps.Clone(files)
	corrected["民典/附则.md"] = &fstest.MapFile{Data: []byte("# 民典\n# 附则\n2020年5月28日 通过\n<!-- INFO END -->\n第三条 三三。")}
	corrected["民典/附则2.md"] = corrected["民典/附则.md"]
	if sum := run(corrected); sum.Corrected != 1 || sum.Unchanged != 3 || len(sum.Errors) != 2 {
		t.Errorf("corrected %+v", sum)
	}
	m, err := caselib.Merge(t.Context(), lib, shelf, noon)
	if err != nil {
		t.Fatal(err)
	}
	p := m.Published()
	if s, ok := p.Statute("GRZ:3-1"); !ok || s.Text != "牛也一样。" || s.Cite() != "《放牧示例法》第三条之一（2011-05-06）" {
		t.Errorf("GRZ:3-1 is %+v, %s", s, s.Cite())
	}
	code := keyOf("民典", nil)
	if s, ok := p.Statute(code + ":3"); !ok || s.Text != "三三。" || m.Sources[code].Eff != "2021-01-01" {
		t.Errorf("the code reads %+v, source %+v", s, m.Sources[code])
	}
	for _, s := range p.Statutes {
		if s.Text == "旧。" {
			t.Error("a superseded text is published")
		}
	}
	if ps := m.Check(); len(ps) > 0 {
		t.Errorf("problems: %v", ps)
	}
}
