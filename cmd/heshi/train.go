package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"

	"heshi/caselib"
	"heshi/intake/rules"
	"heshi/retrieval"
	"heshi/retrieval/text"
	"heshi/retrieval/text/linear"
)

// train learns anew what the binary ships learned. The same library gives the same bytes.
func train(c *call) error {
	what := ""
	if len(c.args) > 0 {
		what, c.args = c.args[0], c.args[1:]
	}
	file := map[string]string{"types": "retrieval/types.linear", "urgency": "intake/rules/urgency.linear"}[what]
	if file == "" {
		return fmt.Errorf("%w: say what to learn: types or urgency", errMisuse)
	}
	_, _, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&file, "o", file, "file to write")
	})
	if err != nil {
		return err
	}
	lib, sayings, a, err := lessons(data)
	if err != nil {
		return err
	}
	var m *linear.Model
	if what == "types" {
		m, err = retrieval.TeachTypes(c.ctx, a, lib, sayings)
	} else {
		var bar *progressbar.ProgressBar
		m, err = rules.Teach(c.ctx, rules.Embedded(), lib, sayings, func(done, total int) {
			if bar == nil {
				bar = progress(c, int64(total), "learning", false)
			}
			_ = bar.Set(done) // the bar is only for the eye
		})
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: %d classes, %d KB, learned from %s\n", file, len(m.Classes), b.Len()>>10, m.Digest)
	return nil
}

// lessons loads the embedded library, its sayings and an analyzer that knows them.
func lessons(data string) (*caselib.Library, []caselib.Saying, *text.Analyzer, error) {
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, nil, nil, err
	}
	lib = lib.Published()
	sayings, err := caselib.LoadSayings(caselib.Embedded())
	if err != nil {
		return nil, nil, nil, err
	}
	dict, err := text.FindDictionary(data)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("learning needs the segmentation dictionary: %w", err)
	}
	a, err := text.NewAnalyzer(dict, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	retrieval.Learn(a, lib)
	return lib, sayings, a, nil
}
