package main

import (
	"encoding/json"
	"flag"
	"fmt"

	"heshi/caselib"
	"heshi/intake"
	"heshi/intake/rules"
	"heshi/prompts"
)

// caselibCheck checks the whole library, published or not, and counts what is published.
func caselibCheck(c *call) error {
	var asJSON bool
	if _, _, _, err := c.flags(func(fs *flag.FlagSet) { fs.BoolVar(&asJSON, "json", false, "counts as JSON") }); err != nil {
		return err
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return err
	}
	n := caselib.Report(lib)
	problems := lib.Check()
	if asJSON {
		if err := json.NewEncoder(c.out).Encode(n); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			fmt.Fprintln(c.out, p)
		}
		fmt.Fprintf(c.out, "%d cases, %d statutes, %d terms published; %d problems\n", n.Cases, n.Statutes, n.Terms, len(problems))
	}
	if len(problems) > 0 {
		return fmt.Errorf("%d problems", len(problems))
	}
	return nil
}

// intakeLint checks forms, rules and messages together.
func intakeLint(c *call) error {
	if _, _, _, err := c.flags(nil); err != nil {
		return err
	}
	book, err := intake.LoadBook(intake.Embedded())
	if err != nil {
		return err
	}
	say, err := prompts.Load(prompts.Embedded())
	if err != nil {
		return err
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return err
	}
	n := 0
	for _, p := range book.Lint(say) {
		n++
		fmt.Fprintf(c.out, "%s: %s (%s)\n", p.Where, p.What, p.Fix)
	}
	for _, p := range say.Check() {
		n++
		fmt.Fprintln(c.out, p)
	}
	for _, p := range rules.Lint(rules.Embedded(), lib.Sources, lib.Taxonomy) {
		n++
		fmt.Fprintf(c.out, "%s: %s (%s)\n", p.Where, p.What, p.Fix)
	}
	fmt.Fprintf(c.out, "%d forms, %d messages; %d problems\n", len(book.Forms()), len(say.Keys()), n)
	if n > 0 {
		return fmt.Errorf("%d problems", n)
	}
	return nil
}
