package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"heshi/caselib"
)

// Options say how to import.
type Options struct {
	Format  string            // csv, xlsx, jsonl or md
	Source  string            // name of the file, kept with every case; the same name on a second run finds where it stopped
	Mapping map[string]string // heading -> field, before the headings that are known
	Tab     string            // sheet of a workbook; the first if empty
	By      string            // who imports
	Library *caselib.Library  // what codes, articles and places are checked against
	DryRun  bool              // read and check everything, store nothing
	Batch   int               // rows stored in one step; 1000 if 0
	Now     func() time.Time
	// Progress is called after every batch with the rows read so far.
	Progress func(rows int)
	// Report is called for each bad row and each duplicate, in order, as they are found.
	Report func(*RowError)
}

// Summary says what became of the rows of an import.
type Summary struct {
	Rows       int `json:"rows"`
	Imported   int `json:"imported"`   // new drafts
	Updated    int `json:"updated"`    // next versions of cases on the shelf, drafts again
	Unchanged  int `json:"unchanged"`  // exported before and not changed since
	Already    int `json:"already"`    // stored by an earlier run over the same file
	Duplicates int `json:"duplicates"` // say the same as another case
	Failed     int `json:"failed"`     // rows with errors
	// Errors holds the first thousand reports on failed rows; Report gets all.
	Errors []*RowError `json:"errors,omitempty"`
}

// mostErrors is how many errors a Summary keeps.
const mostErrors = 1000

// job is one row on its way: read, then decoded beside others, then stored in order.
type job struct {
	row   row
	claim claim
	errs  []*RowError
	entry caselib.Entry
	err   error
}

// Import reads cases and stores them as drafts. Rows that are wrong are
// reported and passed over. It stops at the first error of the file or the
// shelf, or when ctx is done; what was stored stays, and running it again with
// the same file goes on from there.
func Import(ctx context.Context, shelf *caselib.Shelf, r io.Reader, o Options) (Summary, error) {
	var sum Summary
	s, err := loadSheet()
	if err != nil {
		return sum, err
	}
	if o.Library == nil || o.Now == nil {
		return sum, errors.New("transfer: an import needs the library to check against and a clock")
	}
	read, err := s.open(o.Format, r, o.Mapping, o.Tab)
	if err != nil {
		return sum, err
	}
	if o.Batch <= 0 {
		o.Batch = 1000
	}
	im := &importing{shelf: shelf, o: o, sum: &sum, dry: map[caselib.Digest128]bool{}}
	dec := newDecoder(s, o.Library)
	// The reader stops when the shelf fails; the shelf still takes what was read
	// before a file broke off.
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var g errgroup.Group
	batches := make(chan chan []*job, 4) // in the order of the file
	g.Go(func() error {
		defer close(batches)
		work := errgroup.Group{}
		work.SetLimit(max(1, runtime.GOMAXPROCS(0)))
		defer work.Wait()
		var batch []*job
		send := func() error {
			jobs, done := batch, make(chan []*job, 1)
			batch = nil
			select {
			case batches <- done:
			case <-reading.Done():
				return reading.Err()
			}
			work.Go(func() error {
				for _, j := range jobs {
					im.prepare(dec, j)
				}
				done <- jobs
				return nil
			})
			return nil
		}
		err := read(func(r row) error {
			if batch = append(batch, &job{row: r}); len(batch) < o.Batch {
				return nil
			}
			return send()
		})
		if len(batch) > 0 && reading.Err() == nil {
			err = errors.Join(err, send())
		}
		return err
	})
	var failed error
	for done := range batches {
		if failed != nil {
			continue // let the reader finish
		}
		if failed = im.store(ctx, <-done); failed != nil {
			stop()
		} else if o.Progress != nil {
			o.Progress(sum.Rows)
		}
	}
	err = g.Wait()
	if failed != nil {
		err = failed
	}
	return sum, err
}

// importing is one import under way.
type importing struct {
	shelf *caselib.Shelf
	o     Options
	sum   *Summary
	dry   map[caselib.Digest128]bool // what a dry run would have stored
}

func (im *importing) prepare(dec *decoder, j *job) {
	j.claim, j.errs = dec.decode(j.row)
	if len(j.errs) == 0 {
		j.entry, j.err = caselib.Prepare(im.record(j.claim.c, j.row.line))
	}
	j.row.cells = nil
}

func (im *importing) record(c caselib.Case, line int) caselib.Record {
	return caselib.Record{Case: c, Source: im.o.Source, Line: line, At: im.o.Now().UTC(), By: im.o.By}
}

// store puts a batch on the shelf: all its new cases in one step, the changed
// ones one by one.
func (im *importing) store(ctx context.Context, jobs []*job) error {
	var fresh []*job
	var entries []caselib.Entry
	for _, j := range jobs {
		im.sum.Rows++
		switch {
		case j.err != nil:
			return fmt.Errorf("transfer: line %d: %w", j.row.line, j.err)
		case len(j.errs) > 0:
			im.fail(j.errs...)
		case j.claim.id != "":
			taken, err := im.update(ctx, j)
			if err != nil {
				return err
			}
			if taken {
				continue
			}
			fallthrough
		default:
			fresh = append(fresh, j)
			entries = append(entries, j.entry)
		}
	}
	if im.o.DryRun {
		for i, j := range fresh {
			known, ok := im.shelf.Known(entries[i])
			h := caselib.ContentHash(j.claim.c)
			if !ok && im.dry[h] {
				known, ok = caselib.Added{Known: true, ID: "an earlier row"}, true
			}
			im.dry[h] = true
			im.count(j, known)
		}
		return nil
	}
	added, err := im.shelf.Add(ctx, entries)
	if err != nil {
		return err
	}
	for i, j := range fresh {
		im.count(j, added[i])
	}
	return nil
}

func (im *importing) count(j *job, a caselib.Added) {
	switch {
	case a.Again:
		im.sum.Already++
	case a.Known:
		im.sum.Duplicates++
		im.report(&RowError{j.row.line, "", "says the same as " + a.ID, "nothing to do: it was not stored again"})
	default:
		im.sum.Imported++
	}
}

// update handles a row that names a case: one that was exported, changed or
// not. taken is false when the shelf does not know the case, so that the row
// is a new one: the shelf gives its own numbers.
func (im *importing) update(ctx context.Context, j *job) (taken bool, err error) {
	have, err := im.shelf.Case(j.claim.id)
	if errors.Is(err, caselib.ErrNoRecord) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	c := j.claim.c
	c.ID, c.Version, c.State = have.Case.ID, have.Case.Version, have.Case.State
	if sameCase(c, have.Case) {
		im.sum.Unchanged++
		return true, nil
	}
	if j.claim.version != have.Case.Version {
		im.fail(&RowError{j.row.line, "version", fmt.Sprintf("%s is at version %d by now", have.Case.ID, have.Case.Version),
			"export it again and make the change there; to add a new case, leave the id empty"})
		return true, nil
	}
	next, err := have.Edit(c, im.o.By, im.o.Now().UTC(), "import")
	if err != nil {
		return true, err
	}
	im.sum.Updated++
	if im.o.DryRun {
		return true, nil
	}
	next.Source, next.Line = im.o.Source, j.row.line
	_, err = im.shelf.Put(ctx, next, have.Case.Version)
	return true, err
}

// sameCase compares what an export carries.
func sameCase(a, b caselib.Case) bool {
	for _, c := range []*caselib.Case{&a, &b} {
		for _, list := range []*[]string{&c.Types, &c.Articles, &c.Lay} {
			if len(*list) == 0 {
				*list = nil
			}
		}
	}
	return reflect.DeepEqual(a, b)
}

func (im *importing) fail(errs ...*RowError) {
	im.sum.Failed++
	for _, e := range errs {
		if len(im.sum.Errors) < mostErrors {
			im.sum.Errors = append(im.sum.Errors, e)
		}
		im.report(e)
	}
}

func (im *importing) report(e *RowError) {
	if im.o.Report != nil {
		im.o.Report(e)
	}
}
