package evals

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"heshi/retrieval/text"
)

func TestSimilarCounts(t *testing.T) {
	a, err := text.NewAnalyzer(text.Dictionary{Source: text.SourceNone}, nil)
	if !errors.Is(err, text.ErrNoDictionary) {
		t.Fatal(err)
	}
	write := func(lines ...string) string {
		name := filepath.Join(t.TempDir(), "cases.jsonl")
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	lines := 0
	got, err := Similar(context.Background(), SimilarConfig{
		Analyzer: a,
		Cases: write(
			`{"id":"a","casename":"保管合同纠纷","text":"电动车寄存在收费停车处，交了存车费，取车时丢失"}`,
			`{"id":"b","casename":"保管合同纠纷","text":"三轮车寄存在看车棚，交了保管费，取车时车辆丢失"}`,
			"",
			`{"id":"c","casename":"赡养纠纷","text":"老人年迈多病，三个儿子都不肯赡养"}`),
		Run: func(string, string, float64) { lines++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Same{Cases: 3, P1: 2.0 / 3, P5: 2.0 / 15}); !near(got.Same.P1, want.P1) || !near(got.Same.P5, want.P5) || got.Same.Cases != 3 {
		t.Errorf("all: %+v, want %+v", got.Same, want)
	}
	if got.Partnered.Cases != 2 || !near(got.Partnered.P1, 1) || !near(got.Partnered.P5, 0.2) {
		t.Errorf("partnered: %+v", got.Partnered)
	}
	if got.FiveOrMore.Cases != 0 || got.FiveOrMore.P1 != 0 {
		t.Errorf("five or more: %+v", got.FiveOrMore)
	}
	if !near(got.Cause1, 1) {
		t.Errorf("causes: %v", got.Cause1)
	}
	if lines < 2 {
		t.Errorf("%d neighbours told", lines)
	}
	for want, bad := range map[string]string{
		":2: ":                   write(`{"id":"a","casename":"x","text":"y"}`, `{`),
		":1: id and casename":    write(`{"id":"a","text":"y"}`),
		"no cases":               write(""),
		"no such file":           filepath.Join(t.TempDir(), "none"),
		`document "a": empty or`: write(`{"id":"a","casename":"x","text":"y"}`, `{"id":"a","casename":"x","text":"z"}`),
	} {
		if _, err := Similar(context.Background(), SimilarConfig{Analyzer: a, Cases: bad}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error with %q, have %v", want, err)
		}
	}
}

func TestDuplicatesAreAllDifferent(t *testing.T) {
	sets, err := readSets[twinSet]("duplicates")
	if err != nil {
		t.Fatal(err)
	}
	if len(sets) < 30 {
		t.Errorf("%d sets", len(sets))
	}
	seen := map[string]bool{}
	for _, s := range sets {
		for _, text := range []string{s.Case, s.Again, s.Other} {
			if text == "" || seen[text] {
				t.Errorf("empty or doubled: %q", text)
			}
			seen[text] = true
		}
	}
}
