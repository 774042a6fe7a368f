package caselib

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrUnfit is a case that may not be published as it is; Unfit lists why.
var ErrUnfit = errors.New("caselib: not fit to be published")

// Unfit is the error of a publication that was refused.
type Unfit struct{ Problems []Problem }

// Error lists the problems, one a line. Nothing of a case's text is quoted.
func (u *Unfit) Error() string {
	var b strings.Builder
	b.WriteString(ErrUnfit.Error())
	for _, p := range u.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// Unwrap makes errors.Is(err, ErrUnfit) true.
func (u *Unfit) Unwrap() error { return ErrUnfit }

// Decision is what one person decides about some cases at one time. Cases that
// are only fit to be published together, because fewer could be recognised,
// go in one decision.
type Decision struct {
	IDs  []string
	To   State
	By   string
	Note string
	At   time.Time
	// Texts replaces the text of a case as it takes the step: the anonymised
	// text, a corrected translation. Only steps to Anonymised may carry one.
	Texts map[string]Case
}

// Review takes all cases of a decision one step further, or none of them. The
// rules are Record.To's; what is published must also pass Check with everything
// already published beside it. When an anonymised text is approved, the raw
// text is removed from the disk; the same happens when a case is withdrawn.
func Review(ctx context.Context, s *Shelf, lib *Library, d Decision) ([]Record, error) {
	if len(d.IDs) == 0 {
		return nil, fmt.Errorf("%w: name the cases", ErrNoRecord)
	}
	out := make([]Record, len(d.IDs))
	puts, read := make([]*Record, len(d.IDs)), make([]int, len(d.IDs))
	for i, id := range d.IDs {
		r, err := s.Case(id)
		if err != nil {
			return nil, err
		}
		read[i] = r.Case.Version
		if text, ok := d.Texts[id]; ok {
			if d.To != Anonymised {
				return nil, fmt.Errorf("%w: %s: a new text is anonymised and approved again", ErrTransition, id)
			}
			text.ID, text.Version, text.State = r.Case.ID, r.Case.Version, r.Case.State
			r.Case = text
		}
		if out[i], err = r.To(d.To, d.By, d.At, d.Note); err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		puts[i] = &out[i]
	}
	if err := fit(ctx, s, lib, d.To, out); err != nil {
		return nil, err
	}
	if err := s.puts(ctx, puts, read); err != nil {
		return nil, err
	}
	if d.To == BilingualReview || d.To == Withdrawn {
		return out, s.forgetOld(d.IDs)
	}
	return out, nil
}

// fit refuses what Check finds in the cases of the decision: nothing personal
// leaves the draft state, and nothing unfinished is published.
func fit(ctx context.Context, s *Shelf, lib *Library, to State, rs []Record) error {
	if to == Withdrawn || to == Draft {
		return nil
	}
	trial := &Library{Taxonomy: lib.Taxonomy, Sources: lib.Sources, Places: lib.Places}
	ids := map[string]bool{}
	for _, r := range rs {
		r.Case.At = ""
		trial.Cases = append(trial.Cases, r.Case)
		ids[r.Case.ID] = true
	}
	if to == PublishedState { // the crowd: everything published beside them
		for r, err := range s.Cases(ctx) {
			if err != nil {
				return err
			}
			if !ids[r.Case.ID] && r.Approved() {
				trial.Cases = append(trial.Cases, r.Case)
			}
		}
	}
	var u Unfit
	for _, p := range trial.Check() {
		id, _, _ := strings.Cut(p.Where, " ")
		if ids[id] {
			u.Problems = append(u.Problems, p)
		}
	}
	if len(u.Problems) > 0 {
		return &u
	}
	return nil
}
