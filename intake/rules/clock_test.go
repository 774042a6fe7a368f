package rules

import (
	"os"
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

// TestClocks: each row was counted by hand or by a second program.
func TestClocks(t *testing.T) {
	c := clocks(t)
	b, err := os.ReadFile("testdata/clocks.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 5 {
			t.Fatalf("clocks.tsv:%d: want five columns", i+1)
		}
		rows++
		facts := map[string]string{}
		for _, kv := range strings.Split(f[1], ";") {
			k, v, _ := strings.Cut(kv, "=")
			facts[k] = v
		}
		got := c.For([]string{f[0]}, facts, noon(t, f[2]))
		if len(got) != 1 {
			t.Errorf("%s: %d clocks", line, len(got))
			continue
		}
		if got[0].Due != f[3] || got[0].Level != f[4] {
			t.Errorf("%s: due %s %s, want %s %s", line, got[0].Due, got[0].Level, f[3], f[4])
		}
		for _, never := range c.Never() {
			if strings.Contains(got[0].Phrase, never) {
				t.Errorf("%s: says %q", line, never)
			}
		}
	}
	t.Logf("%d rows", rows)
	if rows < 60 {
		t.Errorf("only %d rows", rows)
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
