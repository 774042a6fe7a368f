package channeltest

import (
	"log/slog"
	"testing"

	"heshi/bot"
)

// Kind is what a citizen can send.
type Kind string

// The kinds of Item.
const (
	Text        Kind = "text"
	Button      Kind = "button"
	Photo       Kind = "photo"
	Voice       Kind = "voice"
	Location    Kind = "location"
	Contact     Kind = "contact"
	Unsupported Kind = "unsupported"
)

// Item is one thing a citizen sends, in the contract's words; a harness puts it into its platform's form.
type Item struct {
	// N numbers the item: the platform's own number follows from it, so the same N is the same item again.
	N        int
	Kind     Kind
	Text     string // the text, the caption, or what was heard
	Button   string
	Lat, Lon float64
	Name     string
	Phone    string
}

// Fault is a way for a platform to misbehave at a send.
type Fault string

// The faults a platform can show.
const (
	RateLimited  Fault = "rate_limited" // too many: wait some seconds
	BlockedUser  Fault = "blocked"      // the citizen blocked or left us
	ClosedWindow Fault = "window_closed"
	Refused      Fault = "refused" // this message is not acceptable
	ServerError  Fault = "server_error"
	Hang         Fault = "timeout"
	Garbage      Fault = "garbage" // 200 with a body that is not the protocol
)

// Kinds of delivery each fault must lead to.
var faultKinds = map[Fault]bot.DeliveryKind{
	RateLimited: bot.Retry, BlockedUser: bot.Blocked, ClosedWindow: bot.WindowClosed, Refused: bot.Failed,
	ServerError: bot.Retry, Hang: bot.Retry, Garbage: bot.Retry,
}

// Part is one message as it arrived on the citizen's side.
type Part struct {
	Text    string
	Buttons []string // the ids that pressing them brings back
}

// Harness is one channel wired to a double of its platform. Every field is needed unless it says otherwise.
type Harness struct {
	Channel bot.Channel
	Intake  *Memory
	// Citizen is who items come from and replies go to.
	Citizen bot.Address
	// Deliver plays the platform and gives the HTTP status of the answer; 200 for a channel without HTTP when taken.
	Deliver func(tb testing.TB, it Item) int
	// Raw delivers an authentic item whose body is not of the platform's form.
	Raw func(tb testing.TB, body []byte) int
	// Garbled are bodies for Raw that the channel must refuse.
	Garbled []string
	// Dirty is an authentic body for Raw whose text is 坏, a byte that is no UTF-8, 字.
	Dirty []byte
	// Forge delivers an item without the platform's secret. Nil only for a Local channel.
	Forge func(tb testing.TB, it Item) int
	// Local marks a channel that nobody outside can reach: nothing to forge, no 413, no retries.
	Local bool
	// Queue tells the double that a reply is about to be sent; nil when it need not know.
	Queue func(r bot.Reply)
	// Sent is what arrived at the citizen so far.
	Sent func(tb testing.TB) []Part
	// Limit is the most one message may measure by Size; 0 when there is no limit.
	Limit int
	Size  func(string) int
	// Misbehave makes the send after the next `after` good ones go wrong. Faults lists what the platform can do;
	// both are empty for a channel that has no platform behind it.
	Misbehave func(f Fault, after int)
	Faults    []Fault
	// Lacks are the kinds this platform has no form for.
	Lacks []Kind
	// Captionless marks a platform whose photos carry no words.
	Captionless bool
	// Secrets are words that must never reach a log.
	Secrets []string
}

func (h *Harness) lacks(k Kind) bool {
	for _, x := range h.Lacks {
		if x == k {
			return true
		}
	}
	return false
}

// New makes a fresh harness. It registers its own clean-up with tb and logs to lg only.
type New func(tb testing.TB, lg *slog.Logger) *Harness
