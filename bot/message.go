package bot

import (
	"strings"
	"time"

	"heshi/intake"
)

// Address is where one citizen is reached: a channel and that channel's user id.
// One address is one conversation.
type Address struct {
	Channel string `json:"channel"`
	User    string `json:"user"`
}

// String gives "channel:user", the form used as a key in the store.
func (a Address) String() string { return a.Channel + ":" + a.User }

// IsZero reports an address that reaches nobody.
func (a Address) IsZero() bool { return a.Channel == "" && a.User == "" }

// ParseAddress reads what String wrote; ok is false for anything else.
func ParseAddress(s string) (a Address, ok bool) {
	c, u, ok := strings.Cut(s, ":")
	if !ok || c == "" || u == "" {
		return Address{}, false
	}
	return Address{c, u}, true
}

// MaxText is the longest text, in bytes, that a turn reads. A longer message is kept whole in the inbox
// and answered with a request to send it in parts; nothing of it is acted on.
const MaxText = 64 << 10

// Message is one verified inbound item. A channel makes it only after signature, secret, size and age were checked.
type Message struct {
	// Key is unique per inbound item and stable over the platform's retries ("telegram:8001").
	Key  string  `json:"key"`
	From Address `json:"from"`
	Text string  `json:"text,omitempty"`
	// Button is the id of a pressed button; empty for typed text.
	Button      string              `json:"button,omitempty"`
	Attachments []intake.Attachment `json:"attachments,omitempty"`
	// Unsupported names a kind of message this channel delivered and nobody here can read ("sticker").
	Unsupported string `json:"unsupported,omitempty"`
	// Album groups photos sent as one; its messages become one item of evidence.
	Album string    `json:"album,omitempty"`
	At    time.Time `json:"at"`
	// Passive is set by a channel that will wait a few seconds to answer inside the platform's own request.
	Passive bool `json:"passive,omitempty"`
}

// Resend says what to do with a reply that a crash caught between "sending" and the platform's answer.
type Resend string

// The two policies for a reply whose fate is unknown after a crash.
const (
	ResendAgain Resend = "again" // saying it twice is harmless: most replies
	ResendAsk   Resend = "ask"   // a person decides: words of staff, receipts
)

// Reply is one outbound item, written in the same transaction as the turn or desk action that made it.
type Reply struct {
	ID   string  `json:"id"`
	To   Address `json:"to"`
	Text string  `json:"text"`
	// Kind tells a channel and a test what this is: answer question confirm readback urgent notice staff receipt error.
	Kind    string          `json:"kind"`
	Buttons []intake.Button `json:"buttons,omitempty"`
	// Cause is the key of the message that made it, empty for desk and timer replies.
	Cause  string `json:"cause,omitempty"`
	Matter string `json:"matter,omitempty"`
	Resend Resend `json:"resend,omitempty"`
	// Answer is the structured grounding of an answer, for pages that can show it; chat channels use Text.
	Answer *Answer `json:"answer,omitempty"`
	// NotBefore holds a reply back, so that a passive answer can take it first.
	NotBefore time.Time `json:"not_before"`
	Made      time.Time `json:"made"`
	Attempts  int       `json:"attempts,omitempty"`
}

// DeliveryKind says what to do next with a reply; it is all a channel has to decide.
type DeliveryKind string

// What a platform can say of a reply.
const (
	Sent         DeliveryKind = "sent"
	Retry        DeliveryKind = "retry"         // busy, rate limited, network: try again at RetryAfter
	Blocked      DeliveryKind = "blocked"       // the citizen blocked or unfollowed us: staff must phone
	WindowClosed DeliveryKind = "window_closed" // WeChat's 48 hours are over: waits for the next inbound message, staff may phone
	Failed       DeliveryKind = "failed"        // the platform refuses this reply for good
)

// Delivery is what the platform said of one reply. Code is the platform's own number, never its text:
// texts may quote the citizen.
type Delivery struct {
	Kind       DeliveryKind  `json:"kind"`
	RetryAfter time.Duration `json:"retry_after,omitempty"`
	Code       string        `json:"code,omitempty"`
	PlatformID string        `json:"platform_id,omitempty"`
}
