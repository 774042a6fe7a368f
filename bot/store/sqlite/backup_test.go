package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"heshi/bot"
	"heshi/intake"
)

func office(t *testing.T, s *Store, id string) {
	t.Helper()
	if err := s.SaveOffice(t.Context(), intake.Office{ID: id}); err != nil {
		t.Fatal(err)
	}
}

func TestBackupAndRestore(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "heshi.backup")
	s := open(t, dir, Options{})
	office(t, s, "before")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup has mode %v, %v", info.Mode(), err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second backup over the first: %v", err)
	}
	office(t, s, "after")
	if err := Restore(t.Context(), dir, file); !errors.Is(err, ErrInUse) {
		t.Errorf("restoring under a running process: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), dir, file); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, Options{})
	if os, err := s.Offices(t.Context()); err != nil || len(os) != 1 || os[0].ID != "before" {
		t.Errorf("restored %v, %v", os, err)
	}
	fresh := filepath.Join(t.TempDir(), "new")
	if err := Restore(t.Context(), fresh, file); err != nil {
		t.Fatal(err)
	}
	if os, err := open(t, fresh, Options{}).Offices(t.Context()); err != nil || len(os) != 1 {
		t.Errorf("restored into a new folder: %v, %v", os, err)
	}
}

func TestRestoreRefusesDamage(t *testing.T) {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "heshi.backup")
	s := open(t, dir, Options{})
	for i := range 200 {
		office(t, s, string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"cut": raw[:len(raw)/2], "no database": []byte("hello"), "empty": {}} {
		if err := os.WriteFile(file, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Restore(t.Context(), dir, file); err == nil {
			t.Errorf("%s: it was restored", name)
		}
	}
	if os, err := open(t, dir, Options{}).Offices(t.Context()); err != nil || len(os) != 200 {
		t.Errorf("what the folder held is not untouched: %d, %v", len(os), err)
	}
}

func TestHealth(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	a := bot.Address{Channel: "web", User: "u"}
	if _, err := s.Accept(t.Context(), bot.Message{Key: "k", From: a}); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), bot.Commit{Replies: []bot.Reply{{ID: "r", To: a}}, Audit: []bot.Audit{{What: "x"}}}); err != nil {
		t.Fatal(err)
	}
	h, err := open(t, dir, Options{ReadOnly: true}).Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if h.DatabaseSize == 0 || h.LogSize == 0 {
		t.Errorf("sizes %d and %d", h.DatabaseSize, h.LogSize)
	}
	h.DatabaseSize, h.LogSize = 0, 0
	if want := (Health{Schema: 2, Sound: true, Messages: 1, Waiting: 1, Unsent: 1, AuditLines: 1, AuditWhole: true}); h != want {
		t.Errorf("got %+v, want %+v", h, want)
	}
	if err := s.ChangeAudit(1, "y"); err != nil {
		t.Fatal(err)
	}
	if h, err := s.Health(t.Context()); err != nil || h.AuditWhole || h.AuditLines != 0 {
		t.Errorf("a changed record: %+v, %v", h, err)
	}
}
