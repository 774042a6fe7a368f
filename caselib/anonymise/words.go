package anonymise

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"unicode"

	"gopkg.in/yaml.v3"
)

//go:embed words.yaml
var wordsYAML []byte

type wordFile struct {
	Version       int               `yaml:"version"`
	Surnames      string            `yaml:"surnames"`
	Compound      []string          `yaml:"compound_surnames"`
	Given         string            `yaml:"given"`
	NotGiven      string            `yaml:"not_given"`
	Mongolian     []string          `yaml:"mongolian_names"`
	NotMongolian  []string          `yaml:"not_mongolian_names"`
	Roles         []string          `yaml:"roles"`
	Addresses     []string          `yaml:"addresses"`
	Before        []string          `yaml:"before"`
	After         []string          `yaml:"after"`
	NotNames      []string          `yaml:"not_names"`
	Prefectures   []string          `yaml:"prefectures"`
	Counties      []string          `yaml:"counties"`
	CountiesShort []string          `yaml:"counties_short"`
	Provinces     []string          `yaml:"provinces"`
	Places        []ending          `yaml:"places"`
	BarePlaces    []string          `yaml:"bare_places"`
	PlaceStops    string            `yaml:"place_stops"`
	PlaceSoft     string            `yaml:"place_soft"`
	PlaceStarts   []string          `yaml:"place_starts"`
	Orgs          []string          `yaml:"organisations"`
	OrgKeep       map[string]string `yaml:"organisation_keep"`
	OrgStops      string            `yaml:"organisation_stops"`
	OrgStarts     []string          `yaml:"organisation_starts"`
	BareOrgs      []string          `yaml:"bare_organisations"`
	PublicOrgs    []string          `yaml:"public_organisations"`
	Rare          []string          `yaml:"rare"`
	Bands         []int64           `yaml:"bands"`
}

type ending struct {
	End  string `yaml:"end"`
	Keep string `yaml:"keep"`
}

// Anonymiser holds the words. It is safe for concurrent use.
type Anonymiser struct {
	w                                                       wordFile
	surname, given, notGiven, placeStop, placeSoft, orgStop map[rune]bool
	compound, mongolian, notMongolian, roles                phrases
	addresses, before, after, notNames                      phrases
	prefectures, counties, provinces, placeEnds             phrases
	barePlaces, placeStarts, orgEnds, orgStarts             phrases
	bareOrgs, publicOrgs, rare                              phrases
	placeKeep                                               map[string]string
}

// New reads the words.
func New() (*Anonymiser, error) {
	a := &Anonymiser{placeKeep: map[string]string{}}
	dec := yaml.NewDecoder(bytes.NewReader(wordsYAML))
	dec.KnownFields(true)
	if err := dec.Decode(&a.w); err != nil {
		return nil, fmt.Errorf("anonymise: words.yaml: %w", err)
	}
	w := &a.w
	a.surname, a.given, a.notGiven = set(w.Surnames), set(w.Given), set(w.NotGiven)
	a.placeStop, a.placeSoft, a.orgStop = set(w.PlaceStops), set(w.PlaceSoft), set(w.OrgStops)
	a.compound, a.mongolian, a.notMongolian, a.roles = list(w.Compound), list(w.Mongolian), list(w.NotMongolian), list(w.Roles)
	a.addresses, a.before, a.after, a.notNames = list(w.Addresses), list(w.Before), list(w.After), list(w.NotNames)
	a.prefectures, a.counties, a.provinces = list(w.Prefectures), list(append(w.Counties, w.CountiesShort...)), list(w.Provinces)
	a.barePlaces, a.placeStarts = list(w.BarePlaces), list(append(w.PlaceStarts, w.Roles...))
	a.orgEnds, a.orgStarts, a.bareOrgs, a.publicOrgs, a.rare = list(w.Orgs), list(append(w.OrgStarts, w.Roles...)), list(w.BareOrgs), list(w.PublicOrgs), list(w.Rare)
	var ends []string
	for _, p := range w.Places {
		ends = append(ends, p.End)
		a.placeKeep[p.End] = p.Keep
	}
	a.placeEnds = list(ends)
	return a, nil
}

func set(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}

// phrases finds words at a place in a text, the longest first.
type phrases struct {
	first, last map[rune][][]rune
	all         map[string]bool
}

func list(words []string) phrases {
	p := phrases{map[rune][][]rune{}, map[rune][][]rune{}, map[string]bool{}}
	for _, w := range words {
		r := []rune(w)
		if len(r) == 0 || p.all[w] {
			continue
		}
		p.all[w] = true
		p.first[r[0]] = append(p.first[r[0]], r)
		p.last[r[len(r)-1]] = append(p.last[r[len(r)-1]], r)
	}
	for _, m := range []map[rune][][]rune{p.first, p.last} {
		for k := range m {
			slices.SortStableFunc(m[k], func(a, b []rune) int { return len(b) - len(a) })
		}
	}
	return p
}

// at gives the length of the longest word at i, 0 for none.
func (p phrases) at(r []rune, i int) int {
	if i < 0 || i >= len(r) {
		return 0
	}
	for _, w := range p.first[r[i]] {
		if i+len(w) <= len(r) && slices.Equal(r[i:i+len(w)], w) {
			return len(w)
		}
	}
	return 0
}

// before gives the length of the longest word that ends before i.
func (p phrases) ending(r []rune, i int) int {
	if i <= 0 || i > len(r) {
		return 0
	}
	for _, w := range p.last[r[i-1]] {
		if i-len(w) >= 0 && slices.Equal(r[i-len(w):i], w) {
			return len(w)
		}
	}
	return 0
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) && r != '〇' }
