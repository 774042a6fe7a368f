package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var china = time.FixedZone("CST", 8*3600)

func clocks(t testing.TB) *Clocks {
	t.Helper()
	c, err := LoadClocks(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func noon(t testing.TB, day string) time.Time {
	t.Helper()
	d, err := time.ParseInLocation(time.DateOnly, day, china)
	if err != nil {
		t.Fatal(err)
	}
	return d.Add(12 * time.Hour)
}

// clockCase is one row of testdata/clocks*.tsv. The last comment line that starts with "# period" names the columns.
type clockCase struct {
	at      string // file:line
	periods []string
	facts   map[string]string
	now     time.Time
	col     map[string]string
}

func clockCases(t testing.TB) []clockCase {
	t.Helper()
	files, err := filepath.Glob("testdata/clocks*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no clocks*.tsv: %v", err)
	}
	var out []clockCase
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
			at := fmt.Sprintf("%s:%d", filepath.Base(file), i+1)
			if names, ok := strings.CutPrefix(line, "# period"); ok {
				columns = strings.Split("period"+names, "\t")
			}
			if strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(line, "\t")
			if len(f) != len(columns) {
				t.Fatalf("%s: %d columns, want %d", at, len(f), len(columns))
			}
			k := clockCase{at: at, facts: map[string]string{}, col: map[string]string{}}
			for n, name := range columns {
				k.col[name] = f[n]
			}
			k.periods = strings.Split(k.col["period"], "+")
			for _, kv := range strings.FieldsFunc(k.col["facts"], func(r rune) bool { return r == ';' }) {
				name, v, ok := strings.Cut(kv, "=")
				if _, twice := k.facts[name]; !ok || twice {
					t.Fatalf("%s: fact %q", at, kv)
				}
				k.facts[name] = v
			}
			if k.now, err = time.Parse(time.RFC3339, k.col["now"]); err != nil {
				k.now = noon(t, k.col["now"])
			}
			out = append(out, k)
		}
	}
	return out
}

// TestClocks: each row was counted by hand from its article, whose reasoning stands in its last column; none was taken
// from what the program says.
func TestClocks(t *testing.T) {
	c := clocks(t)
	for _, k := range clockCases(t) {
		got := c.For(k.periods, k.facts, k.now)
		if k.col["last"] == "absent" {
			for _, g := range got {
				if g.ID == k.periods[0] {
					t.Errorf("%s: %s is there, due %s", k.at, g.ID, g.Due)
				}
			}
			continue
		}
		if len(got) == 0 || got[0].ID != k.periods[0] {
			t.Errorf("%s: %d clocks", k.at, len(got))
			continue
		}
		g := got[0]
		said := g.Ask + "\n" + g.Phrase
		for _, never := range c.Never() {
			if strings.Contains(said, never) {
				t.Errorf("%s: says %q", k.at, never)
			}
		}
		if g.Level != k.col["level"] {
			t.Errorf("%s: %s, want %s", k.at, g.Level, k.col["level"])
		}
		if k.col["last"] == "-" {
			checkNoDate(t, k, g)
			continue
		}
		last := g.Last
		if strings.Contains(k.col["last"], "T") {
			last = g.At
		}
		if want, ok := k.col["last"]; ok && last != want {
			t.Errorf("%s: last day %s, want %s (%s)", k.at, last, want, k.col["why"])
		}
		if g.Due != k.col["due"] {
			t.Errorf("%s: due %s, want %s (%s)", k.at, g.Due, k.col["due"], k.col["why"])
		}
		checkPhrase(t, c, k, g)
	}
}

// anyDate is what no answer may hold when no date can be given.
var anyDate = regexp.MustCompile(`[12][0-9]{3}[-年]`)

// checkNoDate: nothing that looks like a date, a phrase all the same, and the words that ask for the missing day, or that
// say why there is none.
func checkNoDate(t *testing.T, k clockCase, g Clock) {
	t.Helper()
	said := g.Ask + "\n" + g.Phrase
	if g.Due != "" || g.Last != "" || g.From != "" || g.Earliest != "" || g.At != "" || anyDate.MatchString(said) {
		t.Errorf("%s: a date where none can be given: %+v", k.at, g)
	}
	if g.Phrase == "" || len(g.Src) == 0 || k.col["says"] == "" || !strings.Contains(said, k.col["says"]) {
		t.Errorf("%s: says %q, want %q", k.at, said, k.col["says"])
	}
	if (g.Missing == "") != (g.Ask == "") {
		t.Errorf("%s: missing %q, asks %q", k.at, g.Missing, g.Ask)
	}
}

// checkPhrase: a period of the person's own names the day to act by, or, once past, sends on to advice and names none.
func checkPhrase(t *testing.T, c *Clocks, k clockCase, g Clock) {
	t.Helper()
	if g.Earliest > g.Due && g.Restarted == "" {
		t.Errorf("%s: earliest %s after due %s", k.at, g.Earliest, g.Due)
	}
	if g.Level == None {
		return
	}
	today := k.now.In(china).Format(time.DateOnly)
	over := g.Due < today || g.At != "" && g.At < k.now.In(china).Format("2006-01-02T15:04")
	switch {
	case over && (g.Phrase != c.meta.Expired || g.DaysLeft >= 0):
		t.Errorf("%s: over, and says %q, %d days", k.at, g.Phrase, g.DaysLeft)
	case !over && g.Last >= today && !strings.Contains(g.Phrase, g.Last), !over && g.Last < today && !strings.Contains(g.Phrase, g.Due):
		t.Errorf("%s: does not name the day: %q", k.at, g.Phrase)
	case over == (g.DaysLeft >= 0):
		t.Errorf("%s: %d days left", k.at, g.DaysLeft)
	}
}

// article is how a row names its source.
var article = regexp.MustCompile(`\b[A-Z]+[0-9]?:[0-9]+`)

// TestClockCases: the tables are as large and as wide as they have to be.
func TestClockCases(t *testing.T) {
	c := clocks(t)
	dated, open, seen := map[string]int{}, map[string]int{}, map[string]string{}
	rows, safe := 0, 0
	for _, k := range clockCases(t) {
		rows++
		key := k.col["period"] + " " + k.col["facts"] + " " + k.col["now"]
		if seen[key] != "" {
			t.Errorf("%s repeats %s", k.at, seen[key])
		}
		seen[key] = k.at
		if !article.MatchString(k.col["why"]) {
			t.Errorf("%s: names no article", k.at)
		}
		if c.byID[k.periods[0]] == nil {
			t.Errorf("%s: no period %s", k.at, k.periods[0])
		}
		if last := k.col["last"]; last == "-" || last == "absent" {
			safe++
			open[k.periods[0]]++
		} else {
			dated[k.periods[0]]++
		}
	}
	t.Logf("%d rows, %d of them without a date", rows, safe)
	if rows < 300 || safe < 60 {
		t.Errorf("%d rows, %d without a date; want 300 and 60", rows, safe)
	}
	for _, d := range c.list {
		if d.Length.N > 0 && dated[d.ID] < 2 {
			t.Errorf("%s %s: %d dated rows", d.ID, d.Name, dated[d.ID])
		}
		if open[d.ID] == 0 {
			t.Errorf("%s %s: no row without a date", d.ID, d.Name)
		}
	}
}

// TestEmployed: while somebody is employed the wage clock does not run (LDMA:27); the double wage does.
func TestEmployed(t *testing.T) {
	c := clocks(t)
	now := noon(t, "2026-03-15")
	ids := []string{"DL050", "DL051", "DL052"}
	for _, facts := range []map[string]string{
		{"still_employed": "yes", "d_date_know": "2023-01-01", "wage_due_first": "2025-06-01"},
		{"w_end": "还在干", "d_date_know": "2023-01-01", "wage_due_first": "2025-06-01"},
	} {
		got := c.For(ids, facts, now)
		if len(got) != 2 || got[0].ID != "DL051" || got[0].Due != "" || got[0].Level != None || !strings.Contains(got[0].Phrase, "不受一年限制") {
			t.Errorf("%v: %+v", facts, got)
		}
		if got[1].ID != "DL052" || got[1].Due != "2026-06-01" {
			t.Errorf("the double wage runs on: %+v", got[1])
		}
	}
	got := c.For(ids, map[string]string{"w_end": "2025-10-20", "d_date_know": "2024-05-01"}, now)
	if got[0].ID != "DL051" || got[0].Due != "2026-10-20" {
		t.Errorf("left: %+v", got)
	}
	got = c.For([]string{"DL050"}, map[string]string{"d_date_know": "2025-09-10"}, now)
	if len(got) != 1 || got[0].Due != "2026-09-10" {
		t.Errorf("no wages: %+v", got)
	}
}

// TestHours: periods in hours run from the moment (CC:201); without one, from the start of the day.
func TestHours(t *testing.T) {
	c := clocks(t)
	now := time.Date(2026, 3, 15, 9, 0, 0, 0, china)
	for _, x := range []struct {
		facts map[string]string
		at    string
		level string
	}{
		{map[string]string{"died": "2026-03-15T02:30"}, "2026-03-17T02:30", Red},
		{map[string]string{"died": "2026-03-14"}, "2026-03-16T00:00", Red},
		{map[string]string{"died": "2026-03-14T20:00", "body_frozen": "no"}, "2026-03-16T20:00", Red},
		{map[string]string{"died": "2026-03-12T10:00"}, "2026-03-14T10:00", Red},
	} {
		k := c.For([]string{"DL113"}, x.facts, now)[0]
		if k.At != x.at || k.Level != x.level {
			t.Errorf("%v: %+v", x.facts, k)
		}
	}
	if k := c.For([]string{"DL113"}, map[string]string{"died": "2026-03-14T20:00", "body_frozen": "yes"}, now)[0]; k.Due != "2026-03-23" {
		t.Errorf("frozen: %+v", k)
	}
	if k := c.For([]string{"DL105"}, map[string]string{"protection_applied": "2026-03-15T08:00"}, now)[0]; k.At != "2026-03-16T08:00" || k.Level != None {
		t.Errorf("protection order, urgency not told: %+v", k)
	}
	if k := c.For([]string{"DL136"}, map[string]string{"detained": "2026-03-15T01:00"}, now)[0]; k.At != "2026-03-16T01:00" {
		t.Errorf("%+v", k)
	}
}

// TestBefore: some periods count back from a day.
func TestBefore(t *testing.T) {
	c := clocks(t)
	now := noon(t, "2026-03-15")
	if k := c.For([]string{"DL065"}, map[string]string{"return_planned": "2026-12-31"}, now)[0]; k.Due != "2026-06-30" {
		t.Errorf("%+v", k)
	}
	if k := c.For([]string{"DL132"}, map[string]string{"la_deadline": "2026-03-20"}, now)[0]; k.Due != "2026-03-13" || k.Level != None {
		t.Errorf("%+v", k)
	}
}

func TestSuspension(t *testing.T) {
	c := clocks(t)
	now := noon(t, "2026-03-15")
	for _, x := range []struct{ id, facts, suspended, due string }{
		{"DL001", "2023-04-01", "2026-01-10/2026-03-01", "2026-09-01"},
		{"DL001", "2023-04-01", "2025-01-10/2025-02-01", "2026-04-01"}, // before the last six months: nothing
		{"DL050", "2025-04-01", "2025-11-01/2025-12-01", "2026-05-06"}, // thirty days more, then the May holiday
	} {
		k := c.For([]string{x.id}, map[string]string{"knew": x.facts, "suspended": x.suspended}, now)[0]
		if k.Due != x.due {
			t.Errorf("%s %s %s: %s, want %s", x.id, x.facts, x.suspended, k.Due, x.due)
		}
	}
}

func TestUnknownAndRules(t *testing.T) {
	c := clocks(t)
	now := noon(t, "2026-03-15")
	k := c.For([]string{"DL110", "DL999", "DL104"}, nil, now)
	if len(k) != 2 || k[0].Missing == "" || k[0].Level != None || !strings.Contains(k[0].Ask, "缺少") || k[1].Phrase == "" {
		t.Errorf("%+v", k)
	}
	if k := c.For([]string{"DL110"}, map[string]string{"t_cert_date": "不记得"}, now)[0]; k.Due != "" {
		t.Errorf("%+v", k)
	}
	// with a due date DL003 (no due date agreed) does not apply
	if k := c.For([]string{"DL001", "DL003"}, map[string]string{"l_due": "2025-01-01", "l_last_ask": "2025-06-01"}, now); len(k) != 1 || k[0].Restarted != "l_last_ask" || k[0].Due != "2028-06-01" || k[0].Earliest != "2028-01-03" {
		t.Errorf("%+v", k)
	}
	if w, ok := Worst(c.For([]string{"DL050", "DL110"}, map[string]string{"knew": "2025-04-01", "certificate_received": "2026-03-14"}, now)); !ok || w.ID != "DL110" {
		t.Errorf("%+v", w)
	}
	if len(c.IDs()) != 92 {
		t.Errorf("%d periods", len(c.IDs()))
	}
}

// TestEveryPeriod: every period counts from every fact that starts it, and speaks safely before and after its end.
func TestEveryPeriod(t *testing.T) {
	c := clocks(t)
	now := noon(t, "2026-03-15")
	for _, id := range c.IDs() {
		d := c.byID[id]
		for _, f := range d.From {
			for _, at := range []string{"2026-03-14", "2000-01-01", "2025", "2025-02/2025-04"} {
				got := c.For([]string{id}, map[string]string{f: at}, now)
				if len(got) == 0 {
					continue // a fact under which it does not apply
				}
				k := got[0]
				if k.Due == "" || k.Phrase == "" || len(k.Src) == 0 {
					t.Errorf("%s from %s=%s: %+v", id, f, at, k)
				}
				for _, never := range c.Never() {
					if strings.Contains(k.Phrase, never) {
						t.Errorf("%s says %q", id, never)
					}
				}
			}
		}
	}
}
