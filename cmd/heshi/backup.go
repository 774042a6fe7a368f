package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"heshi/bot/app"
	"heshi/bot/store/sqlite"
	"heshi/caselib"
)

// backup copies the store and the imported library while the server may be running. The key is not in the copy: without
// heshi.key the store in it cannot be read.
func backup(c *call) (err error) {
	rest, file, data, err := c.flags(nil)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name the file to write", errMisuse)
	}
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return err
	}
	key, err := sqlite.KeyFile(filepath.Join(cfg.Data, "heshi.key"), false)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(c.ctx, slog.New(slog.DiscardHandler), cfg.Data, sqlite.Options{Sealer: key, ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	shelf, err := caselib.OpenShelf(cfg.Data)
	if err != nil {
		return err
	}
	defer shelf.Close()
	if _, err := os.Lstat(rest[0]); err == nil {
		return fmt.Errorf("%s is there already: choose another name", rest[0])
	}
	stage, err := os.MkdirTemp(filepath.Dir(rest[0]), ".heshi-backup-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	db := filepath.Join(stage, storeName)
	if err := s.Backup(c.ctx, db); err != nil {
		return err
	}
	if err := pack(c.ctx, rest[0], db, shelf); err != nil {
		return fmt.Errorf("backing up to %s: %w", rest[0], err)
	}
	cases, laws := shelf.Len()
	fmt.Fprintf(c.out, "%s holds the store and the imported library: %d cases, %d laws.\n", rest[0], cases, laws)
	fmt.Fprintf(c.out, "Keep a copy of %s somewhere else: without it the store cannot be read. Drafts of imported cases are not sealed by it: guard the file as you guard them.\n", filepath.Join(cfg.Data, "heshi.key"))
	fmt.Fprintf(c.out, "Not in it: heshi.yaml, and the cache, which is made anew.\n")
	return nil
}

// restore puts a backup in the place of what the data folder holds, which is kept beside it.
func restore(c *call) (err error) {
	rest, file, data, err := c.flags(nil)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name the file to read", errMisuse)
	}
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return err
	}
	if old, err := isStore(rest[0]); err != nil {
		return err
	} else if old { // a backup of before: the store alone
		if err := sqlite.Restore(c.ctx, cfg.Data, rest[0]); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s: the store is restored; what was there is kept as heshi.db.before. The backup has no imported library: that one stays as it is. The key that was used for the backup must be there as heshi.key.\n", cfg.Data)
		return nil
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	stage, err := os.MkdirTemp(cfg.Data, "restoring-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	if err := unpack(c.ctx, rest[0], stage); err != nil {
		return fmt.Errorf("%s cannot be restored, nothing was changed: %w", rest[0], err)
	}
	if err := sqlite.Restore(c.ctx, cfg.Data, filepath.Join(stage, storeName)); err != nil {
		return err
	}
	if err := caselib.ReplaceShelf(cfg.Data, filepath.Join(stage, "library")); err != nil {
		return fmt.Errorf("the store is restored, the imported library is not; run the same command again: %w", err)
	}
	fmt.Fprintf(c.out, "%s is restored; what was there is kept as heshi.db.before and library.before. The key that was used for the backup must be there as heshi.key.\n", cfg.Data)
	return nil
}
