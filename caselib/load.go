package caselib

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"
	"gopkg.in/yaml.v3"
)

// Load reads a whole library, whatever its state: cases/*.yaml,
// statutes/*.yaml, terms.csv, thesaurus.csv, taxonomy.yaml, sources.yaml and places.yaml.
// It fails on what cannot be read, naming file and line; what can be read but
// is wrong is Check's business.
func Load(fsys fs.FS) (*Library, error) {
	l := &Library{Taxonomy: &Taxonomy{}, Sources: map[string]Source{}}
	var sources struct {
		AsOf    string            `yaml:"as_of"`
		Sources map[string]Source `yaml:"sources"`
	}
	if err := loadYAML(fsys, "sources.yaml", &sources); err != nil {
		return nil, err
	}
	for key, s := range sources.Sources {
		s.Key = key
		l.Sources[key] = s
	}
	if err := loadYAML(fsys, "taxonomy.yaml", l.Taxonomy); err != nil {
		return nil, err
	}
	l.Taxonomy.MustNotAccept = l.Taxonomy.Meta.MustNotAccept
	if err := loadYAML(fsys, "places.yaml", &l.Places); err != nil {
		return nil, err
	}
	if err := l.loadCases(fsys); err != nil {
		return nil, err
	}
	if err := l.loadStatutes(fsys); err != nil {
		return nil, err
	}
	if err := l.loadTerms(fsys); err != nil {
		return nil, err
	}
	if err := l.loadThesaurus(fsys); err != nil {
		return nil, err
	}
	l.sort()
	return l, nil
}

func (l *Library) loadCases(fsys fs.FS) error {
	files, err := decodeAll[Case](fsys, "cases/*.yaml")
	for _, f := range files {
		lines := itemLines(fsys, f.name, caseItem)
		for i := range f.items {
			f.items[i].At = place(f.name, lines, i)
		}
		l.Cases = append(l.Cases, f.items...)
	}
	return err
}

func (l *Library) loadStatutes(fsys fs.FS) error {
	files, err := decodeAll[lawFile](fsys, "statutes/*.yaml")
	for _, f := range files {
		lines, n := itemLines(fsys, f.name, articleItem), 0
		for _, g := range f.items {
			src := l.Sources[g.Law] // an unknown law is Check's to report
			for _, a := range g.Articles {
				state := g.State
				if a.State != "" {
					state = a.State
				}
				l.Statutes = append(l.Statutes, Statute{
					ID: g.Law + ":" + strconv.Itoa(a.Article), Law: g.Law, Name: src.Short(), Article: a.Article,
					Version: g.Version, Digest: strings.TrimSpace(a.Digest), Questions: a.Questions,
					Types: a.Types, Mn: a.Mn, Status: src.Status, State: state, At: place(f.name, lines, n),
				})
				n++
			}
		}
	}
	return err
}

// decoded is one file of a list.
type decoded[T any] struct {
	name  string
	items []T
}

// decodeAll reads every file that matches, several at once: strict YAML is
// the slow part of starting up. Files and the error come in order of name.
func decodeAll[T any](fsys fs.FS, pattern string) ([]decoded[T], error) {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil, fmt.Errorf("caselib: %w", err)
	}
	files := make([]decoded[T], len(names))
	errs := make([]error, len(names))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		files[i].name = name
		g.Go(func() error {
			errs[i] = loadYAML(fsys, name, &files[i].items)
			return errs[i]
		})
	}
	if g.Wait() == nil {
		return files, nil
	}
	for _, err := range errs { // the first by name, whichever failed first
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (l *Library) loadTerms(fsys fs.FS) error {
	const file = "terms.csv"
	return loadCSV(fsys, file, "id,domain,zh,zh_hant,mn_cyrl,mn_cyrl_conf,mn_mong,mn_mong_conf,latin,article,note,reviewed,also",
		func(row []string, at string) error {
			reviewed, err := strconv.ParseBool(row[11])
			if err != nil {
				return fmt.Errorf("caselib: %s: reviewed is %q: write true or false", at, row[11])
			}
			l.Terms = append(l.Terms, Term{
				ID: row[0], Domain: row[1], Zh: row[2], ZhHant: row[3],
				Mn: Mongolian{Cyrl: row[4], CyrlConf: Confidence(row[5]), Mong: row[6],
					MongConf: Confidence(row[7]), Reviewed: reviewed},
				Latin: row[8], Article: row[9], Note: row[10], Also: split(row[12]), At: at,
			})
			return nil
		})
}

func (l *Library) loadThesaurus(fsys fs.FS) error {
	return loadCSV(fsys, "thesaurus.csv", "lay,legal,types,note", func(row []string, at string) error {
		l.Thesaurus = append(l.Thesaurus, LayTerm{Lay: row[0], Legal: row[1], Types: split(row[2]), Note: row[3], At: at})
		return nil
	})
}

// split cuts a semicolon-separated cell.
func split(cell string) []string {
	var out []string
	for _, s := range strings.Split(cell, ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// loadYAML decodes one document strictly: an unknown key is an error, so a
// misspelt field cannot be lost silently.
func loadYAML(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			return nil // an empty file holds nothing
		}
		return fmt.Errorf("caselib: %s: %s", name, yamlLine(err))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("caselib: %s: more than one YAML document; keep one list per file", name)
	}
	return nil
}

var lineNo = regexp.MustCompile(`(?:yaml: )?line ([0-9]+): `)

// yamlLine turns "yaml: line 7: …" into "7: …", so that the message reads
// file:line.
func yamlLine(err error) string {
	var te *yaml.TypeError
	if errors.As(err, &te) && len(te.Errors) > 0 {
		return lineNo.ReplaceAllString(strings.Join(te.Errors, "; "), "$1: ")
	}
	return lineNo.ReplaceAllString(err.Error(), "$1: ")
}

// loadCSV reads a table with exactly the given header.
func loadCSV(fsys fs.FS, name, header string, row func(cells []string, at string) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return fmt.Errorf("caselib: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = strings.Count(header, ",") + 1
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) && !first {
			return nil
		}
		if err != nil {
			return fmt.Errorf("caselib: %s: %w", name, err)
		}
		line, _ := r.FieldPos(0)
		at := fmt.Sprintf("%s:%d", name, line)
		if first {
			if !slices.Equal(cells, strings.Split(header, ",")) {
				return fmt.Errorf("caselib: %s: header must be %s", at, header)
			}
			continue
		}
		for i := range cells {
			cells[i] = trim(cells[i])
		}
		if err := row(cells, at); err != nil {
			return err
		}
	}
}

// trim removes ASCII space only: strings.TrimSpace would eat the joiner
// U+202F that begins a Mongolian suffix.
func trim(s string) string { return strings.Trim(s, " \t\r\n") }

var (
	caseItem    = regexp.MustCompile(`^- `)
	articleItem = regexp.MustCompile(`^ *- *\{? *article:`)
)

// itemLines finds the lines on which list items begin, in order. It reads the
// text, not the YAML tree: strict decoding already happened, and this costs
// one pass over the bytes.
func itemLines(fsys fs.FS, name string, item *regexp.Regexp) []int {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil
	}
	var lines []int
	n := 0
	for line := range bytes.Lines(b) {
		n++
		if item.Match(line) {
			lines = append(lines, n)
		}
	}
	return lines
}

func place(name string, lines []int, i int) string {
	if i < len(lines) {
		return fmt.Sprintf("%s:%d", name, lines[i])
	}
	return name
}
