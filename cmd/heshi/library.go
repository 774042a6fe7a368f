package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"heshi/bot/app"
	"heshi/caselib"
	"heshi/caselib/anonymise"
	"heshi/caselib/laws"
	"heshi/caselib/transfer"
)

// columns are the -map flags.
type columns []string

func (c *columns) String() string     { return strings.Join(*c, " ") }
func (c *columns) Set(s string) error { *c = append(*c, s); return nil }

// shelf opens the operator's library and what comes with the program.
func shelf(c *call, file, data string) (*caselib.Shelf, *caselib.Library, error) {
	cfg, err := app.Load(file, data, c.environ)
	if err != nil {
		return nil, nil, err
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, nil, err
	}
	s, err := caselib.OpenShelf(cfg.Data)
	return s, lib, err
}

// caselibImport reads cases from a file. It can be stopped at any moment and run again.
func caselibImport(c *call) (err error) {
	var format, mapFile, sheet, by string
	var dry bool
	var maps columns
	rest, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&format, "format", "", strings.Join(transfer.Formats, ", ")+" (default: by the file name)")
		fs.Var(&maps, "map", "COLUMN=FIELD: a column that goes by another name; =- passes it over; may be repeated")
		fs.StringVar(&mapFile, "map-file", "", "YAML file of lines like `案情: facts`")
		fs.StringVar(&sheet, "sheet", "", "sheet of a workbook (default: the first)")
		fs.StringVar(&by, "by", "", "who imports; kept with the cases")
		fs.BoolVar(&dry, "dry-run", false, "read and check everything, store nothing")
	})
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name one file", errMisuse)
	}
	if format == "" {
		format = transfer.FormatOf(rest[0])
	}
	if !slices.Contains(transfer.Formats, format) {
		return fmt.Errorf("%w: -format is one of %s", errMisuse, strings.Join(transfer.Formats, ", "))
	}
	mapping, err := mappings(mapFile, maps)
	if err != nil {
		return err
	}
	s, lib, err := shelf(c, file, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f, err := os.Open(rest[0])
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if by == "" {
		by = "import"
	}
	bar := progress(c, info.Size(), "reading", true)
	sum, err := transfer.Import(c.ctx, s, io.TeeReader(f, bar), transfer.Options{
		Format: format, Source: filepath.Base(rest[0]), Mapping: mapping, Tab: sheet, By: by, Library: lib, DryRun: dry, Now: time.Now,
	})
	fmt.Fprintln(c.err)
	for _, e := range sum.Errors {
		fmt.Fprintln(c.out, e)
	}
	fmt.Fprintf(c.out, "%d rows: %d new drafts, %d updated, %d unchanged, %d stored before, %d duplicates, %d with errors\n",
		sum.Rows, sum.Imported, sum.Updated, sum.Unchanged, sum.Already, sum.Duplicates, sum.Failed)
	if err != nil {
		return fmt.Errorf("%w; what was stored stays: run the same command again to go on", err)
	}
	if dry {
		fmt.Fprintln(c.out, "nothing was stored (-dry-run)")
	}
	if sum.Failed > 0 {
		return fmt.Errorf("%d rows were passed over: correct them and import the file again", sum.Failed)
	}
	return nil
}

// mappings joins the mapping file and the flags; the flags win.
func mappings(file string, pairs []string) (map[string]string, error) {
	m := map[string]string{}
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if m, err = transfer.ReadMapping(f); err != nil {
			return nil, err
		}
	}
	more, err := transfer.ParseMapping(pairs)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errMisuse, err)
	}
	for k, v := range more {
		m[k] = v
	}
	return m, nil
}

func progress(c *call, max int64, what string, bytes bool) *progressbar.ProgressBar {
	return progressbar.NewOptions64(max, progressbar.OptionSetWriter(c.err), progressbar.OptionSetDescription(what), progressbar.OptionShowBytes(bytes),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionSetPredictTime(true))
}

// caselibExport writes the imported cases in a format that can be imported again.
func caselibExport(c *call) (err error) {
	var format, state string
	rest, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&format, "format", "", strings.Join(transfer.Formats, ", ")+" (default: by the file name)")
		fs.StringVar(&state, "state", "", "only cases in this state")
	})
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name the file to write, or -", errMisuse)
	}
	if format == "" {
		format = transfer.FormatOf(rest[0])
	}
	if !slices.Contains(transfer.Formats, format) || state != "" && !caselib.State(state).Valid() {
		return fmt.Errorf("%w: -format is one of %s; -state is draft, anonymised, bilingual_review, published or withdrawn", errMisuse, strings.Join(transfer.Formats, ", "))
	}
	s, _, err := shelf(c, file, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cases := transfer.Stored(c.ctx, s, caselib.State(state))
	if rest[0] == "-" {
		_, err = transfer.Export(c.ctx, cases, c.out, format)
		return err
	}
	// Written beside and renamed: an export that breaks off leaves no half file.
	f, err := os.OpenFile(rest[0]+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	n, err := transfer.Export(c.ctx, cases, f, format)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), rest[0])
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	fmt.Fprintf(c.out, "%d cases in %s; drafts hold personal data\n", n, rest[0])
	return nil
}

// caselibReview lists cases by state, shows and applies anonymising, and takes cases from one state to the next.
func caselibReview(c *call) (err error) {
	var by, to, note, state string
	var anon, apply bool
	ids, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.StringVar(&by, "by", "", "who decides; whoever anonymised a case may not approve it")
		fs.StringVar(&to, "to", "", "next state: bilingual_review, published, withdrawn, draft")
		fs.StringVar(&note, "note", "", "kept with the decision")
		fs.StringVar(&state, "state", "draft", "without ids: list the cases in this state")
		fs.BoolVar(&anon, "anonymise", false, "show what anonymising would change")
		fs.BoolVar(&apply, "apply", false, "with -anonymise: store the anonymised text")
	})
	if err != nil {
		return err
	}
	s, lib, err := shelf(c, file, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d := caselib.Decision{IDs: ids, To: caselib.State(to), By: by, Note: note, At: time.Now().UTC(), Texts: map[string]caselib.Case{}}
	switch {
	case len(ids) == 0:
		for r, err := range s.Cases(c.ctx) {
			if err != nil {
				return err
			}
			if r.Case.State == caselib.State(state) {
				fmt.Fprintf(c.out, "%s  version %d  %s  %s line %d\n", r.Case.ID, r.Case.Version, strings.Join(r.Case.Types, ","), r.Source, r.Line)
			}
		}
		return nil
	case anon:
		a, err := anonymise.New()
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, err := s.Case(id)
			if err != nil {
				return err
			}
			proposed, fields := a.Case(r.Case)
			d.Texts[id] = proposed
			if err := showChanges(c.out, id, fields); err != nil {
				return err
			}
		}
		if !apply {
			fmt.Fprintln(c.out, "nothing is stored yet: read the changes, then run it again with -apply")
			return nil
		}
		d.To = caselib.Anonymised
	case to == "":
		return fmt.Errorf("%w: say -anonymise or -to STATE", errMisuse)
	}
	if by == "" {
		return fmt.Errorf("%w: -by says who decides", errMisuse)
	}
	rs, err := caselib.Review(c.ctx, s, lib, d)
	for _, r := range rs {
		fmt.Fprintf(c.out, "%s is now %s, version %d\n", r.Case.ID, r.Case.State, r.Case.Version)
	}
	return err
}

func showChanges(w io.Writer, id string, fields []anonymise.Field) error {
	fmt.Fprintf(w, "%s\n", id)
	for _, f := range fields {
		fmt.Fprintf(w, "  %s: ", f.Name)
		if err := anonymise.Diff(w, f.Original, f.Result); err != nil {
			return err
		}
		for _, warn := range f.Warnings {
			fmt.Fprintf(w, "    ! %s\n", warn.About())
		}
	}
	return nil
}

// lawImport reads a folder of laws.
func lawImport(c *call) (err error) {
	var dry bool
	rest, file, data, err := c.flags(func(fs *flag.FlagSet) { fs.BoolVar(&dry, "dry-run", false, "read and check everything, store nothing") })
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return fmt.Errorf("%w: name the folder", errMisuse)
	}
	if info, err := os.Stat(rest[0]); err != nil || !info.IsDir() {
		return fmt.Errorf("%w: %s is not a folder", errMisuse, rest[0])
	}
	s, lib, err := shelf(c, file, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var bar *progressbar.ProgressBar
	sum, err := laws.Import(c.ctx, s, os.DirFS(rest[0]), laws.Options{Library: lib, DryRun: dry, Now: time.Now, Progress: func(files, of int) {
		if bar == nil {
			bar = progress(c, int64(of), "laws", false)
		}
		_ = bar.Set(files) // the bar is only for the eye
	}})
	fmt.Fprintln(c.err)
	for _, e := range slices.Concat(sum.Errors, sum.Doubts) {
		fmt.Fprintln(c.out, e)
	}
	fmt.Fprintf(c.out, "%d files: %d new, %d corrected, %d unchanged, %d no laws, %d with errors; %d articles stored, %d versions superseded\n",
		sum.Files, sum.Imported, sum.Corrected, sum.Unchanged, sum.Passed, len(sum.Errors), sum.Articles, sum.Superseded)
	if err == nil && len(sum.Errors) > 0 {
		err = fmt.Errorf("%d files were passed over", len(sum.Errors))
	}
	return err
}
