package main

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/schollz/progressbar/v3"

	"heshi/bot/app"
)

// index makes what a server would make in the background, and leaves it in the cache: the index of the library as it is
// now, and the vectors of a configured embeddings server. It can be stopped at any moment and run again.
func index(c *call) error {
	rest, file, data, err := c.flags(nil)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: it takes no %q", errMisuse, rest[0])
	}
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return err
	}
	began := time.Now()
	log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	brain, err := app.Think(c.ctx, log, cfg)
	if err != nil {
		return err
	}
	var bar *progressbar.ProgressBar
	of := ""
	brain.Progress(true, func(what string, done, total int) {
		if what != of {
			of, bar = what, progress(c, int64(total), what, false)
		}
		_ = bar.Set(done) // the bar is only for the eye
	})
	err = brain.AddMeaning(c.ctx, log)
	if of != "" {
		fmt.Fprintln(c.err)
	}
	if err != nil {
		return fmt.Errorf("%w; what was embedded stays: run the same command again to go on", err)
	}
	if err := brain.Save(); err != nil {
		return err
	}
	lib := brain.Edition().Library
	fmt.Fprintf(c.out, "%d cases, %d articles, %d terms indexed in %.1f s; vectors: %s\n",
		len(lib.Cases), len(lib.Statutes), len(lib.Terms), time.Since(began).Seconds(), brain.Edition().Meaning)
	return nil
}
