package caselib

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// What the shelf can answer with.
var (
	ErrNoRecord = errors.New("caselib: no such case on the shelf")
	ErrConflict = errors.New("caselib: somebody else changed the case meanwhile; read it again")
	ErrBusy     = errors.New("caselib: another heshi is writing to the library; try again when it is done")
)

// firstNumber is where the numbers of imported cases begin; those below are
// the cases that come with the program.
const firstNumber = 100001

// Shelf is the operator's own part of the library: imported cases and laws in
// DIR/library, kept beside what comes with the program. It is append-only:
// every version of a case is a line. Readers never wait for writers; one
// process at a time writes. A Shelf is safe for concurrent use.
type Shelf struct {
	dir   string
	mu    sync.RWMutex
	cases *shelfLog
	laws  *shelfLog
}

// OpenShelf opens the shelf of a data folder. A folder without one gives an
// empty shelf, which is created with the first import. A half-written last
// line, left by a crash, does not count; damage elsewhere is ErrCorrupt.
func OpenShelf(dir string) (*Shelf, error) {
	s := &Shelf{dir: filepath.Join(dir, "library")}
	var err error
	if s.cases, err = openLog(s.dir, "cases"); err != nil {
		return nil, err
	}
	if s.laws, err = openLog(s.dir, "laws"); err != nil {
		return nil, err
	}
	return s, nil
}

// Close gives the files back.
func (s *Shelf) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.cases.close(), s.laws.close())
}

// Len counts the cases and the files of law on the shelf, whatever their state.
func (s *Shelf) Len() (cases, laws int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.cases.view().heads), len(s.laws.view().heads)
}

// write runs one change while no other process writes.
func (s *Shelf) write(change func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	defer lock.Close() // the kernel's lock ends with the file, however the process ends
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return ErrBusy
		}
		return fmt.Errorf("caselib: %w", err)
	}
	if err := errors.Join(s.cases.refresh(), s.laws.refresh()); err != nil {
		return err
	}
	return change()
}

// Entry is a new case made ready to be stored.
type Entry struct {
	hash Digest128
	src  uint32
	line int
	row  []byte
}

// Prepare encodes a new case. It can be done for many at once, beside the
// writing. The case becomes a draft, whatever it says.
func Prepare(r Record) (Entry, error) {
	r.Case.State = Draft
	row, err := encodeRecord(r)
	if err != nil {
		return Entry{}, err
	}
	return Entry{ContentHash(r.Case), source(r.Source), r.Line, row}, nil
}

func encodeRecord(r Record) ([]byte, error) {
	r.Case.ID, r.Case.Version = "", 0 // the line says them
	row, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("caselib: %w", err)
	}
	return row, nil
}

// source is the short mark of a file name that every line carries.
func source(name string) uint32 { return crc32.Checksum([]byte(name), castagnoli) }

// Added says what became of an Entry: stored under ID, or already there.
type Added struct {
	ID    string
	Known bool // the same content was there already, as ID
	Again bool // and it came from the same line of the same file: an import that goes on
}

// Add stores new cases in one step and numbers them. Content the shelf has
// already, in any version, is not stored again. When Add returns, the disk has
// the cases; after an error it has none of them.
func (s *Shelf) Add(ctx context.Context, entries []Entry) ([]Added, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out []Added
	return out, s.write(func() error {
		out = make([]Added, len(entries))
		var lines []pending
		fresh := map[Digest128]int{}
		next := max(s.cases.top+1, firstNumber)
		for i, e := range entries {
			if id, src, line, ok := s.cases.find(e.hash); ok {
				out[i] = Added{id, true, src == e.src && line == e.line}
				continue
			}
			if first, ok := fresh[e.hash]; ok {
				out[i] = Added{ID: out[first].ID, Known: true}
				continue
			}
			fresh[e.hash] = i
			id := fmt.Sprintf("HS-%d", next)
			next++
			out[i] = Added{ID: id}
			lines = append(lines, pending{slot: slot{id: id, version: 1, src: e.src, line: int32(e.line)}, hash: e.hash, row: e.row})
		}
		return s.cases.append(lines)
	})
}

func (l *shelfLog) find(h Digest128) (id string, src uint32, line int, ok bool) {
	at, ok := l.seen[h]
	if !ok {
		return "", 0, 0, false
	}
	sl := l.slots[at]
	return sl.id, sl.src, int(sl.line), true
}

// Known finds the case that says, or once said, the same.
func (s *Shelf) Known(e Entry) (Added, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, src, line, ok := s.cases.find(e.hash)
	if !ok {
		return Added{}, false
	}
	return Added{id, true, src == e.src && line == e.line}, true
}

// Put stores the next version of a case. read is the version it was made
// from; when the shelf has another by now, the error is ErrConflict.
func (s *Shelf) Put(ctx context.Context, r Record, read int) (Record, error) {
	return r, s.puts(ctx, []*Record{&r}, []int{read})
}

// puts stores several next versions in one step, or none.
func (s *Shelf) puts(ctx context.Context, rs []*Record, read []int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.write(func() error {
		lines := make([]pending, len(rs))
		for i, r := range rs {
			at, ok := s.cases.head[r.Case.ID]
			if !ok || s.cases.slots[at].gone {
				return fmt.Errorf("%w: %s", ErrNoRecord, r.Case.ID)
			}
			if s.cases.slots[at].version != int32(read[i]) {
				return fmt.Errorf("%w: %s", ErrConflict, r.Case.ID)
			}
			row, err := encodeRecord(*r)
			if err != nil {
				return err
			}
			r.Case.Version = read[i] + 1
			lines[i] = pending{slot: slot{id: r.Case.ID, version: int32(read[i] + 1), src: source(r.Source), line: int32(r.Line)},
				hash: ContentHash(r.Case), row: row}
		}
		return s.cases.append(lines)
	})
}

// Case reads the present version of a case; ErrNoRecord if there is none.
func (s *Shelf) Case(id string) (Record, error) { return s.CaseAt(id, 0) }

// CaseAt reads one version of a case, 0 for the present one. Versions whose
// text was removed are ErrNoRecord.
func (s *Shelf) CaseAt(id string, version int) (Record, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.cases.head[id]
	if !ok {
		return Record{}, fmt.Errorf("%w: %s", ErrNoRecord, id)
	}
	for version > 0 && at >= 0 && s.cases.slots[at].version != int32(version) {
		at = s.cases.slots[at].prev
	}
	if at < 0 || s.cases.slots[at].gone {
		return Record{}, fmt.Errorf("%w: %s version %d", ErrNoRecord, id, version)
	}
	row, err := s.cases.row(s.cases.slots[at])
	if err != nil {
		return Record{}, err
	}
	return decodeRecord(s.cases.slots[at], row)
}

func decodeRecord(sl slot, row []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(row, &r); err != nil {
		return r, fmt.Errorf("%w: %s: %w", ErrCorrupt, sl.id, err)
	}
	r.Case.ID, r.Case.Version = sl.id, int(sl.version)
	return r, nil
}

// Cases streams the present version of every case, in the order of the log as
// it is now; it may be used while cases are added. It ends after an error.
func (s *Shelf) Cases(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		s.mu.RLock()
		v := s.cases.view()
		s.mu.RUnlock()
		stop := errors.New("stop")
		err := v.each(ctx, func(sl slot, row []byte) error {
			r, err := decodeRecord(sl, row)
			if err == nil && !yield(r, nil) {
				return stop
			}
			return err
		})
		if err != nil && !errors.Is(err, stop) {
			yield(Record{}, err)
		}
	}
}

// Forget removes the text of cases for good, every version of them; that they
// were there, and when, remains. ErrNoRecord if one is unknown.
func (s *Shelf) Forget(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.write(func() error {
		doomed := map[string]bool{}
		for _, id := range ids {
			if _, ok := s.cases.head[id]; !ok {
				return fmt.Errorf("%w: %s", ErrNoRecord, id)
			}
			doomed[id] = true
		}
		_, err := s.cases.prune(func(_ int32, sl slot) bool { return doomed[sl.id] })
		return err
	})
}

// forgetOld removes the text of all versions of the cases but the last: the
// raw text goes when somebody has approved the anonymised one.
func (s *Shelf) forgetOld(ids []string) error {
	return s.write(func() error {
		chosen := map[string]bool{}
		for _, id := range ids {
			chosen[id] = true
		}
		_, err := s.cases.prune(func(at int32, sl slot) bool { return chosen[sl.id] && s.cases.head[sl.id] != at })
		return err
	})
}
