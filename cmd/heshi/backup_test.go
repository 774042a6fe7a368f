package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heshi/bot/store/sqlite"
	"heshi/caselib"
	"heshi/intake"
)

// place is a data folder with a store and a shelf.
type place struct {
	t    *testing.T
	root string
	data string
}

func newPlace(t *testing.T) *place {
	root := t.TempDir()
	return &place{t, root, filepath.Join(root, "data")}
}

func (p *place) store(work func(s *sqlite.Store)) {
	p.t.Helper()
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		p.t.Fatal(err)
	}
	key, err := sqlite.KeyFile(filepath.Join(p.data, "heshi.key"), true)
	if err != nil {
		p.t.Fatal(err)
	}
	s, err := sqlite.Open(p.t.Context(), slog.New(slog.DiscardHandler), p.data, sqlite.Options{Sealer: key})
	if err != nil {
		p.t.Fatal(err)
	}
	work(s)
	if err := s.Close(); err != nil {
		p.t.Fatal(err)
	}
}

func (p *place) office(id string) {
	p.store(func(s *sqlite.Store) {
		if err := s.SaveOffice(p.t.Context(), intake.Office{ID: id}); err != nil {
			p.t.Fatal(err)
		}
	})
}

func (p *place) shelf() *caselib.Shelf {
	p.t.Helper()
	s, err := caselib.OpenShelf(p.data)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { s.Close() })
	return s
}

func (p *place) cases(facts ...string) {
	p.t.Helper()
	var es []caselib.Entry
	for i, f := range facts {
		e, err := caselib.Prepare(caselib.Record{Case: caselib.Case{Facts: f}, Source: "a.csv", Line: i + 2, At: time.Unix(0, 0), By: "import"})
		if err != nil {
			p.t.Fatal(err)
		}
		es = append(es, e)
	}
	if _, err := p.shelf().Add(p.t.Context(), es); err != nil {
		p.t.Fatal(err)
	}
}

// holds checks what the folder has now: offices in the store, cases and laws on the shelf.
func (p *place) holds(when string, offices, cases, laws int) {
	p.t.Helper()
	p.store(func(s *sqlite.Store) {
		if os, err := s.Offices(p.t.Context()); err != nil || len(os) != offices {
			p.t.Errorf("%s: %d offices, want %d, %v", when, len(os), offices, err)
		}
	})
	if c, l := p.shelf().Len(); c != cases || l != laws {
		p.t.Errorf("%s: %d cases and %d laws on the shelf, want %d and %d", when, c, l, cases, laws)
	}
}

func (p *place) run(want int, args ...string) string {
	p.t.Helper()
	out, errOut, code := heshiIn(p.t, p.root, "", args...)
	if code != want {
		p.t.Fatalf("heshi %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out, errOut)
	}
	return out + errOut
}

func (p *place) law() {
	p.t.Helper()
	if _, err := p.shelf().PutLaw(p.t.Context(), caselib.LawText{Key: "X", Name: "某法", Version: "2020-01-01", File: "x.md",
		Hash: strings.Repeat("0a", 16), Articles: []caselib.LawArticle{{Number: 1, Text: "第一条"}}}); err != nil {
		p.t.Fatal(err)
	}
}

func TestBackupHasTheShelf(t *testing.T) {
	p := newPlace(t)
	p.office("before")
	p.cases("一", "二")
	p.law()
	file := filepath.Join(t.TempDir(), "copy")
	said := p.run(exitDone, "backup", file)
	if !strings.Contains(said, "2 cases, 1 laws") || !strings.Contains(said, "heshi.key") {
		t.Errorf("it says %s", said)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	p.run(exitFailed, "backup", file) // never over another
	p.office("after")
	p.cases("三")
	p.holds("later", 2, 3, 1)
	p.run(exitDone, "restore", file)
	p.holds("restored", 1, 2, 1)
	if old, err := os.ReadFile(filepath.Join(p.data, "library.before", "cases-000001.jsonl")); err != nil || !strings.Contains(string(old), "三") {
		t.Errorf("what was there is not kept: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(p.data, "restoring-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	p.cases("四") // the shelf can be written to
	p.holds("and on", 1, 3, 1)
	p.run(exitDone, "restore", file) // over an older library.before
	p.holds("again", 1, 2, 1)

	fresh := newPlace(t)
	fresh.run(exitDone, "restore", file)
	key, err := os.ReadFile(filepath.Join(p.data, "heshi.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fresh.data, "heshi.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh.holds("in a new folder", 1, 2, 1)
}

func TestBackupWithoutAShelf(t *testing.T) {
	p, file := newPlace(t), filepath.Join(t.TempDir(), "copy")
	p.office("before")
	p.run(exitDone, "backup", file)
	p.cases("一")
	p.run(exitDone, "restore", file)
	p.holds("restored", 1, 0, 0)
}

func TestRestoreRefusesDamagedBackups(t *testing.T) {
	p, file := newPlace(t), filepath.Join(t.TempDir(), "copy")
	p.office("before")
	p.cases("一", "二")
	p.run(exitDone, "backup", file)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.office("after")
	p.cases("三")
	bad := func(change func(b []byte) []byte) []byte { return change(append([]byte(nil), good...)) }
	at := strings.LastIndex(string(good), `"facts"`)
	for name, b := range map[string][]byte{
		"empty":          nil,
		"hello":          []byte("hello"),
		"half":           good[:len(good)/2],
		"without an end": good[:len(good)-4096],
		"a bit":          bad(func(b []byte) []byte { b[at+10] ^= 1; return b }),
		"another name":   []byte(strings.Replace(string(good), "library/cases-000001.jsonl", "library/../../cases.jsonl\x00", 1)),
	} {
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		p.run(exitFailed, "restore", file)
		p.holds(name, 2, 3, 0)
	}
}

// A backup made before the shelf was part of it is the store itself.
func TestRestoreTakesOlderBackups(t *testing.T) {
	p, file := newPlace(t), filepath.Join(t.TempDir(), "copy")
	p.store(func(s *sqlite.Store) {
		if err := s.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
	})
	p.office("after")
	p.cases("一")
	if said := p.run(exitDone, "restore", file); !strings.Contains(said, "no imported library") {
		t.Errorf("it says %s", said)
	}
	p.holds("restored", 0, 1, 0)
}
