package embed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/tmc/langchaingo/embeddings"
	"github.com/tmc/langchaingo/llms/openai"

	"heshi/retrieval"
)

// OpenAIConfig names an OpenAI-compatible embeddings address.
type OpenAIConfig struct {
	BaseURL string // up to and including /v1
	Token   string // may be empty for a local server
	Model   string
	Dim     int           // of the model's vectors; anything else is refused
	Batch   int           // texts a request; 0 means 64
	Timeout time.Duration // of one attempt; 0 means 30 s
	Retries int           // after the first attempt; 0 means 3, negative none
	// Sleep waits between attempts; nil waits on the clock.
	Sleep func(context.Context, time.Duration) error
}

// RemoteError says how an embeddings server failed. It never carries what the
// server said: servers repeat the texts and sometimes the key.
type RemoteError struct {
	Status int    // of HTTP, 0 when there was no answer
	Reason string // our own words
}

func (e *RemoteError) Error() string {
	if e.Status == 0 {
		return "embeddings server: " + e.Reason
	}
	return fmt.Sprintf("embeddings server: status %d: %s", e.Status, e.Reason)
}

// OpenAI embeds through an OpenAI-compatible address. It implements
// retrieval.Embedder.
type OpenAI struct {
	config   OpenAIConfig
	embedder embeddings.Embedder
}

// NewOpenAI returns an embedder; it does not contact the server yet.
func NewOpenAI(log *slog.Logger, c OpenAIConfig) (*OpenAI, error) {
	if c.Dim <= 0 {
		return nil, errors.New("embed: the dimension of the vectors is needed; Dimension asks for it")
	}
	return dial(log, c)
}

// Dimension asks the server how long the vectors of the model are. The error
// is as that of Embed.
func Dimension(ctx context.Context, log *slog.Logger, c OpenAIConfig) (int, error) {
	c.Dim = 0
	o, err := dial(log, c)
	if err != nil {
		return 0, err
	}
	v, err := o.Embed(ctx, []string{"调解"})
	if err != nil {
		return 0, err
	}
	return len(v[0]), nil
}

// dial makes an embedder; without a dimension it takes any.
func dial(log *slog.Logger, c OpenAIConfig) (*OpenAI, error) {
	if c.BaseURL == "" || c.Model == "" {
		return nil, errors.New("embed: address and model are needed")
	}
	if c.Batch <= 0 {
		c.Batch = 64
	}
	if c.Timeout <= 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Retries == 0 {
		c.Retries = 3
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	token := c.Token
	if token == "" {
		token = "none" // the library refuses an empty one
	}
	client, err := openai.New(
		openai.WithBaseURL(c.BaseURL), openai.WithToken(token), openai.WithModel(c.Model), openai.WithEmbeddingModel(c.Model),
		openai.WithHTTPClient(&http.Client{Transport: &transport{log: log, config: c, next: http.DefaultTransport}}),
	)
	if err != nil {
		return nil, &RemoteError{Reason: "the configuration is not accepted"}
	}
	e, err := embeddings.NewEmbedder(client, embeddings.WithBatchSize(c.Batch), embeddings.WithStripNewLines(false))
	if err != nil {
		return nil, &RemoteError{Reason: "the configuration is not accepted"}
	}
	return &OpenAI{config: c, embedder: e}, nil
}

// ID implements retrieval.Embedder.
func (o *OpenAI) ID() string { return fmt.Sprintf("openai-%s-%d", o.config.Model, o.config.Dim) }

// Dim implements retrieval.Embedder.
func (o *OpenAI) Dim() int { return o.config.Dim }

// Embed implements retrieval.Embedder. The error is a *RemoteError, or the
// context's.
func (o *OpenAI) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if len(texts) == 0 {
		return nil, ctx.Err()
	}
	// The library's errors quote the server: only our own account leaves here.
	var seen account
	got, err := o.embedder.EmbedDocuments(context.WithValue(ctx, accountKey{}, &seen), texts)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, seen.error()
	}
	if len(got) != len(texts) {
		return nil, &RemoteError{Status: http.StatusOK, Reason: fmt.Sprintf("%d vectors for %d texts", len(got), len(texts))}
	}
	for i, v := range got {
		u, err := retrieval.Unit(v, o.config.Dim)
		if err != nil {
			return nil, &RemoteError{Status: http.StatusOK, Reason: err.Error()}
		}
		got[i] = u
	}
	return got, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
