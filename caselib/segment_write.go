package caselib

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// pending is a line about to be appended.
type pending struct {
	slot
	hash Digest128
	row  []byte
}

// append writes lines and waits until the disk has them. Either all of them
// count or, after an error, none. The caller holds the writer's lock and has
// refreshed.
func (l *shelfLog) append(lines []pending) error {
	if len(lines) == 0 {
		return nil
	}
	last := len(l.segments) - 1
	if last < 0 || l.segments[last].end >= segmentSize {
		if err := l.begin(last + 2); err != nil {
			return err
		}
		last++
	}
	seg := l.segments[last]
	var buf []byte
	for i := range lines {
		p := &lines[i]
		at := len(buf)
		buf = encodeLine(buf, p.id, int(p.version), p.hash, p.src, int(p.line), p.row)
		p.seg, p.off, p.n = int32(last), seg.end+int64(at), int32(len(buf)-at-1)
		p.gone = bytes.Equal(p.row, gone)
	}
	w, err := os.OpenFile(seg.path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	defer w.Close()
	if err := w.Truncate(seg.end); err != nil { // what a crash left behind
		return fmt.Errorf("caselib: %w", err)
	}
	_, err = w.WriteAt(buf, seg.end)
	if err == nil {
		err = w.Sync()
	}
	if err != nil {
		return fmt.Errorf("caselib: %w", errors.Join(err, w.Truncate(seg.end)))
	}
	seg.end += int64(len(buf))
	for _, p := range lines {
		l.index(p.slot, p.hash)
	}
	return nil
}

// begin creates segment number n.
func (l *shelfLog) begin(n int) error {
	path := filepath.Join(l.dir, fmt.Sprintf("%s-%06d.jsonl", l.name, n))
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		err = syncDir(l.dir)
	}
	if err != nil {
		return fmt.Errorf("caselib: %w", errors.Join(err, f.Close()))
	}
	l.segments = append(l.segments[:len(l.segments):len(l.segments)], &segment{path: path, f: f, info: info})
	return nil
}

// prune rewrites every segment that holds a line drop chooses, with the text
// of that line removed. Each segment is replaced in one step: a crash leaves
// the old one or the new one.
func (l *shelfLog) prune(drop func(at int32, s slot) bool) (int, error) {
	chosen := map[int32][]slot{}
	for i, s := range l.slots {
		if !s.gone && drop(int32(i), s) {
			chosen[s.seg] = append(chosen[s.seg], s)
		}
	}
	n := 0
	for seg, slots := range chosen {
		if err := l.rewrite(l.segments[seg], slots); err != nil {
			return n, err
		}
		n += len(slots)
	}
	if n == 0 {
		return 0, nil
	}
	return n, l.refresh()
}

// rewrite copies a segment without the rows of the slots, which are in order.
func (l *shelfLog) rewrite(seg *segment, slots []slot) error {
	data := make([]byte, seg.end)
	if _, err := seg.f.ReadAt(data, 0); err != nil {
		return fmt.Errorf("caselib: %s: %w", filepath.Base(seg.path), err)
	}
	out := make([]byte, 0, len(data))
	at := int64(0)
	for _, s := range slots {
		out = append(out, data[at:s.off]...)
		_, hash, _, ok := decodeLine(data[s.off : s.off+int64(s.n)])
		if !ok {
			return fmt.Errorf("%w: %s at byte %d", ErrCorrupt, filepath.Base(seg.path), s.off)
		}
		out = encodeLine(out, s.id, int(s.version), hash, s.src, int(s.line), gone)
		at = s.off + int64(s.n) + 1
	}
	out = append(out, data[at:]...)
	tmp := seg.path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	_, err = f.Write(out)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(tmp, seg.path)
	}
	if err == nil {
		err = syncDir(l.dir)
	}
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
