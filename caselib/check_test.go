package caselib

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// small is a complete, clean library; each broken case changes one file of it.
var small = map[string]string{
	"places.yaml": "- 自治区\n- 牧区\n",
	"sources.yaml": `as_of: "2026-01-01"
sources:
  LDMA: {name: "中华人民共和国劳动争议调解仲裁法", date: "2007-12-29", status: text_checked, max_art: 54}
  LAP: {name: "办理法律援助案件程序规定", date: "2023-07-11", status: memory}
`,
	"taxonomy.yaml": `types:
- code: D10
  name: 拖欠农民工工资
  stat: 拖欠农民工工资纠纷
  bodies: [调委会]
  subtypes:
  - {code: D10-01, name: 建筑工程欠薪, lay: [讨薪], mediable: "yes", src: ["LDMA:9"]}
- code: D01
  name: 婚姻家庭纠纷
  stat: 婚姻家庭纠纷
  bodies: [调委会]
  subtypes:
  - {code: D01-08, name: 家庭暴力, lay: [家暴], mediable: "no", src: ["LDMA:9"]}
`,
	"statutes/a.yaml": `- law: LDMA
  version: "2007-12-29"
  state: published
  articles:
  - article: 27
    types: [D10-01]
    digest: "期限一年。"
    questions: ["多久？", "从哪天算？"]
`,
	"cases/a.yaml": `- id: HS-0001
  types: [D10-01]
  title: {zh: 讨薪, mn: {cyrl: цалин, cyrl_conf: high}}
  summary: {zh: 调解要回工资}
  facts: 甲某欠乙某工资。
  result: 付清。
  outcome: agreed
  articles: ["LDMA:27"]
  region: 牧区
  year: 2024
  illustrative: true
  state: published
  provenance: 编写的示范案例
`,
	"terms.csv": "id,domain,zh,zh_hant,mn_cyrl,mn_cyrl_conf,mn_mong,mn_mong_conf,latin,article,note,reviewed,also\n" +
		"G001,劳动,工资,工資,цалин,high,ᠴᠠᠯᠢᠩ,high,čaliŋ,,,false,\n",
	"thesaurus.csv": "lay,legal,types,note\n工钱,劳动报酬,D10-01,\n",
}

func library(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// with returns small with old replaced by new in one file.
func with(t *testing.T, file, old, new string) map[string]string {
	t.Helper()
	if !strings.Contains(small[file], old) {
		t.Fatalf("%s does not contain %q", file, old)
	}
	files := map[string]string{}
	for k, v := range small {
		files[k] = v
	}
	files[file] = strings.Replace(files[file], old, new, 1)
	return files
}

func load(t *testing.T, fsys fs.FS) *Library {
	t.Helper()
	l, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEmbeddedIsClean(t *testing.T) {
	l := load(t, Embedded())
	for i, p := range l.Check() {
		if i == 20 {
			t.Fatal("and more")
		}
		t.Error(p)
	}
	got := Report(l)
	if got.Cases == 0 || got.Statutes < 1200 || got.Terms < 300 || len(l.Thesaurus) < 3000 {
		t.Errorf("library is thin: %+v, %d lay words", got, len(l.Thesaurus))
	}
	for _, d := range l.Taxonomy.Codes() {
		if l.Taxonomy.Name(d) == "" {
			t.Errorf("%s has no name", d)
		}
	}
}

func TestSmallIsClean(t *testing.T) {
	for _, p := range load(t, library(t, small)).Check() {
		t.Error(p)
	}
}

func TestCheckFindsDefects(t *testing.T) {
	const cases, statutes = "cases/a.yaml", "statutes/a.yaml"
	for _, tc := range []struct{ name, file, old, new, where, want string }{
		{"article beyond the last", cases, `"LDMA:27"`, `"LDMA:55"`, "cases/a.yaml:1 HS-0001", "has 54 articles"},
		{"unknown law", cases, `"LDMA:27"`, `"XYZ:1"`, "HS-0001", "no source"},
		{"article zero", cases, `"LDMA:27"`, `"LDMA:0"`, "HS-0001", "count from 1"},
		{"not a key", cases, `"LDMA:27"`, `"第27条"`, "HS-0001", "not an article key"},
		{"source from memory", cases, `"LDMA:27"`, `"LAP:3"`, "HS-0001", "only from memory"},
		{"no article", cases, `["LDMA:27"]`, `[]`, "HS-0001", "without an article"},
		{"unknown type", cases, "D10-01", "D99-01", "HS-0001", `unknown dispute type "D99-01"`},
		{"type without subtype", cases, "D10-01", "D10", "HS-0001", "not a subtype"},
		{"type twice", cases, "[D10-01]", "[D10-01, D10-01]", "HS-0001", "listed twice"},
		{"outcome", cases, "agreed", "won", "HS-0001", `outcome is "won"`},
		{"state", cases, "state: published", "state: done", "HS-0001", `state is "done"`},
		{"id", cases, "HS-0001", "NM-0001", "NM-0001", "case id"},
		{"no title", cases, "zh: 讨薪", `zh: ""`, "HS-0001", "without title"},
		{"no summary", cases, "{zh: 调解要回工资}", "{}", "HS-0001", "without summary"},
		{"no facts", cases, "甲某欠乙某工资。", `""`, "HS-0001", "without facts"},
		{"no result", cases, "付清。", `""`, "HS-0001", "without result"},
		{"no provenance", cases, "编写的示范案例", `""`, "HS-0001", "without provenance"},
		{"illustrative unlabelled", cases, "编写的示范案例", "某调委会", "HS-0001", "illustrative, but provenance"},
		{"example passed off as real", cases, "illustrative: true", "illustrative: false", "HS-0001", "illustrative is not set"},
		{"gacha as region", cases, "region: 牧区", "region: 白音嘎查", "HS-0001", "region"},
		{"year", cases, "2024", "24", "HS-0001", "year is 24"},
		{"confidence", cases, "cyrl_conf: high", "cyrl_conf: sure", "HS-0001", `confidence "sure"`},
		{"text without confidence", cases, ", cyrl_conf: high", "", "HS-0001", "text without confidence"},
		{"confidence without text", cases, "cyrl: цалин, ", "", "HS-0001", "confidence without text"},
		{"Latin inside Cyrillic", cases, "цалин", "цaлин", "HS-0001", "inside a Cyrillic word"},
		{"Chinese as Cyrillic", cases, "цалин", "工资", "HS-0001", "not a Cyrillic letter"},
		{"decomposed Cyrillic", cases, "цалин", "би\u0306", "HS-0001", "not in NFC"},
		{"mobile number", cases, "甲某欠", "甲某（电话 138 0013 8000）欠", "HS-0001", "facts contains a mobile number"},
		{"spelt-out number", cases, "甲某欠", "甲某一三八〇〇一三八〇〇〇欠", "HS-0001", "facts contains a mobile number"},
		{"identity number", cases, "付清。", "身份证15010219900101123X，付清。", "HS-0001", "result contains an identity number"},
		{"plate", cases, "付清。", "蒙A12345已修好。", "HS-0001", "result contains a number plate"},
		{"telephone", cases, "付清。", "打0471-1234567。", "HS-0001", "result contains a telephone number"},
		{"statute article beyond the last", statutes, "27", "99", "statutes/a.yaml:5 LDMA:99", "has 54 articles"},
		{"statute of another version", statutes, `"2007-12-29"`, `"2001-01-01"`, "LDMA:27", "read in the version"},
		{"statute type", statutes, "[D10-01]", "[D77]", "LDMA:27", "unknown dispute type"},
		{"statute without type", statutes, "[D10-01]", "[]", "LDMA:27", "no dispute type"},
		{"empty digest", statutes, "期限一年。", "", "LDMA:27", "empty digest"},
		{"digest unfinished", statutes, "期限一年。", "期限一年", "LDMA:27", "does not end"},
		{"long digest", statutes, "期限一年。", strings.Repeat("很长", 140) + "。", "LDMA:27", "digest of 281"},
		{"one question", statutes, `["多久？", "从哪天算？"]`, `["多久？"]`, "LDMA:27", "1 lay questions"},
		{"repeated question", statutes, `"从哪天算？"`, `"多久？"`, "LDMA:27", "empty or repeated"},
		{"unknown law", statutes, "law: LDMA", "law: ABC", "ABC:27", "no source"},
		{"Cyrillic in traditional column", "terms.csv", "ᠴᠠᠯᠢᠩ", "цалин", "terms.csv:2 G001", "not a letter of the traditional script"},
		{"NFKC damage", "terms.csv", "ᠴᠠᠯᠢᠩ", "ᠴᠠᠯᠢᠩ ᠤᠨ", "G001", "as NFKC leaves it"},
		{"Menksoft", "terms.csv", "ᠴᠠᠯᠢᠩ", "\uE266\uE27E", "G001", "Menksoft"},
		{"other forms", "terms.csv", "false,\n", "false,hello\n", "G001", "neither Mongolian script"},
		{"lay equals legal", "thesaurus.csv", "工钱", "劳动报酬", "thesaurus.csv:2", "the same"},
		{"lay type", "thesaurus.csv", "D10-01", "D10-99", "thesaurus.csv:2", "unknown dispute type"},
		{"taxonomy article", "taxonomy.yaml", "LDMA:9", "LDMA:90", "taxonomy.yaml D10-01", "has 54 articles"},
		{"taxonomy code", "taxonomy.yaml", "code: D10-01", "code: D11-01", "D11-01", "not under D10"},
		{"mediable", "taxonomy.yaml", `mediable: "yes"`, `mediable: "maybe"`, "D10-01", "mediable is"},
		{"source status", "sources.yaml", "status: text_checked", "status: good", "sources.yaml LDMA", `status is "good"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			problems := load(t, library(t, with(t, tc.file, tc.old, tc.new))).Check()
			for _, p := range problems {
				if strings.Contains(p.What, tc.want) && strings.Contains(p.Where, tc.where) && p.Fix != "" {
					return
				}
			}
			t.Errorf("no problem at %q saying %q in %v", tc.where, tc.want, problems)
		})
	}
}

func TestCheckFindsDuplicates(t *testing.T) {
	files := map[string]string{}
	for k, v := range small {
		files[k] = v
	}
	files["cases/b.yaml"] = small["cases/a.yaml"]
	files["statutes/b.yaml"] = small["statutes/a.yaml"]
	files["terms.csv"] += "G001,劳动,工资,工資,цалин,high,,,,,,false,\n"
	files["thesaurus.csv"] += "工钱,劳动报酬,,\n"
	var all strings.Builder
	for _, p := range load(t, library(t, files)).Check() {
		all.WriteString(p.String() + "\n")
	}
	for _, want := range []string{
		"cases/b.yaml:1 HS-0001: the id is used already, at cases/a.yaml:1",
		"statutes/b.yaml:5 LDMA:27: this article has a digest already",
		`term id "G001" is empty or used twice`, `"工资" is also term G001`, "the pair is listed twice",
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("missing %q in\n%s", want, all.String())
		}
	}
}

func TestRealCasesNeedACrowd(t *testing.T) {
	real := strings.NewReplacer("illustrative: true", "illustrative: false", "编写的示范案例", "当事人同意后匿名").Replace(small["cases/a.yaml"])
	files := with(t, "cases/a.yaml", small["cases/a.yaml"], real)
	if ps := load(t, library(t, files)).Check(); len(ps) != 1 || !strings.Contains(ps[0].What, "only 1 published cases share 牧区 × D10-01 × 2024") {
		t.Errorf("one case alone: %v", ps)
	}
	for _, n := range []string{"2", "3", "4", "5"} {
		files["cases/a.yaml"] += strings.Replace(real, "HS-0001", "HS-000"+n, 1)
	}
	if ps := load(t, library(t, files)).Check(); len(ps) != 0 {
		t.Errorf("five cases together: %v", ps)
	}
	files["cases/a.yaml"] = strings.ReplaceAll(files["cases/a.yaml"], "D10-01", "D01-08")
	if ps := load(t, library(t, files)).Check(); len(ps) != 5 || !strings.Contains(ps[0].What, "never published") {
		t.Errorf("violence at home: %v", ps)
	}
}

func TestReportsDoNotQuotePersonalData(t *testing.T) {
	files := with(t, "cases/a.yaml", "甲某欠", "甲某（13800138000）欠")
	for _, p := range load(t, library(t, files)).Check() {
		if strings.Contains(p.String(), "13800138000") {
			t.Errorf("report quotes the number: %s", p)
		}
	}
}

func TestPersonalLeavesOrdinaryNumbersAlone(t *testing.T) {
	for _, s := range []string{
		"请拨打12348或12333", "共计13800元", "2024年第三季度", "草场一千二百亩，羊三百二十只",
		"合同期限30年，2023-12-29签订", "一二三四五条", "欠款一百三十八万元",
	} {
		if k := personal(s); len(k) != 0 {
			t.Errorf("%s: %v", s, k)
		}
	}
}
