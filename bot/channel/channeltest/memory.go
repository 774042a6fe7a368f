package channeltest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"heshi/bot"
)

// Memory stands for the store and the sender behind a channel: inbox, waiting replies, history, vault and blobs, all
// in memory. It is safe for concurrent use.
type Memory struct {
	mu       sync.Mutex
	keys     map[string]bool
	messages []bot.Message
	refuse   error
	waiting  map[string][]bot.Reply
	settled  map[string]bot.Delivery
	order    []string
	history  []bot.Sequenced
	seq      int64
	watchers map[string]map[chan struct{}]bool
	values   map[string]value
	blobs    map[string]blob
	awaited  chan struct{}
}

type value struct {
	data    []byte
	expires time.Time
}

type blob struct {
	owner bot.Address
	mime  string
	data  []byte
}

// NewMemory is an empty Memory.
func NewMemory() *Memory {
	return &Memory{
		keys: map[string]bool{}, waiting: map[string][]bot.Reply{}, settled: map[string]bot.Delivery{},
		watchers: map[string]map[chan struct{}]bool{}, values: map[string]value{}, blobs: map[string]blob{},
		awaited: make(chan struct{}),
	}
}

// ErrFull is what Accept gives while refusing.
var ErrFull = errors.New("inbox refuses")

// Refuse makes Accept fail until Refuse(false).
func (m *Memory) Refuse(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = nil
	if on {
		m.refuse = ErrFull
	}
}

// Accept takes a message once per key.
func (m *Memory) Accept(_ context.Context, msg bot.Message) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return false, m.refuse
	}
	if m.keys[msg.Key] {
		return false, nil
	}
	m.keys[msg.Key] = true
	m.messages = append(m.messages, msg)
	return true, nil
}

// Messages is every fresh message, in order.
func (m *Memory) Messages() []bot.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]bot.Message(nil), m.messages...)
}

// Heard gives the last n fresh messages of one address, oldest first.
func (m *Memory) Heard(_ context.Context, from bot.Address, n int) ([]bot.Message, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []bot.Message
	for _, msg := range m.messages {
		if msg.From == from {
			out = append(out, msg)
		}
	}
	return out[max(0, len(out)-n):], nil
}

// Erase forgets the messages and replies of one address, as a commit that erases does.
func (m *Memory) Erase(a bot.Address) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = slices.DeleteFunc(m.messages, func(msg bot.Message) bool { return msg.From == a })
	m.history = slices.DeleteFunc(m.history, func(s bot.Sequenced) bool { return s.Reply.To == a })
}

// Answer holds replies ready for whoever awaits key. An empty key answers whatever is awaited next.
func (m *Memory) Answer(key string, replies ...bot.Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting[key] = append(m.waiting[key], replies...)
	close(m.awaited)
	m.awaited = make(chan struct{})
}

// Await gives the replies held for key, once.
func (m *Memory) Await(ctx context.Context, key string, d time.Duration) ([]bot.Reply, error) {
	late := time.NewTimer(d)
	defer late.Stop()
	for {
		m.mu.Lock()
		for _, k := range []string{key, ""} {
			if rs := m.waiting[k]; len(rs) > 0 {
				delete(m.waiting, k)
				m.mu.Unlock()
				return rs, nil
			}
		}
		news := m.awaited
		m.mu.Unlock()
		select {
		case <-news:
		case <-late.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Settle notes what the platform said of reply id.
func (m *Memory) Settle(_ context.Context, id string, d bot.Delivery) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settled[id] = d
	m.order = append(m.order, id)
	return nil
}

// Settled is what was noted of reply id.
func (m *Memory) Settled(id string) (bot.Delivery, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.settled[id]
	return d, ok
}

// Write puts a reply into the history and wakes who watches its address, as a commit does.
func (m *Memory) Write(r bot.Reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seq++
	m.history = append(m.history, bot.Sequenced{Seq: m.seq, Reply: r})
	for ch := range m.watchers[r.To.String()] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}

// History gives replies to one address after a sequence number.
func (m *Memory) History(_ context.Context, to bot.Address, after int64, n int) ([]bot.Sequenced, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []bot.Sequenced
	for _, s := range m.history {
		if s.Reply.To == to && s.Seq > after && len(out) < n {
			out = append(out, s)
		}
	}
	return out, nil
}

// Watch signals every Write to a.
func (m *Memory) Watch(a bot.Address) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ch := make(chan struct{}, 1)
	if m.watchers[a.String()] == nil {
		m.watchers[a.String()] = map[chan struct{}]bool{}
	}
	m.watchers[a.String()][ch] = true
	return ch, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watchers[a.String()], ch)
	}
}
