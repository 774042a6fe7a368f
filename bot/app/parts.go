package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"heshi/bot"
)

// maxMedia is the largest attachment kept, in bytes.
const maxMedia = 20 << 20

// setup makes the one-time link of the first administrator, while there is none.
func (a *App) setup(ctx context.Context) (string, error) {
	has, err := a.desk.HasAdmin(ctx)
	if err != nil || has {
		return "", err
	}
	return a.desk.SetupLink(ctx)
}

// fetch brings the attachments of a message into the store, before its turn. One that cannot be had now is kept by its
// reference: the citizen's words are not held up by a slow picture.
func (a *App) fetch(ctx context.Context, m bot.Message) bot.Message {
	f, ok := a.channels[m.From.Channel].(bot.MediaFetcher)
	if !ok {
		return m
	}
	for i := range m.Attachments {
		at := &m.Attachments[i]
		if at.ID == "" || at.SHA256 != "" || at.Kind == "contact" || at.Kind == "location" {
			continue
		}
		body, mime, err := f.Fetch(ctx, at.ID)
		if err != nil {
			a.log.Warn("an attachment could not be fetched", "channel", m.From.Channel, "kind", at.Kind)
			continue
		}
		data, err := io.ReadAll(io.LimitReader(body, maxMedia+1))
		body.Close()
		if err != nil || len(data) > maxMedia {
			a.log.Warn("an attachment is too large or broke off", "channel", m.From.Channel, "kind", at.Kind, "bytes", len(data))
			continue
		}
		sum := sha256.Sum256(data)
		hash := hex.EncodeToString(sum[:])
		if err := a.Store.PutBlob(ctx, m.From, hash, mime, data); err != nil {
			a.log.Error("an attachment could not be stored", "err", err)
			continue
		}
		at.SHA256, at.Size, at.Type = hash, int64(len(data)), mime
	}
	return m
}
