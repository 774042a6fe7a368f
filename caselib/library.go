package caselib

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// ErrNoArticle is returned for an article key that names no known source or a
// number beyond the source's last article.
var ErrNoArticle = errors.New("caselib: no such article")

// Library is everything heshi knows by heart. It is read-only after Load.
type Library struct {
	Cases     []Case            // by id
	Statutes  []Statute         // by law and article
	Terms     []Term            // by id
	Thesaurus []LayTerm         // by lay word
	Taxonomy  *Taxonomy         // never nil after Load
	Sources   map[string]Source // by key
	Places    []string          // regions a case may name

	once sync.Once
	idx  index
}

// index answers lookups without a scan; it is derived from the fields above.
type index struct {
	cases, statutes map[string]int
	forms           map[string][]int
}

func (l *Library) index() *index {
	l.once.Do(func() {
		l.idx = index{cases: map[string]int{}, statutes: map[string]int{}, forms: map[string][]int{}}
		for i, c := range l.Cases {
			l.idx.cases[c.ID] = i
		}
		for i, s := range l.Statutes {
			l.idx.statutes[s.ID] = i
		}
		for i, t := range l.Terms {
			for _, f := range t.Forms() {
				k := formKey(f)
				if at := l.idx.forms[k]; len(at) == 0 || at[len(at)-1] != i {
					l.idx.forms[k] = append(at, i)
				}
			}
		}
	})
	return &l.idx
}

// Case finds a case by id.
func (l *Library) Case(id string) (Case, bool) {
	i, ok := l.index().cases[id]
	if !ok {
		return Case{}, false
	}
	return l.Cases[i], true
}

// Statute finds the digest of an article by its key; "LAL:31(5)" finds LAL:31.
func (l *Library) Statute(id string) (Statute, bool) {
	if k, err := ParseKey(id); err == nil {
		id = k.ID()
	}
	i, ok := l.index().statutes[id]
	if !ok {
		return Statute{}, false
	}
	return l.Statutes[i], true
}

// Article finds the source of an article key and its parsed form. The article
// need not have a digest. Errors wrap ErrNoArticle.
func (l *Library) Article(key string) (Source, Key, error) {
	k, err := ParseKey(key)
	if err != nil {
		return Source{}, Key{}, fmt.Errorf("%w: %w", ErrNoArticle, err)
	}
	s, ok := l.Sources[k.Law]
	if !ok {
		return Source{}, k, fmt.Errorf("%w: %s: no source %q in sources.yaml", ErrNoArticle, key, k.Law)
	}
	if s.MaxArt > 0 && k.Article > s.MaxArt {
		return s, k, fmt.Errorf("%w: %s: %s has %d articles", ErrNoArticle, key, s.Short(), s.MaxArt)
	}
	return s, k, nil
}

// Cite names an article by key: 《民法典》第一千零七十六条（2020-05-28）.
func (l *Library) Cite(key string) (string, error) {
	s, k, err := l.Article(key)
	if err != nil {
		return "", err
	}
	return cite(s.Short(), k, s.Date), nil
}

// FindTerm finds the terms written exactly like form, in any language or
// script, spaces and Mongolian format controls aside. Homographs give several.
func (l *Library) FindTerm(form string) []Term {
	var terms []Term
	for _, i := range l.index().forms[formKey(form)] {
		terms = append(terms, l.Terms[i])
	}
	return terms
}

// TermTable is the table of terms by Chinese form, for translation. The first
// term wins where two share a form.
func (l *Library) TermTable() map[string]Term {
	table := map[string]Term{}
	for _, t := range l.Terms {
		for _, zh := range strings.Split(t.Zh, "／") {
			if _, ok := table[zh]; !ok {
				table[zh] = t
			}
		}
	}
	return table
}

// Published is the part of the library a citizen may be shown, and the only
// thing retrieval ever sees: published cases; published digests of citable
// sources read in the version now in force; terms without the low-confidence
// Mongolian nobody has reviewed.
func (l *Library) Published() *Library {
	p := &Library{Taxonomy: l.Taxonomy, Sources: l.Sources, Thesaurus: l.Thesaurus, Places: l.Places}
	for _, c := range l.Cases {
		if c.State != PublishedState {
			continue
		}
		c.Title.Mn, c.Summary.Mn = c.Title.Mn.usable(), c.Summary.Mn.usable()
		p.Cases = append(p.Cases, c)
	}
	for _, s := range l.Statutes {
		src := l.Sources[s.Law]
		if s.State != PublishedState || !src.Citable() || s.Version != src.Date {
			continue
		}
		s.Mn = s.Mn.usable()
		p.Statutes = append(p.Statutes, s)
	}
	for _, t := range l.Terms {
		t.Mn = t.Mn.usable()
		p.Terms = append(p.Terms, t)
	}
	return p
}

// Hash identifies the content of the library: equal content, equal hash,
// whatever file or order it was read in.
func (l *Library) Hash() string {
	h := sha256.New()
	part := func(name string, items []string) {
		slices.Sort(items)
		for _, it := range append([]string{name}, items...) {
			var n [8]byte
			binary.BigEndian.PutUint64(n[:], uint64(len(it)))
			h.Write(n[:])
			h.Write([]byte(it))
		}
	}
	part("cases", encoded(l.Cases))
	part("statutes", encoded(l.Statutes))
	part("terms", encoded(l.Terms))
	part("thesaurus", encoded(l.Thesaurus))
	part("taxonomy", encoded([]*Taxonomy{l.Taxonomy}))
	part("sources", encoded(slices.Collect(maps.Values(l.Sources))))
	return hex.EncodeToString(h.Sum(nil))
}

func encoded[T any](items []T) []string {
	out := make([]string, len(items))
	for i, it := range items {
		b, err := json.Marshal(it)
		if err != nil { // plain data always encodes; keep the hash content-dependent all the same
			b = fmt.Appendf(nil, "%+v", it)
		}
		out[i] = string(b)
	}
	return out
}

// sort puts everything in its documented order.
func (l *Library) sort() {
	slices.SortStableFunc(l.Cases, func(a, b Case) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(l.Statutes, func(a, b Statute) int {
		return cmp.Or(cmp.Compare(a.Law, b.Law), cmp.Compare(a.Article, b.Article), cmp.Compare(a.Sub, b.Sub))
	})
	slices.SortStableFunc(l.Terms, func(a, b Term) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(l.Thesaurus, func(a, b LayTerm) int {
		return cmp.Or(cmp.Compare(a.Lay, b.Lay), cmp.Compare(a.Legal, b.Legal))
	})
}

// Counts is what `heshi caselib check` prints.
type Counts struct {
	Cases    int `json:"cases"`    // published
	Statutes int `json:"statutes"` // published
	Terms    int `json:"terms"`
	Errors   int `json:"errors"` // problems in the whole library, published or not
}

// Report counts what is published and what is wrong.
func Report(l *Library) Counts {
	p := l.Published()
	return Counts{len(p.Cases), len(p.Statutes), len(p.Terms), len(l.Check())}
}
