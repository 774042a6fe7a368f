package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"heshi/bot/assist/llm"
	"heshi/retrieval"
	"heshi/retrieval/chromem"
	"heshi/retrieval/embed"
)

// How long a question waits for the embeddings server before the built-in embedder answers, and how long nobody asks it
// again after that.
const (
	embedPatience = 3 * time.Second
	embedPause    = 30 * time.Second
)

// maxEmbedded is how much of a text goes to the server, in characters: models take a few thousand tokens, and a chapter
// kept whole would be refused together with all that is sent beside it.
const maxEmbedded = 2000

// remote is the configured server as an embedder.
type remote struct {
	retrieval.Embedder
	id string
}

// ID names the model, the server and how texts are cut: two servers may give different vectors under one model name.
func (r remote) ID() string { return r.id }

// Embed implements retrieval.Embedder.
func (r remote) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	short := make([]string, len(texts))
	for i, t := range texts {
		short[i] = t
		if runes := []rune(t); len(runes) > maxEmbedded {
			short[i] = string(runes[:maxEmbedded])
		}
	}
	return r.Embedder.Embed(ctx, short)
}

// EmbedServer reaches the configured embeddings server and gives it as an embedder. Without embed-dim the server is
// asked; the error is then that of the server.
func EmbedServer(ctx context.Context, log *slog.Logger, cfg Config) (retrieval.Embedder, error) {
	c := embed.OpenAIConfig{BaseURL: cfg.EmbedURL, Model: cfg.EmbedModel, Token: string(cfg.EmbedToken), Dim: cfg.EmbedDim}
	if c.Dim == 0 {
		var err error
		if c.Dim, err = embed.Dimension(ctx, log, c); err != nil {
			return nil, err
		}
	}
	e, err := embed.NewOpenAI(log, c)
	if err != nil {
		return nil, err
	}
	at := sha256.Sum256([]byte(cfg.EmbedURL))
	return remote{e, fmt.Sprintf("%s@%x-%d", e.ID(), at[:4], maxEmbedded)}, nil
}

// served is an edition searched by the vectors of the configured server. What is in the cache is not asked for again,
// and what the server gives is in the cache before more is asked for.
func (b *Brain) served(ctx context.Context, log *slog.Logger, spare *Edition) (ed *Edition, err error) {
	e, err := EmbedServer(ctx, log, b.life.cfg)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.life.cfg.Data, "cache", "vectors")
	kept, err := retrieval.Keep(dir, e)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, kept.Close())
		}
	}()
	kept.Hide = func(question string) string { return llm.Hide(question, b.Extractor.Values(question, Clock())) }
	if err := kept.Fill(ctx, retrieval.Meant(spare.chunks), b.tell("embedding")); err != nil {
		return nil, err
	}
	if b.life.keeps {
		if err := retrieval.OnlyKeep(dir, e.ID()); err != nil {
			log.Warn("vectors of other models could not be removed", "err", err)
		}
	}
	both, err := retrieval.NewHybrid(ctx, log, spare.words, chromem.New(), kept, spare.chunks, nil)
	if err != nil {
		return nil, err
	}
	return spare.with(&retrieval.Spare{
		Log: log, First: both, Second: spare.Index, Embedder: kept, Patience: embedPatience, Pause: embedPause, Now: time.Now,
	}, e.ID()), nil
}
