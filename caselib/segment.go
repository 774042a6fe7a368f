package caselib

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// segmentSize is where a segment ends and the next begins, in bytes.
const segmentSize = 64 << 20

// ErrCorrupt is a segment that holds something else than what was written.
var ErrCorrupt = errors.New("caselib: shelf file is damaged")

// shelfLog is an append-only log of versions of things in segments
// NAME-000001.jsonl, one JSON object a line. Each line carries a checksum of
// the rest of it, so what a crash left behind can be told from what was
// written, and only whole lines count.
type shelfLog struct {
	dir, name string
	segments  []*segment
	slots     []slot              // one per line, in order
	head      map[string]int32    // id -> slot of its last version
	seen      map[Digest128]int32 // every content ever stored -> slot
	top       int                 // highest number of an id HS-N
}

type segment struct {
	path string
	f    *os.File    // stays readable when the file is replaced
	info os.FileInfo // of f
	end  int64       // after the last whole line
}

// slot is one line of the log.
type slot struct {
	id      string
	off     int64
	n       int32 // bytes, without the line feed
	seg     int32
	version int32
	prev    int32 // slot of the version before, -1 for none
	line    int32 // in the source it was imported from
	src     uint32
	gone    bool // the text was removed on purpose
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encodeLine writes one line. The fields before row are in a fixed order: they
// are read a million times at start-up.
func encodeLine(dst []byte, id string, version int, hash Digest128, src uint32, line int, row []byte) []byte {
	start := len(dst)
	dst = append(dst, `{"sum":"00000000","id":"`...)
	dst = append(dst, id...)
	dst = append(dst, `","version":`...)
	dst = strconv.AppendInt(dst, int64(version), 10)
	dst = append(dst, `,"hash":"`...)
	dst = append(dst, hash.String()...)
	dst = append(dst, `","src":`...)
	dst = strconv.AppendUint(dst, uint64(src), 10)
	dst = append(dst, `,"line":`...)
	dst = strconv.AppendInt(dst, int64(line), 10)
	dst = append(dst, `,"row":`...)
	dst = append(dst, row...)
	dst = append(dst, '}')
	copy(dst[start+8:], fmt.Appendf(nil, "%08x", crc32.Checksum(dst[start+16:], castagnoli)))
	return append(dst, '\n')
}

// decodeLine reads what encodeLine wrote; ok is false for anything else.
func decodeLine(b []byte) (s slot, hash Digest128, row []byte, ok bool) {
	if len(b) < 17 || !bytes.HasPrefix(b, []byte(`{"sum":"`)) || b[len(b)-1] != '}' {
		return s, hash, nil, false
	}
	sum, err := strconv.ParseUint(string(b[8:16]), 16, 32)
	if err != nil || uint32(sum) != crc32.Checksum(b[16:], castagnoli) {
		return s, hash, nil, false
	}
	rest := b[16:]
	next := func(lead string, end byte) []byte {
		if !ok || !bytes.HasPrefix(rest, []byte(lead)) {
			ok = false
			return nil
		}
		rest = rest[len(lead):]
		i := bytes.IndexByte(rest, end)
		if i < 0 {
			ok = false
			return nil
		}
		v := rest[:i]
		rest = rest[i:]
		return v
	}
	number := func(v []byte) int64 {
		n, err := strconv.ParseInt(string(v), 10, 64)
		ok = ok && err == nil
		return n
	}
	ok = true
	s.id = string(next(`","id":"`, '"'))
	s.version = int32(number(next(`","version":`, ',')))
	hash, ok2 := parseDigest(next(`,"hash":"`, '"'))
	ok = ok && ok2
	s.src = uint32(number(next(`","src":`, ',')))
	s.line = int32(number(next(`,"line":`, ',')))
	if !ok || !bytes.HasPrefix(rest, []byte(`,"row":`)) {
		return s, hash, nil, false
	}
	row = rest[len(`,"row":`) : len(rest)-1]
	s.gone = bytes.Equal(row, gone)
	return s, hash, row, true
}

// gone stands in a line whose text was removed; its hash stays, so that the
// same text is not imported again.
var gone = []byte("null")

// openLog reads the segments there are. It changes nothing on disk.
func openLog(dir, name string) (*shelfLog, error) {
	l := &shelfLog{dir: dir, name: name}
	return l, l.refresh()
}

// refresh brings the index up to what is on disk: other processes may have
// appended, or replaced segments.
func (l *shelfLog) refresh() error {
	paths, err := filepath.Glob(filepath.Join(l.dir, l.name+"-*.jsonl"))
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	slices.Sort(paths)
	same := l.head != nil && len(paths) >= len(l.segments)
	for i, s := range l.segments {
		if !same {
			break
		}
		info, err := os.Stat(paths[i])
		same = err == nil && paths[i] == s.path && os.SameFile(info, s.info) && info.Size() >= s.end
	}
	if !same {
		// Open files of the old state close with their last reader.
		l.segments, l.slots, l.top = nil, nil, 0
		l.head, l.seen = map[string]int32{}, map[Digest128]int32{}
	}
	from := max(len(l.segments)-1, 0)
	for i := from; i < len(paths); i++ {
		if i == len(l.segments) {
			f, err := os.Open(paths[i])
			if err != nil {
				return fmt.Errorf("caselib: %w", err)
			}
			info, err := f.Stat()
			if err != nil {
				f.Close()
				return fmt.Errorf("caselib: %w", err)
			}
			l.segments = append(l.segments, &segment{path: paths[i], f: f, info: info})
		}
		if err := l.scan(i, i == len(paths)-1); err != nil {
			return err
		}
	}
	return nil
}

// scan reads a segment from where it was last read. In the last segment what
// a crash left half written at the end is passed over; anywhere else a bad
// line is damage.
func (l *shelfLog) scan(i int, last bool) error {
	s := l.segments[i]
	r := bufio.NewReaderSize(io.NewSectionReader(s.f, s.end, 1<<62), 1<<20)
	off, torn := s.end, int64(-1)
	for {
		b, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) { // a long line
			long := slices.Clone(b)
			var tail []byte
			tail, err = r.ReadBytes('\n')
			b = append(long, tail...)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("caselib: %s: %w", filepath.Base(s.path), err)
		}
		if len(b) == 0 {
			break
		}
		if err == nil {
			if sl, hash, _, ok := decodeLine(b[:len(b)-1]); ok {
				if torn >= 0 {
					return fmt.Errorf("%w: %s at byte %d: restore the folder from a backup", ErrCorrupt, filepath.Base(s.path), torn)
				}
				sl.seg, sl.off, sl.n = int32(i), off, int32(len(b)-1)
				l.index(sl, hash)
				off += int64(len(b))
				s.end = off
				continue
			}
		}
		if torn < 0 {
			torn = off
		}
		off += int64(len(b))
		if err != nil {
			break
		}
	}
	if torn >= 0 && !last {
		return fmt.Errorf("%w: %s at byte %d: restore the folder from a backup", ErrCorrupt, filepath.Base(s.path), torn)
	}
	return nil
}

// index enters a line.
func (l *shelfLog) index(s slot, hash Digest128) {
	at := int32(len(l.slots))
	s.prev = -1
	if p, ok := l.head[s.id]; ok {
		s.prev, s.id = p, l.slots[p].id
	}
	l.slots = append(l.slots, s)
	l.head[s.id] = at
	if _, ok := l.seen[hash]; !ok {
		l.seen[hash] = at
	}
	if n, ok := strings.CutPrefix(s.id, "HS-"); ok {
		if n, err := strconv.Atoi(n); err == nil {
			l.top = max(l.top, n)
		}
	}
}

// row reads the content of a slot.
func (l *shelfLog) row(s slot) ([]byte, error) {
	b := make([]byte, s.n)
	seg := l.segments[s.seg]
	if _, err := seg.f.ReadAt(b, s.off); err != nil {
		return nil, fmt.Errorf("caselib: %s: %w", filepath.Base(seg.path), err)
	}
	_, _, row, ok := decodeLine(b)
	if !ok {
		return nil, fmt.Errorf("%w: %s at byte %d", ErrCorrupt, filepath.Base(seg.path), s.off)
	}
	return row, nil
}

// view is the log as it was at one moment; it can be read while the log grows
// or is replaced.
type view struct {
	slots    []slot
	heads    []int32 // in the order of the log
	segments []*segment
}

func (l *shelfLog) view() view {
	v := view{slots: l.slots, segments: l.segments}
	for i, s := range l.slots {
		if !s.gone && l.head[s.id] == int32(i) {
			v.heads = append(v.heads, int32(i))
		}
	}
	return v
}

// each yields the last version of everything that is not gone, reading each
// segment once. It stops at the first error of yield.
func (v view) each(ctx context.Context, yield func(slot, []byte) error) error {
	r, at, where := bufio.NewReaderSize(nil, 1<<20), int64(0), int32(-1)
	var line []byte
	for i, h := range v.heads {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := v.slots[h]
		seg := v.segments[s.seg]
		if s.seg != where {
			where, at = s.seg, s.off
			r.Reset(io.NewSectionReader(seg.f, s.off, 1<<62))
		}
		if cap(line) < int(s.n) {
			line = make([]byte, s.n*2)
		}
		line = line[:s.n]
		_, err := r.Discard(int(s.off - at))
		if err == nil {
			_, err = io.ReadFull(r, line)
		}
		if err != nil {
			return fmt.Errorf("caselib: %s: %w", filepath.Base(seg.path), err)
		}
		at = s.off + int64(s.n)
		_, _, row, ok := decodeLine(line)
		if !ok {
			return fmt.Errorf("%w: %s at byte %d", ErrCorrupt, filepath.Base(seg.path), s.off)
		}
		if err := yield(s, row); err != nil {
			return err
		}
	}
	return nil
}

func (l *shelfLog) close() error {
	var errs []error
	for _, s := range l.segments {
		errs = append(errs, s.f.Close())
	}
	return errors.Join(errs...)
}
