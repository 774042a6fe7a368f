package desk

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter counts attempts per key (a login, a remote address). It forgets the keys that have recovered, and when
// too many are remembered at once it forgets them all rather than grow: a flood of addresses may then try a little
// more, but never takes the memory of the server.
type limiter struct {
	every time.Duration // one attempt comes back after this long
	burst int
	most  int // keys remembered

	mu   sync.Mutex
	seen map[string]*rate.Limiter
}

func newLimiter(every time.Duration, burst int) *limiter {
	return &limiter{every: every, burst: burst, most: 10_000, seen: map[string]*rate.Limiter{}}
}

// take spends one attempt of key and reports whether there was one.
func (l *limiter) take(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.seen[key]
	if !ok {
		if len(l.seen) >= l.most {
			l.sweep(now)
		}
		b = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.seen[key] = b
	}
	return b.AllowN(now, 1)
}

// forgive gives key its attempts back, after a success.
func (l *limiter) forgive(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, key)
}

func (l *limiter) sweep(now time.Time) {
	for key, b := range l.seen {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.seen, key)
		}
	}
	if len(l.seen) >= l.most {
		l.seen = map[string]*rate.Limiter{}
	}
}
