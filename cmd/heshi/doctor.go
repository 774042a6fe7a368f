package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"heshi/bot/app"
	"heshi/bot/store/sqlite"
	"heshi/caselib"
)

// finding is one thing the doctor looked at.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Say  string `json:"say"`
}

// doctor looks at an installation and changes nothing in it. With -bench it also measures, in a folder of its own.
func doctor(c *call) error {
	var bench, asJSON bool
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&bench, "bench", false, "measure durable turns and search, beside peers in the same run")
		fs.BoolVar(&asJSON, "json", false, "findings as JSON")
	})
	if err != nil {
		return err
	}
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return err
	}
	all := examine(c, cfg)
	if asJSON {
		if err := json.NewEncoder(c.out).Encode(all); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(c.out, "Configuration (defaults < file < HESHI_* < flags):")
		for _, line := range cfg.Describe() {
			fmt.Fprintln(c.out, "  "+line)
		}
		fmt.Fprintln(c.out, "\nFindings:")
		for _, f := range all {
			fmt.Fprintf(c.out, "  %-4s %-12s %s\n", map[bool]string{true: "ok", false: "BAD"}[f.OK], f.What, f.Say)
		}
	}
	if bench {
		if err := measure(c); err != nil {
			return err
		}
	}
	for _, f := range all {
		if !f.OK {
			return errors.New("something needs attention; see above")
		}
	}
	return nil
}

func examine(c *call, cfg app.Config) []finding {
	var out []finding
	add := func(what string, err error, say string) {
		if err != nil {
			say = err.Error()
		}
		out = append(out, finding{what, err == nil, say})
	}
	log := slog.New(slog.DiscardHandler)
	brain, err := app.Think(c.ctx, log, cfg)
	if err != nil {
		add("library", err, "")
		return out
	}
	add("dictionary", brain.NoDictionary, fmt.Sprintf("%s: %s", brain.Dictionary.Source, brain.Dictionary.Dir))
	lib, err := caselib.Load(caselib.Embedded())
	if err == nil {
		if p := lib.Check(); len(p) > 0 {
			err = fmt.Errorf("%d problems; `heshi caselib check` lists them", len(p))
		}
	}
	n := caselib.Report(brain.Library)
	add("library", err, fmt.Sprintf("%d cases, %d statutes, %d terms", n.Cases, n.Statutes, n.Terms))
	add("embedder", embedder(c, cfg), map[bool]string{true: "built in", false: cfg.EmbedModel + " answers at " + cfg.EmbedURL}[cfg.EmbedURL == ""])
	add("store", nil, storeState(c, cfg, add))
	return out
}

// embedder asks a configured embeddings server for one vector.
func embedder(c *call, cfg app.Config) error {
	if cfg.EmbedURL == "" {
		return nil
	}
	ctx, stop := context.WithTimeout(c.ctx, 10*time.Second)
	defer stop()
	e, err := app.EmbedServer(ctx, slog.New(slog.DiscardHandler), cfg)
	if err == nil {
		_, err = e.Embed(ctx, []string{"调解"})
	}
	if err != nil {
		return fmt.Errorf("%w; the built-in embedder answers in its place: check embed-url, embed-model, embed-token and embed-dim", err)
	}
	return nil
}

// storeState opens the store beside a running process, if there is one, and verifies the audit chain.
func storeState(c *call, cfg app.Config, add func(string, error, string)) string {
	if _, err := os.Stat(cfg.Data); errors.Is(err, fs.ErrNotExist) {
		return "no store yet; `heshi serve` makes one in " + cfg.Data
	}
	key, err := sqlite.KeyFile(filepath.Join(cfg.Data, "heshi.key"), false)
	if errors.Is(err, fs.ErrNotExist) {
		return "no store yet; `heshi serve` makes one in " + cfg.Data
	}
	if err != nil {
		add("key", err, "")
		return "not looked at"
	}
	s, err := sqlite.Open(c.ctx, slog.New(slog.DiscardHandler), cfg.Data, sqlite.Options{Sealer: key, ReadOnly: true})
	if err != nil {
		add("store file", err, "")
		return "not looked at"
	}
	defer s.Close()
	lines, err := s.VerifyAudit(c.ctx)
	add("audit", err, fmt.Sprintf("%d lines, chain unbroken", lines))
	waiting, err := s.Pending(c.ctx)
	add("inbox", err, fmt.Sprintf("%d messages waiting", waiting))
	offices, err := s.Offices(c.ctx)
	if err == nil && len(offices) == 0 {
		err = errors.New("no office can receive a file: enter one at the desk")
	}
	demo := 0
	for _, o := range offices {
		if o.Demo {
			demo++
		}
	}
	add("offices", err, fmt.Sprintf("%d, of which %d are fictional", len(offices), demo))
	return cfg.Data
}
