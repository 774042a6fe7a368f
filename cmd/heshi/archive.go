package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"heshi/caselib"
)

// A backup is a tar file: the store, the files of the shelf, and at the end the SHA-256 of each. A file without its end
// is no backup.
const (
	storeName = "heshi.db"
	sumsName  = "SHA256SUMS"
)

// shelfName is what the name of a file of the shelf looks like in a backup.
var shelfName = regexp.MustCompile(`^library/(cases|laws)-[0-9]{6}\.jsonl$`)

// pack writes a backup under its name in one step.
func pack(ctx context.Context, file, store string, shelf *caselib.Shelf) (err error) {
	out, err := os.OpenFile(file+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	t := tar.NewWriter(out)
	var sums strings.Builder
	put := func(name string, size int64, r io.Reader) error {
		if err := t.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Format: tar.FormatPAX}); err != nil {
			return err
		}
		h := sha256.New()
		if _, err := io.Copy(t, io.TeeReader(patient{ctx, r}, h)); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(h.Sum(nil)), name)
		return nil
	}
	write := func() error {
		db, err := os.Open(store)
		if err != nil {
			return err
		}
		defer db.Close()
		info, err := db.Stat()
		if err != nil {
			return err
		}
		if err := put(storeName, info.Size(), db); err != nil {
			return err
		}
		if err := shelf.Files(func(name string, size int64, r io.Reader) error { return put(path.Join("library", name), size, r) }); err != nil {
			return err
		}
		all := sums.String()
		return put(sumsName, int64(len(all)), strings.NewReader(all))
	}
	if err = errors.Join(write(), t.Close(), out.Sync(), out.Close()); err == nil {
		err = os.Rename(out.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(out.Name()))
	}
	return nil
}

// patient stops reading when ctx ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

var errBackup = errors.New("it is damaged or no backup of heshi")

// unpack reads a backup into an empty folder and checks that all of it is there and as it was written.
func unpack(ctx context.Context, file, dir string) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.Mkdir(filepath.Join(dir, "library"), 0o700); err != nil {
		return err
	}
	var have strings.Builder
	t := tar.NewReader(patient{ctx, in})
	for {
		h, err := t.Next()
		if err != nil {
			return fmt.Errorf("%w: %w", errBackup, errors.Join(err, ctx.Err()))
		}
		if h.Name == sumsName {
			want, err := io.ReadAll(io.LimitReader(t, 1<<20))
			if err != nil {
				return fmt.Errorf("%w: %w", errBackup, err)
			}
			if !bytes.Equal(want, []byte(have.String())) || !strings.Contains(have.String(), "  "+storeName+"\n") {
				return fmt.Errorf("%w: the checksums do not agree", errBackup)
			}
			return nil
		}
		if h.Typeflag != tar.TypeReg || h.Name != storeName && !shelfName.MatchString(h.Name) {
			return fmt.Errorf("%w: it holds %q", errBackup, h.Name)
		}
		f, err := os.OpenFile(filepath.Join(dir, filepath.FromSlash(h.Name)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		sum := sha256.New()
		_, err = io.Copy(io.MultiWriter(f, sum), t)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return fmt.Errorf("%w: %w", errBackup, err)
		}
		fmt.Fprintf(&have, "%s  %s\n", hex.EncodeToString(sum.Sum(nil)), h.Name)
	}
}

// isStore reports whether a file is a store by itself, as older backups are.
func isStore(file string) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return string(head[:n]) == "SQLite format 3\x00", nil
}
