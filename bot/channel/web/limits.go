package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limits slow down floods and guessing. Every limit is per process.
type limits struct {
	calm  bool
	say   *gates // messages of one visitor
	host  *gates // messages of one network address: a whole village may share one
	guess *gates // codes tried from one network address
	all   *rate.Limiter
	pages *gates // open event streams of one visitor, as a rate of opening
}

func newLimits(now func() time.Time, calm bool) *limits {
	return &limits{
		calm:  calm,
		say:   newGates(now, rate.Every(time.Second), 15),
		host:  newGates(now, 10, 120),
		guess: newGates(now, rate.Every(2*time.Minute), 5),
		all:   rate.NewLimiter(2, 60),
		pages: newGates(now, rate.Every(2*time.Second), 20),
	}
}

func (l *limits) mayOpen(user string) bool { return l.calm || l.pages.allow(user) }

func (l *limits) maySay(user, ip string) bool {
	return l.calm || l.say.allow(user) && l.host.allow(network(ip))
}

// mayGuess is counted for every try, right or wrong. Nine letters out of thirty stand against sixty tries a minute
// for everybody together: a code would be found after some 300,000 years.
func (l *limits) mayGuess(ip string) bool {
	return l.calm || l.guess.allow(network(ip)) && l.all.Allow()
}

// network is what counts as one caller: an IPv4 address, or the /64 an IPv6 caller can choose freely in.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || !a.Is6() || a.Is4In6() {
		return ip
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}

// gates is one limiter per name; names at rest for an hour are dropped.
type gates struct {
	mu     sync.Mutex
	now    func() time.Time
	each   rate.Limit
	burst  int
	byName map[string]*gate
	pruned time.Time
}

type gate struct {
	l    *rate.Limiter
	used time.Time
}

func newGates(now func() time.Time, each rate.Limit, burst int) *gates {
	return &gates{now: now, each: each, burst: burst, byName: map[string]*gate{}}
}

func (g *gates) allow(name string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if now.Sub(g.pruned) > time.Minute {
		for k, v := range g.byName {
			if now.Sub(v.used) > time.Hour {
				delete(g.byName, k)
			}
		}
		g.pruned = now
	}
	x := g.byName[name]
	if x == nil {
		x = &gate{l: rate.NewLimiter(g.each, g.burst)}
		g.byName[name] = x
	}
	x.used = now
	return x.l.AllowN(now, 1)
}
