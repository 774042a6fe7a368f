package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"heshi/bot/app"
)

// serve runs everything until it is told to stop.
func serve(c *call) error {
	var listen string
	rest, file, data, err := c.flags(func(fs *flag.FlagSet) { fs.StringVar(&listen, "listen", "", "host:port (default 127.0.0.1:8080)") })
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
	if listen != "" {
		cfg.Listen = listen
	}
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("cannot serve on %s: %w; choose another with -listen", cfg.Listen, err)
	}
	log := slog.New(slog.NewTextHandler(c.err, nil))
	a, err := app.Open(c.ctx, log, cfg, app.Options{})
	if err != nil {
		l.Close()
		return err
	}
	base := cfg.Public
	if base == "" {
		base = "http://" + l.Addr().String()
	}
	base = strings.TrimRight(base, "/")
	fmt.Fprintf(c.out, "Chat page (as a citizen):   %s/chat\n", base)
	fmt.Fprintf(c.out, "Desk (as a mediator):       %s/desk\n", base)
	if a.SetupLink != "" {
		fmt.Fprintf(c.out, "First administrator, once:  %s%s\n", base, a.SetupLink)
	} else {
		fmt.Fprintln(c.out, "Staff are added with `heshi staff add` or at the desk.")
	}
	return a.Run(c.ctx, l)
}
