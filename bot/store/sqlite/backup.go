package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes the whole store, as it is at one moment, to a new file, beside work that goes on. Sealed documents
// stay sealed; the key is not in it.
func (s *Store) Backup(ctx context.Context, file string) error {
	if err := s.backup(ctx, file); err != nil {
		return fmt.Errorf("backing up to %s: %w", file, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, file string) (err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file))
		}
	}()
	// SQLite fills an empty file that is there already, and leaves its permissions.
	db, err := connect(filepath.Join(s.dir, fileName), 1, "mode=ro", "_busy_timeout=5000")
	if err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, file)
	return errors.Join(plain(err), db.Close(), f.Sync(), f.Close(), syncFolder(filepath.Dir(file)))
}

// Restore puts a backup in the place of what a folder holds. The folder must not be in use; what it held is kept
// beside it as heshi.db.before. The backup is checked first: nothing changes when it is damaged or newer than this
// program.
func Restore(ctx context.Context, dir, file string) error {
	if err := restore(ctx, dir, file); err != nil {
		return fmt.Errorf("restoring %s into %s: %w", file, dir, err)
	}
	return nil
}

func restore(ctx context.Context, dir, file string) (err error) {
	if err := sound(ctx, file); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	lock, err := hold(filepath.Join(dir, lockName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	live := filepath.Join(dir, fileName)
	fresh := live + ".restoring"
	if err := copyFile(fresh, file); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if err := fold(ctx, live); err != nil {
		return fmt.Errorf("closing what the folder held: %w", err)
	}
	if err := os.Rename(live, live+".before"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, live); err != nil {
		return err
	}
	return syncFolder(dir)
}

// fold closes a database that a process may have left open when it died, so that all of it is in the one file. A log
// that stayed behind would be taken for that of the restored database.
func fold(ctx context.Context, file string) error {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := connect(file, 1, "_journal_mode=WAL", "_synchronous=FULL")
	if err != nil {
		return err
	}
	_, _, err = checkpoint(ctx, db, "TRUNCATE")
	err = errors.Join(err, plain(db.Close()))
	for _, left := range []string{file + "-wal", file + "-shm"} {
		if e := os.Remove(left); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// sound checks a backup: whole, and of a schema that is known here.
func sound(ctx context.Context, file string) (err error) {
	if _, err := os.Stat(file); err != nil {
		return err
	}
	r, err := openReader(file, "mode=ro", "immutable=1", "_query_only=on")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var said string
	if err := r.db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&said); err != nil {
		return plain(err)
	}
	if said != "ok" {
		return fmt.Errorf("the backup is damaged: %w", ErrDamaged)
	}
	have, want, err := versions(ctx, r.db)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("schema %d, this program knows %d: %w", have, want, ErrNewer)
	}
	return nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close(), in.Close())
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
