package transfer

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// row is one case as a file has it: a cell per field of the sheet.
type row struct {
	line  int // from 1
	cells []string
	bad   *RowError // the row could not be read at all
}

// reader yields the rows of a file one by one; it stops at the first error of
// yield and returns it. An error of its own means that nothing more can be read.
type reader func(yield func(row) error) error

// longest is the most a line or a cell may hold, in bytes.
const longest = 4 << 20

// open chooses the reader of a format.
func (s *sheet) open(format string, r io.Reader, mapping map[string]string, tab string) (reader, error) {
	switch format {
	case "csv":
		return s.csv(r, mapping)
	case "jsonl":
		return s.jsonl(r, mapping)
	case "md":
		return s.markdown(r, mapping)
	case "xlsx":
		return s.xlsx(r, mapping, tab)
	}
	return nil, fmt.Errorf("transfer: format %q is not one of %s", format, strings.Join(Formats, ", "))
}

// decodeText reads any of the encodings tables of this country come in: UTF-8
// and UTF-16 with a mark, UTF-8 without, and GB 18030, which office programs write.
func decodeText(r io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(r, 1<<17)
	head, _ := b.Peek(1 << 16) // shorter files give an error that does not matter here
	marked := len(head) >= 2 && (head[0] == 0xFF && head[1] == 0xFE || head[0] == 0xFE && head[1] == 0xFF)
	valid := utf8.Valid(head)
	for cut := 1; cut < utf8.UTFMax && !valid && len(head) == 1<<16; cut++ {
		valid = utf8.Valid(head[:len(head)-cut]) // the window may end within a character
	}
	if !marked && !valid {
		return bufio.NewReaderSize(transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), 1<<17)
	}
	return bufio.NewReaderSize(transform.NewReader(b, unicode.BOMOverride(transform.Nop)), 1<<17)
}

func (s *sheet) csv(r io.Reader, mapping map[string]string) (reader, error) {
	c := csv.NewReader(decodeText(r))
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: the file is empty; its first line names the columns", ErrMapping)
	}
	if err != nil {
		return nil, fmt.Errorf("transfer: line 1: %s", csvReason(err))
	}
	head = append([]string(nil), head...)
	cols, err := s.columns(head, mapping)
	if err != nil {
		return nil, err
	}
	at := s.places(cols)
	return func(yield func(row) error) error {
		for {
			cells, err := c.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				if err := yield(row{line: pe.StartLine, bad: &RowError{Line: pe.StartLine, What: csvReason(err),
					Fix: `write a quote inside a cell twice, and close every cell that begins with one`}}); err != nil {
					return err
				}
				continue
			}
			if err != nil {
				return fmt.Errorf("transfer: %w", err)
			}
			line, _ := c.FieldPos(0)
			out := row{line: line, cells: make([]string, len(s.fields))}
			if len(cells) > len(head) {
				out.bad = &RowError{Line: line, What: fmt.Sprintf("%d cells, but %d columns", len(cells), len(head)), Fix: "put cells that contain a comma in quotes"}
			}
			for i, cell := range cells {
				if i < len(at) && at[i] >= 0 {
					out.cells[at[i]] = unguard(strings.Clone(cell))
				}
			}
			if err := yield(out); err != nil {
				return err
			}
		}
	}, nil
}

// csvReason says what is wrong without the cell.
func csvReason(err error) string {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return "not readable as CSV: " + pe.Err.Error()
	}
	return err.Error()
}

// places turns column names into positions in a row, -1 for none.
func (s *sheet) places(cols []string) []int {
	out := make([]int, len(cols))
	for i, name := range cols {
		out[i] = s.place(name)
	}
	return out
}

func (s *sheet) place(name string) int {
	for i, f := range s.fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// guard keeps an office program from taking a cell for a formula; unguard
// takes the quote off again.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@'\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune("=+-@'\t\r", rune(s[1])) {
		return s[1:]
	}
	return s
}

// jsonl reads an object a line, flat or shaped as a case is: title.zh is the
// field title_zh, a list is a cell with an item a line.
func (s *sheet) jsonl(r io.Reader, mapping map[string]string) (reader, error) {
	to := map[string]int{}
	for plainName, name := range s.byName {
		to[plainName] = s.place(name)
	}
	for from, field := range mapping {
		name, ok := s.byName[plain(field)]
		if !ok && field != "-" && field != "" {
			return nil, fmt.Errorf("%w: there is no field %q; the fields are %s", ErrMapping, field, strings.Join(s.names(), ", "))
		}
		to[plain(from)] = s.place(name)
	}
	b := decodeText(r)
	return func(yield func(row) error) error {
		for n := 1; ; n++ {
			line, err := readLine(b)
			if errors.Is(err, io.EOF) {
				return nil
			}
			out := row{line: n, cells: make([]string, len(s.fields))}
			switch {
			case errors.Is(err, errLong):
				out.bad = &RowError{Line: n, What: fmt.Sprintf("longer than %d bytes", longest), Fix: "shorten it, or leave it out"}
			case err != nil:
				return fmt.Errorf("transfer: %w", err)
			case len(strings.TrimSpace(string(line))) == 0:
				continue
			default:
				var obj map[string]any
				if json.Unmarshal(line, &obj) != nil {
					out.bad = &RowError{Line: n, What: "not a JSON object", Fix: `write one {"facts": "…", …} a line`}
				} else {
					flatten(out.cells, to, "", obj)
				}
			}
			if err := yield(out); err != nil {
				return err
			}
		}
	}, nil
}

var errLong = errors.New("line too long")

// readLine reads a line of bounded length; a longer one is passed over.
func readLine(b *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) <= longest {
			line = append(line, part...)
		} else {
			line = nil
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = b.ReadSlice('\n')
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			return nil, errLong
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && len(line) > 0:
			return line, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		default:
			return nil, err
		}
	}
}

func flatten(cells []string, to map[string]int, prefix string, v any) {
	put := func(text string) {
		if i, ok := to[plain(prefix)]; ok && i >= 0 {
			cells[i] = text
		}
	}
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			if prefix != "" {
				k = prefix + "_" + k
			}
			flatten(cells, to, k, item)
		}
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, fmt.Sprint(item))
		}
		put(strings.Join(items, "\n"))
	case nil:
	case float64:
		put(strings.TrimSuffix(fmt.Sprintf("%f", v), ".000000"))
	default:
		put(fmt.Sprint(v))
	}
}
