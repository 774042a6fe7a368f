package document

import (
	"errors"
	"time"

	"heshi/caselib"
	"heshi/intake"
)

// Kind names a document.
type Kind string

// The documents, in the order they come up in the life of a matter.
const (
	Application    Kind = "application"     // 人民调解申请书
	Register       Kind = "register"        // 人民调解受理登记表
	Rights         Kind = "rights"          // 权利义务告知书
	Record         Kind = "record"          // 人民调解记录
	Agreement      Kind = "agreement"       // 人民调解协议书
	Oral           Kind = "oral"            // 口头协议登记表
	Confirmation   Kind = "confirmation"    // 司法确认申请书
	Refusal        Kind = "refusal"         // 不予受理告知书
	Termination    Kind = "termination"     // 终止调解告知书
	FollowUp       Kind = "followup"        // 回访记录
	AidApplication Kind = "aid_application" // 法律援助申请表
	Hardship       Kind = "hardship"        // 经济困难状况说明表(诚信承诺)
	Receipt        Kind = "receipt"         // 材料清单与收件凭证
	Cover          Kind = "cover"           // 卷宗封面与目录
)

// Order of Kinds.
func order() []Kind {
	return []Kind{Application, Register, Rights, Record, Agreement, Oral, Confirmation, Refusal, Termination, FollowUp,
		AidApplication, Hardship, Receipt, Cover}
}

// What Render can fail with.
var (
	ErrKind      = errors.New("no such document")
	ErrData      = errors.New("data of the document")
	ErrTemplates = errors.New("templates of documents")
)

// About describes a document to whoever offers it: its title, the matters it belongs to (empty: any), the articles it
// rests on, and the values staff may supply beside the fields of the forms.
type About struct {
	Kind    Kind
	Code    string // DOC-APP, LA-APP, … as the forms name it
	Title   string
	For     intake.Kind
	Version int // of the template
	Law     []string
	Staff   []Extra
}

// Extra is a value only staff have. Type is text, date or money (fen), as in the forms.
type Extra struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Type  string `yaml:"type"`
}

// Data is what a document is made of. Book and Library are needed; the rest may be empty and leaves cells to fill in.
//
// Staff holds what was completed at the office, canonical, by field id (forms, F2 included) or Extra id; it goes before
// what the citizen said. Applicants and Respondents, where given, replace what follows from the answers; Materials
// replaces the evidence of the matter. At is the date of the document, Draft its running number from 1. Sensitive
// prints level S3. Lang mn-Cyrl or mn-Mong adds Mongolian beside the Chinese. Provider names who runs the service, for
// the label of generated content.
type Data struct {
	Book        *intake.Book
	Library     *caselib.Library
	Matter      intake.Matter
	Office      intake.Office
	Staff       map[string]string
	Applicants  []Person
	Respondents []Person
	Terms       []Term
	Materials   []Material
	Contents    []Content
	At          time.Time
	Draft       int
	Sensitive   bool
	Lang        string
	Provider    string
}

// Person is a party as a document names it. What is empty is not known.
type Person struct {
	Name, Sex, Ethnic, Birth, ID, Job, Phone, Address string // Birth is an ISO date
	Code, Legal                                       string // of an organisation
	Agent, AgentScope                                 string
}

// Term is one clause of an agreement. Fen is the amount, 0 for none; Due an ISO date; Text the clause in words, which
// is put together from the rest where it is empty.
type Term struct {
	Text                     string
	Debtor, Creditor         string
	Subject                  string
	Fen                      int64
	Mode, Due, Account, Late string
}

// Material is one item handed in. Original tells an original from a copy.
type Material struct {
	Name, Kind, Note string
	Pages            int
	Original         bool
	At               time.Time
	SHA256           string
}

// Content is one line of the contents of a file.
type Content struct{ Name, Pages string }
