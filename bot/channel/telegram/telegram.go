// Package telegram carries conversations over the Telegram Bot API, by webhook or by long poll.
//
// It owns nothing durable. An update is accepted into the inbox under "telegram:<update_id>" before the webhook
// answers 200 and before the poll moves its offset, so Telegram's own retries are what makes receiving safe. Replies
// go out through github.com/go-telegram/bot; its receiving side is not used, because it answers before anything is
// stored.
//
// Telegram's servers are abroad. By default a channel is Public: it takes words only, never a file, a place or a
// contact, and the engine gives public information only (PIPL 38, 39; NDR 35). An operator with a written approval
// may open it for intake.
//
// Invariants: nothing is read before the secret was compared; no token, chat id or text reaches a log or an error.
package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"golang.org/x/time/rate"

	"heshi/bot/channel"
	"heshi/prompts"
)

// Name is the channel's name in addresses and keys.
const Name = "telegram"

// The limits of the Bot API, and ours.
const (
	maxText   = 4096     // UTF-16 units of one message
	maxData   = 64       // bytes of one button's data
	maxBody   = 1 << 20  // bytes of one webhook call
	MaxFile   = 20 << 20 // bytes the Bot API lets a bot download
	sendTime  = 8 * time.Second
	maxWait   = 3 * time.Second // for a free place under the rate limits, before giving the reply back
	chatLimit = 1.0             // messages a second to one chat
	allLimit  = 30.0            // messages a second to all
)

// ErrToken is returned when Telegram does not know the token: trying again cannot help.
var ErrToken = errors.New("telegram: the token is not accepted; check telegram.token")

// Options is what an operator sets.
type Options struct {
	// Token is the bot's token, Secret the one given to setWebhook. Without a Secret the webhook takes nothing.
	Token, Secret string
	// Path of the webhook; default /telegram/webhook.
	Path string
	// Public keeps personal data off Telegram: attachments, places and contacts are not taken.
	Public bool
	// ServerURL is the Bot API's address; default https://api.telegram.org.
	ServerURL string
	// Client is used for everything but the long poll; default one with an 8 s timeout.
	Client *http.Client
	// PollTimeout is how long one poll may wait for news; default 50 s.
	PollTimeout time.Duration
	// ChatRate and AllRate are messages a second to one chat and to all; default 1 and 30, negative for no limit.
	ChatRate, AllRate float64
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Channel is one bot on Telegram. It is a bot.Channel, Receiver, Poller and MediaFetcher.
type Channel struct {
	lg       *slog.Logger
	o        Options
	say      *prompts.Catalog
	api      *tg.Bot
	client   *http.Client
	pace     *pace
	progress channel.Progress
	refused  *refusals
}

// New makes the channel; it makes no call. It fails when the token does not look like one.
func New(lg *slog.Logger, say *prompts.Catalog, o Options) (*Channel, error) {
	if id, secret, ok := strings.Cut(o.Token, ":"); !ok || id == "" || secret == "" {
		return nil, fmt.Errorf("%w: it must look like 123456:ABC…", ErrToken)
	}
	if o.Path == "" {
		o.Path = "/telegram/webhook"
	}
	if o.ServerURL == "" {
		o.ServerURL = "https://api.telegram.org"
	}
	o.ServerURL = strings.TrimRight(o.ServerURL, "/")
	if o.Client == nil {
		o.Client = &http.Client{Timeout: sendTime}
	}
	if o.PollTimeout <= 0 {
		o.PollTimeout = 50 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Channel{lg: lg, o: o, say: say, client: o.Client, refused: newRefusals(o.Now),
		pace: newPace(limit(o.ChatRate, chatLimit), limit(o.AllRate, allLimit), o.Now)}
	api, err := tg.New(o.Token, tg.WithSkipGetMe(), tg.WithServerURL(o.ServerURL), tg.WithHTTPClient(time.Minute, o.Client),
		// The library hands over whole error texts; only that something happened is kept.
		tg.WithErrorsHandler(func(error) { lg.Warn("telegram: library reported an error") }))
	if err != nil {
		return nil, ErrToken
	}
	c.api = api
	return c, nil
}

func limit(set, normal float64) rate.Limit {
	switch {
	case set < 0:
		return rate.Inf
	case set == 0:
		return rate.Limit(normal)
	}
	return rate.Limit(set)
}

// Name is "telegram".
func (c *Channel) Name() string { return Name }

// Public reports whether personal data stays off this channel.
func (c *Channel) Public() bool { return c.o.Public }

// same compares two secrets in a time that does not tell where they differ.
func same(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
