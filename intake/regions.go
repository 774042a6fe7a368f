package intake

import (
	"embed"
	"encoding/csv"
	"fmt"
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"
)

//go:embed data
var dataFS embed.FS

// Data is the places and demonstration offices built into the binary (data/*).
func Data() fs.FS {
	sub, err := fs.Sub(dataFS, "data")
	if err != nil { // only for an invalid path, and ours is a constant
		return dataFS
	}
	return sub
}

// Region is one administrative place of Inner Mongolia. Code has 6 digits down to the county (level 1 region,
// 2 league or city, 3 banner or county) and 12 for a sumu, town or street (level 4).
type Region struct {
	Code, Name, NameMn, Parent, Kind string
	Level                            int
}

// Regions looks places up by code and by name. Read-only after LoadRegions.
type Regions struct {
	byCode map[string]Region
	byName map[string][]string // a name or a short form of it -> codes
	names  []string            // longest first
}

// LoadRegions reads regions_150000.csv, regions_150000_townships.csv and regions_short.csv.
func LoadRegions(fsys fs.FS) (*Regions, error) {
	r := &Regions{byCode: map[string]Region{}, byName: map[string][]string{}}
	rows, err := readCSV(fsys, "regions_150000.csv", 9)
	if err != nil {
		return nil, err
	}
	for _, f := range rows {
		level, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("regions_150000.csv: level of %s: %w", f[0], err)
		}
		r.add(Region{Code: f[0], Name: f[1], NameMn: f[2], Level: level, Parent: f[4], Kind: f[5]})
	}
	rows, err = readCSV(fsys, "regions_150000_townships.csv", 5)
	if err != nil {
		return nil, err
	}
	for _, f := range rows {
		r.add(Region{Code: f[1], Name: f[2], Level: 4, Parent: f[3], Kind: f[4]})
	}
	if rows, err = readCSV(fsys, "regions_short.csv", 2); err != nil {
		return nil, err
	}
	for _, f := range rows {
		if _, ok := r.byCode[f[0]]; !ok {
			return nil, fmt.Errorf("regions_short.csv: %s: no region %s", f[1], f[0])
		}
		r.byName[f[1]] = append(r.byName[f[1]], f[0])
	}
	for name := range r.byName {
		r.names = append(r.names, name)
	}
	sort.Slice(r.names, func(i, j int) bool {
		if len(r.names[i]) != len(r.names[j]) {
			return len(r.names[i]) > len(r.names[j])
		}
		return r.names[i] < r.names[j]
	})
	return r, nil
}

func readCSV(fsys fs.FS, name string, columns int) ([][]string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("regions: %w", err)
	}
	defer f.Close()
	c := csv.NewReader(f)
	c.FieldsPerRecord = columns
	rows, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("regions: %s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("regions: %s is empty", name)
	}
	return rows[1:], nil
}

func (r *Regions) add(g Region) {
	r.byCode[g.Code] = g
	for _, name := range names(g) {
		if !slices.Contains(r.byName[name], g.Code) {
			r.byName[name] = append(r.byName[name], g.Code)
		}
	}
}

// names is how people name a place in running text: as it is written, and without its kind where that is no
// everyday word. The short forms of regions_short.csv come on top.
func names(g Region) []string {
	out := []string{g.Name}
	if g.NameMn != "" {
		out = append(out, strings.ToLower(g.NameMn))
	}
	short := ""
	switch g.Level {
	case 1:
		short = "内蒙古"
	case 2, 3:
		if g.Kind == "statistical_zone" {
			break
		}
		short = trimKind(g.Name, "市", "盟", "联合旗", "自治旗", "旗", "县")
		// The three banners named for a people keep the people's name: 达斡尔 alone is not a place.
		if strings.HasSuffix(g.Name, "自治旗") {
			short = ""
		}
	case 4:
		// Half the streets are called 幸福 or 和平: in running text only a longer short form means the place.
		short = trimKind(g.Name, "街道办事处", "街道", "苏木", "镇", "乡")
		if len([]rune(short)) < 3 {
			short = ""
		}
	}
	if len([]rune(short)) >= 2 && short != g.Name {
		out = append(out, short)
	}
	return out
}

func trimKind(name string, kinds ...string) string {
	for _, k := range kinds {
		if s, ok := strings.CutSuffix(name, k); ok {
			return s
		}
	}
	return name
}

// Region is the place with a code of 6 or 12 digits; six zeros after a county code name the county.
func (r *Regions) Region(code string) (Region, bool) {
	g, ok := r.byCode[Canonical(code)]
	return g, ok
}

// Canonical is the shortest form of a code: a county written with 12 digits loses its zeros.
func Canonical(code string) string {
	if len(code) == 12 && strings.HasSuffix(code, "000000") {
		return code[:6]
	}
	return code
}

// Parents is the places around code, from the nearest outwards, code itself not included.
func (r *Regions) Parents(code string) []string {
	var out []string
	for g, ok := r.Region(code); ok && g.Parent != ""; g, ok = r.Region(g.Parent) {
		out = append(out, g.Parent)
	}
	return out
}

// Within reports whether code is outer or lies in it.
func (r *Regions) Within(code, outer string) bool {
	return Canonical(code) == Canonical(outer) || slices.Contains(r.Parents(code), Canonical(outer))
}

// Path is the place as people write it, from the league down, "锡林郭勒盟锡林浩特市宝力根苏木".
func (r *Regions) Path(code string) string {
	g, ok := r.Region(code)
	if !ok {
		return ""
	}
	out := g.Name
	for _, p := range r.Parents(code) {
		if q, ok := r.Region(p); ok && q.Level >= 2 {
			out = q.Name + out
		}
	}
	return out
}

// Place is a place named in a text. Codes holds every place of that name when the text does not say which.
type Place struct {
	Codes      []string
	Start, End int // byte offsets
}

// Find gives the places a text names, in order, longest name first at each position. Names in one place help each
// other: of two towns of one name, the one in the county named beside it is meant.
func (r *Regions) Find(text string) []Place {
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // offsets must hold for the text as given
		lower = text
	}
	var out []Place
	taken := make([]bool, len(lower))
	for _, name := range r.names {
		for from := 0; ; {
			i := strings.Index(lower[from:], name)
			if i < 0 {
				break
			}
			start, end := from+i, from+i+len(name)
			from = end
			if slices.Contains(taken[start:end], true) {
				continue
			}
			for k := start; k < end; k++ {
				taken[k] = true
			}
			out = append(out, Place{Codes: slices.Clone(r.byName[name]), Start: start, End: end})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Start < out[j].Start })
	r.settle(out)
	return out
}

// Match resolves an answer to "which place": what Find sees, else a bare name such as 宝力根 for 宝力根苏木,
// looked for inside within when that is not empty. Several codes mean the name alone does not say which.
func (r *Regions) Match(answer, within string) []string {
	var found []string
	if code, doubt := r.Narrowest(answer); code != "" {
		found = []string{code}
	} else if len(doubt) > 0 {
		found = doubt
	} else if bare := strings.Trim(answer, " 　。，,.的在是"); len([]rune(bare)) >= 2 {
		for code, g := range r.byCode {
			if strings.HasPrefix(g.Name, bare) {
				found = append(found, code)
			}
		}
		sort.Strings(found)
	}
	if within == "" {
		return found
	}
	var inside []string
	for _, code := range found {
		if r.Within(code, within) {
			inside = append(inside, code)
		}
	}
	if len(inside) > 0 {
		return inside
	}
	return found
}

// settle narrows ambiguous places by the unambiguous ones of the same text: the reading that lies in the smallest
// of them is meant.
func (r *Regions) settle(places []Place) {
	for i := range places {
		if len(places[i].Codes) < 2 {
			continue
		}
		var within []string
		best := 0
		for _, code := range places[i].Codes {
			switch level := r.enclosed(code, i, places); {
			case level > best:
				within, best = []string{code}, level
			case level == best && level > 0:
				within = append(within, code)
			}
		}
		if len(within) > 0 {
			places[i].Codes = within
		}
	}
}

// enclosed is the level of the smallest unambiguous place other than the i-th that code lies in, 0 for none.
func (r *Regions) enclosed(code string, i int, places []Place) (level int) {
	for j := range places {
		if j == i || len(places[j].Codes) != 1 || !r.Within(code, places[j].Codes[0]) {
			continue
		}
		if g, ok := r.Region(places[j].Codes[0]); ok {
			level = max(level, g.Level)
		}
	}
	return level
}

// Narrowest is the code of the smallest place a text names without doubt, and what the doubt is about otherwise.
func (r *Regions) Narrowest(text string) (code string, doubt []string) {
	level := 0
	for _, p := range r.Find(text) {
		if len(p.Codes) > 1 {
			doubt = p.Codes
			continue
		}
		if g, ok := r.Region(p.Codes[0]); ok && g.Level >= level {
			code, level = g.Code, g.Level
		}
	}
	if code != "" && level >= 3 {
		return code, nil
	}
	return code, doubt
}
