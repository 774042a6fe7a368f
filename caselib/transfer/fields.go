package transfer

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

//go:embed fields.yaml
var fieldsYAML []byte

// field is one column.
type field struct {
	Name string   `yaml:"name"`
	Kind string   `yaml:"kind"`
	Also []string `yaml:"also"`
}

// sheet knows the columns.
type sheet struct {
	fields []field
	byName map[string]string // plain heading -> column name
}

func loadSheet() (*sheet, error) {
	s := &sheet{byName: map[string]string{}}
	dec := yaml.NewDecoder(bytes.NewReader(fieldsYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&s.fields); err != nil {
		return nil, fmt.Errorf("transfer: fields.yaml: %w", err)
	}
	for _, f := range s.fields {
		for _, n := range append([]string{f.Name}, f.Also...) {
			if other, dup := s.byName[plain(n)]; dup {
				return nil, fmt.Errorf("transfer: fields.yaml: %q names both %s and %s", n, other, f.Name)
			}
			s.byName[plain(n)] = f.Name
		}
	}
	return s, nil
}

// plain makes headings comparable.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= 0xFEE0
		}
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// columns says which field each heading is, "" for a column that is passed
// over. mapping goes first: heading to field name, "-" to pass a column over.
func (s *sheet) columns(headings []string, mapping map[string]string) ([]string, error) {
	wanted := map[string]string{}
	for from, to := range mapping {
		name := s.byName[plain(to)]
		if name == "" && to != "-" && to != "" {
			return nil, fmt.Errorf("%w: there is no field %q; the fields are %s", ErrMapping, to, strings.Join(s.names(), ", "))
		}
		wanted[plain(from)] = name
	}
	out, used := make([]string, len(headings)), map[string]bool{}
	seen := map[string]bool{}
	for i, h := range headings {
		name, mapped := wanted[plain(h)]
		if !mapped {
			name = s.byName[plain(h)]
		}
		seen[plain(h)] = true
		if name == "" {
			continue
		}
		if used[name] {
			return nil, fmt.Errorf("%w: two columns are %s; name one of them with -map, or pass it over with -map HEADING=-", ErrMapping, name)
		}
		used[name] = true
		out[i] = name
	}
	for from := range mapping {
		if !seen[plain(from)] {
			return nil, fmt.Errorf("%w: no column is called %q; the columns are %s", ErrMapping, from, strings.Join(headings, ", "))
		}
	}
	if !used["facts"] {
		return nil, fmt.Errorf("%w: no column holds the facts; the columns are %s; name one with -map HEADING=facts", ErrMapping, strings.Join(headings, ", "))
	}
	return out, nil
}

func (s *sheet) names() []string {
	var out []string
	for _, f := range s.fields {
		out = append(out, f.Name)
	}
	return out
}

// ErrMapping is a mapping of columns that does not fit the file.
var ErrMapping = errors.New("transfer: columns")

// ReadMapping reads a mapping file: YAML, one "heading: field" a line; "-"
// passes a column over.
func ReadMapping(r io.Reader) (map[string]string, error) {
	m := map[string]string{}
	if err := yaml.NewDecoder(r).Decode(&m); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: the mapping file holds lines like `案情: facts`: %w", ErrMapping, err)
	}
	return m, nil
}

// ParseMapping reads mappings written heading=field.
func ParseMapping(pairs []string) (map[string]string, error) {
	m := map[string]string{}
	for _, p := range pairs {
		from, to, ok := strings.Cut(p, "=")
		if !ok || strings.TrimSpace(from) == "" {
			return nil, fmt.Errorf("%w: write a mapping as HEADING=FIELD, not %q", ErrMapping, p)
		}
		m[strings.TrimSpace(from)] = strings.TrimSpace(to)
	}
	return m, nil
}

// Formats are the formats cases can be read from and written in.
var Formats = []string{"csv", "xlsx", "jsonl", "md"}

// FormatOf is the format a file name promises, "" for none.
func FormatOf(name string) string {
	ext := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	switch ext {
	case "markdown":
		return "md"
	case "ndjson", "json":
		return "jsonl"
	}
	if slices.Contains(Formats, ext) {
		return ext
	}
	return ""
}
