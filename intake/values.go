package intake

import "time"

// Value is something found in free text. Kinds and formats: money (yuan, "8000.00"), date (ISO 8601: day, month,
// year, or an interval "2025-10/2025-12"), region (12 or 6 digits), phone, id, plate, person, org,
// count ("30 head", "120 mu", "15 people"). Start and End are byte offsets of Text in the input it was found in.
type Value struct {
	Kind  string `json:"kind"`
	Text  string `json:"text"`
	Value string `json:"value"`
	Start int    `json:"start,omitempty"`
	End   int    `json:"end,omitempty"`
}

// The kinds of Value.
const (
	KindMoney  = "money"
	KindDate   = "date"
	KindRegion = "region"
	KindPhone  = "phone"
	KindID     = "id"
	KindPlate  = "plate"
	KindPerson = "person"
	KindOrg    = "org"
	KindCount  = "count"
)

// Attachment is a photo, voice, file or location that came with a message. The bytes live elsewhere; SHA256 names
// them. Group joins the photos of one album, which count as one piece of evidence. Transcript is what the channel
// heard in a voice message; it is used as text when the message has none.
type Attachment struct {
	ID         string  `json:"id,omitempty"`
	Kind       string  `json:"kind"` // photo voice video file location contact
	Name       string  `json:"name,omitempty"`
	Type       string  `json:"type,omitempty"` // media type
	Size       int64   `json:"size,omitempty"`
	SHA256     string  `json:"sha256,omitempty"`
	Group      string  `json:"group,omitempty"`
	Transcript string  `json:"transcript,omitempty"`
	Caption    string  `json:"caption,omitempty"`
	Lat        float64 `json:"lat,omitempty"`
	Lon        float64 `json:"lon,omitempty"`
}

// Input is one message to a session, or the opening story to Start.
//
// Text and Button are what the person wrote or pressed; Values and Types what extraction and classification found
// in Text (byte offsets refer to Text). Profile is what the channel already knows of the person, by name: "phone".
// Fields is what a reader of the text, rules or model, took for a field by id; it is checked like an answer.
// Offices are those that may receive the file; without them the file cannot be sent to a named office, and the
// consent to transfer is not asked.
type Input struct {
	Text        string            `json:"text,omitempty"`
	Button      string            `json:"button,omitempty"`
	Values      []Value           `json:"values,omitempty"`
	Types       []string          `json:"types,omitempty"`
	Fields      map[string]string `json:"fields,omitempty"`
	Attachments []Attachment      `json:"attachments,omitempty"`
	Profile     map[string]string `json:"profile,omitempty"`
	Offices     []Office          `json:"-"`
	From        string            `json:"from,omitempty"` // who sent it, kept with evidence
	Now         time.Time         `json:"now"`
	Lang        string            `json:"lang,omitempty"` // zh-Hans mn-Cyrl mn-Mong
}

// Say is one part of what to answer. Either Key and Args name a message of prompts, or Text is said as it is
// (already in the language of the reader). The parts of one outcome belong in one bubble, in order; Buttons stand
// under the last. Kind says what the part is: question, confirm, review, consent, notice, ack, error, recap, done.
type Say struct {
	Key     string            `json:"key,omitempty"`
	Args    map[string]string `json:"args,omitempty"`
	Text    string            `json:"text,omitempty"`
	Buttons []Button          `json:"buttons,omitempty"`
	Kind    string            `json:"kind,omitempty"`
}

// Button is a choice. ID comes back in Input.Button; Label is Chinese, LabelMn Mongolian or empty. Every choice
// can be typed as well: its number (from 1, in order), its words, or how they begin. A button with a Key takes
// its label from prompts instead.
type Button struct {
	ID      string `json:"id"`
	Key     string `json:"key,omitempty"`
	Label   string `json:"label,omitempty"`
	LabelMn string `json:"label_mn,omitempty"`
}

// Change is one answer that was given a new value. Old is empty for the first.
type Change struct {
	Field string    `json:"field"`
	Label string    `json:"label,omitempty"`
	Old   string    `json:"old,omitempty"` // as shown to people
	New   string    `json:"new,omitempty"`
	By    Source    `json:"by"`
	At    time.Time `json:"at"`
}

// Outcome is what a step leads to. Done: the citizen confirmed and agreed; make a matter of the session with
// SubmitFrom. Paused: the person wants to go on later. Alarms are urgency codes (T-DV, …) that an answer carries:
// the caller treats them exactly like the same alarm found in a message, before anything in Says.
type Outcome struct {
	Session Session  `json:"session"`
	Says    []Say    `json:"says"`
	Done    bool     `json:"done,omitempty"`
	Paused  bool     `json:"paused,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	Alarms  []string `json:"alarms,omitempty"`
}

// Problem is something Lint found: where, what, and what to do about it.
type Problem struct{ Where, What, Fix string }
