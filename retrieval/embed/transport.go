package embed

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// maxAnswer bounds the body of an answer: 2,048 vectors of 4,096 numbers fit.
const maxAnswer = 256 << 20

// longest is the most a server may make us wait between attempts.
const longest = 30 * time.Second

// transport adds what the library lacks: a timeout for each attempt, retries
// that honour Retry-After, and vectors in the order of the texts whatever order
// the server sent them in.
type transport struct {
	log    *slog.Logger
	config OpenAIConfig
	next   http.RoundTripper
}

// account keeps what went wrong beside the call, because the library turns it
// into a string.
type account struct {
	mu   sync.Mutex
	last *RemoteError
}

type accountKey struct{}

func (a *account) set(e *RemoteError) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = e
}

func (a *account) error() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == nil {
		return &RemoteError{Reason: "the answer could not be used"}
	}
	return a.last
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body.Close()
	var asked struct {
		Input []string `json:"input"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, err
	}
	note, _ := r.Context().Value(accountKey{}).(*account)
	if note == nil {
		note = &account{}
	}
	for attempt := 0; ; attempt++ {
		resp, wait, fail := t.try(r, body, len(asked.Input))
		if fail == nil {
			note.set(nil)
			return resp, nil
		}
		note.set(fail)
		if wait < 0 || attempt >= t.config.Retries || r.Context().Err() != nil {
			return nil, fail
		}
		if wait == 0 {
			wait = min(500*time.Millisecond<<attempt, longest)
		}
		t.log.Warn("embeddings: trying again", "status", fail.Status, "reason", fail.Reason, "wait", wait)
		if err := t.config.Sleep(r.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// try makes one attempt. A negative wait means that trying again is useless, 0
// that the caller chooses.
func (t *transport) try(r *http.Request, body []byte, n int) (*http.Response, time.Duration, *RemoteError) {
	ctx, cancel := context.WithTimeout(r.Context(), t.config.Timeout)
	defer cancel()
	req := r.Clone(ctx)
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.ContentLength = int64(len(body))
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, 0, &RemoteError{Reason: "no answer"}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500:
		return nil, retryAfter(resp.Header.Get("Retry-After")), &RemoteError{resp.StatusCode, "busy or failing"}
	case resp.StatusCode != http.StatusOK:
		return nil, -1, &RemoteError{resp.StatusCode, "the request is refused: check address, model and key"}
	case err != nil:
		return nil, 0, &RemoteError{resp.StatusCode, "the answer was cut off"}
	case len(answer) > maxAnswer:
		return nil, -1, &RemoteError{resp.StatusCode, "the answer is too long"}
	}
	ordered, reason := inOrder(answer, n)
	if reason != "" {
		return nil, -1, &RemoteError{resp.StatusCode, reason}
	}
	resp.Body = io.NopCloser(bytes.NewReader(ordered))
	resp.ContentLength = int64(len(ordered))
	return resp, 0, nil
}

// inOrder sorts the vectors of an answer by their index; the library takes them
// as they come.
func inOrder(answer []byte, n int) ([]byte, string) {
	var a struct {
		Data []struct {
			Index     *int            `json:"index"`
			Embedding json.RawMessage `json:"embedding"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, "the answer is not JSON"
	}
	if len(a.Data) != n {
		return nil, strconv.Itoa(len(a.Data)) + " vectors for " + strconv.Itoa(n) + " texts"
	}
	for i := range a.Data {
		if a.Data[i].Index == nil {
			a.Data[i].Index = &i // some servers leave it out and keep the order
		}
	}
	slices.SortStableFunc(a.Data, func(x, y struct {
		Index     *int            `json:"index"`
		Embedding json.RawMessage `json:"embedding"`
	}) int {
		return cmp.Compare(*x.Index, *y.Index)
	})
	for i, d := range a.Data {
		if *d.Index != i {
			return nil, "vectors are missing or doubled"
		}
	}
	out, err := json.Marshal(a)
	if err != nil {
		return nil, "the answer is not usable"
	}
	return out, ""
}

// retryAfter reads the header: seconds or a date, at most longest.
func retryAfter(h string) time.Duration {
	d := time.Duration(0)
	if s, err := strconv.Atoi(h); err == nil {
		d = time.Duration(s) * time.Second
	} else if at, err := http.ParseTime(h); err == nil {
		d = time.Until(at)
	}
	return min(max(d, 0), longest)
}
