package intake

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Kind is what a matter asks for.
type Kind string

// The kinds of matter.
const (
	ForMediation Kind = "mediation"
	ForLegalAid  Kind = "legal_aid"
	ForUrgent    Kind = "urgent"
)

// Party is a person or organisation in a matter. Role is applicant, respondent, agent or guardian.
type Party struct {
	Role     string `json:"role"`
	Kind     string `json:"kind,omitempty"` // person or org
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Region   string `json:"region,omitempty"`
	Relation string `json:"relation,omitempty"`
}

// Deadline is a clock as it stood when it was computed; intake/rules computes them.
type Deadline struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Due    string   `json:"due,omitempty"` // YYYY-MM-DD
	Level  string   `json:"level,omitempty"`
	Phrase string   `json:"phrase,omitempty"`
	Src    []string `json:"src,omitempty"`
}

// Citation is a case or an article shown to the citizen, by its key in the library ("MWR:30", "HS-0001").
type Citation struct {
	Kind    string `json:"kind"` // law or case
	Key     string `json:"key"`
	Version string `json:"version,omitempty"`
}

// Event is one step in the life of a matter. By is a staff id, "citizen" or "system".
type Event struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	From Status    `json:"from,omitempty"`
	To   Status    `json:"to,omitempty"`
	Note string    `json:"note,omitempty"`
}

// Matter is a live file (案卷). Session holds the answers as they were frozen when it was submitted.
type Matter struct {
	ID           string     `json:"id"`
	No           string     `json:"no"` // receipt number
	Kind         Kind       `json:"kind"`
	Status       Status     `json:"status"`
	Form         string     `json:"form"`
	Conversation string     `json:"conversation"`
	Lang         string     `json:"lang,omitempty"`
	Region       string     `json:"region,omitempty"`
	Office       string     `json:"office,omitempty"`
	Assignee     string     `json:"assignee,omitempty"`
	Types        []string   `json:"types,omitempty"`
	Session      Session    `json:"session"`
	Parties      []Party    `json:"parties,omitempty"`
	Evidence     []Evidence `json:"evidence,omitempty"`
	Clocks       []Deadline `json:"clocks,omitempty"`
	Citations    []Citation `json:"citations,omitempty"`
	Missing      []string   `json:"missing,omitempty"` // fields of the documents that staff complete
	Flags        []string   `json:"flags,omitempty"`
	Events       []Event    `json:"events,omitempty"`
	Version      int64      `json:"version"`
	Created      time.Time  `json:"created"`
	Updated      time.Time  `json:"updated"`
}

// Flagged reports whether the matter carries a flag: safety_hold, minor, mass, urgent, no_sensitive.
func (m Matter) Flagged(flag string) bool { return slices.Contains(m.Flags, flag) }

// Status is where a matter stands.
type Status string

// The statuses.
const (
	Draft         Status = "draft"
	Received      Status = "submitted"
	NeedsMaterial Status = "needs_material"
	Accepted      Status = "accepted"
	Refused       Status = "declined" // with the next route told (调解法 26, 人民调解工作若干规定 24)
	Assigned      Status = "assigned"
	InProgress    Status = "in_progress"
	Scheduled     Status = "scheduled"
	Agreed        Status = "agreed"
	Partly        Status = "partly"
	Failed        Status = "failed"
	Withdrawn     Status = "withdrawn"
	Closed        Status = "closed"
	FollowUp      Status = "follow_up"
	Archived      Status = "archived"
)

// Next is the statuses a matter may go to from s. A citizen may withdraw until there is a result; a claim that
// is given up goes back to accepted, into the queue.
func (s Status) Next() []Status {
	switch s {
	case Draft:
		return []Status{Received, Withdrawn}
	case Received:
		return []Status{NeedsMaterial, Accepted, Refused, Withdrawn}
	case NeedsMaterial:
		return []Status{Received, Refused, Withdrawn}
	case Accepted:
		return []Status{Assigned, Refused, Withdrawn}
	case Assigned:
		return []Status{InProgress, Scheduled, Accepted, Withdrawn}
	case InProgress:
		return []Status{Scheduled, Agreed, Partly, Failed, Accepted, Withdrawn}
	case Scheduled:
		return []Status{InProgress, Agreed, Partly, Failed, Accepted, Withdrawn}
	case Agreed, Partly, Failed, Withdrawn, Refused:
		return []Status{Closed}
	case Closed:
		return []Status{FollowUp, Archived}
	case FollowUp:
		return []Status{Archived}
	}
	return nil
}

// ErrTransition is a step a matter may not take from where it stands.
var ErrTransition = errors.New("matter cannot go there from its status")

// To moves the matter and records who did it and when. The receiver is unchanged; Version is the store's alone
// (compare-and-swap). Going back to accepted clears the assignee.
func (m Matter) To(next Status, by string, at time.Time, note string) (Matter, error) {
	if !slices.Contains(m.Status.Next(), next) {
		return m, fmt.Errorf("%w: %s to %s", ErrTransition, m.Status, next)
	}
	m.Events = append(slices.Clone(m.Events), Event{At: at, By: by, From: m.Status, To: next, Note: note})
	if next == Accepted {
		m.Assignee = ""
	}
	m.Status, m.Updated = next, at
	return m, nil
}
