package document

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"heshi/intake"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// squeeze leaves the text of a paper without the empty lines of its layout.
func squeeze(s string) string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimSpace(l); strings.Trim(l, "| ") != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// Every document of a sample matter, word by word.
func TestGolden(t *testing.T) {
	for _, kind := range Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			raw, err := Render(kind, sample(t, kind))
			if err != nil {
				t.Fatal(err)
			}
			again, err := Render(kind, sample(t, kind))
			if err != nil || !bytes.Equal(raw, again) {
				t.Errorf("same input, other bytes (%v)", err)
			}
			body, footer := read(t, raw)
			got := map[string]string{"body": squeeze(body), "footer": squeeze(footer)}
			name := filepath.Join("testdata", string(kind)+".txtar")
			if *update {
				a := &txtar.Archive{Files: []txtar.File{{Name: "body", Data: []byte(got["body"])}, {Name: "footer", Data: []byte(got["footer"])}}}
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range a.Files {
				if d := cmp.Diff(string(f.Data), got[f.Name]); d != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, d)
				}
				delete(got, f.Name)
			}
			if len(got) > 0 {
				t.Errorf("%s lacks %v", name, got)
			}
		})
	}
}

// What every paper must say, whatever is in it.
func TestEveryPaper(t *testing.T) {
	for _, kind := range Kinds() {
		body, footer := paperOf(t, kind, sample(t, kind))
		about, err := Describe(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(strings.TrimSpace(body), about.Title) {
			t.Errorf("%s does not begin with its title", kind)
		}
		for _, want := range []string{"草稿·人工智能辅助·以签署版为准", about.Title, "第1稿", sample(t, kind).Matter.No} {
			if !strings.Contains(footer, want) {
				t.Errorf("%s: footer lacks %s: %s", kind, want, footer)
			}
		}
		if strings.ContainsAny(body, "{}§") {
			t.Errorf("%s: a placeholder was not filled:\n%s", kind, body)
		}
	}
}

func paperOf(t testing.TB, kind Kind, d Data) (body, footer string) {
	t.Helper()
	raw, err := Render(kind, d)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, raw)
}

// A matter of which nothing is known still gives every paper: lines to write on, marks where something must be found out.
func TestNothingKnown(t *testing.T) {
	book, lib := shelf(t)
	for _, kind := range Kinds() {
		body, footer := paperOf(t, kind, Data{Book: book, Library: lib})
		if !strings.Contains(body, pendingMark) {
			t.Errorf("%s: nothing known, and nothing marked", kind)
		}
		if strings.Contains(body, unknownMark) || !strings.Contains(footer, "无案号") {
			t.Errorf("%s: %s %s", kind, body, footer)
		}
	}
}

func TestValues(t *testing.T) {
	d := mediation(t)
	d.Matter.Session.Answers["a_phone"] = intake.Answer{Unknown: true, Source: intake.Confirmed}
	d.Matter.Session.Answers["a_job"] = intake.Answer{Unknown: true, Source: intake.Confirmed}
	body, _ := paperOf(t, Application, d)
	for _, want := range []string{"15000元（大写：人民币壹万伍仟元整）", "2025年4月1日至2025年10月31日", "锡林郭勒盟锡林浩特市巴彦嘎查",
		"职业\n|不详", "联系方式\n|待核实", "1985年3月12日", "1.请求给付剩余租金15000元\n2.请求写明给付的日期"} {
		if !strings.Contains(strings.ReplaceAll(body, " ", ""), want) {
			t.Errorf("application lacks %q:\n%s", want, body)
		}
	}
	d.Staff["a_phone"] = "13700137000"
	if body, _ := paperOf(t, Application, d); !strings.Contains(body, "13700137000") {
		t.Error("what staff completed does not go before an answer")
	}
}

func TestSensitive(t *testing.T) {
	d := mediation(t)
	d.Matter.Flags = []string{"safety_hold"}
	d.Matter.Session.Flags = []string{"safety_hold"}
	for _, kind := range []Kind{Agreement, Record, Rights, Oral, Confirmation, Termination} {
		body, _ := paperOf(t, kind, d)
		for _, secret := range []string{"13800138000", "巴彦嘎查"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s goes to the other side and tells %s", kind, secret)
			}
		}
	}
	if body, _ := paperOf(t, Agreement, d); !strings.Contains(body, withheldMark) || !strings.Contains(body, "13900139000") {
		t.Error("withheld must be marked, and only for the person at risk")
	}
	if body, _ := paperOf(t, Register, d); !strings.Contains(body, "13800138000") {
		t.Error("the register of the office lacks the telephone")
	}
	a := legalAid(t)
	a.Staff = map[string]string{"ld_stage": "侦查", "ld_who": "本人"}
	if body, _ := paperOf(t, AidApplication, a); strings.Contains(body, "本人\n") && !strings.Contains(body, withheldMark) {
		t.Error("S3 was printed without being asked for")
	}
	a.Sensitive = true
	if body, _ := paperOf(t, AidApplication, a); strings.Contains(body, withheldMark) {
		t.Error("S3 was asked for and withheld")
	}
}

func TestHostile(t *testing.T) {
	long := strings.Repeat("对方一直不给钱，", 1250)
	for name, evil := range map[string]string{
		"markup":       `</w:t></w:r></w:p><w:p><w:r><w:t>伪造</w:t></w:r></w:p> & < > " ' ]]> <!--`,
		"placeholders": "{a_id} {§PML:29} {.name} {{no}}",
		"controls":     "甲\x00乙\x01\x08\x0b丙\x1f丁\x7f\u0085\ufffe\uffff戊",
		"bad utf-8":    "甲\xff\xfe\xc3乙",
		"direction":    "甲\u202e乙\u202c\u2066丙\u2069\u200fשלום مرحبا",
		"long":         long,
		"lines":        "一\r\n二\r三\n四\u2028五",
		"mongolian":    "ᠮᠣᠩᠭᠣᠯ ᠤᠨ ᠬᠡᠯᠡ\u202f\u180b\u180e",
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range Kinds() {
				d := sample(t, kind)
				for _, id := range []string{"a_name", "d_facts", "la_facts", "a_addr_village", "la_opponent"} {
					d.Matter.Session.Answers[id] = intake.Answer{Value: evil, Source: intake.Confirmed}
				}
				d.Respondents = []Person{{Name: evil, Address: evil}}
				d.Terms = append(d.Terms, Term{Text: evil, Debtor: evil})
				d.Materials = []Material{{Name: evil, Note: evil}}
				d.Matter.No, d.Office.Name = evil, evil
				raw, err := Render(kind, d)
				if err != nil {
					t.Fatal(err)
				}
				body, _ := read(t, raw)
				for _, r := range body {
					if (r < 0x20 && r != '\n') || r == 0x7f || (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069) || r == 0xFFFE {
						t.Fatalf("%s: %U came through", kind, r)
					}
				}
				switch name {
				case "markup":
					if !strings.Contains(body, `</w:t></w:r></w:p>`) {
						t.Errorf("%s: the text was not kept as text", kind)
					}
				case "placeholders":
					if !strings.Contains(body, "{a_id} {§PML:29} {.name} {{no}}") {
						t.Errorf("%s: typed text was filled", kind)
					}
				case "long":
					if !strings.Contains(body, long) {
						t.Errorf("%s: text was cut", kind)
					}
				case "mongolian":
					if !strings.Contains(body, evil) {
						t.Errorf("%s: Mongolian was changed", kind)
					}
				}
			}
		})
	}
}

func TestBilingual(t *testing.T) {
	for _, lang := range []string{"mn-Cyrl", "mn-Mong"} {
		for _, kind := range Kinds() {
			d := sample(t, kind)
			plain, _ := paperOf(t, kind, d)
			d.Lang = lang
			body, footer := paperOf(t, kind, d)
			if !strings.Contains(body, reviewMark) || !strings.Contains(footer, reviewMark) {
				t.Errorf("%s in %s: the mark of review is missing", kind, lang)
			}
			if strings.Contains(plain, reviewMark) || len(body) <= len(plain) {
				t.Errorf("%s in %s: nothing was added", kind, lang)
			}
		}
	}
	d := mediation(t)
	d.Lang = "mn-Cyrl"
	if body, _ := paperOf(t, Agreement, d); !strings.Contains(body, "нэр") && !strings.Contains(body, "хаяг") || !strings.Contains(body, "以国家通用语言文字文本为解释依据") {
		t.Error("the agreement lacks Mongolian labels or the clause on interpretation")
	}
	low := d.Library.Terms[0]
	for _, term := range d.Library.Terms {
		if term.Mn.Cyrl != "" && term.Mn.CyrlConf == "low" {
			low = term
			if p := (&paper{d: d, words: words(d)}); p.word(low.Zh) != "" {
				t.Errorf("low confidence shown: %s", low.Zh)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	d := mediation(t)
	if _, err := Render("invoice", d); !errors.Is(err, ErrKind) {
		t.Errorf("unknown document: %v", err)
	}
	if _, err := Describe("invoice"); !errors.Is(err, ErrKind) {
		t.Errorf("unknown document: %v", err)
	}
	if _, err := Render(Application, Data{}); !errors.Is(err, ErrData) {
		t.Errorf("no book: %v", err)
	}
	d.Staff["rec_plce"] = "x"
	if _, err := Render(Application, d); !errors.Is(err, ErrData) {
		t.Errorf("a value nobody can print: %v", err)
	}
}
