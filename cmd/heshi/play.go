package main

import (
	"fmt"
	"strings"

	"heshi/bot/app"
	"heshi/intake"
)

// intakePlay walks through one form in the terminal, with the session written out and read back between every step.
func intakePlay(c *call) error {
	rest, file, data, err := c.flags(nil)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name a form: %s for mediation, %s for legal aid", errMisuse, intake.Mediation, intake.LegalAid)
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	offices, err := intake.DemoOffices()
	if err != nil {
		return err
	}
	in := func(text string) intake.Input {
		now := app.Clock()
		i := intake.Input{Text: text, Now: now, Lang: "zh-Hans", Offices: offices, Values: brain.Extractor.Values(text, now)}
		for _, t := range brain.Classifier.Types(text) {
			i.Types = append(i.Types, t.Code)
		}
		return i
	}
	fmt.Fprintln(c.out, "先说说是什么事（也可以直接回车）：")
	lines := lineReader(c.in)
	if !lines.Scan() {
		return lines.Err()
	}
	first := in(lines.Text())
	out := brain.Book.Start(rest[0], first.Types, first)
	for {
		for _, s := range out.Says {
			text := s.Text
			if s.Key != "" {
				text = brain.Catalog.Text("zh-Hans", s.Key, s.Args)
			}
			fmt.Fprintln(c.out, text)
			for i, b := range s.Buttons {
				label := b.Label
				if b.Key != "" {
					label = brain.Catalog.Label("zh-Hans", b.Key)
				}
				fmt.Fprintf(c.out, "  %d %s\n", i+1, label)
			}
		}
		if out.Done || !lines.Scan() {
			return lines.Err()
		}
		next := in(strings.TrimSpace(lines.Text()))
		next.Types = nil
		out = brain.Book.Step(out.Session, next)
	}
}
