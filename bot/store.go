package bot

import (
	"context"
	"errors"
	"time"

	"heshi/intake"
)

// Errors every store returns, wrapped with what was asked for.
var (
	ErrNotFound = errors.New("not found")
	ErrConflict = errors.New("changed by somebody else meanwhile")
	ErrNothing  = errors.New("nothing to do")
	ErrExpired  = errors.New("expired")
)

// Inbox takes verified messages. Accept is durable when it returns: only then may a platform get its 200.
// fresh is false when the key was accepted before; the message is then ignored.
type Inbox interface {
	Accept(ctx context.Context, m Message) (fresh bool, err error)
}

// Work is one leased message. Attempt counts from 1.
type Work struct {
	Message Message
	Attempt int
	Lease   string
}

// Lanes hands out messages: the oldest of a conversation first, one conversation to one worker at a time.
type Lanes interface {
	// Lease gives the next message that may be worked on now, or ErrNothing. It is held until `until`.
	Lease(ctx context.Context, now, until time.Time) (Work, error)
	// Release gives a message back after a failed turn: it is due again at retry. The conversation waits behind it.
	Release(ctx context.Context, w Work, retry time.Time) error
	// Pending counts messages not done.
	Pending(ctx context.Context) (int, error)
}

// Outbox hands out replies. Order per conversation is kept: the second waits for the first.
type Outbox interface {
	// Due marks up to n due replies as sending, at most one per conversation, and gives them. channels limits to those named.
	Due(ctx context.Context, now time.Time, channels []string, n int) ([]Reply, error)
	// Claim marks the replies caused by one message as sending, whatever their NotBefore, for a passive answer.
	// It gives nothing when an earlier reply of the conversation is still unsent.
	Claim(ctx context.Context, cause string, now time.Time) ([]Reply, error)
	// Settle writes what the platform said. WindowClosed replies become due again when the citizen next writes.
	Settle(ctx context.Context, id string, d Delivery, now time.Time) error
	// Undelivered lists replies that a person must see to: blocked, failed, window closed, or of unknown fate after a crash.
	Undelivered(ctx context.Context, matter string) ([]Undelivered, error)
	// History gives the replies to one address from a sequence on, oldest first, with their sequence numbers:
	// what a web page that was away has missed.
	History(ctx context.Context, to Address, after int64, n int) ([]Sequenced, error)
}

// Undelivered is a reply with its fate.
type Undelivered struct {
	Reply Reply
	State string // blocked failed window_closed unknown
	Code  string
}

// Sequenced is a reply with its place in the outbox.
type Sequenced struct {
	Seq   int64
	Reply Reply
}

// Entry is one item of a matter's thread with ONE party. Nothing crosses between parties.
type Entry struct {
	ID     string `json:"id"`
	Matter string `json:"matter"`
	// Party is the address whose thread this is. A staff note that no party may see has a zero Party.
	Party       Address             `json:"party"`
	From        string              `json:"from"` // "citizen", "staff:<id>", "bot"
	Text        string              `json:"text"`
	Attachments []intake.Attachment `json:"attachments,omitempty"`
	At          time.Time           `json:"at"`
}

// Audit is one line of the append-only record: who did what to which file. Detail never holds personal data.
type Audit struct {
	At      time.Time `json:"at"`
	Who     string    `json:"who"` // "citizen", "staff:<id>", "system"
	What    string    `json:"what"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail,omitempty"`
}

// Commit is the one way anything changes: all of it in one transaction, or none.
type Commit struct {
	// Work is the leased message this finishes; nil for desk and timer actions.
	Work          *Work
	Conversations []Conversation // each compare-and-swapped on Version; Version 0 creates
	Replies       []Reply
	Matters       []intake.Matter // each compare-and-swapped on Version; Version 0 creates
	Entries       []Entry
	Audit         []Audit
	// Untouched are conversations that must still have their Version, and no message waiting, or it is ErrConflict:
	// what Erase removes cannot be compared and swapped, and a word said a moment ago must not go with it.
	Untouched []Conversation
	// Erase removes conversation, messages, replies and blobs of these addresses, before anything above is written.
	Erase []Address
}

// Committer applies a Commit. Concurrent commits may share one fsync.
type Committer interface {
	Commit(ctx context.Context, c Commit) error
}

// Conversations reads conversations.
type Conversations interface {
	Conversation(ctx context.Context, a Address) (Conversation, error) // ErrNotFound for a stranger
	// Reminders lists addresses whose reminder is due.
	Reminders(ctx context.Context, now time.Time, n int) ([]Address, error)
	// Forgotten lists up to n conversations that leave this behind and were last seen before a moment, longest ago
	// first. Never one that has a message waiting, nor one that a submitted matter came from, open or closed: the
	// photos in that file are the conversation's.
	Forgotten(ctx context.Context, left Trace, before time.Time, n int) ([]Address, error)
}

// Hearing reads what citizens said.
type Hearing interface {
	// Heard gives the last n accepted messages of an address, oldest first; those waiting for their turn too.
	// What was erased is gone.
	Heard(ctx context.Context, from Address, n int) ([]Message, error)
}

// MatterFilter narrows Matters; zero fields do not narrow.
type MatterFilter struct {
	Offices  []string
	Statuses []intake.Status
	Assignee string
	Address  Address
	Text     string // receipt number prefix
	Limit    int
	Offset   int
}

// Matters reads files.
type Matters interface {
	Matter(ctx context.Context, id string) (intake.Matter, error)
	Matters(ctx context.Context, f MatterFilter) ([]intake.Matter, error) // urgent first, then oldest
	Thread(ctx context.Context, matter string, party Address) ([]Entry, error)
	// NextSerial gives the next number, from 1, of a yearly series ("2026-A01"). It never repeats one; gaps may happen.
	NextSerial(ctx context.Context, series string) (int, error)
}

// Staff is one person at the desk.
type Staff struct {
	ID        string    `json:"id"`
	Login     string    `json:"login"`
	Name      string    `json:"name"`
	Roles     []string  `json:"roles"` // mediator reviewer duty head admin auditor sensitive
	Office    string    `json:"office"`
	Languages []string  `json:"languages"`
	Password  string    `json:"password"` // argon2id, encoded
	Disabled  bool      `json:"disabled,omitempty"`
	Version   int64     `json:"version"`
	Created   time.Time `json:"created"`
}

// HasRole reports whether s holds role.
func (s Staff) HasRole(role string) bool {
	for _, r := range s.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// People keeps staff and offices.
type People interface {
	Staff(ctx context.Context, id string) (Staff, error)
	StaffByLogin(ctx context.Context, login string) (Staff, error)
	AllStaff(ctx context.Context) ([]Staff, error)
	SaveStaff(ctx context.Context, s Staff) error // compare-and-swap on Version; Version 0 creates
	Offices(ctx context.Context) ([]intake.Office, error)
	SaveOffice(ctx context.Context, o intake.Office) error
}

// Vault keeps small values with an end date: one-time links, resume codes, desk sessions, platform tokens.
type Vault interface {
	PutValue(ctx context.Context, bucket, key string, value []byte, expires time.Time) error
	Value(ctx context.Context, bucket, key string, now time.Time) ([]byte, error) // ErrNotFound, ErrExpired
	// TakeValue gives a value once and removes it: of two takers one wins.
	TakeValue(ctx context.Context, bucket, key string, now time.Time) ([]byte, error)
	DeleteValue(ctx context.Context, bucket, key string) error
}

// Blobs keeps attachments by the SHA-256 of their content, per owner so that erasure can find them.
type Blobs interface {
	PutBlob(ctx context.Context, owner Address, hash, mime string, data []byte) error
	Blob(ctx context.Context, hash string) (data []byte, mime string, err error)
}

// Auditor reads the record.
type Auditor interface {
	AuditLog(ctx context.Context, after int64, n int) ([]Audited, error)
	// VerifyAudit walks the hash chain and names the first broken line.
	VerifyAudit(ctx context.Context) (lines int, err error)
	AppendAudit(ctx context.Context, a ...Audit) error
}

// Audited is an audit line with its place in the chain.
type Audited struct {
	Seq  int64
	Hash string
	Audit
}

// Store is everything durable. storetest holds the contract; sqlite is the default.
type Store interface {
	Inbox
	Lanes
	Outbox
	Committer
	Conversations
	Hearing
	Matters
	People
	Vault
	Blobs
	Auditor
	// Recover is called once at start: leases and replies of the process that died are put right.
	Recover(ctx context.Context, now time.Time) (Recovered, error)
	Close() error
}

// Recovered counts what a crash had left in the air.
type Recovered struct{ Leases, Resent, Unknown int }
