package retrieval

import (
	"context"
	"errors"
)

// Kind is what a chunk was made from.
type Kind string

// The kinds of chunks.
const (
	KindCase Kind = "case"
	KindLaw  Kind = "law"
	KindTerm Kind = "term"
)

// Chunk is one searchable thing: a case, an article, a term.
type Chunk struct {
	ID      string
	Kind    Kind
	Types   []string // taxonomy codes, the first is the main one
	Outcome string   // of a case
	Title   string
	Fields  []Field
	// Group names what neighbouring chunks are part of, a law; what stands beside
	// a good article is a little better for it.
	Group string
	// Prior says how likely people ask about this at all, 0 (as any) to
	// about 3; below 0 it is out of force.
	Prior float64
}

// Field is a stretch of text of a chunk. A word found in a field of weight 2
// counts like two found in one of weight 1; weight 0 means 1.
type Field struct {
	Name   string
	Text   string
	Weight float64
}

// Query says what is looked for.
type Query struct {
	Text string
	// Kind limits the search to one kind; empty means all.
	Kind Kind
	// Types are preferred dispute types: they raise a hit, they exclude nothing.
	Types []string
	// K is how many hits are wanted; 0 means 10, more than MaxK means MaxK.
	K int
	// Facts are things known about the matter; hits say which of them they share.
	Facts []string
}

// MaxK bounds the hits of one search.
const MaxK = 1000

// Hit is one chunk found.
type Hit struct {
	ID      string
	Kind    Kind
	Score   float64  // comparable within one search only
	Words   []string // what matched, readable, strongest first
	Facts   []string // facts of the query that the chunk shares
	Outcome string
}

// Searcher is anything that answers queries: hits by falling score, ties by id.
// It returns ErrEmptyQuery when the text holds nothing to look for and an error
// wrapping ErrUnavailable when it could not look.
type Searcher interface {
	Search(ctx context.Context, q Query) ([]Hit, error)
}

// Errors of a search.
var (
	ErrEmptyQuery  = errors.New("retrieval: nothing to look for in the query")
	ErrUnavailable = errors.New("retrieval: search is not available")
)

// limit is the number of hits wanted.
func (q Query) limit() int {
	switch {
	case q.K <= 0:
		return 10
	case q.K > MaxK:
		return MaxK
	}
	return q.K
}
