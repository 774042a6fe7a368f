package llm

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/tmc/langchaingo/llms"
)

// Why a model's work was not used; what bot.Extraction and bot.Draft call Fallback.
const (
	whyTimeout     = "timeout"     // no answer in time, or the caller gave up
	whyStatus      = "status"      // the address did not answer, or not with 200
	whyMalformed   = "malformed"   // no JSON of the shape asked for
	whyCut         = "cut"         // the answer did not come to its own end
	whyUnsupported = "unsupported" // it said what its sources do not
)

const maxTokens = 2000

func asJSON(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}

// ask puts one question and gives the JSON object of the answer, or why there is none.
func (a *Assistant) ask(ctx context.Context, t *template.Template, data any) (answer, why string) {
	if a.resting.now(a.now()) {
		return "", whyStatus
	}
	var system, user strings.Builder
	for name, to := range map[string]*strings.Builder{"system": &system, "user": &user} {
		if err := t.ExecuteTemplate(to, name, data); err != nil {
			a.lg.Error("a template of the model failed", "template", t.Name(), "part", name)
			return "", whyMalformed
		}
	}
	caller := ctx
	ctx, cancel := context.WithTimeout(caller, a.timeout)
	defer cancel()
	ctx, seen := observe(ctx)
	begin := time.Now()
	r, err := a.model.GenerateContent(ctx, []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, system.String()),
		llms.TextParts(llms.ChatMessageTypeHuman, user.String()),
	}, llms.WithTemperature(0), llms.WithJSONMode(), llms.WithMaxTokens(maxTokens))
	switch {
	case ctx.Err() != nil:
		why = whyTimeout
	case err != nil && seen.ok():
		why = whyMalformed // it answered 200, and the client could not read that
	case err != nil:
		why = whyStatus
	case len(r.Choices) == 0:
		why = whyMalformed
	case r.Choices[0].StopReason != "stop":
		why = whyCut
	default:
		answer = object(r.Choices[0].Content)
	}
	if why == "" && answer == "" {
		why = whyMalformed
	}
	if caller.Err() == nil { // a caller that gave up says nothing about the model
		a.resting.after(why, a.now())
	}
	// Neither the question, the answer nor the client's error may be logged: they quote the citizen or the key.
	a.lg.Debug("asked the model", "model", a.name, "template", t.Name(), "fallback", why, "status", seen.last(), "tries", seen.tries(), "took", time.Since(begin))
	return answer, why
}

// object takes a JSON object out of what models put around one: reasoning, and the fence of a code block.
func object(s string) string {
	if _, after, ok := strings.Cut(s, "</think>"); ok {
		s = after
	}
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "```"); ok {
		inner = strings.TrimPrefix(inner, "json")
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(inner), "```"))
	}
	if !strings.HasPrefix(s, "{") {
		return ""
	}
	return s
}

// rest keeps a model that is down from making every citizen wait for its timeout: after some failures in a row it is
// left alone for a while.
type rest struct {
	mu       sync.Mutex
	failures int
	until    time.Time
}

const (
	restAfter = 3
	restFor   = 30 * time.Second
)

func (r *rest) now(at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return at.Before(r.until)
}

func (r *rest) after(why string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if why != whyTimeout && why != whyStatus {
		r.failures = 0
		return
	}
	if r.failures++; r.failures >= restAfter {
		r.failures, r.until = 0, at.Add(restFor)
	}
}
