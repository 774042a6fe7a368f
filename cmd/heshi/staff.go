package main

import (
	"flag"
	"fmt"
	"log/slog"
	"strings"

	"heshi/bot"
	"heshi/bot/app"
)

// roles a member of staff can have.
const roles = "mediator reviewer duty head admin auditor sensitive"

// staffAdd invites somebody to the desk. The server must not be running on the same folder; while it runs, the desk's
// own page does this.
func staffAdd(c *call) error {
	var s bot.Staff
	var role string
	_, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&s.Login, "login", "", "how they sign in: small letters, digits, dots")
		fs.StringVar(&s.Name, "name", "", "how colleagues and citizens see them")
		fs.StringVar(&role, "role", "mediator", "one or more of: "+roles)
		fs.StringVar(&s.Office, "office", "", "office id (`heshi staff list` shows them)")
	})
	if err != nil {
		return err
	}
	if s.Login == "" {
		return fmt.Errorf("%w: -login is needed", errMisuse)
	}
	if s.Name == "" {
		s.Name = s.Login
	}
	for _, r := range strings.FieldsFunc(role, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !strings.Contains(" "+roles+" ", " "+r+" ") {
			return fmt.Errorf("%w: there is no role %q; the roles are %s", errMisuse, r, roles)
		}
		s.Roles = append(s.Roles, r)
	}
	a, err := opened(c, file, data)
	if err != nil {
		return err
	}
	defer a.Close()
	link, err := a.Invite(c.ctx, s)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s may choose a password, once, within three days:\n%s\n", s.Name, link)
	return nil
}

func staffList(c *call) error {
	_, file, data, err := c.flags(nil)
	if err != nil {
		return err
	}
	a, err := opened(c, file, data)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Store.AllStaff(c.ctx)
	if err != nil {
		return err
	}
	offices, err := a.Store.Offices(c.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Offices:")
	for _, o := range offices {
		fmt.Fprintf(c.out, "  %-12s %s\n", o.ID, o.Name)
	}
	fmt.Fprintln(c.out, "Staff:")
	for _, s := range all {
		state := ""
		if s.Disabled {
			state = " (disabled)"
		}
		fmt.Fprintf(c.out, "  %-16s %-12s %-12s %s%s\n", s.Login, s.Name, s.Office, strings.Join(s.Roles, ","), state)
	}
	if len(all) == 0 {
		fmt.Fprintln(c.out, "  nobody yet: `heshi serve` prints a link for the first administrator")
	}
	return nil
}

// opened opens the installation without serving it.
func opened(c *call, file, data string) (*app.App, error) {
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return nil, err
	}
	return app.Open(c.ctx, slog.New(slog.DiscardHandler), cfg, app.Options{})
}
