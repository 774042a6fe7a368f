package caselib

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestLoadSaysWhere(t *testing.T) {
	for _, tc := range []struct{ name, file, old, new, want string }{
		{"misspelt field", "cases/a.yaml", "  facts:", "  fact:", "cases/a.yaml: 5: field fact not found"},
		{"broken YAML", "cases/a.yaml", "[D10-01]", "[D10-01", "cases/a.yaml: "},
		{"wrong kind", "statutes/a.yaml", "article: 27", "article: 二十七", "statutes/a.yaml: 5: cannot unmarshal"},
		{"second document", "statutes/a.yaml", "- law", "[]\n---\n- law", "statutes/a.yaml: more than one YAML document"},
		{"header", "terms.csv", "id,domain", "no,domain", "terms.csv:1: header must be id,domain"},
		{"cells", "thesaurus.csv", "D10-01,", "D10-01", "thesaurus.csv: record on line 2"},
		{"flag", "terms.csv", "false", "perhaps", `terms.csv:2: reviewed is "perhaps"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Load(library(t, with(t, tc.file, tc.old, tc.new)))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	for name := range small {
		if strings.Contains(name, "/") {
			continue // folders may be empty
		}
		files := map[string]string{}
		for k, v := range small {
			if k != name {
				files[k] = v
			}
		}
		if _, err := Load(library(t, files)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestPublishedHidesEverythingElse(t *testing.T) {
	for _, state := range []State{Draft, Anonymised, BilingualReview, Withdrawn, ""} {
		files := with(t, "cases/a.yaml", "state: published", fmt.Sprintf("state: %q", string(state)))
		files["statutes/a.yaml"] = strings.Replace(files["statutes/a.yaml"], "state: published", fmt.Sprintf("state: %q", string(state)), 1)
		l := load(t, library(t, files))
		p := l.Published()
		if len(l.Cases) != 1 || len(l.Statutes) != 1 || len(p.Cases) != 0 || len(p.Statutes) != 0 {
			t.Errorf("state %q: %d of %d cases, %d of %d digests published", state, len(p.Cases), len(l.Cases), len(p.Statutes), len(l.Statutes))
		}
		if _, ok := p.Case("HS-0001"); ok {
			t.Errorf("state %q: found by id", state)
		}
		if _, ok := p.Statute("LDMA:27"); ok {
			t.Errorf("state %q: digest found by id", state)
		}
	}
	for name, files := range map[string]map[string]string{
		"newer law":   with(t, "sources.yaml", "2007-12-29", "2027-01-01"),
		"from memory": with(t, "sources.yaml", "status: text_checked,", "status: memory,"),
	} {
		if p := load(t, library(t, files)).Published(); len(p.Statutes) != 0 {
			t.Errorf("%s: digest still published", name)
		}
	}
	low := load(t, library(t, with(t, "terms.csv", "цалин,high", "цалин,low"))).Published()
	if got := low.Terms[0].Mn; got.Cyrl != "" || got.CyrlConf != "" || got.Mong == "" {
		t.Errorf("low confidence is published: %+v", got)
	}
	reviewed := with(t, "terms.csv", "цалин,high", "цалин,low")
	reviewed["terms.csv"] = strings.Replace(reviewed["terms.csv"], "false", "true", 1)
	if p := load(t, library(t, reviewed)).Published(); p.Terms[0].Mn.Cyrl == "" {
		t.Error("a reviewed string must stay")
	}
}

func TestHashFollowsContent(t *testing.T) {
	base := load(t, library(t, small)).Hash()
	if again := load(t, library(t, small)).Hash(); again != base {
		t.Errorf("same content, hashes %s and %s", base, again)
	}
	for _, c := range []struct{ file, old, new string }{
		{"cases/a.yaml", "付清。", "分期付清。"},
		{"cases/a.yaml", "cyrl_conf: high", "cyrl_conf: medium"},
		{"statutes/a.yaml", "期限一年。", "期限是一年。"},
		{"terms.csv", "цалин", "хөлс"},
		{"thesaurus.csv", "工钱", "工费"},
		{"taxonomy.yaml", "讨薪", "要工钱"},
		{"sources.yaml", "max_art: 54", "max_art: 55"},
	} {
		if h := load(t, library(t, with(t, c.file, c.old, c.new))).Hash(); h == base {
			t.Errorf("%s: %s → %s left the hash alone", c.file, c.old, c.new)
		}
	}
	moved := with(t, "cases/a.yaml", small["cases/a.yaml"], "\n\n"+small["cases/a.yaml"])
	moved["cases/z.yaml"] = moved["cases/a.yaml"]
	delete(moved, "cases/a.yaml")
	if h := load(t, library(t, moved)).Hash(); h != base {
		t.Error("moving a case to another file and line changed the hash")
	}
}

func TestCite(t *testing.T) {
	l := load(t, library(t, small))
	s, ok := l.Statute("LDMA:27")
	if !ok {
		t.Fatal("no digest of LDMA:27")
	}
	const want = "《劳动争议调解仲裁法》第二十七条（2007-12-29）"
	if got := s.Cite(); got != want {
		t.Errorf("got %s", got)
	}
	if got, err := l.Cite("LDMA:27"); got != want || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := l.Cite("LDMA:47(1)"); got != "《劳动争议调解仲裁法》第四十七条第一项（2007-12-29）" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
	if _, ok := l.Statute("LDMA:27(2)"); !ok {
		t.Error("an item finds the digest of its article")
	}
	for _, bad := range []string{"LDMA:55", "ABC:1", "LDMA", "", "LDMA:0", "ldma:1"} {
		if _, err := l.Cite(bad); !errors.Is(err, ErrNoArticle) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{
		1: "一", 10: "十", 11: "十一", 20: "二十", 27: "二十七", 100: "一百", 101: "一百零一", 110: "一百一十",
		115: "一百一十五", 1000: "一千", 1001: "一千零一", 1010: "一千零一十", 1076: "一千零七十六",
		1179: "一千一百七十九", 1200: "一千二百", 1260: "一千二百六十", 0: "0", 10000: "10000",
	} {
		if got := Numeral(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestFindTerm(t *testing.T) {
	l := load(t, Embedded())
	for form, zh := range map[string]string{
		"工资": "工资", "цалин": "工资", "ЦАЛИН": "工资", "ᠴᠠᠯᠢᠩ": "工资", "салах": "离婚", "起诉": "起诉（民事）",
		"官司": "诉讼／官司", "勞動合同": "劳动合同", "хөдөлмөрийн  гэрээ": "劳动合同",
	} {
		ok := false
		for _, term := range l.FindTerm(form) {
			ok = ok || term.Zh == zh
		}
		if !ok {
			t.Errorf("%q does not find %s: %v", form, zh, l.FindTerm(form))
		}
	}
	if got := l.FindTerm("没有这个词"); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	if got := l.TermTable()["官司"].Mn.Cyrl; got == "" {
		t.Error("the table lacks 官司")
	}
}

func TestTaxonomyNames(t *testing.T) {
	tax := load(t, Embedded()).Taxonomy
	for code, want := range map[string]string{
		"D10": "拖欠农民工工资", "D10-01": "建筑工程欠薪", "N02": "行政争议", "D10-99": "", "D99": "", "": "",
	} {
		if got := tax.Name(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if ty, ok := tax.Type("D07-04"); !ok || ty.Code != "D07" {
		t.Errorf("type of D07-04: %v %v", ty.Code, ok)
	}
	if len(tax.MustNotAccept) != 9 || len(tax.Types) != 18 || len(tax.NonMediation) != 6 {
		t.Errorf("%d exclusions, %d types, %d codes outside mediation", len(tax.MustNotAccept), len(tax.Types), len(tax.NonMediation))
	}
}

func TestReport(t *testing.T) {
	files := with(t, "cases/a.yaml", "outcome: agreed", "outcome: won")
	files["cases/b.yaml"] = strings.NewReplacer("HS-0001", "HS-0002", "state: published", "state: draft").Replace(small["cases/a.yaml"])
	if got := Report(load(t, library(t, files))); got != (Counts{Cases: 1, Statutes: 1, Terms: 1, Errors: 1}) {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(Embedded()); err != nil {
			b.Fatal(err)
		}
	}
}
