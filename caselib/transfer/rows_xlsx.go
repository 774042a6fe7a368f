package transfer

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mostUnpacked bounds what a workbook may unpack to, in bytes.
const mostUnpacked = 8 << 30

// xlsx reads the first sheet of a workbook, or the one called tab, row by row.
func (s *sheet) xlsx(r io.Reader, mapping map[string]string, tab string) (reader, error) {
	f, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: 64 << 20, RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("transfer: not a readable XLSX workbook (save it as .xlsx, without a password): %w", err)
	}
	if tab == "" {
		tab = f.GetSheetName(0)
	}
	rows, err := f.Rows(tab)
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, fmt.Errorf("transfer: the workbook has no sheet %q; it has %s", tab, strings.Join(f.GetSheetList(), ", "))
	}
	var at []int
	line := 0
	for at == nil && rows.Next() { // titles above the headings are common: the first row with two filled cells is taken
		line++
		head, err := rows.Columns()
		if err != nil {
			return nil, fmt.Errorf("transfer: row %d: %w", line, err)
		}
		if filled(head) < 2 && line < 6 {
			continue
		}
		cols, err := s.columns(head, mapping)
		if err != nil {
			return nil, err
		}
		at = s.places(cols)
	}
	if at == nil {
		return nil, fmt.Errorf("%w: the sheet is empty; its first row names the columns", ErrMapping)
	}
	return func(yield func(row) error) error {
		defer f.Close()
		defer rows.Close()
		for rows.Next() {
			line++
			out := row{line: line, cells: make([]string, len(s.fields))}
			cells, err := rows.Columns()
			if err != nil {
				out.bad = &RowError{Line: line, What: "the row is not readable", Fix: "open the workbook, type the row again and save it"}
			}
			if err == nil && filled(cells) == 0 {
				continue
			}
			for i, cell := range cells {
				if i < len(at) && at[i] >= 0 {
					out.cells[at[i]] = cell
				}
			}
			if err := yield(out); err != nil {
				return err
			}
		}
		if err := rows.Error(); err != nil {
			return fmt.Errorf("transfer: after row %d: %w", line, err)
		}
		return nil
	}, nil
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}
