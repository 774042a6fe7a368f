package desk

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// What one password costs: argon2id with 46 MiB and one pass, about 40 ms on one core.
const (
	argonMemory  = 46 << 10 // KiB
	argonPasses  = 1
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
	// argonLimit bounds what a stored hash may ask for, so that a tampered row cannot take the machine's memory.
	argonLimit = 256 << 10 // KiB
)

// The shortest and the longest password, in characters and in bytes.
const (
	MinPassword = 10
	maxPassword = 512
)

// Errors of passwords.
var (
	ErrPasswordShort = errors.New("the password is too short")
	ErrPasswordLong  = errors.New("the password is too long")
	ErrPasswordHash  = errors.New("the stored password is not one of ours")
)

// HashPassword gives the encoded argon2id hash to keep for a password of at least MinPassword characters.
// It takes 46 MiB while it runs: a server bounds how many run at once.
func HashPassword(password string) (string, error) {
	if utf8.RuneCountInString(password) < MinPassword {
		return "", ErrPasswordShort
	}
	if len(password) > maxPassword {
		return "", ErrPasswordLong
	}
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("salt for a password: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, argonThreads, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonPasses, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword reports whether password is the one encoded was made from, in time that does not depend on how
// much of it is right. It fails with ErrPasswordHash when encoded is nothing HashPassword wrote.
func CheckPassword(encoded, password string) (bool, error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return false, ErrPasswordHash
	}
	var version, memory, passes, threads int
	if n, err := fmt.Sscanf(parts[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return false, ErrPasswordHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); n != 3 || err != nil {
		return false, ErrPasswordHash
	}
	if memory < 8 || memory > argonLimit || passes < 1 || passes > 16 || threads < 1 || threads > 16 {
		return false, ErrPasswordHash
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return false, ErrPasswordHash
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) < 16 {
		return false, ErrPasswordHash
	}
	if len(password) > maxPassword {
		return false, nil
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), uint8(threads), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// hashers bounds how many passwords are worked on at once: each holds 46 MiB.
type hashers chan struct{}

// do runs work when a place is free, or gives up with ctx.
func (h hashers) do(ctx context.Context, work func()) error {
	select {
	case h <- struct{}{}:
		defer func() { <-h }()
		work()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
