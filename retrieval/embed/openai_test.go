package embed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// vectorOf is what the test server gives for a text: its length and a one.
func vectorOf(s string) []float64 { return []float64{float64(len(s)), 1, 0} }

type item struct {
	Index     int       `json:"index"`
	Embedding []float64 `json:"embedding"`
}

// server speaks the embeddings protocol; misbehave may take over.
func server(t *testing.T, misbehave func(n int, w http.ResponseWriter, input []string) bool) (*httptest.Server, *atomic.Int64) {
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(calls.Add(1))
		var in struct {
			Model string   `json:"model"`
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer sk-secret" || in.Model != "m" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if misbehave != nil && misbehave(n, w, in.Input) {
			return
		}
		var out []item
		for i, s := range in.Input {
			out = append(out, item{i, vectorOf(s)})
		}
		reply(w, out)
	}))
	t.Cleanup(s.Close)
	return s, &calls
}

func reply(w http.ResponseWriter, items []item) {
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": items})
}

func client(t *testing.T, url string, log *slog.Logger, waits *[]time.Duration) *OpenAI {
	t.Helper()
	o, err := NewOpenAI(log, OpenAIConfig{BaseURL: url + "/v1", Token: "sk-secret", Model: "m", Dim: 3, Batch: 2, Timeout: 300 * time.Millisecond,
		Sleep: func(ctx context.Context, d time.Duration) error {
			if waits != nil {
				*waits = append(*waits, d)
			}
			return ctx.Err()
		}})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestRemoteKeepsOrderAndNormalises(t *testing.T) {
	s, calls := server(t, func(_ int, w http.ResponseWriter, in []string) bool {
		var out []item
		for i := len(in) - 1; i >= 0; i-- { // backwards
			out = append(out, item{i, vectorOf(in[i])})
		}
		reply(w, out)
		return true
	})
	texts := []string{"a", "bbb", "cccccc", "dd", "e\nf"}
	got, err := client(t, s.URL, slog.Default(), nil).Embed(context.Background(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		want := vectorOf(texts[i])
		n := math.Hypot(want[0], 1)
		if math.Abs(float64(v[0])-want[0]/n) > 1e-6 {
			t.Errorf("text %d got %v", i, v)
		}
	}
	if calls.Load() != 3 {
		t.Errorf("%d requests for 5 texts in batches of 2", calls.Load())
	}
}

func TestRemoteRetriesAndHonoursRetryAfter(t *testing.T) {
	var waits []time.Duration
	s, _ := server(t, func(n int, w http.ResponseWriter, _ []string) bool {
		switch n {
		case 1:
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.WriteHeader(http.StatusBadGateway)
		case 3:
			time.Sleep(500 * time.Millisecond) // beyond the timeout
		default:
			return false
		}
		return true
	})
	if _, err := client(t, s.URL, slog.New(slog.DiscardHandler), &waits).Embed(context.Background(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if len(waits) != 3 || waits[0] != 7*time.Second {
		t.Errorf("waits %v", waits)
	}
}

func TestRemoteFailuresAreTypedAndSilent(t *testing.T) {
	for name, mis := range map[string]func(int, http.ResponseWriter, []string) bool{
		"refused": func(_ int, w http.ResponseWriter, in []string) bool {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":{"message":"bad key sk-secret for %s"}}`, in[0])
			return true
		},
		"always busy": func(_ int, w http.ResponseWriter, in []string) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(w, `{"error":{"message":"%s"}}`, in[0])
			return true
		},
		"not json": func(_ int, w http.ResponseWriter, in []string) bool { fmt.Fprintf(w, "<html>%s", in[0]); return true },
		"too few":  func(_ int, w http.ResponseWriter, _ []string) bool { reply(w, nil); return true },
		"doubled": func(_ int, w http.ResponseWriter, _ []string) bool {
			reply(w, []item{{0, vectorOf("a")}, {0, vectorOf("b")}})
			return true
		},
		"wrong size": func(_ int, w http.ResponseWriter, _ []string) bool {
			reply(w, []item{{0, []float64{1}}, {1, []float64{1}}})
			return true
		},
		"zero": func(_ int, w http.ResponseWriter, _ []string) bool {
			reply(w, []item{{0, []float64{0, 0, 0}}, {1, []float64{0, 0, 0}}})
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := server(t, mis)
			var log bytes.Buffer
			_, err := client(t, s.URL, slog.New(slog.NewTextHandler(&log, nil)), nil).Embed(context.Background(), []string{"张三的身份证", "b"})
			var remote *RemoteError
			if !errors.As(err, &remote) {
				t.Fatalf("got %v", err)
			}
			if all := err.Error() + log.String(); strings.Contains(all, "张三") || strings.Contains(all, "sk-secret") {
				t.Errorf("the text or the key leaks: %s", all)
			}
		})
	}
}

func TestRemoteCancelled(t *testing.T) {
	s, _ := server(t, func(_ int, w http.ResponseWriter, _ []string) bool { w.WriteHeader(http.StatusBadGateway); return true })
	ctx, cancel := context.WithCancel(context.Background())
	o := client(t, s.URL, slog.New(slog.DiscardHandler), nil)
	o.config.Sleep = nil
	cancel()
	if _, err := o.Embed(ctx, []string{"a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := NewOpenAI(slog.Default(), OpenAIConfig{}); err == nil {
		t.Error("empty configuration accepted")
	}
}

func TestDimensionIsAskedFor(t *testing.T) {
	s, _ := server(t, nil)
	c := OpenAIConfig{BaseURL: s.URL + "/v1", Token: "sk-secret", Model: "m"}
	if n, err := Dimension(t.Context(), slog.New(slog.DiscardHandler), c); err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
	c.Token = "wrong"
	var remote *RemoteError
	if _, err := Dimension(t.Context(), slog.New(slog.DiscardHandler), c); !errors.As(err, &remote) {
		t.Errorf("refused: %v", err)
	}
}
