package sqlite

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

func openError(t *testing.T, dir string, o Options) error {
	t.Helper()
	s, err := Open(t.Context(), quiet(), dir, o)
	if err == nil {
		_ = s.Close()
		t.Fatal("it opened")
	}
	return err
}

func TestFilesAreOurs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "数据 50%?#&=")
	s := open(t, dir, Options{})
	if err := s.SaveOffice(t.Context(), intake.Office{ID: "o"}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 4 {
		t.Errorf("%d files in the folder, want database, log, shared memory and lock: %v", len(files), files)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v, %v", info.Mode(), err)
	}
}

func TestOneProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	err := openError(t, dir, Options{})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), "-data") {
		t.Errorf("a second process: %v", err)
	}
	// An inspection may look at the same time, and sees what is committed.
	look := open(t, dir, Options{ReadOnly: true})
	if err := s.SaveOffice(t.Context(), intake.Office{ID: "o"}); err != nil {
		t.Fatal(err)
	}
	if os, err := look.Offices(t.Context()); err != nil || len(os) != 1 {
		t.Errorf("%d offices, %v", len(os), err)
	}
	if err := look.SaveOffice(t.Context(), intake.Office{ID: "p"}); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a change while reading only: %v", err)
	}
	if _, err := look.Lease(t.Context(), time.Now(), time.Now()); !errors.Is(err, ErrReadOnly) {
		t.Errorf("a lease while reading only: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir, Options{})
}

func TestReadingAnEmptyFolder(t *testing.T) {
	if err := openError(t, t.TempDir(), Options{ReadOnly: true}); !errors.Is(err, bot.ErrNotFound) {
		t.Error(err)
	}
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	if err := s.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {ReadOnly: true}} {
		if err := openError(t, dir, o); !errors.Is(err, ErrNewer) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestForgottenCountsFromTheUpdate is a folder written before the store knew when a conversation was last seen.
func TestForgottenCountsFromTheUpdate(t *testing.T) {
	dir, key, who := t.TempDir(), newKey(t), bot.Address{Channel: "web", User: "u"}
	s, err := Open(t.Context(), quiet(), dir, Options{Sealer: key})
	if err != nil {
		t.Fatal(err)
	}
	c := bot.NewConversation(who)
	c.LastSeen = time.Now().Add(-1000 * 24 * time.Hour)
	if err := s.Commit(t.Context(), bot.Commit{Conversations: []bot.Conversation{c}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := connect(filepath.Join(dir, "heshi.db"), 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, Options{Sealer: key})
	for _, x := range []struct {
		left   bot.Trace
		before time.Time
		want   int
	}{{bot.TraceQuestions, time.Now().Add(time.Hour), 0}, {bot.TraceUrgent, time.Now().Add(-time.Hour), 0}, {bot.TraceUrgent, time.Now().Add(time.Hour), 1}} {
		as, err := s.Forgotten(t.Context(), x.left, x.before, 10)
		if err != nil || len(as) != x.want {
			t.Errorf("%s before %v: %v %v", x.left, x.before, as, err)
		}
	}
	if c, err = s.Conversation(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), bot.Commit{Conversations: []bot.Conversation{c}}); err != nil { // written again: known again
		t.Fatal(err)
	}
	if as, err := s.Forgotten(t.Context(), bot.TraceQuestions, time.Now().Add(-time.Hour), 10); err != nil || len(as) != 1 {
		t.Errorf("%v %v", as, err)
	}
}

func TestSchemaGoesDownAndUp(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	p, err := provider(s.main)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.conn.Close(); err != nil { // the pool has one connection
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), s.main); err != nil {
		t.Fatal(err)
	}
	if s.conn, err = s.main.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestReopened(t *testing.T) {
	dir, key, now := t.TempDir(), newKey(t), time.Now()
	a := bot.Address{Channel: "web", User: "u"}
	s := open(t, dir, Options{Sealer: key})
	for _, k := range []string{"1", "2"} {
		if _, err := s.Accept(t.Context(), bot.Message{Key: k, From: a, Text: k}); err != nil {
			t.Fatal(err)
		}
	}
	w, err := s.Lease(t.Context(), now, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), bot.Commit{Work: &w, Replies: []bot.Reply{{ID: "r1", To: a, Text: "one"}, {ID: "r2", To: a, Text: "two"}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Due(t.Context(), now, nil, 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, Options{Sealer: key})
	r, err := s.Recover(t.Context(), now)
	if err != nil || r != (bot.Recovered{Resent: 1}) {
		t.Errorf("recovered %+v, %v", r, err)
	}
	if w, err = s.Lease(t.Context(), now, now.Add(time.Minute)); err != nil || w.Message.Text != "2" {
		t.Errorf("leased %q, %v", w.Message.Text, err)
	}
	if rs, err := s.Due(t.Context(), now, nil, 5); err != nil || len(rs) != 1 || rs[0].Text != "one" || rs[0].Attempts != 2 {
		t.Errorf("due %v, %v", rs, err)
	}
}

func TestSealed(t *testing.T) {
	dir, key := t.TempDir(), newKey(t)
	a := bot.Address{Channel: "web", User: "u"}
	secret := "只有密钥能读"
	plainStore := open(t, dir, Options{})
	if _, err := plainStore.Accept(t.Context(), bot.Message{Key: "before", From: a, Text: "从前没有密钥"}); err != nil {
		t.Fatal(err)
	}
	if err := plainStore.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, Options{Sealer: key})
	if _, err := s.Accept(t.Context(), bot.Message{Key: "after", From: a, Text: secret}); err != nil {
		t.Fatal(err)
	}
	m := intake.Matter{ID: "m", No: "1", Session: intake.Session{Answers: map[string]intake.Answer{"f": {Value: secret}}}}
	if err := s.Commit(t.Context(), bot.Commit{
		Matters: []intake.Matter{m}, Entries: []bot.Entry{{ID: "e", Matter: "m", Party: a, Text: secret}}, Replies: []bot.Reply{{ID: "r", To: a, Text: secret}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.PutValue(t.Context(), "token", "k", []byte(secret), time.Time{}); err != nil {
		t.Fatal(err)
	}
	w, err := s.Lease(t.Context(), time.Now(), time.Now().Add(time.Minute))
	if err != nil || w.Message.Text != "从前没有密钥" {
		t.Errorf("what was written before there was a key: %q, %v", w.Message.Text, err)
	}
	// A document that somebody moved to another row does not open there.
	if err := s.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`UPDATE entries SET body = (SELECT body FROM matters)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Thread(t.Context(), "m", a); !errors.Is(err, ErrDamaged) {
		t.Errorf("a document in the wrong place: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(secret)) {
		t.Error("the file shows what is sealed")
	}
	for _, o := range []Options{{}, {Sealer: newKey(t)}, {ReadOnly: true}} {
		if err := openError(t, dir, o); !errors.Is(err, ErrKey) {
			t.Errorf("without the key: %v", err)
		}
	}
	open(t, dir, Options{Sealer: key})
}

func TestKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys", "heshi.key")
	if _, err := KeyFile(file, false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key that is not there: %v", err)
	}
	k, err := KeyFile(file, true)
	if err != nil {
		t.Fatal(err)
	}
	again, err := KeyFile(file, true)
	if err != nil || again.ID() != k.ID() {
		t.Errorf("read again it is another key: %v", err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := KeyFile(file, false); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
}

// TestDamage: what cannot be read is an error or a failed reply that a person sees, and no error quotes anything.
func TestDamage(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	a := bot.Address{Channel: "web", User: "u-secret"}
	c := bot.NewConversation(a)
	if err := s.Commit(t.Context(), bot.Commit{
		Conversations: []bot.Conversation{c}, Replies: []bot.Reply{{ID: "r1", To: a, Matter: "m"}, {ID: "r2", To: a, Text: "fine"}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.write(t.Context(), func(t *tx) error {
		_, err := t.exec(`UPDATE replies SET body = '{"text": u-secret' WHERE id = 'r1'`)
		if err == nil {
			_, err = t.exec(`UPDATE conversations SET body = 'u-secret'`)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_, err := s.Conversation(t.Context(), a)
	if !errors.Is(err, ErrDamaged) || strings.Contains(err.Error(), "u-secret") {
		t.Errorf("a damaged conversation: %v", err)
	}
	now := time.Now()
	if rs, err := s.Due(t.Context(), now, nil, 5); err != nil || len(rs) != 0 {
		t.Errorf("due %v, %v", rs, err)
	}
	us, err := s.Undelivered(t.Context(), "m")
	if err != nil || len(us) != 1 || us[0].Reply.ID != "r1" || us[0].Code != codeDamaged {
		t.Errorf("undelivered %v, %v", us, err)
	}
	if rs, err := s.Due(t.Context(), now, nil, 5); err != nil || len(rs) != 1 || rs[0].Text != "fine" {
		t.Errorf("the reply behind it: %v, %v", rs, err)
	}
	err = s.Commit(t.Context(), bot.Commit{Conversations: []bot.Conversation{bot.NewConversation(a)}})
	if !errors.Is(err, bot.ErrConflict) || strings.Contains(err.Error(), "u-secret") {
		t.Errorf("a conflict: %v", err)
	}
}
