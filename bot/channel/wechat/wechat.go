// Package wechat carries conversations over a WeChat official account (公众号).
//
// It owns two buckets of the vault: "wechat-token" with the platform's access token, shared by every instance, and
// "wechat-menu" with the numbers that stand for buttons, per follower. A message is accepted into the inbox before
// the webhook answers; the answer to it leaves inside the same request when it is ready within four seconds, else,
// and for everything more, by 客服 messages within the platform's 48 hours.
//
// github.com/silenceper/wechat/v2 gives tokens, encryption and message forms. Its webhook is not used: it accepts
// plain text where encryption is agreed, has no time window, and answers an empty body to silence.
//
// Invariants: nothing is parsed before its signature was checked; where an AES key is set, only what is encrypted
// and signed as a whole is taken; no secret, token, open id or text reaches a log or an error.
package wechat

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount"
	"github.com/silenceper/wechat/v2/officialaccount/config"
	"github.com/silenceper/wechat/v2/util"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/prompts"
)

// Name is the channel's name in addresses and keys.
const Name = "wechat"

// The platform's limits, and ours.
const (
	maxText  = 2048            // bytes of one message
	maxMenu  = 1200            // bytes of options that still leave room for a question
	maxBody  = 1 << 20         // bytes of one webhook call
	MaxFile  = 20 << 20        // bytes of one media item we take
	window   = 5 * time.Minute // how old or new a call may be
	sendTime = 8 * time.Second
	behind   = 300 * time.Millisecond // between an answer and what follows it by 客服
)

// ErrConfig wraps what is wrong with the options.
var ErrConfig = errors.New("wechat")

// Options is what an operator sets, from the account's page at mp.weixin.qq.com.
type Options struct {
	AppID, Secret, Token string
	// AESKey is the EncodingAESKey, 43 letters. Without it the account is in plain mode, where a signature does not
	// cover the message: for trying out only.
	AESKey string
	// Path of the webhook; default /wechat.
	Path string
	// PassiveOnly is for accounts without 客服 messages: everything is answered inside the platform's own requests.
	PassiveOnly bool
	// Wait is how long a request may be held for its answer; default 4 s, the platform gives up at 5.
	Wait time.Duration
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Channel is one official account. It is a bot.Channel, Receiver and MediaFetcher.
type Channel struct {
	lg       *slog.Logger
	o        Options
	say      *prompts.Catalog
	account  *officialaccount.OfficialAccount
	tokens   *tokenCache
	menus    *menus
	turns    *turns
	slots    *slots
	progress channel.Progress
}

// SetHTTPClient sets the client for every call to WeChat. The library keeps one for the whole process: call this
// once, before New, with a client that has a timeout (5 s).
func SetHTTPClient(c *http.Client) { util.DefaultHTTPClient = c }

// New makes the channel; it makes no call. It fails on options that cannot work.
func New(lg *slog.Logger, say *prompts.Catalog, vault bot.Vault, o Options) (*Channel, error) {
	if o.AppID == "" || o.Secret == "" || o.Token == "" {
		return nil, fmt.Errorf("%w: app id, secret and token are all needed", ErrConfig)
	}
	if o.AESKey != "" {
		if key, err := base64.StdEncoding.DecodeString(o.AESKey + "="); err != nil || len(key) != 32 {
			return nil, fmt.Errorf("%w: the AES key must be the 43 letters of EncodingAESKey", ErrConfig)
		}
	} else {
		lg.Warn("wechat: no AES key: messages are neither hidden nor covered by the signature; for trying out only")
	}
	if o.Path == "" {
		o.Path = "/wechat"
	}
	if o.Wait <= 0 {
		o.Wait = 4 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	tokens := &tokenCache{lg: lg, vault: vault, now: o.Now}
	account := officialaccount.NewOfficialAccount(&config.Config{
		AppID: o.AppID, AppSecret: o.Secret, Token: o.Token, EncodingAESKey: o.AESKey, Cache: tokens, UseStableAK: true})
	return &Channel{lg: lg, o: o, say: say, account: account, tokens: tokens,
		menus: &menus{vault: vault, now: o.Now}, turns: newTurns(o.Now), slots: newSlots()}, nil
}

// Name is "wechat".
func (c *Channel) Name() string { return Name }
