package llm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	maxAnswer    = 1 << 20
	defaultPause = 300 * time.Millisecond
)

// Errors of the transport. They say nothing of the address or of what was said there.
var (
	errTransport = errors.New("the model could not be reached")
	errTooLong   = errors.New("the answer of the model is too long")
)

// transport does what the client does not: it reads the whole answer within the deadline of the request, tries once
// more when the other side is busy, waits as long as it asks for, and notes the status for whoever observes.
type transport struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	seen := observed(r.Context())
	for try := 1; ; try++ {
		resp, err := t.once(r, try)
		seen.note(resp)
		if err == nil && !busy(resp.StatusCode) {
			return resp, nil
		}
		if try == 2 || r.Context().Err() != nil || !pause(r.Context(), resp) {
			return resp, err
		}
	}
}

// once sends the request and reads the answer.
func (t *transport) once(r *http.Request, try int) (*http.Response, error) {
	r = r.Clone(r.Context())
	if try > 1 && r.Body != nil {
		if r.GetBody == nil {
			return nil, errTransport
		}
		body, err := r.GetBody()
		if err != nil {
			return nil, errTransport
		}
		r.Body = body
	}
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(r)
	if err != nil {
		return nil, quiet(r.Context())
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if e := resp.Body.Close(); err != nil || e != nil {
		return nil, quiet(r.Context())
	}
	if len(raw) > maxAnswer {
		return nil, errTooLong
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return resp, nil
}

// quiet replaces an error that may hold the address by one that does not.
func quiet(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return errTransport
}

func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// pause waits before the second try, as long as the other side asks for. It reports false when there is no time.
func pause(ctx context.Context, resp *http.Response) bool {
	wait := defaultPause
	if resp != nil {
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s >= 0 {
			wait = time.Duration(s) * time.Second
		} else if at, err := http.ParseTime(resp.Header.Get("Retry-After")); err == nil {
			wait = max(time.Until(at), 0)
		}
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// stay refuses to follow a redirect: what was meant for one host goes to no other.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// sight is what was seen of the answers to one question.
type sight struct {
	mu     sync.Mutex
	status int
	n      int
}

type sightKey struct{}

func observe(ctx context.Context) (context.Context, *sight) {
	s := &sight{}
	return context.WithValue(ctx, sightKey{}, s), s
}

func observed(ctx context.Context) *sight {
	if s, ok := ctx.Value(sightKey{}).(*sight); ok {
		return s
	}
	return &sight{}
}

func (s *sight) note(r *http.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.status = 0
	if r != nil {
		s.status = r.StatusCode
	}
}

func (s *sight) last() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

func (s *sight) tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *sight) ok() bool { return s.last() == http.StatusOK }
