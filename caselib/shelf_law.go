package caselib

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// LawText is the text of a law in one version, as one file gave it. A code
// split over several files has one LawText for each part.
type LawText struct {
	Key       string       `json:"key"` // in sources.yaml, or made from the name
	Name      string       `json:"name"`
	Part      string       `json:"part,omitempty"`      // 总则, of a law in several files
	Category  string       `json:"category,omitempty"`  // the folder it lay in
	Version   string       `json:"version"`             // YYYY-MM-DD
	Effective string       `json:"effective,omitempty"` // YYYY-MM-DD; unknown if empty
	File      string       `json:"file"`                // relative to the imported folder
	Notes     []string     `json:"notes,omitempty"`     // who passed and amended it, when
	Preamble  string       `json:"preamble,omitempty"`
	Articles  []LawArticle `json:"articles"`
	Hash      string       `json:"hash"` // of the file
	At        time.Time    `json:"at"`   // when it was imported
	Edition   int          `json:"-"`    // 2 if the file was corrected once
}

// LawArticle is one article. Number 0 holds the text of a law without articles.
type LawArticle struct {
	Number int    `json:"n"`
	Sub    int    `json:"sub,omitempty"`
	Path   string `json:"path,omitempty"` // 第三章 调解 / 第一节 …
	Text   string `json:"text"`
}

// ID names the law, the version and the part.
func (l LawText) ID() string {
	id := l.Key + "@" + l.Version
	if l.Part != "" {
		id += "#" + l.Part
	}
	return id
}

// PutLaw stores the text of one file. It reports whether anything was stored:
// a text the shelf has already is left alone.
func (s *Shelf) PutLaw(ctx context.Context, l LawText) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if id := l.ID(); strings.ContainsAny(id, "\"\\\n\r\t") {
		return false, fmt.Errorf("caselib: %s: the name of a law may not contain quotes or line breaks", l.File)
	}
	row, err := json.Marshal(l)
	if err != nil {
		return false, fmt.Errorf("caselib: %w", err)
	}
	d, ok := parseDigest([]byte(l.Hash))
	if !ok {
		return false, fmt.Errorf("caselib: %s: hash %q is not 32 hexadecimal digits", l.File, l.Hash)
	}
	stored := false
	return stored, s.write(func() error {
		version := int32(1)
		if at, ok := s.laws.head[l.ID()]; ok {
			old := s.laws.slots[at]
			row, err := s.laws.row(old)
			if err != nil {
				return err
			}
			var was LawText
			if err := json.Unmarshal(row, &was); err != nil {
				return fmt.Errorf("%w: %s: %w", ErrCorrupt, old.id, err)
			}
			if was.Hash == l.Hash && was.Key == l.Key {
				return nil
			}
			version = old.version + 1
		}
		stored = true
		return s.laws.append([]pending{{slot: slot{id: l.ID(), version: version}, hash: d, row: row}})
	})
}

// Laws reads every law text on the shelf, in its last edition, by key, version and part.
func (s *Shelf) Laws(ctx context.Context) ([]LawText, error) {
	s.mu.RLock()
	v := s.laws.view()
	s.mu.RUnlock()
	var out []LawText
	err := v.each(ctx, func(sl slot, row []byte) error {
		var l LawText
		if err := json.Unmarshal(row, &l); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrCorrupt, sl.id, err)
		}
		l.Edition = int(sl.version)
		out = append(out, l)
		return nil
	})
	slices.SortFunc(out, func(a, b LawText) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Version, b.Version), cmp.Compare(firstArticle(a), firstArticle(b)), cmp.Compare(a.Part, b.Part))
	})
	return out, err
}

func firstArticle(l LawText) int {
	if len(l.Articles) == 0 {
		return 0
	}
	return l.Articles[0].Number
}

// LawVersion is one version of a law on the shelf.
type LawVersion struct {
	Key, Name, Version, Effective string
	Until                         string // the day the next version on the shelf took its place; "" while none has
	Parts                         []LawText
}

// Versions groups law texts by law and version, oldest first.
func Versions(texts []LawText) map[string][]LawVersion {
	out := map[string][]LawVersion{}
	for _, t := range texts {
		vs := out[t.Key]
		i := slices.IndexFunc(vs, func(v LawVersion) bool { return v.Version == t.Version })
		if i < 0 {
			vs = append(vs, LawVersion{Key: t.Key, Name: t.Name, Version: t.Version})
			i = len(vs) - 1
		}
		if vs[i].Effective == "" {
			vs[i].Effective = t.Effective
		}
		vs[i].Parts = append(vs[i].Parts, t)
		out[t.Key] = vs
	}
	for _, vs := range out {
		slices.SortFunc(vs, func(a, b LawVersion) int { return cmp.Compare(a.Version, b.Version) })
		for i := range vs[:len(vs)-1] {
			vs[i].Until = cmp.Or(vs[i+1].Effective, vs[i+1].Version)
		}
	}
	return out
}
