package caselib

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func shelfAt(t *testing.T, dir string) *Shelf {
	t.Helper()
	s, err := OpenShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func told(facts string) Record {
	return Record{Case: Case{Types: []string{"D10-01"}, Title: Bilingual{Zh: "讨薪"}, Summary: Bilingual{Zh: "调解要回工资"},
		Facts: facts, Result: "付清。", Outcome: "agreed", Articles: []string{"LDMA:27"}, Region: "牧区", Year: 2024, Provenance: "某司法所结案"},
		Source: "a.csv", Line: 2, At: noon, By: "import"}
}

func add(t *testing.T, s *Shelf, rs ...Record) []Added {
	t.Helper()
	var es []Entry
	for _, r := range rs {
		e, err := Prepare(r)
		if err != nil {
			t.Fatal(err)
		}
		es = append(es, e)
	}
	out, err := s.Add(t.Context(), es)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func all(t *testing.T, s *Shelf) []Record {
	t.Helper()
	var out []Record
	for r, err := range s.Cases(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestShelfKeeps(t *testing.T) {
	dir := t.TempDir()
	s := shelfAt(t, dir)
	one := told("甲欠乙工资。")
	one.Case.State = PublishedState // nobody publishes by importing
	got := add(t, s, one, told("丙欠丁工资。"), told("甲 欠乙,工资"))
	want := []Added{{ID: "HS-100001"}, {ID: "HS-100002"}, {ID: "HS-100001", Known: true}}
	if !slices.Equal(got, want) {
		t.Fatalf("added %+v, want %+v", got, want)
	}
	for _, s := range []*Shelf{s, shelfAt(t, dir)} {
		rs := all(t, s)
		if len(rs) != 2 || rs[0].Case.ID != "HS-100001" || rs[0].Case.Facts != "甲欠乙工资。" || rs[0].Case.Version != 1 || rs[0].Case.State != Draft {
			t.Fatalf("read %+v", rs)
		}
	}
	if again := add(t, shelfAt(t, dir), told("甲欠乙工资。")); !again[0].Again || again[0].ID != "HS-100001" {
		t.Errorf("the same row again gives %+v", again)
	}
}

func TestPutComparesVersions(t *testing.T) {
	dir := t.TempDir()
	a := shelfAt(t, dir)
	add(t, a, told("甲欠乙工资。"))
	b := shelfAt(t, dir)
	mine, _ := a.Case("HS-100001")
	theirs, _ := b.Case("HS-100001")
	mine.Case.Facts = "甲欠乙半年工资。"
	if r, err := a.Put(t.Context(), mine, mine.Case.Version); err != nil || r.Case.Version != 2 {
		t.Fatalf("put gives %v, version %d", err, r.Case.Version)
	}
	if _, err := b.Put(t.Context(), theirs, theirs.Case.Version); !errors.Is(err, ErrConflict) {
		t.Fatalf("the second writer gets %v, want ErrConflict", err)
	}
	if old, err := b.CaseAt("HS-100001", 1); err != nil || old.Case.Facts != "甲欠乙工资。" {
		t.Errorf("version 1 reads %q, %v", old.Case.Facts, err)
	}
	if _, err := b.Put(t.Context(), Record{Case: Case{ID: "HS-9"}}, 1); !errors.Is(err, ErrNoRecord) {
		t.Errorf("an unknown case gives %v", err)
	}
	// Known by what it said before: an anonymised case is not imported again.
	if got := add(t, b, told("甲欠乙工资。")); !got[0].Known {
		t.Errorf("the first text is taken for new: %+v", got)
	}
}

func TestTornLineIsCutOff(t *testing.T) {
	for _, torn := range []string{`{"sum":"00`, `{"sum":"00000000","id":"HS-100002","version":1}` + "\n", "\x00\x00\x00\n\x00"} {
		dir := t.TempDir()
		add(t, shelfAt(t, dir), told("一"), told("二"))
		path := filepath.Join(dir, "library", "cases-000001.jsonl")
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(torn)
		f.Close()
		s := shelfAt(t, dir)
		if n, _ := s.Len(); n != 2 {
			t.Fatalf("after %q the shelf has %d cases", torn, n)
		}
		if got := add(t, s, told("三")); got[0].ID != "HS-100003" {
			t.Fatalf("added %+v", got)
		}
		if n := len(all(t, shelfAt(t, dir))); n != 3 {
			t.Fatalf("after %q and one more the shelf has %d cases", torn, n)
		}
	}
}

func TestDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	add(t, shelfAt(t, dir), told("一"), told("二"))
	path := filepath.Join(dir, "library", "cases-000001.jsonl")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[40] ^= 1 // in the first of two lines
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenShelf(dir); !errors.Is(err, ErrCorrupt) {
		t.Fatalf("a damaged first line gives %v, want ErrCorrupt", err)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	dir := t.TempDir()
	a, b := shelfAt(t, dir), shelfAt(t, dir)
	add(t, a, told("一"))
	var inner error
	if err := a.write(func() error {
		e, _ := Prepare(told("二"))
		_, inner = b.Add(context.Background(), []Entry{e})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(inner, ErrBusy) {
		t.Fatalf("the second writer gets %v, want ErrBusy", inner)
	}
	// Interleaved writers number on from each other.
	for i := range 6 {
		add(t, []*Shelf{a, b}[i%2], told(fmt.Sprint("事", i)))
	}
	ids := map[string]bool{}
	for _, r := range all(t, shelfAt(t, dir)) {
		ids[r.Case.ID] = true
	}
	if len(ids) != 7 || !ids["HS-100007"] {
		t.Errorf("ids are %v", ids)
	}
}

func TestForgetLeavesNoText(t *testing.T) {
	dir := t.TempDir()
	s := shelfAt(t, dir)
	add(t, s, told("张三的秘密"), told("李四的事"))
	reader := shelfAt(t, dir) // reads on while the file is replaced
	if err := s.Forget(t.Context(), "HS-100001"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "library", "cases-000001.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), "秘密") || !strings.Contains(string(b), "李四的事") {
		t.Errorf("after forgetting, the file holds\n%s", b)
	}
	if n := len(all(t, reader)); n != 2 {
		t.Errorf("a reader of before sees %d cases", n)
	}
	if n := len(all(t, shelfAt(t, dir))); n != 1 {
		t.Errorf("a reader of after sees %d cases", n)
	}
	if _, err := s.Case("HS-100001"); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a forgotten case gives %v", err)
	}
	if got := add(t, s, told("张三的秘密"), told("王五的事")); !got[0].Known || got[1].ID != "HS-100003" {
		t.Errorf("added after forgetting %+v", got)
	}
}
