package sqlite

import (
	"crypto/rand"
	"log/slog"
	"testing"

	"heshi/bot"
	"heshi/bot/store/storetest"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func open(t *testing.T, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), quiet(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newKey(t *testing.T) *Key {
	t.Helper()
	secret := make([]byte, keyLength)
	_, _ = rand.Read(secret)
	k, err := NewKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestContract(t *testing.T) {
	for name, o := range map[string]Options{"plain": {}, "ungrouped": {Group: 1}, "sealed": {Sealer: newKey(t)}} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) bot.Store { return open(t, t.TempDir(), o) })
		})
	}
}
