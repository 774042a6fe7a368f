// Package llm is the assistant that asks a language model, and trusts it with nothing.
//
// It wraps another assistant, the rules, whose work always counts; a model may only add values and say checked
// sentences in plainer words. It owns the two templates in prompts/models and keeps nothing between calls but a count
// of failures.
//
// What holds:
//   - The model sees phones, identity numbers, plates, long numbers and the names of people as 〔PHONE1〕.
//   - What a citizen wrote reaches a template as a JSON string, as a value, never as a template.
//   - An extracted value is used when the words it is quoted from stand in the text, when amounts and dates in them
//     parse to it, and when it is one of the options; otherwise it is dropped.
//   - A reworded answer is used whole or not at all: every sentence stands on sources of the draft, every source keeps
//     a sentence, and no number, name of a law, Latin word or promise appears that the sentences of its sources lack.
//   - Any other outcome (no answer in time, a status, no JSON, an answer that was cut) gives the rules' work, and
//     Fallback says why. No error text of the model, its address or its key goes further.
package llm

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"text/template"
	"time"

	"github.com/tmc/langchaingo/llms/openai"
	"gopkg.in/yaml.v3"

	"heshi/bot"
	"heshi/prompts"
)

//go:embed promises.yaml
var promisesFile []byte

// Config is where the model is. Any address that speaks the OpenAI protocol will do.
type Config struct {
	BaseURL string // "http://127.0.0.1:11434/v1"
	Token   string // empty for servers that want none
	Model   string
	// Timeout bounds one question, the retry included; 0 means 6 seconds. A citizen is waiting.
	Timeout time.Duration
	// Transport carries the requests; nil means the default one. Redirects are never followed.
	Transport http.RoundTripper
	// Now says what today is; nil means time.Now.
	Now func() time.Time
}

// Assistant implements bot.Assistant over a base that needs no model. It is safe for concurrent use.
type Assistant struct {
	lg       *slog.Logger
	base     bot.Assistant
	model    *openai.LLM
	name     string
	timeout  time.Duration
	now      func() time.Time
	extract  *template.Template
	reword   *template.Template
	promises []string
	resting  rest
}

var _ bot.Assistant = (*Assistant)(nil)

// New makes an assistant that asks the model of c and falls back to base. It does not connect yet.
func New(lg *slog.Logger, base bot.Assistant, c Config) (*Assistant, error) {
	if c.BaseURL == "" || c.Model == "" {
		return nil, errors.New("a model needs an address and a name")
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address of the model is not an http or https URL") // it may hold a key: not quoted
	}
	a := &Assistant{lg: lg, base: base, name: "llm:" + c.Model, timeout: c.Timeout, now: c.Now}
	if a.timeout <= 0 {
		a.timeout = 6 * time.Second
	}
	if a.now == nil {
		a.now = time.Now
	}
	if err := yaml.Unmarshal(promisesFile, &a.promises); err != nil {
		return nil, fmt.Errorf("reading the words that promise: %w", err)
	}
	var err error
	if a.extract, err = load("extract.tmpl"); err != nil {
		return nil, err
	}
	if a.reword, err = load("reword.tmpl"); err != nil {
		return nil, err
	}
	if c.Token == "" {
		c.Token = "none" // the client refuses an empty one
	}
	a.model, err = openai.New(
		openai.WithBaseURL(c.BaseURL), openai.WithToken(c.Token), openai.WithModel(c.Model),
		openai.WithHTTPClient(&http.Client{Transport: &transport{next: c.Transport}, CheckRedirect: stay}),
	)
	if err != nil {
		return nil, errors.New("the client of the model cannot be made of this configuration")
	}
	return a, nil
}

func load(name string) (*template.Template, error) {
	t, err := template.New(name).Funcs(template.FuncMap{"json": asJSON}).ParseFS(prompts.Models(), name)
	if err != nil {
		return nil, fmt.Errorf("reading the template %s: %w", name, err)
	}
	return t, nil
}

// Name implements bot.Assistant.
func (a *Assistant) Name() string { return a.name }

// Extract implements bot.Assistant. The model is asked only when there are fields to fill.
func (a *Assistant) Extract(ctx context.Context, r bot.ExtractRequest) (bot.Extraction, error) {
	x, err := a.base.Extract(ctx, r)
	if err != nil || r.Text == "" || len(r.Fields) == 0 {
		return x, err
	}
	m := newMask(r.Text, x.Values)
	answer, why := a.ask(ctx, a.extract, extractData{Today: a.now().Format(time.DateOnly), Fields: r.Fields, Text: m.hide(r.Text)})
	var found map[string]string
	if why == "" {
		found, why = a.readFields(ctx, answer, r, m)
	}
	if x.Fallback = why; why != "" {
		return x, nil
	}
	added := map[string]string{}
	for id, v := range found {
		added[id] = v
	}
	for id, v := range x.Fields {
		added[id] = v // the rules have the last word
	}
	if len(added) > len(x.Fields) {
		x.Provenance += "+" + a.name
	}
	x.Fields = added
	return x, nil
}

// Reword implements bot.Assistant. Interface wording is not sent and stays where it is.
func (a *Assistant) Reword(ctx context.Context, d bot.Draft) (bot.Draft, error) {
	plain, err := a.base.Reword(ctx, d)
	if err != nil {
		return plain, err
	}
	var legal []bot.Sentence
	for _, s := range d.Sentences {
		if !interfaceOnly(s) {
			legal = append(legal, s)
		}
	}
	if len(legal) == 0 {
		return plain, nil
	}
	m := newMask(joined(legal), nil)
	answer, why := a.ask(ctx, a.reword, rewordData{Lang: d.Lang, Sentences: hideAll(m, legal)})
	var said []bot.Sentence
	if why == "" {
		said, why = a.readSentences(answer, legal, m)
	}
	if plain.Fallback = why; why != "" {
		return plain, nil
	}
	return bot.Draft{Lang: d.Lang, Sentences: weave(d.Sentences, said), Provenance: a.name}, nil
}
