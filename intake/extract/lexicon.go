package extract

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

//go:embed data
var dataFS embed.FS

// lexicon is data/words.yaml.
type lexicon struct {
	Version     int                  `yaml:"version"`
	Money       string               `yaml:"money"`       // characters that speak of money
	MoneyNouns  []string             `yaml:"money_nouns"` // what a sum before them is for: 3600的押金
	MoneyMn     []string             `yaml:"money_mn"`    // stems
	AskWords    []string             `yaml:"ask_words"`   // of questions, that say nothing about the answer's place
	SameWords   [][]string           `yaml:"same_words"`  // of questions and of answers
	Answers     map[string][]float64 `yaml:"answers"`     // how much each sign weighs, by kind; see answer.go
	Sums        [][]string           `yaml:"sums"`        // what sums are for, same things together
	TotalWords  []string             `yaml:"total_words"` // before a sum of others
	AllWords    []string             `yaml:"all_words"`   // in a sentence about everything
	FineWords   []string             `yaml:"fine_words"`  // of punishment
	NotLost     []string             `yaml:"not_lost"`    // before what was shared out, given back or paid
	Sold        []string             `yaml:"sold"`        // before what was got or paid for a thing
	SoldAfter   []string             `yaml:"sold_after"`  // the same, behind the sum
	Moved       []string             `yaml:"moved"`       // before money only taken out or passed on
	Spoken      []string             `yaml:"spoken"`      // before what was only asked, promised or pretended
	Foreign     []string             `yaml:"foreign"`     // money that is not yuan
	Shared      []string             `yaml:"shared"`      // around what was shared out
	Valued      []string             `yaml:"valued"`      // before what a thing is worth
	LaterWords  []string             `yaml:"later_words"` // begin a sentence about what came after
	ProofWords  []string             `yaml:"proof_words"` // in the head of a part that only proves
	Tellings    []string             `yaml:"tellings"`    // begin a telling of all the facts
	Apiece      []string             `yaml:"apiece"`      // before the price of one
	AsideWords  []string             `yaml:"aside_words"` // begin a part about something else
	Surnames    string               `yaml:"surnames"`
	Compound    []string             `yaml:"compound_surnames"`
	Given       string               `yaml:"given"` // characters common in given names
	NotGiven    string               `yaml:"not_given"`
	Mongolian   []string             `yaml:"mongolian_names"` // parts of Mongolian names written in Chinese
	NotNames    []string             `yaml:"not_names"`
	Relations   []string             `yaml:"relations"`
	RelationMn  []string             `yaml:"relations_mn"`
	Titles      []string             `yaml:"titles"`     // stand before a name: 包工头李强
	Addresses   []string             `yaml:"addresses"`  // stand after a surname: 王总
	Before      []string             `yaml:"before"`     // words after which a name begins
	After       []string             `yaml:"after"`      // words before which a name ends
	OrgEnds     []string             `yaml:"org_ends"`   // 有限公司 合作社 …
	OrgStops    string               `yaml:"org_stops"`  // characters no name of an organisation contains
	OrgStarts   []string             `yaml:"org_starts"` // words cut off its front
	OrgBare     []string             `yaml:"org_bare"`   // not names by themselves
	DateStart   string               `yaml:"date_start"` // characters a date can begin with
	Hotlines    []string             `yaml:"hotlines"`   // never a sum
	Places      map[string]string    `yaml:"places"`     // short names of districts
	Livestock   []string             `yaml:"livestock"`
	LivestockMn []string             `yaml:"livestock_mn"`

	money, surname, given, notGiven, orgStop, dateStart map[rune]bool

	compound, mongolian, relations, relationMn, addresses, after, orgEnds, orgStarts, livestock, livestockMn, places phrases
	notNames                                                                                                         phrases
	sums, sumsEnd                                                                                                    []phrases
	titles, before, kin                                                                                              phrases // by their last character
}

func loadLexicon(fsys fs.FS, name string) (*lexicon, error) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	l := &lexicon{}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(l); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	l.money, l.surname, l.given = set(l.Money), set(l.Surnames), set(l.Given)
	l.notGiven, l.orgStop = set(l.NotGiven), set(l.OrgStops)
	l.dateStart = set(l.DateStart)
	for to, from := range map[*phrases][]string{
		&l.compound: l.Compound, &l.mongolian: l.Mongolian, &l.relations: l.Relations, &l.relationMn: l.RelationMn, &l.addresses: l.Addresses,
		&l.after: l.After, &l.orgEnds: l.OrgEnds, &l.orgStarts: l.OrgStarts, &l.livestock: l.Livestock, &l.livestockMn: l.LivestockMn,
		&l.places: slices.Collect(maps.Keys(l.Places)),
	} {
		*to = newPhrases(from, false)
	}
	for kind, w := range l.Answers {
		if len(w) != signs {
			return nil, fmt.Errorf("%s: answers: %s: %d weights for %d signs", name, kind, len(w), signs)
		}
	}
	for _, same := range l.Sums {
		l.sums, l.sumsEnd = append(l.sums, newPhrases(same, false)), append(l.sumsEnd, newPhrases(same, true))
	}
	l.notNames = newPhrases(l.NotNames, false)
	l.kin = newPhrases(append(slices.Clone(l.Relations), "妹夫", "姐夫", "嫂子", "弟媳", "姑父", "姨夫", "舅妈", "堂姐", "表姐", "表妹"), true)
	l.titles, l.before = newPhrases(l.Titles, true), newPhrases(l.Before, true)
	return l, nil
}

func set(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		if r != ' ' && r != '\n' {
			m[r] = true
		}
	}
	return m
}
