package caselib

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// publish walks a case the whole way.
func publish(t *testing.T, s *Shelf, id string) {
	t.Helper()
	for _, step := range []struct {
		to State
		by string
	}{{Anonymised, "Alma"}, {BilingualReview, "Bat"}, {PublishedState, "Bat"}} {
		pass(t, s, id, step.to, step.by)
	}
}

func pass(t *testing.T, s *Shelf, id string, to State, by string) {
	t.Helper()
	r, err := s.Case(id)
	if err != nil {
		t.Fatal(err)
	}
	read := r.Case.Version
	if r, err = r.To(to, by, noon, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), r, read); err != nil {
		t.Fatal(err)
	}
}

// What a follower merges is at every step what reading the whole shelf gives,
// and its mark changes with every step.
func TestFollowerKeepsUp(t *testing.T) {
	dir := t.TempDir()
	embedded := &Library{Taxonomy: &Taxonomy{}, Sources: map[string]Source{}}
	f := Follow(dir)
	defer f.Close()
	marks := map[string]bool{}
	look := func(step string, want ...string) {
		t.Helper()
		mark, err := f.Mark()
		if err != nil {
			t.Fatal(err)
		}
		if marks[mark] {
			t.Errorf("%s: the mark is an old one", step)
		}
		marks[mark] = true
		got, err := f.Merge(t.Context(), embedded, noon)
		if err != nil {
			t.Fatal(step, err)
		}
		whole, err := Merge(t.Context(), embedded, shelfAt(t, dir), noon)
		if err != nil {
			t.Fatal(step, err)
		}
		if got.Hash() != whole.Hash() {
			t.Errorf("%s: the follower has another library than the shelf", step)
		}
		if len(got.Cases) != len(want) {
			t.Fatalf("%s: %d cases, want %v", step, len(got.Cases), want)
		}
		for i, c := range got.Cases {
			if c.ID != want[i] {
				t.Errorf("%s: case %s, want %s", step, c.ID, want[i])
			}
		}
	}
	look("no shelf")
	s := shelfAt(t, dir)
	add(t, s, told("一"), told("二"), told("三"))
	look("drafts")
	publish(t, s, "HS-100002")
	look("one published", "HS-100002")
	publish(t, s, "HS-100001")
	look("two published", "HS-100001", "HS-100002")
	add(t, s, told("四"))
	look("one more draft", "HS-100001", "HS-100002")
	pass(t, s, "HS-100002", Withdrawn, "Bat")
	look("withdrawn", "HS-100001")
	if err := s.Forget(t.Context(), "HS-100002"); err != nil { // the file is replaced
		t.Fatal(err)
	}
	look("forgotten", "HS-100001")
	publish(t, s, "HS-100004")
	look("and on", "HS-100001", "HS-100004")
	if _, err := s.PutLaw(t.Context(), LawText{Key: "X", Name: "某法", Version: "2020-01-01", File: "x.md", Hash: "00112233445566778899aabbccddeeff",
		Articles: []LawArticle{{Number: 1, Text: "第一条　……"}}}); err != nil {
		t.Fatal(err)
	}
	look("a law", "HS-100001", "HS-100004")
	if err := os.RemoveAll(filepath.Join(dir, "library")); err != nil {
		t.Fatal(err)
	}
	if l, err := f.Merge(t.Context(), embedded, noon); err != nil || len(l.Cases) != 0 || len(l.Statutes) != 0 {
		t.Errorf("a shelf taken away: %v", err)
	}
	add(t, shelfAt(t, dir), told("五"))
	publish(t, shelfAt(t, dir), "HS-100001")
	look("another shelf", "HS-100001")
}

// Damage is reported, and once the file is whole again the follower goes on.
func TestFollowerReportsDamage(t *testing.T) {
	dir := t.TempDir()
	embedded := &Library{Taxonomy: &Taxonomy{}, Sources: map[string]Source{}}
	s := shelfAt(t, dir)
	add(t, s, told("一"), told("二"))
	publish(t, s, "HS-100001")
	f := Follow(dir)
	defer f.Close()
	if l, err := f.Merge(t.Context(), embedded, noon); err != nil || len(l.Cases) != 1 {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "library", "cases-000001.jsonl")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := append([]byte(nil), good...)
	bad[40] ^= 1
	for _, b := range [][]byte{bad, good} {
		if err := os.WriteFile(path+".new", b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		l, err := f.Merge(t.Context(), embedded, noon)
		if &b[0] == &bad[0] && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("damage gives %v", err)
		}
		if &b[0] == &good[0] && (err != nil || len(l.Cases) != 1) {
			t.Fatalf("whole again: %v", err)
		}
	}
}
