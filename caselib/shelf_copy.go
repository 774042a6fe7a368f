package caselib

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Files passes on the files of the shelf as they were when it was last read,
// one after the other, for a backup. It takes no lock: the shelf may be written
// to meanwhile, and what is written then is not in it.
func (s *Shelf) Files(each func(name string, size int64, r io.Reader) error) error {
	s.mu.RLock()
	type file struct {
		segment
		name string
	}
	var files []file
	for _, l := range []*shelfLog{s.cases, s.laws} {
		for _, seg := range l.segments {
			files = append(files, file{*seg, filepath.Base(seg.path)})
		}
	}
	s.mu.RUnlock()
	for _, f := range files {
		if err := each(f.name, f.end, io.NewSectionReader(f.f, 0, f.end)); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceShelf puts the folder fresh, with files as Files gave them, in the
// place of the shelf of a data folder, which is kept beside it as
// library.before. The folder is read first: nothing changes when it is
// damaged. ErrBusy while somebody writes to the shelf.
func ReplaceShelf(dir, fresh string) error {
	live := filepath.Join(dir, "library")
	for _, name := range []string{"cases", "laws"} {
		l, err := openLog(fresh, name)
		if err != nil {
			return err
		}
		for _, s := range l.segments {
			if s.end != s.info.Size() {
				err = fmt.Errorf("%w: %s at byte %d", ErrCorrupt, filepath.Base(s.path), s.end)
			}
		}
		if err = errors.Join(err, l.close()); err != nil {
			return err
		}
	}
	lock, err := os.OpenFile(filepath.Join(live, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist): // there is no shelf
	case err != nil:
		return fmt.Errorf("caselib: %w", err)
	default:
		defer lock.Close()
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
			return ErrBusy
		} else if err != nil {
			return fmt.Errorf("caselib: %w", err)
		}
		if err := os.RemoveAll(live + ".before"); err != nil {
			return fmt.Errorf("caselib: %w", err)
		}
		if err := os.Rename(live, live+".before"); err != nil {
			return fmt.Errorf("caselib: %w", err)
		}
	}
	if err := os.Rename(fresh, live); err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	return syncDir(dir)
}
