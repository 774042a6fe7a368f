package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrDamaged says that a document cannot be read back: the file is damaged, or the key is another.
var ErrDamaged = errors.New("a document in the store cannot be read")

// never is later than every due time.
const never = int64(1<<63 - 1)

// What a stored body begins with: JSON as it is, sealedMark and then the sealed bytes, or, for bytes that are no
// JSON, openMark and then those bytes.
const (
	openMark   = 0
	sealedMark = 1
)

// pack makes the stored form of v. where ("inbox/telegram:1") is sealed with it: a body that somebody moved to
// another row does not open.
func (s *Store) pack(where string, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("writing a document: %w", err)
	}
	if s.sealer == nil {
		return raw, nil
	}
	return s.seal(where, raw)
}

// packBytes is pack for what is no JSON.
func (s *Store) packBytes(where string, raw []byte) ([]byte, error) {
	if s.sealer == nil {
		return append([]byte{openMark}, raw...), nil
	}
	return s.seal(where, raw)
}

func (s *Store) seal(where string, raw []byte) ([]byte, error) {
	sealed, err := s.sealer.Seal(raw, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("sealing a document: %w", err)
	}
	return append([]byte{sealedMark}, sealed...), nil
}

// unpack reads what pack wrote. The error does not quote the document.
func (s *Store) unpack(where string, body []byte, v any) error {
	raw, err := s.unseal(where, body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%w: not the JSON it was", ErrDamaged)
	}
	return nil
}

// unseal reads what pack or packBytes wrote.
func (s *Store) unseal(where string, body []byte) ([]byte, error) {
	switch {
	case len(body) == 0:
		return nil, fmt.Errorf("%w: it is empty", ErrDamaged)
	case body[0] == openMark:
		return body[1:], nil
	case body[0] != sealedMark:
		return body, nil
	}
	if s.sealer == nil {
		return nil, fmt.Errorf("%w: it is sealed and no key was given", ErrDamaged)
	}
	raw, err := s.sealer.Open(body[1:], []byte(where))
	if err != nil {
		return nil, fmt.Errorf("%w: the seal does not hold", ErrDamaged)
	}
	return raw, nil
}

// nanos is t as it is stored in a column; the zero time is 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}
