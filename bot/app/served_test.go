package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/retrieval"
)

// vectorServer speaks the embeddings protocol; how it behaves can be changed at any time.
type vectorServer struct {
	*httptest.Server
	mu     sync.Mutex
	texts  []string // answered
	calls  int
	behave func(call int, w http.ResponseWriter, input []string) bool // true: answered otherwise
}

func newVectorServer(t *testing.T) *vectorServer {
	s := &vectorServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Model string   `json:"model"`
			Input []string `json:"input"`
		}
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer sk-embed" || in.Model != "bge" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		s.calls++
		call, behave := s.calls, s.behave
		s.mu.Unlock()
		if behave != nil && behave(call, w, in.Input) {
			return
		}
		s.answer(w, in.Input, 8)
	}))
	t.Cleanup(s.Close)
	return s
}

// answer gives vectors of dim numbers: how often each of the first characters stands in the text.
func (s *vectorServer) answer(w http.ResponseWriter, input []string, dim int) {
	type item struct {
		Index     int       `json:"index"`
		Embedding []float64 `json:"embedding"`
	}
	var out []item
	for i, t := range input {
		v := make([]float64, dim)
		for j, word := range strings.Split("工 钱 草 羊 牛 奶 房 路", " ")[:min(dim, 8)] {
			v[j] = 0.1 + math.Sqrt(float64(strings.Count(t, word)))
		}
		out = append(out, item{i, v})
	}
	s.mu.Lock()
	s.texts = append(s.texts, input...)
	s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(map[string]any{"data": out})
}

func (s *vectorServer) misbehave(f func(call int, w http.ResponseWriter, input []string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behave, s.calls = f, 0
}

func (s *vectorServer) answered() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.texts...)
}

func (s *vectorServer) config(t *testing.T) Config {
	return Config{Data: t.TempDir(), EmbedURL: s.URL + "/v1", EmbedModel: "bge", EmbedToken: "sk-embed"}
}

// refuse answers with a status.
func refuse(status int) func(int, http.ResponseWriter, []string) bool {
	return func(_ int, w http.ResponseWriter, in []string) bool {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":"sk-embed said %s"}}`, in[0])
		return true
	}
}

func add(t *testing.T, b *Brain) string {
	t.Helper()
	var log bytes.Buffer
	ctx, stop := context.WithTimeout(t.Context(), 60*time.Second)
	defer stop()
	if err := b.AddMeaning(ctx, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	return log.String()
}

func answers(t *testing.T, b *Brain, question string) bool {
	t.Helper()
	hits, err := b.Index.Search(t.Context(), retrieval.Query{Text: question})
	if err != nil {
		t.Error(err)
	}
	return len(hits) > 0
}

func served(b *Brain) bool { return strings.HasPrefix(b.Edition().Meaning, "openai-bge-8@") }

// The vectors of a server are fetched once; the next start asks for none of them, and what a stop left undone is all that
// is asked for.
func TestVectorsOfAServerAreKept(t *testing.T) {
	s := newVectorServer(t)
	cfg := s.config(t)
	b := smallBrain(t, cfg)
	want := len(retrieval.Meant(b.Edition().chunks))
	// The first attempt dies after one batch: what it brought stays.
	s.misbehave(func(call int, w http.ResponseWriter, in []string) bool {
		return call > 2 && refuse(http.StatusForbidden)(call, w, in) // the first asks for the dimension
	})
	if log := add(t, b); served(b) || !strings.Contains(log, "built-in embedder answers") || strings.Contains(log, "sk-embed") {
		t.Fatalf("it searches with %s, the log says %s", b.Edition().Meaning, log)
	}
	if !answers(t, b, "老板拖欠工钱") {
		t.Error("the built-in embedder's index finds nothing")
	}
	s.misbehave(nil)
	before := len(s.answered())
	b = smallBrain(t, cfg)
	add(t, b)
	if again := len(s.answered()) - before; !served(b) || again != want-64+1 {
		t.Errorf("searching with %s; asked for %d of %d texts, 64 were there", b.Edition().Meaning, again, want)
	}
	before = len(s.answered())
	b = smallBrain(t, cfg)
	add(t, b)
	if again := len(s.answered()) - before; !served(b) || again != 1 {
		t.Errorf("the next start asks for %d texts", again)
	}
	// A question is asked once, and without the names and numbers in it.
	before = len(s.answered())
	for _, kind := range []retrieval.Kind{retrieval.KindCase, retrieval.KindLaw} {
		if hits, err := b.Index.Search(t.Context(), retrieval.Query{Text: "老板欠我工钱，电话13800138000，身份证150102199001011234", Kind: kind}); err != nil || len(hits) == 0 {
			t.Errorf("%d hits, %v", len(hits), err)
		}
	}
	asked := s.answered()[before:]
	if len(asked) != 1 || strings.Contains(asked[0], "138") || strings.Contains(asked[0], "1990") || !strings.Contains(asked[0], "工钱") {
		t.Errorf("the server saw %q", asked)
	}
}

// Whatever the server does, the built-in embedder answers in its place.
func TestBuiltInEmbedderStandsIn(t *testing.T) {
	for name, f := range map[string]func(s *vectorServer) func(int, http.ResponseWriter, []string) bool{
		"refuses": func(*vectorServer) func(int, http.ResponseWriter, []string) bool {
			return refuse(http.StatusUnauthorized)
		},
		"wrong dimension later": func(s *vectorServer) func(int, http.ResponseWriter, []string) bool {
			return func(call int, w http.ResponseWriter, in []string) bool {
				if call > 1 {
					s.answer(w, in, 5)
				}
				return call > 1
			}
		},
		"no JSON": func(*vectorServer) func(int, http.ResponseWriter, []string) bool {
			return func(_ int, w http.ResponseWriter, in []string) bool { fmt.Fprint(w, "<html>"); return true }
		},
	} {
		s := newVectorServer(t)
		s.misbehave(f(s))
		b := smallBrain(t, s.config(t))
		if log := add(t, b); served(b) || !strings.Contains(log, "built-in embedder answers") {
			t.Errorf("%s: it searches with %s; %s", name, b.Edition().Meaning, log)
		}
		if !answers(t, b, "老板拖欠工钱") {
			t.Errorf("%s: nothing is found", name)
		}
	}
}

// Too many requests, failures and answers that break off are gone through.
func TestServerThatStumblesIsUsed(t *testing.T) {
	s := newVectorServer(t)
	cfg := s.config(t)
	cfg.EmbedDim = 8
	s.misbehave(func(call int, w http.ResponseWriter, in []string) bool {
		switch call {
		case 1:
			return refuse(http.StatusTooManyRequests)(call, w, in)
		case 3:
			return refuse(http.StatusBadGateway)(call, w, in)
		case 5:
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, `{"data":[`)
			return true
		}
		return false
	})
	b := smallBrain(t, cfg)
	if log := add(t, b); !served(b) {
		t.Errorf("it searches with %s; %s", b.Edition().Meaning, log)
	}
}

// A server that dies while the service runs delays one question; one that is back is used again. The library changes
// meanwhile: only what is new is asked for.
func TestServerDiesAndComesBack(t *testing.T) {
	s := newVectorServer(t)
	cfg := s.config(t)
	b := smallBrain(t, cfg)
	follow(t, b, slog.New(slog.DiscardHandler))
	soon(t, "the server's vectors are in use", func() bool { return served(b) })
	s.misbehave(refuse(http.StatusServiceUnavailable))
	began := time.Now()
	for range 5 {
		if !answers(t, b, "老板拖欠工钱") {
			t.Error("nothing is found without the server")
		}
	}
	if took := time.Since(began); took > 2*embedPatience {
		t.Errorf("five questions took %v", took)
	}
	s.misbehave(nil)
	before := len(s.answered())
	shelf := shelfOf(t, cfg.Data)
	id := told(t, shelf, "一家奶牛合作社欠挤奶工三个月工钱。")
	pass(t, shelf, id, "anonymised", "bilingual_review", "published")
	soon(t, "the case is found by the server's vectors", func() bool { return served(b) && finds(t, b, milking, id) })
	if asked := s.answered()[before:]; len(asked) > 6 {
		t.Errorf("%d texts were asked for, one is new", len(asked))
	}
	if files, _ := filepath.Glob(filepath.Join(cfg.Data, "cache", "vectors", "*")); len(files) != 1 {
		t.Errorf("the cache holds %v", files)
	}
}

func TestEmbedConfiguration(t *testing.T) {
	c, err := Load("", t.TempDir(), []string{"HESHI_EMBED_URL=http://127.0.0.1:1/v1", "HESHI_EMBED_MODEL=bge", "HESHI_EMBED_TOKEN=sk-embed", "HESHI_EMBED_DIM=1024"})
	if err != nil || c.EmbedURL == "" || c.EmbedModel != "bge" || c.EmbedToken != "sk-embed" || c.EmbedDim != 1024 {
		t.Errorf("%+v, %v", c, err)
	}
	if all := strings.Join(c.Describe(), "\n"); strings.Contains(all, "sk-embed") || !strings.Contains(all, "embed-model") {
		t.Errorf("described as %s", all)
	}
	for _, env := range [][]string{{"HESHI_EMBED_URL=http://x/v1"}, {"HESHI_EMBED_DIM=-1"}, {"HESHI_EMBED_URL=http://me:pass@x/v1", "HESHI_EMBED_MODEL=m"}, {"HESHI_EMBED_DIM=many"}} {
		if _, err := Load("", t.TempDir(), env); err == nil {
			t.Errorf("%v is accepted", env)
		}
	}
}
