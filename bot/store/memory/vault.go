package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"heshi/bot"
)

type value struct {
	data    []byte
	expires time.Time
}

// PutValue implements bot.Vault. A zero time never expires.
func (s *Store) PutValue(ctx context.Context, bucket, key string, v []byte, expires time.Time) error {
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	s.vault[[2]string{bucket, key}] = value{bytes.Clone(v), expires}
	return nil
}

// Value implements bot.Vault.
func (s *Store) Value(ctx context.Context, bucket, key string, now time.Time) ([]byte, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return s.value(bucket, key, now)
}

func (s *Store) value(bucket, key string, now time.Time) ([]byte, error) {
	v, ok := s.vault[[2]string{bucket, key}]
	switch {
	case !ok:
		return nil, fmt.Errorf("reading a value: %w", bot.ErrNotFound)
	case !v.expires.IsZero() && !now.Before(v.expires):
		return nil, fmt.Errorf("reading a value: %w", bot.ErrExpired)
	}
	return bytes.Clone(v.data), nil
}

// TakeValue implements bot.Vault. An expired value goes too.
func (s *Store) TakeValue(ctx context.Context, bucket, key string, now time.Time) ([]byte, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	defer delete(s.vault, [2]string{bucket, key})
	return s.value(bucket, key, now)
}

// DeleteValue implements bot.Vault. What is not there is deleted.
func (s *Store) DeleteValue(ctx context.Context, bucket, key string) error {
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	delete(s.vault, [2]string{bucket, key})
	return nil
}

type blob struct {
	data   []byte
	mime   string
	owners map[bot.Address]bool
}

// PutBlob implements bot.Blobs.
func (s *Store) PutBlob(ctx context.Context, owner bot.Address, hash, mime string, data []byte) error {
	sum := sha256.Sum256(data)
	switch {
	case owner.IsZero():
		return errors.New("keeping an attachment: it has no owner, so it could never be erased")
	case hex.EncodeToString(sum[:]) != hash:
		return errors.New("keeping an attachment: the name is not the SHA-256 of the content, in lower-case hexadecimal")
	}
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	b, ok := s.blobs[hash]
	if !ok {
		b = blob{bytes.Clone(data), mime, map[bot.Address]bool{}}
		s.blobs[hash] = b
	}
	b.owners[owner] = true
	return nil
}

// Blob implements bot.Blobs.
func (s *Store) Blob(ctx context.Context, hash string) ([]byte, string, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, "", err
	}
	defer end()
	b, ok := s.blobs[hash]
	if !ok {
		return nil, "", fmt.Errorf("reading an attachment: %w", bot.ErrNotFound)
	}
	return bytes.Clone(b.data), b.mime, nil
}
