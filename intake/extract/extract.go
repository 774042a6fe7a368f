package extract

import (
	"fmt"
	"sort"
	"time"

	"heshi/intake"
)

// Extractor finds values. Read-only after New and safe for concurrent use.
type Extractor struct {
	regions *intake.Regions
	lunar   calendar
	lex     *lexicon
}

// New makes an Extractor that knows the given places.
func New(regions *intake.Regions) (*Extractor, error) {
	lunar, err := loadLunar(dataFS, "data/lunar.csv")
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	lex, err := loadLexicon(dataFS, "data/words.yaml")
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	return &Extractor{regions: regions, lunar: lunar, lex: lex}, nil
}

// found is a value with runes [start, end) and a rank: where two overlap the lower rank stays, then the longer.
type found struct {
	kind, value string
	start, end  int
	rank        int
}

// The ranks of kinds, the surest first.
const (
	rankID = iota
	rankPhone
	rankPlate
	rankMoney
	rankDate
	rankCount
	rankOrg
	rankRegion
	rankPerson
)

// Values returns what text says, in order. now is the time of writing, in the writer's zone: it decides what 昨天
// and 去年 mean. Start and End are byte offsets into text.
func (x *Extractor) Values(text string, now time.Time) []intake.Value {
	s := newScript(text)
	var all []found
	all = x.identifiers(s, now, all)
	all = x.dates(s, now, all)
	all = x.money(s, all)
	all = x.counts(s, all)
	all = x.places(s, text, all)
	all = x.organisations(s, all)
	all = x.persons(s, all)
	var out []intake.Value
	for _, f := range settle(all, len(s.r)) {
		a, b := s.off[f.start], s.off[f.end]
		out = append(out, intake.Value{Kind: f.kind, Text: text[a:b], Value: f.value, Start: a, End: b})
	}
	return out
}

// settle keeps the surest of overlapping values, then the longest.
func settle(all []found, n int) []found {
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.rank != b.rank {
			return a.rank < b.rank
		}
		if la, lb := a.end-a.start, b.end-b.start; la != lb {
			return la > lb
		}
		return a.start < b.start
	})
	taken := make([]bool, n)
	inOrg := make([]bool, n) // a place may be part of an organisation's name
	kept := all[:0:0]
next:
	for _, f := range all {
		for i := f.start; i < f.end; i++ {
			if taken[i] || inOrg[i] && f.kind != intake.KindRegion {
				continue next
			}
		}
		for i := f.start; i < f.end; i++ {
			taken[i] = f.kind != intake.KindOrg
			inOrg[i] = inOrg[i] || !taken[i]
		}
		kept = append(kept, f)
	}
	sort.Slice(kept, func(i, j int) bool { return kept[i].start < kept[j].start })
	return kept
}
