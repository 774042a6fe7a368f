package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"heshi/bot"
)

// MaxBlob is the largest attachment that is kept, in bytes: a document as large as the channels deliver.
const MaxBlob = 32 << 20

// PutBlob implements bot.Blobs. The same content of two owners is kept once.
func (s *Store) PutBlob(ctx context.Context, owner bot.Address, hash, mime string, data []byte) error {
	sum := sha256.Sum256(data)
	switch {
	case owner.IsZero():
		return errors.New("keeping an attachment: it has no owner, so it could never be erased")
	case hex.EncodeToString(sum[:]) != hash:
		return errors.New("keeping an attachment: the name is not the SHA-256 of the content, in lower-case hexadecimal")
	case len(data) > MaxBlob:
		return fmt.Errorf("keeping an attachment: %d bytes, the limit is %d", len(data), MaxBlob)
	}
	body, err := s.packBytes("blob/"+hash, data)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			if _, err := t.exec(`INSERT INTO blobs (hash, mime, data) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING`, hash, mime, body); err != nil {
				return err
			}
			_, err := t.exec(`INSERT INTO blob_owners (address, hash) VALUES (?, ?) ON CONFLICT DO NOTHING`, owner.String(), hash)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keeping an attachment: %w", err)
	}
	return nil
}

// Blob implements bot.Blobs. The content is checked against its name: a flipped bit is an error, never evidence.
func (s *Store) Blob(ctx context.Context, hash string) (data []byte, mime string, err error) {
	var body []byte
	err = s.read.get(ctx, `SELECT mime, data FROM blobs WHERE hash = ?`, []any{hash}, &mime, &body)
	if err == nil {
		data, err = s.unseal("blob/"+hash, body)
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading an attachment: %w", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, "", fmt.Errorf("reading an attachment: %w", ErrDamaged)
	}
	return data, mime, nil
}
