package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"heshi/caselib"
	"heshi/intake/rules"
	"heshi/retrieval"
	"heshi/retrieval/embed"
	"heshi/retrieval/text"
)

// train learns anew what the binary ships learned. The same library gives the same bytes.
func train(c *call) error {
	what := ""
	if len(c.args) > 0 {
		what, c.args = c.args[0], c.args[1:]
	}
	if what == "ranking" {
		return trainRanking(c)
	}
	file := map[string]string{"types": "retrieval/types.linear", "urgency": "intake/rules/urgency.linear", "embedder": "retrieval/embed/shipped.dual"}[what]
	if file == "" {
		return fmt.Errorf("%w: say what to learn: types, urgency, embedder or ranking", errMisuse)
	}
	var laws []string
	_, _, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&file, "o", file, "file to write")
		if what == "embedder" {
			fs.Func("laws", "articles to learn the language of the law from, JSON lines; may be given again, the order counts", func(s string) error {
				laws = append(laws, s)
				return nil
			})
		}
	})
	if err != nil {
		return err
	}
	lib, sayings, a, err := lessons(data)
	if err != nil {
		return err
	}
	var bar *progressbar.ProgressBar
	show := func(done, total int) {
		if bar == nil {
			bar = progress(c, int64(total), "learning", false)
		}
		_ = bar.Set(done) // the bar is only for the eye
	}
	var learned io.WriterTo
	switch what {
	case "types":
		learned, err = retrieval.TeachTypes(c.ctx, a, lib, sayings)
	case "urgency":
		learned, err = rules.Teach(c.ctx, rules.Embedded(), lib, sayings, show)
	case "embedder":
		var read []embed.Law
		if read, err = readLaws(laws); err == nil {
			learned, err = embed.Teach(c.ctx, a, embed.MaterialOf(lib, sayings, read), embed.TeachConfig{Progress: show})
		}
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := learned.WriteTo(&b); err != nil {
		return err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: %d KB\n", file, b.Len()>>10)
	return err
}

// readLaws reads files of articles in the order given.
func readLaws(files []string) ([]embed.Law, error) {
	var all []embed.Law
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		all, err = embed.ReadLaws(f, all)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
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
