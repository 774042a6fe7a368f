package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"heshi/bot"
)

// vaultKey is the key of a value in the file. Keys are often the secret itself (a one-time link).
func vaultKey(bucket, key string) []byte {
	h := sha256.Sum256([]byte(bucket + "\x00" + key))
	return h[:]
}

func vaultPlace(bucket string, key []byte) string {
	return "vault/" + bucket + "/" + hex.EncodeToString(key)
}

// PutValue implements bot.Vault. A zero time never expires.
func (s *Store) PutValue(ctx context.Context, bucket, key string, value []byte, expires time.Time) error {
	hash := vaultKey(bucket, key)
	body, err := s.packBytes(vaultPlace(bucket, hash), value)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			_, err := t.exec(`INSERT INTO vault (bucket, key, expires, value) VALUES (?, ?, ?, ?)
				ON CONFLICT (bucket, key) DO UPDATE SET expires = excluded.expires, value = excluded.value`, bucket, hash, nanos(expires), body)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keeping a value: %w", err)
	}
	return nil
}

// Value implements bot.Vault.
func (s *Store) Value(ctx context.Context, bucket, key string, now time.Time) ([]byte, error) {
	hash := vaultKey(bucket, key)
	var expires int64
	var body []byte
	err := s.read.get(ctx, `SELECT expires, value FROM vault WHERE bucket = ? AND key = ?`, []any{bucket, hash}, &expires, &body)
	if err != nil {
		return nil, fmt.Errorf("reading a value: %w", err)
	}
	return s.openValue(vaultPlace(bucket, hash), body, expires, now)
}

func (s *Store) openValue(where string, body []byte, expires int64, now time.Time) ([]byte, error) {
	if expires > 0 && nanos(now) >= expires {
		return nil, fmt.Errorf("reading a value: %w", bot.ErrExpired)
	}
	value, err := s.unseal(where, body)
	if err != nil {
		return nil, fmt.Errorf("reading a value: %w", err)
	}
	return value, nil
}

// TakeValue implements bot.Vault. An expired value goes too.
func (s *Store) TakeValue(ctx context.Context, bucket, key string, now time.Time) ([]byte, error) {
	hash := vaultKey(bucket, key)
	var expires int64
	var body []byte
	err := s.write(ctx, func(t *tx) error {
		return t.get(`DELETE FROM vault WHERE bucket = ? AND key = ? RETURNING expires, value`, []any{bucket, hash}, &expires, &body)
	})
	if err != nil {
		return nil, fmt.Errorf("taking a value: %w", err)
	}
	return s.openValue(vaultPlace(bucket, hash), body, expires, now)
}

// DeleteValue implements bot.Vault. What is not there is deleted.
func (s *Store) DeleteValue(ctx context.Context, bucket, key string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM vault WHERE bucket = ? AND key = ?`, bucket, vaultKey(bucket, key))
		return err
	})
	if err != nil {
		return fmt.Errorf("deleting a value: %w", err)
	}
	return nil
}
