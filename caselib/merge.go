package caselib

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// Merge is what comes with the program together with what the operator has
// put on the shelf: cases that went all the way to publication, and the text
// of laws in the version in force today.
//
// A version newer than the one of sources.yaml takes its place: the digests
// read in the old version leave the library until somebody reads the article
// again, and the imported text stands in for them. An older version, or one
// that is not in force yet, stays on the shelf.
func Merge(ctx context.Context, embedded *Library, s *Shelf, today time.Time) (*Library, error) {
	var cases []Case
	for r, err := range s.Cases(ctx) {
		if err != nil {
			return nil, err
		}
		if r.Approved() {
			cases = append(cases, r.Case)
		}
	}
	texts, err := s.Laws(ctx)
	if err != nil {
		return nil, err
	}
	return embedded.with(cases, texts, today), nil
}

// with is the library and beside it the approved cases and the laws in force.
func (l *Library) with(cases []Case, texts []LawText, today time.Time) *Library {
	out := &Library{
		Cases: slices.Concat(l.Cases, cases), Statutes: slices.Clone(l.Statutes), Terms: slices.Clone(l.Terms),
		Thesaurus: slices.Clone(l.Thesaurus), Taxonomy: l.Taxonomy, Sources: maps.Clone(l.Sources), Places: l.Places,
	}
	versions := Versions(texts)
	day := today.Format(time.DateOnly)
	for _, key := range slices.Sorted(maps.Keys(versions)) {
		if v, ok := current(versions[key], day); ok {
			out.takeLaw(v)
		}
	}
	out.sort()
	return out
}

// current is the version in force on a day.
func current(vs []LawVersion, day string) (LawVersion, bool) {
	for _, v := range slices.Backward(vs) {
		if cmp.Or(v.Effective, v.Version) <= day {
			return v, true
		}
	}
	return LawVersion{}, false
}

// takeLaw puts the text of a law in force into the library.
func (l *Library) takeLaw(v LawVersion) {
	src, known := l.Sources[v.Key]
	if known && src.Date > v.Version {
		return // sources.yaml knows a newer version than the shelf
	}
	if !known {
		src = Source{Key: v.Key, Name: v.Name}
	}
	top := 0
	for _, p := range v.Parts {
		for _, a := range p.Articles {
			top = max(top, a.Number)
		}
	}
	if !known || src.Date != v.Version || !src.Citable() {
		src.Date, src.Eff, src.Status, src.MaxArt = v.Version, v.Effective, "secondary", top
		l.Statutes = slices.DeleteFunc(l.Statutes, func(s Statute) bool { return s.Law == v.Key && s.Version != v.Version })
	}
	l.Sources[v.Key] = src
	at := map[string]int{}
	for i, s := range l.Statutes {
		if s.Law == v.Key {
			at[s.ID] = i
		}
	}
	for _, p := range v.Parts {
		for _, a := range p.Articles {
			id := Key{Law: v.Key, Article: a.Number, Sub: a.Sub}.ID()
			if i, ok := at[id]; ok {
				l.Statutes[i].Text, l.Statutes[i].Path = a.Text, a.Path
				continue
			}
			l.Statutes = append(l.Statutes, Statute{
				ID: id, Law: v.Key, Name: src.Short(), Article: a.Number, Sub: a.Sub, Version: v.Version,
				Text: a.Text, Path: a.Path, Status: src.Status, State: PublishedState, At: p.File,
			})
		}
	}
}
