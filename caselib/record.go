package caselib

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Record is a case on the shelf: the case itself, where it came from and
// everything that was decided about it.
type Record struct {
	Case    Case      `json:"case"` // its ID and Version are the record's
	Source  string    `json:"source,omitempty"`
	Line    int       `json:"line,omitempty"` // in Source
	At      time.Time `json:"at"`             // of this version
	By      string    `json:"by"`             // who made this version
	History []Event   `json:"history,omitempty"`
}

// Event is one decision about a case.
type Event struct {
	From State     `json:"from"`
	To   State     `json:"to"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"`
}

// What a review step can fail with.
var (
	ErrTransition = errors.New("caselib: a case does not pass from this state to that one")
	ErrSamePerson = errors.New("caselib: the person who anonymised a case may not approve it")
	ErrNoPerson   = errors.New("caselib: a decision needs the person who takes it")
)

// passages are the steps a case may take. Back to draft is always a step of
// somebody who looked at it; withdrawn cases start over.
var passages = map[State][]State{
	Draft:           {Anonymised, Withdrawn},
	Anonymised:      {BilingualReview, Draft, Withdrawn},
	BilingualReview: {PublishedState, Draft, Withdrawn},
	PublishedState:  {Withdrawn},
	Withdrawn:       {Draft},
}

// To takes one step of the review and returns the record after it. Whoever
// anonymised the text may neither approve that nor publish it: two different
// people look at every case. Errors are ErrTransition, ErrSamePerson and
// ErrNoPerson.
func (r Record) To(next State, by string, at time.Time, note string) (Record, error) {
	if person(by) == "" {
		return r, ErrNoPerson
	}
	from := r.Case.State
	allowed := false
	for _, s := range passages[from] {
		allowed = allowed || s == next
	}
	if !allowed {
		return r, fmt.Errorf("%w: %s to %s", ErrTransition, from, next)
	}
	if next == BilingualReview || next == PublishedState {
		if who := r.anonymisedBy(); person(who) == "" || person(who) == person(by) {
			return r, ErrSamePerson
		}
	}
	r.History = append(r.History[:len(r.History):len(r.History)], Event{from, next, by, at, note})
	r.Case.State, r.By, r.At = next, by, at
	return r, nil
}

// Edit replaces the text of a case. Whatever was approved was approved for the
// old text, so the case is a draft again.
func (r Record) Edit(c Case, by string, at time.Time, note string) (Record, error) {
	if person(by) == "" {
		return r, ErrNoPerson
	}
	c.ID, c.Version, c.State = r.Case.ID, r.Case.Version, Draft
	r.History = append(r.History[:len(r.History):len(r.History)], Event{r.Case.State, Draft, by, at, note})
	r.Case, r.By, r.At = c, by, at
	return r, nil
}

// anonymisedBy is who last anonymised the text as it now stands, "" if nobody.
func (r Record) anonymisedBy() string {
	for i := len(r.History) - 1; i >= 0; i-- {
		switch r.History[i].To {
		case Anonymised:
			return r.History[i].By
		case Draft:
			return ""
		}
	}
	return ""
}

// Approved reports whether the history shows the whole way to publication,
// walked by two different people. A record that merely says it is published
// is not: files can be edited.
func (r Record) Approved() bool {
	if r.Case.State != PublishedState {
		return false
	}
	state, walker := Draft, Record{Case: Case{State: Draft}}
	for _, e := range r.History {
		if e.To == Draft && e.From == state { // an edit, from any state
			state = Draft
			walker.Case.State = Draft
			walker.History = append(walker.History, e)
			continue
		}
		next, err := walker.To(e.To, e.By, e.At, e.Note)
		if err != nil || e.From != state {
			return false
		}
		walker, state = next, e.To
	}
	return state == PublishedState
}

// person is a name as it is compared: the same person in capitals is the same.
func person(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Digest128 identifies a text by its content.
type Digest128 [16]byte

// String writes the digest in hexadecimal.
func (d Digest128) String() string { return hex.EncodeToString(d[:]) }

func parseDigest(s []byte) (d Digest128, ok bool) {
	n, err := hex.Decode(d[:], s)
	return d, err == nil && n == len(d)
}

// ContentHash identifies what a case says, however it is spaced, punctuated or
// numbered: two cases that say the same have one hash.
func ContentHash(c Case) Digest128 {
	h := sha256.New()
	buf := make([]byte, 0, 1024)
	for _, t := range []string{
		c.Title.Zh, c.Summary.Zh, c.Facts, c.Focus, c.Process, c.Result, c.Performance, c.Lesson,
		c.Title.Mn.Cyrl, c.Title.Mn.Mong, c.Summary.Mn.Cyrl, c.Summary.Mn.Mong,
	} {
		buf = appendPlain(buf[:0], t)
		h.Write(append(buf, 0))
	}
	var d Digest128
	copy(d[:], h.Sum(nil))
	return d
}

// appendPlain keeps the letters and figures of a text in one form.
func appendPlain(buf []byte, s string) []byte {
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	for _, r := range s {
		if r >= 0x4E00 && r <= 0x9FFF || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && (r < 0x180B || r > 0x180F) {
			buf = append(buf, string(unicode.ToLower(r))...)
		}
	}
	return buf
}
