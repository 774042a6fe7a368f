package intake

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

//go:embed forms
var formsFS embed.FS

// Embedded is the forms built into the binary.
func Embedded() fs.FS {
	sub, err := fs.Sub(formsFS, "forms")
	if err != nil { // only for an invalid path, and ours is a constant
		return formsFS
	}
	return sub
}

// ErrBook wraps every reason for which a folder of forms cannot be loaded.
var ErrBook = errors.New("forms")

// Book is all forms, with what is needed to ask them. Read-only after LoadBook and safe for concurrent use.
type Book struct {
	forms    map[string]map[int]*Form // code -> version
	latest   map[string]int
	byID     map[string]*Field // of the latest versions
	flows    map[string]*Flow
	types    map[string]TypeInfo
	vars     map[string]expr
	varText  map[string]string
	words    lexicon
	regions  *Regions
	problems []Problem // found while compiling, reported by Lint
}

// LoadBook reads *.yaml of fsys: flows.yaml, types.yaml and words.yaml, and one form in every other file. Several
// versions of a form may lie side by side; a session keeps the one it started with. Malformed YAML is an error; a
// malformed condition is a problem for Lint and counts as true.
func LoadBook(fsys fs.FS) (*Book, error) {
	b := &Book{
		forms: map[string]map[int]*Form{}, latest: map[string]int{}, byID: map[string]*Field{},
		flows: map[string]*Flow{}, vars: map[string]expr{},
	}
	var err error
	if b.regions, err = LoadRegions(Data()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	var flows struct {
		Flows []*Flow           `yaml:"flows"`
		Vars  map[string]string `yaml:"vars"`
	}
	for name, into := range map[string]any{"flows.yaml": &flows, "types.yaml": &b.types, "words.yaml": &b.words} {
		if err := readYAML(fsys, name, into); err != nil {
			return nil, err
		}
	}
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	for _, name := range files {
		switch path.Base(name) {
		case "flows.yaml", "types.yaml", "words.yaml":
			continue
		}
		f := &Form{}
		if err := readYAML(fsys, name, f); err != nil {
			return nil, err
		}
		if err := b.add(name, f); err != nil {
			return nil, err
		}
	}
	for _, flow := range flows.Flows {
		b.flows[flow.Code] = flow
		for _, code := range flow.Forms {
			if b.forms[code] == nil {
				return nil, fmt.Errorf("%w: flows.yaml: %s needs form %s, which is not there", ErrBook, flow.Code, code)
			}
		}
	}
	for _, code := range []string{Mediation, LegalAid} {
		if b.flows[code] == nil {
			return nil, fmt.Errorf("%w: flows.yaml has no flow %s", ErrBook, code)
		}
	}
	b.varText = flows.Vars
	b.compile()
	if circle := b.circle(); len(circle) > 0 {
		return nil, fmt.Errorf("%w: conditions go in a circle: %s", ErrBook, strings.Join(circle, " → "))
	}
	return b, nil
}

func readYAML(fsys fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBook, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %s: %w", ErrBook, name, err)
	}
	return nil
}

func (b *Book) add(name string, f *Form) error {
	if f.Code == "" || f.Version < 1 {
		return fmt.Errorf("%w: %s: a form needs a code and a version from 1", ErrBook, name)
	}
	if b.forms[f.Code] == nil {
		b.forms[f.Code] = map[int]*Form{}
	}
	if _, twice := b.forms[f.Code][f.Version]; twice {
		return fmt.Errorf("%w: %s: %s version %d is there already", ErrBook, name, f.Code, f.Version)
	}
	b.forms[f.Code][f.Version] = f
	b.latest[f.Code] = max(b.latest[f.Code], f.Version)
	return nil
}

// compile parses every condition and gathers the fields of the latest versions.
func (b *Book) compile() {
	for _, code := range sortedKeys(b.forms) {
		for _, f := range b.forms[code][b.latest[code]].Fields {
			if _, twice := b.byID[f.ID]; twice {
				b.problem(code+"."+f.ID, "the id is used by another field", "give it an id of its own")
				continue
			}
			b.byID[f.ID] = f
		}
	}
	for _, name := range sortedKeys(b.varText) {
		b.vars[name] = b.parse("vars."+name, b.varText[name])
	}
	for _, code := range sortedKeys(b.forms) {
		for _, form := range b.forms[code] {
			form.showIf = b.parse(code, form.ShowIf)
			for _, f := range form.Fields {
				where := code + "." + f.ID
				f.form = form
				f.showIf = b.parse(where+" show_if", f.ShowIf)
				f.askIf = b.parse(where+" ask_if", f.AskIf)
				for i := range f.Derive {
					f.Derive[i].when = b.parse(where+" derive", f.Derive[i].When)
				}
			}
		}
	}
	sort.Slice(b.problems, func(i, j int) bool { return b.problems[i].Where < b.problems[j].Where })
}

func (b *Book) problem(where, what, fix string) {
	b.problems = append(b.problems, Problem{where, what, fix})
}

// parse compiles a condition; an empty one is nil, a malformed one is noted and nil.
func (b *Book) parse(where, text string) expr {
	if text == "" {
		return nil
	}
	e, err := parseExpr(text)
	if err != nil {
		b.problem(where, err.Error(), "see the grammar in expr.go")
		return nil
	}
	for _, what := range e.check(b) {
		b.problem(where, what, "use the id of a field, one of its options, or a name of vars in flows.yaml")
	}
	return e
}

// Regions is the places the book knows.
func (b *Book) Regions() *Regions { return b.regions }

// TypeName is the name of a dispute type or subtype.
func (b *Book) TypeName(code string) string {
	if t, ok := b.types[code]; ok {
		return t.Name
	}
	return ""
}

// Forms is the codes of all forms, sorted.
func (b *Book) Forms() []string { return sortedKeys(b.forms) }

// modules is the modules that the dispute types of a session call for, in the order of the types file.
func (b *Book) modules(types []string) []string {
	var out []string
	for _, code := range types {
		t, ok := b.types[code]
		if !ok {
			continue
		}
		for _, m := range t.Modules {
			if b.forms[m] != nil && !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}
