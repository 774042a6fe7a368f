package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEvalSpansAmounts: what is demanded and not reached makes the command fail; files that belong together are asked for.
func TestEvalSpansAmounts(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	table := file("table.tsv", "老王欠我两万三\tperson=老王 money=23000.00\n昨天\tdate=2026-03-13\n")
	totals := file("totals.jsonl", `{"id":"a","text":"第一次拿走1200元，第二次拿走800元。","total_yuan":2000}`+"\n")
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"eval", "spans", "-sentences", table, "-must", "kinds.money.f1=0.97"}, exitDone, ""},
		{[]string{"eval", "spans", "-sentences", table, "-must", "kinds.date.f1=0.97"}, exitFailed, "kinds.date.f1 is 0.0000"},
		{[]string{"eval", "spans", "-sentences", table, "-on", "2026-03-14", "-must", "kinds.date.f1=1"}, exitDone, ""},
		{[]string{"eval", "spans", "-sentences", table, "-on", "gestern"}, exitMisuse, "gestern"},
		{[]string{"eval", "spans", "-texts", table}, exitMisuse, "-labels"},
		{[]string{"eval", "amounts", "-totals", totals, "-must", "total.em=1"}, exitDone, ""},
		{[]string{"eval", "amounts", "-totals", totals, "-must", "amount.em=1"}, exitMisuse, "no such figure"},
		{[]string{"eval", "amounts", "-cases", totals}, exitMisuse, "-questions"},
	} {
		_, errOut, code := heshi(t, "", tt.args...)
		if code != tt.code || !strings.Contains(errOut, tt.says) {
			t.Errorf("heshi %s: exit %d (want %d), says %q (want %q)", strings.Join(tt.args, " "), code, tt.code, errOut, tt.says)
		}
	}
}
