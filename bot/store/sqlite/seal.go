package sqlite

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"heshi/bot"
)

// Sealer seals documents. context is not secret and not stored; what was sealed with one opens with the same only.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
	// ID names the key without telling anything about it.
	ID() string
}

// ErrKey says that the folder is sealed with another key than the one given.
var ErrKey = errors.New("the folder is sealed with another key")

const keyLength = 32

// Key seals with AES-256-GCM and a random nonce per document.
type Key struct {
	aead cipher.AEAD
	id   string
}

// NewKey makes a sealer of 32 secret bytes. Their number of uses is bounded by the random nonce: 2³² documents.
func NewKey(secret []byte) (*Key, error) {
	if len(secret) != keyLength {
		return nil, fmt.Errorf("a key has %d bytes, this has %d", keyLength, len(secret))
	}
	id, err := hkdf.Key(sha256.New, secret, nil, "heshi key id", 9)
	if err != nil {
		return nil, fmt.Errorf("naming a key: %w", err)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return &Key{aead, base64.RawURLEncoding.EncodeToString(id)}, nil
}

// Seal implements Sealer.
func (k *Key) Seal(plain, context []byte) ([]byte, error) {
	return k.aead.Seal(nil, nil, plain, context), nil
}

// Open implements Sealer.
func (k *Key) Open(sealed, context []byte) ([]byte, error) {
	return k.aead.Open(nil, nil, sealed, context)
}

// ID implements Sealer.
func (k *Key) ID() string { return k.id }

// KeyFile reads a key from a file of one line, base64. A file that does not exist is made, 0600, when create is
// set: pass it for a new folder only. Keep the file apart from backups of the folder, and keep a copy: without it
// the folder cannot be read.
func KeyFile(file string, create bool) (*Key, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && create {
		secret := make([]byte, keyLength)
		_, _ = rand.Read(secret) // it never fails
		raw = []byte(base64.StdEncoding.EncodeToString(secret) + "\n")
		err = writeDurably(file, raw)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("reading the key: others may read %s: chmod 600 it", file)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil {
		return nil, fmt.Errorf("reading the key: %s is not one line of base64", file)
	}
	return NewKey(secret)
}

// writeDurably makes a file that survives a power cut or does not exist.
func writeDurably(file string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	return syncFolder(filepath.Dir(file))
}

// checkKey compares the key with the one the folder remembers, and makes a new folder remember.
func (s *Store) checkKey(ctx context.Context) error {
	var have string
	err := s.read.get(ctx, `SELECT value FROM about WHERE name = 'key'`, nil, &have)
	switch {
	case errors.Is(err, bot.ErrNotFound) && s.sealer == nil:
		return nil
	case errors.Is(err, bot.ErrNotFound) && s.w == nil:
		return nil // sealing begins when it is next opened for writing
	case errors.Is(err, bot.ErrNotFound):
		return s.write(ctx, func(t *tx) error {
			_, err := t.exec(`INSERT INTO about (name, value) VALUES ('key', ?)`, s.sealer.ID())
			return err
		})
	case err != nil:
		return err
	case s.sealer == nil:
		return fmt.Errorf("it is sealed and no key was given: %w", ErrKey)
	case s.sealer.ID() != have:
		return ErrKey
	}
	return nil
}
