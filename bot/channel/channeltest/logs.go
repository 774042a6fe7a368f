package channeltest

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Logs keeps everything that was logged, at every level.
type Logs struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write takes one line.
func (l *Logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String is everything logged so far.
func (l *Logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// Logger logs into l, debug level and up.
func (l *Logs) Logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Silent fails tb when one of words was logged.
func (l *Logs) Silent(tb testing.TB, words ...string) {
	tb.Helper()
	logged := l.String()
	for _, w := range words {
		if w != "" && strings.Contains(logged, w) {
			tb.Errorf("%q reached the log:\n%s", w, logged)
		}
	}
}
