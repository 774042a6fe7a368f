package wechat

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"heshi/bot"
)

const tokenBucket = "wechat-token"

// tokenCache keeps the access token in the vault, so that several instances share one and a restart asks for none.
// It is the library's cache.Cache.
type tokenCache struct {
	lg    *slog.Logger
	vault bot.Vault
	now   func() time.Time
	mu    sync.Mutex
	keys  map[string]bool
}

func (t *tokenCache) ctx() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 3*time.Second) // the library's interface has no context
}

// Get gives a token, or nil.
func (t *tokenCache) Get(key string) any {
	ctx, stop := t.ctx()
	defer stop()
	t.know(key)
	v, err := t.vault.Value(ctx, tokenBucket, key, t.now())
	if err != nil {
		if !errors.Is(err, bot.ErrNotFound) && !errors.Is(err, bot.ErrExpired) {
			t.lg.Error("wechat: the vault did not give the token", "err", err)
		}
		return nil
	}
	return string(v)
}

// Set keeps a token.
func (t *tokenCache) Set(key string, val any, timeout time.Duration) error {
	s, ok := val.(string)
	if !ok {
		return errors.New("wechat: only strings are kept")
	}
	ctx, stop := t.ctx()
	defer stop()
	t.know(key)
	return t.vault.PutValue(ctx, tokenBucket, key, []byte(s), t.now().Add(timeout))
}

// IsExist reports whether there is a token.
func (t *tokenCache) IsExist(key string) bool { return t.Get(key) != nil }

// Delete forgets a token.
func (t *tokenCache) Delete(key string) error {
	ctx, stop := t.ctx()
	defer stop()
	return t.vault.DeleteValue(ctx, tokenBucket, key)
}

func (t *tokenCache) know(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys == nil {
		t.keys = map[string]bool{}
	}
	t.keys[key] = true
}

// forget drops every token: the platform said it is not valid any more.
func (t *tokenCache) forget() {
	t.mu.Lock()
	keys := make([]string, 0, len(t.keys))
	for k := range t.keys {
		keys = append(keys, k)
	}
	t.mu.Unlock()
	for _, k := range keys {
		if err := t.Delete(k); err != nil {
			t.lg.Error("wechat: the vault did not forget the token", "err", err)
		}
	}
}
