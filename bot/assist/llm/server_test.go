package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/bot/assist/assisttest"
)

// today is the day of every test.
var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// asked is one question as it arrived.
type asked struct {
	body, token      string
	system, user     string
	stream, jsonMode bool
	temperature      *float64
}

// model is a server that speaks the OpenAI protocol and answers as a test wants, good or bad.
type model struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []asked
	handler func(w http.ResponseWriter, n int) // n counts from 1
}

func newModel(t *testing.T, handler func(w http.ResponseWriter, n int)) *model {
	t.Helper()
	m := &model{handler: handler}
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(m.Close)
	return m
}

func (m *model) serve(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var q struct {
		Messages    []struct{ Role, Content string }
		Stream      bool
		Temperature *float64
		Format      struct{ Type string } `json:"response_format"`
	}
	if r.URL.Path != "/v1/chat/completions" || json.Unmarshal(raw, &q) != nil {
		http.Error(w, "not the protocol", http.StatusBadRequest)
		return
	}
	a := asked{body: string(raw), token: r.Header.Get("Authorization"), stream: q.Stream, jsonMode: q.Format.Type == "json_object", temperature: q.Temperature}
	for _, msg := range q.Messages {
		switch msg.Role {
		case "system":
			a.system += msg.Content
		case "user":
			a.user += msg.Content
		}
	}
	m.mu.Lock()
	m.asked = append(m.asked, a)
	n := len(m.asked)
	m.mu.Unlock()
	m.handler(answerer{w, r.Context().Done()}, n)
}

// answerer is what a handler writes to; gone ends when the client has given up.
type answerer struct {
	http.ResponseWriter
	gone <-chan struct{}
}

// questions gives what was asked so far.
func (m *model) questions() []asked {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]asked(nil), m.asked...)
}

// completion writes a whole answer of the protocol.
func completion(content, finish string) string {
	raw, _ := json.Marshal(content)
	reason := "null"
	if finish != "" {
		reason = `"` + finish + `"`
	}
	return fmt.Sprintf(`{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":%s}],"usage":{"total_tokens":3}}`, raw, reason)
}

// says answers every question with the same words.
func says(content string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) { write(w, completion(content, "stop")) }
}

func write(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

// fails answers with a status, then with good.
func fails(status int, retryAfter, good string) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, n int) {
		if n == 1 {
			w.Header().Set("Retry-After", retryAfter)
			http.Error(w, `{"error":{"message":"the key sk-secret is busy"}}`, status)
			return
		}
		write(w, completion(good, "stop"))
	}
}

// logged is a logger whose lines the test reads.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func assistant(t *testing.T, m *model, timeout time.Duration) (*Assistant, *logged) {
	t.Helper()
	log := &logged{}
	lg := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a, err := New(lg, assisttest.Plain{}, Config{BaseURL: m.URL + "/v1", Token: "sk-secret", Model: "m", Timeout: timeout, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	return a, log
}
