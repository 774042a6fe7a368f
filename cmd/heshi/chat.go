package main

import (
	"flag"
	"io"
	"log/slog"

	"heshi/bot/app"
	"heshi/bot/channel/terminal"
)

// quiet keeps the terminal to the conversation: only what went wrong is logged.
func quiet(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelError}))
}

// chat speaks with the real engine in this terminal. Nothing of it is kept. It searches by words, so that it answers at
// once and the same every time; the server adds search by meaning while it runs.
func chat(c *call) error {
	var asJSON bool
	_, file, data, err := c.flags(func(fs *flag.FlagSet) { fs.BoolVar(&asJSON, "json", false, "one line in, one JSON line out") })
	if err != nil {
		return err
	}
	cfg, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	talk, err := app.NewChat(c.ctx, quiet(c.err), cfg, brain, app.Clock, app.NewID)
	if err != nil {
		return err
	}
	return terminal.Run(c.ctx, c.in, c.out, terminal.Options{JSON: asJSON, Converse: talk.Converse})
}

// think reads the configuration and loads what every command that understands or searches needs.
func think(c *call, file, data string) (app.Config, *app.Brain, error) {
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return cfg, nil, err
	}
	brain, err := app.Think(c.ctx, quiet(c.err), cfg)
	return cfg, brain, err
}
