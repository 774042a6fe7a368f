package channel

import "sync"

// remembered is how many half-sent replies are kept in mind; the oldest is forgotten first.
const remembered = 4096

// Progress remembers how many parts of a cut reply a platform has taken, so that trying again goes on where it
// stopped. It lives as long as the process: after a crash a half-sent reply starts over, which is the ambiguous
// window the outbox promises. The zero value is ready and safe for concurrent use.
type Progress struct {
	mu    sync.Mutex
	parts map[string]int
	order []string
}

// Taken is how many parts of reply id were taken.
func (p *Progress) Taken(id string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parts[id]
}

// Take notes that n parts of reply id were taken.
func (p *Progress) Take(id string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil {
		p.parts = map[string]int{}
	}
	if _, known := p.parts[id]; !known {
		p.order = append(p.order, id)
	}
	p.parts[id] = n
	for len(p.order) > remembered {
		delete(p.parts, p.order[0])
		p.order = p.order[1:]
	}
}

// Forget drops reply id: it is delivered, or given up.
func (p *Progress) Forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.parts[id]; !known {
		return
	}
	delete(p.parts, id)
	for i, x := range p.order {
		if x == id {
			p.order = append(p.order[:i], p.order[i+1:]...)
			return
		}
	}
}
