package document

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"heshi/intake"
)

//go:embed templates clauses.yaml
var files embed.FS

// grid is the number of columns a row of a table is measured in.
const grid = 24

// template is one document as data.
type template struct {
	Kind    Kind        `yaml:"kind"`
	Code    string      `yaml:"code"`
	Title   string      `yaml:"title"`
	Words   []string    `yaml:"words"` // terms that help a Mongolian reader with the title
	For     intake.Kind `yaml:"for"`
	Version int         `yaml:"version"`
	Law     []string    `yaml:"law"`
	Number  string      `yaml:"number"` // under the title, at the right
	Shared  bool        `yaml:"shared"` // the other side receives it
	Staff   []Extra     `yaml:"staff"`
	Blocks  []block     `yaml:"blocks"`
}

// block is one piece of a document; exactly one of Para, Items, Table, List, Sign and Break, with an optional heading.
// When and Unless name a value that must be there or not. Each repeats the block for every entry of a list.
type block struct {
	When    string   `yaml:"when"`
	Unless  string   `yaml:"unless"`
	Each    string   `yaml:"each"`
	Heading string   `yaml:"heading"`
	Para    string   `yaml:"para"`
	Align   string   `yaml:"align"` // body (default), plain, center, right, small, giant
	Items   []string `yaml:"items"`
	Table   [][]cell `yaml:"table"`
	List    *list    `yaml:"list"`
	Sign    []string `yaml:"sign"`
	Break   bool     `yaml:"break"`
}

// cell is a label with a value beside it. Width counts the columns of both; Label's own are LabelWidth (4). Term is the
// word of the label in the table of terms, where that is another.
type cell struct {
	Label      string `yaml:"l"`
	Value      string `yaml:"v"`
	Width      int    `yaml:"w"`
	LabelWidth int    `yaml:"lw"`
	Lines      int    `yaml:"lines"` // least height
	Term       string `yaml:"term"`
}

func (c cell) labelWidth() int {
	switch {
	case c.Label == "":
		return 0
	case c.LabelWidth > 0:
		return c.LabelWidth
	}
	return 4
}

// list is a table with one row for every entry of a list, and at least Blank rows. Default stands in for an empty list.
type list struct {
	Of      string              `yaml:"of"`
	Columns []cell              `yaml:"columns"`
	Blank   int                 `yaml:"blank"`
	Default []map[string]string `yaml:"default"`
}

// templates reads every template built into the binary. It is read anew on each call: there is no state to share, and
// a few thousand bytes of YAML cost less than the zip file that is written from them.
func templates() (map[Kind]*template, error) {
	names, err := fs.Glob(files, "templates/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplates, err)
	}
	out := map[Kind]*template{}
	for _, name := range names {
		t, err := readTemplate(name)
		if err != nil {
			return nil, err
		}
		if out[t.Kind] != nil {
			return nil, fmt.Errorf("%w: %s: kind %s is there twice", ErrTemplates, name, t.Kind)
		}
		out[t.Kind] = t
	}
	return out, nil
}

func readTemplate(name string) (*template, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplates, err)
	}
	var t template
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(&t); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrTemplates, path.Base(name), err)
	}
	return &t, nil
}

// Kinds is every document that can be rendered, in the order they come up in the life of a matter.
func Kinds() []Kind { return order() }

// Describe tells what a document is and what staff may supply for it.
func Describe(kind Kind) (About, error) {
	all, err := templates()
	if err != nil {
		return About{}, err
	}
	t := all[kind]
	if t == nil {
		return About{}, fmt.Errorf("%w: %q", ErrKind, kind)
	}
	return About{Kind: t.Kind, Code: t.Code, Title: t.Title, For: t.For, Version: t.Version, Law: t.Law, Staff: t.Staff}, nil
}
