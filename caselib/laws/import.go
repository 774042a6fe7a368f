package laws

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"heshi/caselib"
)

// mostBytes bounds a file of law.
const mostBytes = 16 << 20

// Options say how to import.
type Options struct {
	Library  *caselib.Library // whose sources name the keys of known laws
	DryRun   bool
	Now      func() time.Time
	Progress func(files, of int) // after every file
}

// Summary says what became of the files.
type Summary struct {
	Files      int      `json:"files"`
	Imported   int      `json:"imported"`   // new versions of laws, or parts of them
	Corrected  int      `json:"corrected"`  // the same version with another text
	Unchanged  int      `json:"unchanged"`  // stored before
	Passed     int      `json:"passed"`     // files that are no law: an index, an empty file
	Articles   int      `json:"articles"`   // in the files imported and corrected
	Superseded int      `json:"superseded"` // versions on the shelf that another took the place of
	Errors     []string `json:"errors,omitempty"`
	Doubts     []string `json:"doubts,omitempty"` // read, but worth a look
}

// Import reads every .md file below fsys and stores the texts that the shelf
// does not have yet. A file that cannot be read is reported and passed over.
func Import(ctx context.Context, shelf *caselib.Shelf, fsys fs.FS, o Options) (Summary, error) {
	var sum Summary
	if o.Library == nil || o.Now == nil {
		return sum, errors.New("laws: an import needs the library whose laws it knows and a clock")
	}
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() && strings.EqualFold(path.Ext(name), ".md") {
			files = append(files, name)
		}
		return ctx.Err()
	})
	if err != nil {
		return sum, fmt.Errorf("laws: %w", err)
	}
	slices.Sort(files)
	texts, err := shelf.Laws(ctx)
	if err != nil {
		return sum, err
	}
	known := map[string]string{}
	for key, src := range o.Library.Sources {
		known[plainName(src.Name)] = key
	}
	have := map[string]caselib.LawText{}
	for _, t := range texts {
		have[t.ID()] = t
	}
	from := map[string]string{}
	for i, name := range files {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		sum.Files++
		law, doubts, err := read(fsys, name)
		switch {
		case err != nil && errors.Is(err, ErrNotLaw) && (law.Preamble == "" && len(law.Articles) == 0 || strings.HasPrefix(path.Base(name), "_") || strings.EqualFold(path.Base(name), "README.md")):
			sum.Passed++
		case err != nil:
			sum.Errors = append(sum.Errors, strings.TrimPrefix(err.Error(), "laws: "))
		default:
			law.Key, law.At = keyOf(law.Name, known), o.Now().UTC()
			if other, dup := from[law.ID()]; dup {
				sum.Errors = append(sum.Errors, fmt.Sprintf("%s: the same law and version as %s: keep one of them, or correct the date", name, other))
				break
			}
			from[law.ID()] = name
			if len(law.Articles) == 1 && law.Articles[0].Number == 0 {
				doubts = append(doubts, "no articles: kept whole, and cited without a number")
			}
			for _, d := range doubts {
				sum.Doubts = append(sum.Doubts, name+": "+d)
			}
			if err := store(ctx, shelf, law, have, o.DryRun, &sum); err != nil {
				return sum, err
			}
		}
		if o.Progress != nil {
			o.Progress(i+1, len(files))
		}
	}
	all := texts[:0:0]
	for _, t := range have {
		all = append(all, t)
	}
	today := o.Now().Format(time.DateOnly)
	for _, vs := range caselib.Versions(all) {
		for _, v := range vs {
			if v.Until != "" && v.Until <= today {
				sum.Superseded++
			}
		}
	}
	return sum, nil
}

func store(ctx context.Context, shelf *caselib.Shelf, law caselib.LawText, have map[string]caselib.LawText, dry bool, sum *Summary) error {
	old, there := have[law.ID()]
	if there && old.Hash == law.Hash {
		sum.Unchanged++
		return nil
	}
	if !dry {
		if _, err := shelf.PutLaw(ctx, law); err != nil {
			return err
		}
	}
	have[law.ID()] = law
	sum.Articles += len(law.Articles)
	if there {
		sum.Corrected++
	} else {
		sum.Imported++
	}
	return nil
}

func read(fsys fs.FS, name string) (caselib.LawText, []string, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && info.Size() > mostBytes {
		err = fmt.Errorf("larger than %d bytes", mostBytes)
	}
	var text []byte
	if err == nil {
		text, err = fs.ReadFile(fsys, name)
	}
	if err != nil {
		return caselib.LawText{}, nil, fmt.Errorf("laws: %s: %w", name, err)
	}
	return Parse(name, text)
}
