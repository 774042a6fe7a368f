package transfer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"heshi/caselib"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func lib(t testing.TB) *caselib.Library {
	t.Helper()
	l, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func options(l *caselib.Library, format string) Options {
	return Options{Format: format, Source: "a." + format, By: "alma", Library: l, Now: func() time.Time { return noon }}
}

func shelfAt(t testing.TB, dir string) *caselib.Shelf {
	t.Helper()
	s, err := caselib.OpenShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func importText(t *testing.T, s *caselib.Shelf, text string, o Options) Summary {
	t.Helper()
	sum, err := Import(t.Context(), s, strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func counts(s Summary) string {
	return fmt.Sprintf("%d rows: %d new, %d updated, %d unchanged, %d already, %d duplicates, %d failed",
		s.Rows, s.Imported, s.Updated, s.Unchanged, s.Already, s.Duplicates, s.Failed)
}

func TestImportReportsRows(t *testing.T) {
	l := lib(t)
	const text = "案例编号,业务类别,案例名称,案情简介,调解结果,结局,适用依据,盟市,年份,备注\n" +
		",D10-01,讨薪,甲欠乙工资。,付清。,达成协议,《保障农民工工资支付条例》第三十条；CC:675,内蒙古通辽市某旗,2024,x\n" +
		",没有这种,\"两行\n标题\",丙欠丁工资。,付清。,没谈成,《不存在的法》第三条,张家屯13812345678,今年,\n" +
		",D10-01,讨薪,甲欠乙工资,付清,agreed,,通辽市,2024,\n" +
		",D10-01,讨薪,,,agreed,,,,\n" +
		",D10-01,a\"b,戊欠己工资。,付清。,agreed,,,2023,\n" +
		",D10-01,讨薪,庚欠辛工资。,付清。,agreed,,农区,2023年,\n"
	s := shelfAt(t, t.TempDir())
	var reports []string
	o := options(l, "csv")
	o.Report = func(e *RowError) { reports = append(reports, e.Error()) }
	sum := importText(t, s, text, o)
	if got := counts(sum); got != "6 rows: 2 new, 0 updated, 0 unchanged, 0 already, 1 duplicates, 3 failed" {
		t.Error(got)
	}
	all := strings.Join(reports, "\n")
	for _, want := range []string{"line 3, types: ", "line 3, outcome: ", "line 3, articles: ", "line 3, region: ", "line 3, year: ",
		"line 5: says the same as HS-100001", "line 6, facts: ", "line 7: not readable as CSV"} {
		if !strings.Contains(all, want) {
			t.Errorf("no report %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "138") || strings.Contains(all, "张家") {
		t.Errorf("a report quotes a cell:\n%s", all)
	}
	r, err := s.Case("HS-100001")
	if err != nil {
		t.Fatal(err)
	}
	want := caselib.Case{ID: "HS-100001", Version: 1, State: caselib.Draft, Types: []string{"D10-01"}, Title: caselib.Bilingual{Zh: "讨薪"},
		Facts: "甲欠乙工资。", Result: "付清。", Outcome: "agreed", Articles: []string{"MWR:30", "CC:675"}, Region: "通辽市", Year: 2024}
	if diff := cmp.Diff(want, r.Case); diff != "" || r.Source != "a.csv" || r.Line != 2 || r.By != "alma" || !r.At.Equal(noon) {
		t.Errorf("stored %+v\n%s", r, diff)
	}
}

func TestImportMapsColumns(t *testing.T) {
	l := lib(t)
	const text = "发生了啥,facts,怎么样了\n甲欠乙工资。,别的,付清。\n"
	o := options(l, "csv")
	o.Mapping, _ = ParseMapping([]string{"发生了啥=facts", "facts=-", "怎么样了=调解结果"})
	s := shelfAt(t, t.TempDir())
	importText(t, s, text, o)
	r, _ := s.Case("HS-100001")
	if r.Case.Facts != "甲欠乙工资。" || r.Case.Result != "付清。" {
		t.Errorf("stored %+v", r.Case)
	}
	m, err := ReadMapping(strings.NewReader("发生了啥: facts\nfacts: '-'\n"))
	if err != nil || m["发生了啥"] != "facts" {
		t.Errorf("the mapping file reads %v, %v", m, err)
	}
	for _, pairs := range [][]string{{"没有这列=facts"}, {"发生了啥=没有这栏"}, {"发生了啥=facts"}} {
		o.Mapping, _ = ParseMapping(pairs)
		if _, err := Import(t.Context(), s, strings.NewReader(text), o); !errors.Is(err, ErrMapping) {
			t.Errorf("mapping %v gives %v, want ErrMapping", pairs, err)
		}
	}
	if _, err := ParseMapping([]string{"发生了啥"}); !errors.Is(err, ErrMapping) {
		t.Errorf("a pair without = gives %v", err)
	}
}

func TestImportReadsEncodings(t *testing.T) {
	l := lib(t)
	const text = "案情,结果\n老板拖欠工资三个月，一分钱都没给。,付清。\n"
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String(text)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	for name, in := range map[string]string{"utf-8": text, "utf-8 with mark": "\uFEFF" + text, "gb18030": gbk, "utf-16": utf16, "crlf": strings.ReplaceAll(text, "\n", "\r\n")} {
		s := shelfAt(t, t.TempDir())
		importText(t, s, in, options(l, "csv"))
		if r, _ := s.Case("HS-100001"); r.Case.Facts != "老板拖欠工资三个月，一分钱都没给。" {
			t.Errorf("%s: stored %q", name, r.Case.Facts)
		}
	}
}

func TestDryRunStoresNothing(t *testing.T) {
	l := lib(t)
	dir := t.TempDir()
	o := options(l, "jsonl")
	o.DryRun = true
	sum := importText(t, shelfAt(t, dir), `{"facts":"一"}`+"\n"+`{"facts":"一。"}`+"\nnonsense\n", o)
	if got := counts(sum); got != "3 rows: 1 new, 0 updated, 0 unchanged, 0 already, 1 duplicates, 1 failed" {
		t.Error(got)
	}
	if e, _ := os.ReadDir(dir); len(e) != 0 {
		t.Errorf("a dry run wrote %v", e)
	}
}

func TestMarkdownByHand(t *testing.T) {
	l := lib(t)
	const text = `前言不算。

# 讨薪
- 类型：建筑工程欠薪
- 年份: 2024

## 案情简介

甲欠乙工资。

\# 不是标题

## 调解结果
付清。
# 第二件
## 案情
丙欠丁工资。
## 天气
晴
# 第三件
正文没有标题
`
	code := l.Taxonomy.Types[0].Subtypes[0]
	s := shelfAt(t, t.TempDir())
	var reports []string
	o := options(l, "md")
	o.Report = func(e *RowError) { reports = append(reports, e.Error()) }
	sum := importText(t, s, strings.Replace(text, "建筑工程欠薪", code.Name, 1), o)
	if sum.Imported != 1 || sum.Failed != 2 || len(reports) != 2 || !strings.HasPrefix(reports[0], "line 18:") || !strings.HasPrefix(reports[1], "line 21:") {
		t.Errorf("%s\n%s", counts(sum), strings.Join(reports, "\n"))
	}
	r, _ := s.Case("HS-100001")
	if r.Case.Facts != "甲欠乙工资。\n\n# 不是标题" || r.Case.Types[0] != code.Code || r.Case.Result != "付清。" {
		t.Errorf("stored %+v", r.Case)
	}
}

// What is exported and read into another shelf is the same, in every format;
// read into its own shelf it changes nothing.
func TestRoundTrip(t *testing.T) {
	l := lib(t)
	text := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙欠款，。\"'`#-=+@;|:：\\<>& \n\tab1ᠴᠠᠯᠢᠩ\u202f\u180eцө")), 0, 40, -1)
	line := rapid.Map(text, func(s string) string { return strings.Join(strings.Fields(s), " ") })
	cleaned := rapid.Map(text, clean)
	conf := rapid.SampledFrom([]caselib.Confidence{"", "high", "medium", "low"})
	mn := rapid.Custom(func(t *rapid.T) caselib.Mongolian {
		return caselib.Mongolian{Cyrl: line.Draw(t, "cyrl"), Mong: clean(line.Draw(t, "mong")), CyrlConf: conf.Draw(t, "cc"), MongConf: conf.Draw(t, "mc"), Reviewed: rapid.Bool().Draw(t, "r")}
	})
	one := rapid.Custom(func(t *rapid.T) caselib.Case {
		c := caselib.Case{
			Types: rapid.SampledFrom([][]string{nil, {"D10-01"}, {"D10-01", "D01-04"}}).Draw(t, "types"),
			Title: caselib.Bilingual{Zh: line.Draw(t, "title"), Mn: mn.Draw(t, "tmn")}, Summary: caselib.Bilingual{Zh: cleaned.Draw(t, "summary"), Mn: mn.Draw(t, "smn")},
			Facts: cleaned.Draw(t, "facts") + "实", Focus: cleaned.Draw(t, "focus"), Process: cleaned.Draw(t, "process"), Result: cleaned.Draw(t, "result"),
			Outcome:  rapid.SampledFrom([]string{"", "agreed", "failed"}).Draw(t, "outcome"),
			Articles: rapid.SampledFrom([][]string{nil, {"CC:675", "LAL:31(5)"}}).Draw(t, "articles"),
			Region:   rapid.SampledFrom([]string{"", "牧区", "通辽市"}).Draw(t, "region"), Year: rapid.SampledFrom([]int{0, 1999, 2024}).Draw(t, "year"),
			Illustrative: rapid.Bool().Draw(t, "ill"), Provenance: line.Draw(t, "provenance"), State: caselib.Draft,
		}
		for _, w := range rapid.SliceOfN(line, 0, 3).Draw(t, "lay") {
			if w = clean(w); w != "" {
				c.Lay = append(c.Lay, w)
			}
		}
		c.Summary.Mn.Cyrl, c.Title.Zh, c.Title.Mn.Cyrl, c.Provenance = clean(c.Summary.Mn.Cyrl), clean(c.Title.Zh), clean(c.Title.Mn.Cyrl), clean(c.Provenance)
		return c
	})
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		format := rapid.SampledFrom(Formats).Draw(rt, "format")
		cases := rapid.SliceOfNDistinct(one, 1, 6, caselib.ContentHash).Draw(rt, "cases")
		var b bytes.Buffer
		if _, err := Export(t.Context(), values(cases), &b, format); err != nil {
			rt.Fatal(err)
		}
		home, err := os.MkdirTemp(dir, "")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(home)
		s, err := caselib.OpenShelf(home)
		if err != nil {
			rt.Fatal(err)
		}
		defer s.Close()
		file := b.String()
		sum, err := Import(t.Context(), s, strings.NewReader(file), options(l, format))
		if err != nil || sum.Imported != len(cases) {
			rt.Fatalf("%s, %v, %v\n%s", counts(sum), sum.Errors, err, file)
		}
		var got []caselib.Case
		for c, err := range Stored(t.Context(), s, "") {
			if err != nil {
				rt.Fatal(err)
			}
			got = append(got, c)
		}
		if diff := cmp.Diff(cases, got, cmpopts.IgnoreFields(caselib.Case{}, "ID", "Version"), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("%s\n%s", diff, file)
		}
		b.Reset()
		if _, err := Export(t.Context(), Stored(t.Context(), s, caselib.Draft), &b, format); err != nil {
			rt.Fatal(err)
		}
		sum, err = Import(t.Context(), s, &b, options(l, format))
		if err != nil || sum.Unchanged != len(cases) {
			rt.Fatalf("a second time: %s, %v, %v", counts(sum), sum.Errors, err)
		}
	})
}

func values(cs []caselib.Case) iter.Seq2[caselib.Case, error] {
	return func(yield func(caselib.Case, error) bool) {
		for _, c := range cs {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func TestEmbeddedCasesRoundTrip(t *testing.T) {
	l := lib(t)
	for _, format := range Formats {
		var b bytes.Buffer
		n, err := Export(t.Context(), values(l.Cases), &b, format)
		if err != nil {
			t.Fatal(err)
		}
		s := shelfAt(t, t.TempDir())
		sum, err := Import(t.Context(), s, &b, options(l, format))
		if err != nil || sum.Imported+sum.Duplicates != n || sum.Duplicates > 0 {
			t.Errorf("%s: %s of %d, %v %v", format, counts(sum), n, sum.Errors, err)
		}
	}
}

func TestAnEditedExportIsTheNextVersion(t *testing.T) {
	l := lib(t)
	s := shelfAt(t, t.TempDir())
	importText(t, s, "案情,结果\n甲欠乙工资。,付清。\n丙欠丁工资。,付清。\n", options(l, "csv"))
	var b bytes.Buffer
	if _, err := Export(t.Context(), Stored(t.Context(), s, ""), &b, "csv"); err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(b.String(), "甲欠乙工资。", "甲欠乙半年工资。", 1)
	if got := counts(importText(t, s, edited, options(l, "csv"))); got != "2 rows: 0 new, 1 updated, 1 unchanged, 0 already, 0 duplicates, 0 failed" {
		t.Error(got)
	}
	if r, _ := s.Case("HS-100001"); r.Case.Version != 2 || r.Case.Facts != "甲欠乙半年工资。" || r.Case.State != caselib.Draft || len(r.History) != 1 {
		t.Errorf("stored %+v", r)
	}
	// The same file again changes nothing; an edit of the old version is refused.
	if got := importText(t, s, edited, options(l, "csv")); got.Unchanged != 2 {
		t.Error(counts(got))
	}
	stale := strings.Replace(b.String(), "甲欠乙工资。", "甲欠乙一年工资。", 1)
	if got := importText(t, s, stale, options(l, "csv")); got.Failed != 1 || got.Errors[0].Column != "version" {
		t.Error(counts(got))
	}
}

func TestImportStopsAndGoesOn(t *testing.T) {
	l := lib(t)
	s := shelfAt(t, t.TempDir())
	var text strings.Builder
	text.WriteString("案情\n")
	for i := range 500 {
		fmt.Fprintf(&text, "第%d个人没拿到工资。\n", i)
	}
	o := options(l, "csv")
	o.Batch = 50
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(rows int) {
		if rows == 200 {
			cancel()
		}
	}
	sum, err := Import(ctx, s, strings.NewReader(text.String()), o)
	if !errors.Is(err, context.Canceled) || sum.Imported != 200 {
		t.Fatalf("stopped with %v, %s", err, counts(sum))
	}
	o.Progress = nil
	sum = importText(t, s, text.String(), o)
	if sum.Already != 200 || sum.Imported != 300 {
		t.Error(counts(sum))
	}
}

func TestFormulasAreDefused(t *testing.T) {
	var b bytes.Buffer
	_, err := Export(t.Context(), values([]caselib.Case{{Facts: "=HYPERLINK(1)"}}), &b, "csv")
	if err != nil || !strings.Contains(b.String(), ",'=HYPERLINK") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestSheetKnowsEveryField(t *testing.T) {
	s, err := loadSheet()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"facts", "title_mn_mong", "summary_mn_reviewed", "provenance"} {
		if !slices.Contains(s.names(), want) {
			t.Errorf("no field %s", want)
		}
	}
	if FormatOf("A.XLSX") != "xlsx" || FormatOf("a.markdown") != "md" || FormatOf("a") != "" {
		t.Error("formats are not told by name")
	}
}
