package extract

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"heshi/intake"
)

// corpusDir names a folder of public corpora to measure against; without it there is nothing to measure. None of
// their text is part of this project.
const corpusDir = "HESHI_CORPUS_DIR"

type labelled struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Entities []struct {
		Label string `json:"label"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		Text  string `json:"text"`
	} `json:"entities"`
}

func readLines[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []T
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 64<<20)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// TestCorpora prints how well sums, dates and persons of criminal judgments are found (exact span, and overlapping).
func TestCorpora(t *testing.T) {
	dir := os.Getenv(corpusDir)
	if dir == "" {
		return
	}
	x := extractor(t)
	for _, c := range []struct {
		file, kind string
		labels     []string
	}{
		{"cail2021_ner/data.dev.jsonl", intake.KindMoney, []string{"物品价值", "盗窃获利", "被盗货币"}},
		{"cail2021_ner/data.dev.jsonl", intake.KindDate, []string{"时间"}},
		{"cail2021_ner/data.dev.jsonl", intake.KindPerson, []string{"受害人", "犯罪嫌疑人"}},
		{"cail2022_ie/data.dev.jsonl", intake.KindDate, []string{"NT"}},
		{"cail2022_ie/data.dev.jsonl", intake.KindPerson, []string{"Nh"}},
	} {
		var exact, near, gold, found int
		shown := 0
		for _, d := range readLines[labelled](t, filepath.Join(dir, c.file)) {
			type span struct{ a, b int }
			var want, got []span
			for _, e := range d.Entities {
				if contains(c.labels, e.Label) && (c.kind != intake.KindMoney || strings.ContainsAny(e.Text, "0123456789一二三四五六七八九十百千万")) {
					want = append(want, span{e.Start, e.End})
				}
			}
			for _, v := range x.Values(d.Text, testNow) {
				if v.Kind == c.kind {
					a := utf8.RuneCountInString(d.Text[:v.Start])
					got = append(got, span{a, a + utf8.RuneCountInString(v.Text)})
				}
			}
			gold, found = gold+len(want), found+len(got)
			r := []rune(d.Text)
			for _, w := range want {
				hit := false
				for _, g := range got {
					if g == w {
						exact++
					}
					if g.a < w.b && w.a < g.b {
						hit = true
					}
				}
				if hit {
					near++
				} else if shown < 25 && os.Getenv("HESHI_CORPUS_SHOW") == c.kind {
					shown++
					t.Logf("missed %s in …%s…", string(r[w.a:w.b]), string(r[max(0, w.a-8):min(len(r), w.b+8)]))
				}
			}
			for _, g := range got {
				hit := false
				for _, w := range want {
					hit = hit || g.a < w.b && w.a < g.b
				}
				if !hit && shown < 50 && os.Getenv("HESHI_CORPUS_SHOW") == c.kind {
					shown++
					t.Logf("extra %s in …%s…", string(r[g.a:g.b]), string(r[max(0, g.a-8):min(len(r), g.b+8)]))
				}
			}
		}
		f := func(right int) float64 { return 2 * float64(right) / float64(gold+found) }
		t.Logf("%s %s: exact F1 %.3f, overlapping F1 %.3f (gold %d, found %d)", c.file, c.kind, f(exact), f(min(near, found)), gold, found)
	}
}

// TestQuestions prints how many of the sums and dates asked for in civil cases are among the values found.
func TestQuestions(t *testing.T) {
	dir := os.Getenv(corpusDir)
	if dir == "" {
		return
	}
	x := extractor(t)
	texts := map[string]string{}
	for _, c := range readLines[struct{ ID, Text string }](t, filepath.Join(dir, "cjrc_civil/cases.dev.jsonl")) {
		texts[c.ID] = c.Text
	}
	for kind, as := range map[string]string{"amount": intake.KindMoney, "date": intake.KindDate} {
		asked, there, exact, readable := 0, 0, 0, 0
		for _, q := range readLines[struct {
			Case, Question, Type string
			Refs                 []string
		}](t, filepath.Join(dir, "cjrc_civil/qa.dev.jsonl")) {
			if q.Type != kind {
				continue
			}
			asked++
			want, spans := map[string]bool{}, map[string]bool{}
			for _, ref := range q.Refs {
				spans[ref] = true
				for _, v := range x.Values(ref, testNow) {
					want[v.Value] = v.Kind == as
				}
			}
			if len(want) > 0 {
				readable++
			}
			value, span := false, false
			for _, v := range x.Values(texts[q.Case], testNow) {
				if v.Kind == as {
					value, span = value || want[v.Value], span || spans[v.Text]
				}
			}
			if value {
				there++
			} else if os.Getenv("HESHI_CORPUS_SHOW") == "qa" {
				t.Logf("%s: %s %v", kind, q.Question, q.Refs)
			}
			if span {
				exact++
			}
		}
		t.Logf("cjrc %s: %d asked, %d readable, value found %.3f, as the same words %.3f", kind, asked, readable, float64(there)/float64(asked), float64(exact)/float64(asked))
	}
}
