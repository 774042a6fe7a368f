package caselib

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Follower keeps up with a shelf that other processes write to. It reads what
// is new since it last looked: a million drafts that come in cost no more than
// reading them once. It is used by one goroutine at a time; Close gives its
// files back.
type Follower struct {
	dir      string // of the data folder
	shelf    *Shelf
	first    *segment        // tells a log that grew from one that was replaced
	lines    int             // of the log of cases, taken in so far
	approved map[string]Case // by id
}

// Follow returns a follower of the shelf of a data folder, which need not be
// there yet.
func Follow(dir string) *Follower {
	return &Follower{dir: dir, approved: map[string]Case{}}
}

// Close gives the files back.
func (f *Follower) Close() error {
	if f.shelf == nil {
		return nil
	}
	return f.shelf.Close()
}

// Mark tells one state of the shelf's files from another without reading
// them; it is "" while there are none.
func (f *Follower) Mark() (string, error) {
	entries, err := os.ReadDir(filepath.Join(f.dir, "library"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("caselib: %w", err)
	}
	var b strings.Builder
	for _, e := range entries { // by name
		if filepath.Ext(e.Name()) != ".jsonl" {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // replaced this moment: the next look sees it
		}
		if err != nil {
			return "", fmt.Errorf("caselib: %w", err)
		}
		fmt.Fprintf(&b, "%s %d %d\n", e.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return b.String(), nil
}

// Merge is Merge with the shelf as it is now.
func (f *Follower) Merge(ctx context.Context, embedded *Library, today time.Time) (*Library, error) {
	if _, err := os.Stat(filepath.Join(f.dir, "library")); errors.Is(err, fs.ErrNotExist) {
		return embedded, nil
	}
	if f.shelf == nil {
		s, err := OpenShelf(f.dir)
		if err != nil {
			return nil, err
		}
		f.shelf = s
	} else if err := f.shelf.refresh(); err != nil {
		return nil, err
	}
	if err := f.takeIn(ctx); err != nil {
		return nil, err
	}
	texts, err := f.shelf.Laws(ctx)
	if err != nil {
		return nil, err
	}
	cases := make([]Case, 0, len(f.approved))
	for _, id := range slices.Sorted(maps.Keys(f.approved)) {
		cases = append(cases, f.approved[id])
	}
	return embedded.with(cases, texts, today), nil
}

// refresh reads what other processes have written.
func (s *Shelf) refresh() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.cases.refresh(), s.laws.refresh())
}

// saysPublished stands in the row of every published case. In the text of a
// case its quotes would be escaped.
var saysPublished = []byte(`"state":"` + string(PublishedState) + `"`)

// takeIn brings the approved cases up to the log.
func (f *Follower) takeIn(ctx context.Context) error {
	f.shelf.mu.RLock()
	l := f.shelf.cases
	v := l.view()
	var first *segment
	if len(l.segments) > 0 {
		first = l.segments[0]
	}
	f.shelf.mu.RUnlock()
	if first != f.first || len(v.slots) < f.lines { // replaced: a text was removed
		f.first, f.lines = first, 0
		clear(f.approved)
	}
	from, _ := slices.BinarySearch(v.heads, int32(f.lines))
	for _, s := range v.slots[f.lines:] {
		delete(f.approved, s.id) // an older version of it
	}
	v.heads = v.heads[from:]
	err := v.each(ctx, func(sl slot, row []byte) error {
		if !bytes.Contains(row, saysPublished) {
			return nil
		}
		r, err := decodeRecord(sl, row)
		if err == nil && r.Approved() {
			f.approved[r.Case.ID] = r.Case
		}
		return err
	})
	if err != nil {
		f.first, f.lines = nil, 0 // read all of it the next time
		clear(f.approved)
		return err
	}
	f.lines = len(v.slots)
	return nil
}
