package main

import (
	"fmt"
	"log/slog"
	"path/filepath"

	"heshi/bot/app"
	"heshi/bot/store/sqlite"
)

// backup copies the store while the server may be running. The key is not in the copy: without heshi.key it cannot be read.
func backup(c *call) error {
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
	if err := s.Backup(c.ctx, rest[0]); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s holds the store; keep a copy of %s somewhere else: without it the copy cannot be read\n", rest[0], filepath.Join(cfg.Data, "heshi.key"))
	return nil
}

// restore puts a backup in the place of what the data folder holds, which is kept beside it.
func restore(c *call) error {
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
	if err := sqlite.Restore(c.ctx, cfg.Data, rest[0]); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is restored; what was there is kept as heshi.db.before. The key that was used for the backup must be there as heshi.key.\n", cfg.Data)
	return nil
}
