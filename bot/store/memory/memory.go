// Package memory is a store that ends with the process: for tests, and for a conversation in a terminal.
//
// It owns nothing outside the process. It keeps the whole contract of bot.Store (storetest), with one lock where a
// durable store has transactions: documents are copied in and out, a commit is checked whole before anything of it
// is written, the record is chained.
package memory

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// Store implements bot.Store. The zero value is not ready: use New.
type Store struct {
	mu            sync.Mutex
	messages      []*message      // in the order they were accepted
	keys          map[string]bool // of messages, those erased too
	replies       []*reply
	replySeq      int64
	replyIDs      map[string]bool
	conversations map[bot.Address]doc[bot.Conversation]
	matters       map[string]doc[intake.Matter]
	entries       []entry
	entryIDs      map[string]bool
	serials       map[string]int
	staff         map[string]doc[bot.Staff]
	offices       map[string]doc[intake.Office]
	vault         map[[2]string]value
	blobs         map[string]blob
	audit         []auditLine
	auditLength   int
	auditLast     string
}

var _ bot.Store = (*Store)(nil)

// New makes an empty store.
func New() *Store {
	return &Store{
		keys: map[string]bool{}, replyIDs: map[string]bool{}, entryIDs: map[string]bool{}, conversations: map[bot.Address]doc[bot.Conversation]{}, matters: map[string]doc[intake.Matter]{},
		serials: map[string]int{}, staff: map[string]doc[bot.Staff]{}, offices: map[string]doc[intake.Office]{},
		vault: map[[2]string]value{}, blobs: map[string]blob{},
	}
}

// doc is a document as bytes, so that nobody outside holds a part of what is kept.
type doc[T any] []byte

func pack[T any](v T) (doc[T], error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("writing a document: %w", err)
	}
	return raw, nil
}

// open reads the document back. It was written by pack, so an error is a fault of the type's own JSON.
func (d doc[T]) open() (v T, err error) {
	if err := json.Unmarshal(d, &v); err != nil {
		return v, fmt.Errorf("reading a document: %w", err)
	}
	return v, nil
}

// begin takes the lock, unless the caller has given up.
func (s *Store) begin(ctx context.Context) (end func(), err error) {
	s.mu.Lock()
	if err := ctx.Err(); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	return s.mu.Unlock, nil
}

// Close implements bot.Store.
func (s *Store) Close() error { return nil }

// Recover implements bot.Store. A store that dies with its process has nothing to recover, unless a test asks what a
// lasting store would have done.
func (s *Store) Recover(ctx context.Context, now time.Time) (bot.Recovered, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return bot.Recovered{}, err
	}
	defer end()
	var r bot.Recovered
	for _, m := range s.messages {
		if m.leased {
			m.leased, m.due = false, time.Time{}
			r.Leases++
		}
	}
	for _, p := range s.replies {
		if p.state != sending {
			continue
		}
		if p.resend == bot.ResendAsk {
			p.state = unknown
			r.Unknown++
			continue
		}
		p.state, p.due = due, now
		r.Resent++
	}
	return r, nil
}
