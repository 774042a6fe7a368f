package transfer

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// markdown reads cases written one after another: "# title", then lines
// "- heading: value", then sections "## heading". A line of text that begins
// with # or with a backslash is written with a backslash before it.
func (s *sheet) markdown(r io.Reader, mapping map[string]string) (reader, error) {
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
	p := &mdCase{sheet: s, to: to, title: s.place("title_zh")}
	b := decodeText(r)
	return func(yield func(row) error) error {
		for n := 1; ; n++ {
			line, err := readLine(b)
			switch {
			case errors.Is(err, io.EOF):
				return p.flush(yield)
			case errors.Is(err, errLong):
				p.fail(n, fmt.Sprintf("a line longer than %d bytes", longest), "shorten it")
				continue
			case err != nil:
				return fmt.Errorf("transfer: %w", err)
			}
			text := strings.TrimRight(string(line), "\r\n")
			if title, ok := strings.CutPrefix(text, "# "); ok {
				if err := p.flush(yield); err != nil {
					return err
				}
				p.begin(n, title)
				continue
			}
			p.take(n, text)
		}
	}, nil
}

// mdCase is the case being read.
type mdCase struct {
	sheet   *sheet
	to      map[string]int
	title   int
	row     row
	open    bool
	section int // position of the section's field, -1 for one that is passed over, -2 before the first
	body    []string
}

func (p *mdCase) begin(n int, title string) {
	p.row = row{line: n, cells: make([]string, len(p.sheet.fields))}
	p.row.cells[p.title] = unescapeMD(title)
	p.open, p.section, p.body = true, -2, nil
}

func (p *mdCase) fail(n int, what, fix string) {
	if p.open && p.row.bad == nil {
		p.row.bad = &RowError{Line: n, What: what, Fix: fix}
	}
}

func (p *mdCase) take(n int, text string) {
	switch {
	case !p.open:
		return // a preface before the first title
	case strings.HasPrefix(text, "## "):
		p.close()
		i, ok := p.to[plain(text[3:])]
		if !ok {
			i = -1
			p.fail(n, "a section whose heading is no field", "use a heading of the list of fields, or -map HEADING=FIELD (or =- to pass it over)")
		}
		p.section = i
		if i >= 0 && p.row.cells[i] != "" {
			p.fail(n, "the section is there twice", "join the two")
		}
	case p.section == -2 && strings.HasPrefix(text, "- "):
		key, value, ok := strings.Cut(text[2:], ":")
		if k, v, wide := strings.Cut(text[2:], "："); wide && (!ok || len(k) < len(key)) {
			key, value, ok = k, v, true
		}
		i, known := p.to[plain(key)]
		if !ok || !known {
			p.fail(n, "a line that is no \"- field: value\"", "use a name of the list of fields, or begin a section with ##")
			return
		}
		if i >= 0 {
			p.row.cells[i] = unescapeMD(strings.TrimSpace(value))
		}
	case p.section == -2 && strings.TrimSpace(text) != "":
		p.fail(n, "text before the first section", "put it under a heading such as ## 案情")
	default:
		p.body = append(p.body, unescapeMD(text))
	}
}

func (p *mdCase) close() {
	if p.section >= 0 {
		p.row.cells[p.section] = strings.Trim(strings.Join(p.body, "\n"), "\n")
	}
	p.body = nil
}

func (p *mdCase) flush(yield func(row) error) error {
	if !p.open {
		return nil
	}
	p.close()
	p.open = false
	return yield(p.row)
}

func unescapeMD(s string) string {
	if strings.HasPrefix(s, `\`) {
		return s[1:]
	}
	return s
}

func escapeMD(s string) string {
	if strings.HasPrefix(s, "#") || strings.HasPrefix(s, `\`) {
		return `\` + s
	}
	return s
}
