package transfer

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"heshi/caselib"
)

// mostInCell is the most characters a cell of a workbook can hold.
const mostInCell = 32767

// writer takes the cells of one case after another.
type writer interface {
	write(cells []string) error
	close() error
}

// Export writes cases in one of Formats, each on a row or under a heading of
// its own, in the order given, and says how many. Import reads it back.
func Export(ctx context.Context, cases iter.Seq2[caselib.Case, error], w io.Writer, format string) (int, error) {
	s, err := loadSheet()
	if err != nil {
		return 0, err
	}
	b := bufio.NewWriterSize(w, 1<<17)
	var out writer
	switch format {
	case "csv":
		out, err = newCSV(b, s)
	case "jsonl":
		return exportJSON(ctx, cases, b)
	case "md":
		out = &mdWriter{b, s}
	case "xlsx":
		out, err = newXLSX(b, s)
	default:
		err = fmt.Errorf("transfer: format %q is not one of %s", format, strings.Join(Formats, ", "))
	}
	if err != nil {
		return 0, err
	}
	n := 0
	for c, err := range cases {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = out.write(s.cells(c))
		}
		if err != nil {
			return n, fmt.Errorf("transfer: %w", err)
		}
		n++
	}
	if err := out.close(); err != nil {
		return n, fmt.Errorf("transfer: %w", err)
	}
	return n, b.Flush()
}

// Stored gives the cases of a shelf for Export, those in one state or, with
// "", all.
func Stored(ctx context.Context, s *caselib.Shelf, state caselib.State) iter.Seq2[caselib.Case, error] {
	return func(yield func(caselib.Case, error) bool) {
		for r, err := range s.Cases(ctx) {
			if err == nil && state != "" && r.Case.State != state {
				continue
			}
			if !yield(r.Case, err) {
				return
			}
		}
	}
}

func exportJSON(ctx context.Context, cases iter.Seq2[caselib.Case, error], b *bufio.Writer) (int, error) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	n := 0
	for c, err := range cases {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = enc.Encode(c)
		}
		if err != nil {
			return n, fmt.Errorf("transfer: %w", err)
		}
		n++
	}
	return n, b.Flush()
}

// cells writes a case in the order of the sheet.
func (s *sheet) cells(c caselib.Case) []string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = cell(c, f.Name)
	}
	return out
}

func cell(c caselib.Case, name string) string {
	switch name {
	case "id":
		return c.ID
	case "version":
		return number(c.Version)
	case "state":
		return string(c.State)
	case "types":
		return strings.Join(c.Types, ";")
	case "title_zh":
		return c.Title.Zh
	case "summary_zh":
		return c.Summary.Zh
	case "facts":
		return c.Facts
	case "focus":
		return c.Focus
	case "process":
		return c.Process
	case "result":
		return c.Result
	case "performance":
		return c.Performance
	case "lesson":
		return c.Lesson
	case "outcome":
		return c.Outcome
	case "articles":
		return strings.Join(c.Articles, ";")
	case "lay":
		return strings.Join(c.Lay, "\n")
	case "region":
		return c.Region
	case "year":
		return number(c.Year)
	case "illustrative":
		return yes(c.Illustrative)
	case "provenance":
		return c.Provenance
	}
	if part, ok := strings.CutPrefix(name, "title_mn_"); ok {
		return mongolian(c.Title.Mn, part)
	}
	part, _ := strings.CutPrefix(name, "summary_mn_")
	return mongolian(c.Summary.Mn, part)
}

func mongolian(m caselib.Mongolian, part string) string {
	switch part {
	case "cyrl":
		return m.Cyrl
	case "cyrl_conf":
		return string(m.CyrlConf)
	case "mong":
		return m.Mong
	case "mong_conf":
		return string(m.MongConf)
	}
	return yes(m.Reviewed)
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

type csvWriter struct{ w *csv.Writer }

// newCSV begins with a mark, without which office programs take UTF-8 for GBK.
func newCSV(b *bufio.Writer, s *sheet) (writer, error) {
	if _, err := b.WriteString("\uFEFF"); err != nil {
		return nil, err
	}
	w := &csvWriter{csv.NewWriter(b)}
	return w, w.w.Write(s.names())
}

func (w *csvWriter) write(cells []string) error {
	for i := range cells {
		cells[i] = guard(cells[i])
	}
	return w.w.Write(cells)
}

func (w *csvWriter) close() error {
	w.w.Flush()
	return w.w.Error()
}

type xlsxWriter struct {
	b    *bufio.Writer
	f    *excelize.File
	rows *excelize.StreamWriter
	n    int
	s    *sheet
}

func newXLSX(b *bufio.Writer, s *sheet) (writer, error) {
	f := excelize.NewFile()
	rows, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	w := &xlsxWriter{b: b, f: f, rows: rows, s: s}
	return w, w.write(s.names())
}

func (w *xlsxWriter) write(cells []string) error {
	w.n++
	row := make([]any, len(cells))
	for i, c := range cells {
		if len([]rune(c)) > mostInCell {
			return fmt.Errorf("row %d, %s: longer than the %d characters a cell can hold: export as jsonl or csv", w.n, w.s.fields[i].Name, mostInCell)
		}
		row[i] = c // as text: never a formula, never a number
	}
	at, err := excelize.CoordinatesToCellName(1, w.n)
	if err != nil {
		return fmt.Errorf("row %d: a sheet holds no more rows: export as jsonl or csv", w.n)
	}
	return w.rows.SetRow(at, row)
}

func (w *xlsxWriter) close() error {
	if err := w.rows.Flush(); err != nil {
		return err
	}
	if _, err := w.f.WriteTo(w.b); err != nil {
		return err
	}
	return w.f.Close()
}

type mdWriter struct {
	b *bufio.Writer
	s *sheet
}

func (w *mdWriter) write(cells []string) error {
	title := w.s.place("title_zh")
	fmt.Fprintf(w.b, "# %s\n\n", escapeMD(cells[title]))
	var long []int
	for i, f := range w.s.fields {
		switch {
		case cells[i] == "" || i == title:
		case f.Kind == "text" || f.Kind == "lines":
			long = append(long, i)
		default:
			fmt.Fprintf(w.b, "- %s: %s\n", f.Name, escapeMD(cells[i]))
		}
	}
	for _, i := range long {
		fmt.Fprintf(w.b, "\n## %s\n\n", w.s.fields[i].Name)
		for line := range strings.Lines(cells[i]) {
			w.b.WriteString(escapeMD(line)) // the writer keeps its first error until Flush
		}
		w.b.WriteString("\n")
	}
	_, err := w.b.WriteString("\n")
	return err
}

func (w *mdWriter) close() error { return nil }
