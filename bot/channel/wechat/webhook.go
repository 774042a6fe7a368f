package wechat

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/util"

	"heshi/bot"
)

// Register serves the webhook at Options.Path: GET for the platform's check of the address, POST for messages.
func (c *Channel) Register(mux *http.ServeMux, in bot.Intake) {
	mux.HandleFunc("GET "+c.o.Path, c.echo)
	mux.HandleFunc("POST "+c.o.Path, func(w http.ResponseWriter, r *http.Request) { c.webhook(w, r, in) })
}

// echo proves to the platform that we know the token.
func (c *Channel) echo(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if err := c.verifyQuery(q); err != nil {
		c.refuse(w, http.StatusForbidden, err)
		return
	}
	answer(w, []byte(q.Get("echostr")))
}

func (c *Channel) webhook(w http.ResponseWriter, r *http.Request, in bot.Intake) {
	deadline := time.Now().Add(c.o.Wait)
	q := r.URL.Query()
	if err := c.verifyQuery(q); err != nil {
		c.refuse(w, http.StatusForbidden, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			c.refuse(w, http.StatusRequestEntityTooLarge, errors.New("size"))
			return
		}
		c.refuse(w, http.StatusBadRequest, errForm)
		return
	}
	raw, err := c.unseal(q, body)
	if err != nil {
		status := http.StatusForbidden
		if errors.Is(err, errForm) {
			status = http.StatusBadRequest
		}
		c.refuse(w, status, err)
		return
	}
	m, err := parse(raw)
	if err != nil {
		c.refuse(w, http.StatusBadRequest, err)
		return
	}
	msg, ok := m.message()
	if !ok {
		answer(w, success)
		return
	}
	c.converse(w, r, in, m, msg, deadline)
}

// converse stores msg and answers it inside the request if that can be done before deadline.
func (c *Channel) converse(w http.ResponseWriter, r *http.Request, in bot.Intake, m inbound, msg bot.Message, deadline time.Time) {
	tn, mine := c.turns.begin(msg.Key)
	if !mine {
		again(w, tn, deadline)
		return
	}
	var body []byte
	finish := sync.OnceFunc(func() { c.turns.finish(msg.Key, tn, body) })
	defer finish() // whatever happens, nobody waits for this turn for ever
	if err := c.tap(r.Context(), &msg); err != nil {
		c.lg.Error("wechat: could not read a menu number", "key", msg.Key, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	msg.Passive = true
	sl := c.slots.begin(msg.From.User)
	defer c.slots.end(msg.From.User, sl)
	if _, err := in.Accept(r.Context(), msg); err != nil {
		sl.close()
		c.lg.Error("wechat: could not store a message", "key", msg.Key, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	tn.stored.Store(true)
	// The answers outlive a caller that hangs up: its next try gets them.
	ctx, stop := context.WithTimeout(context.WithoutCancel(r.Context()), time.Until(deadline)+2*sendTime)
	defer stop()
	replies, err := c.await(ctx, in, msg.Key, deadline)
	if err != nil && !errors.Is(err, bot.ErrNothing) && ctx.Err() == nil {
		c.lg.Error("wechat: could not wait for an answer", "key", msg.Key, "err", err)
	}
	settle, rest := c.first(ctx, sl, msg.From, replies)
	body = success
	if text := sl.close(); text != "" {
		if sealed, err := c.seal(m, r.URL.Query().Get("nonce"), text); err != nil {
			c.lg.Error("wechat: could not seal an answer", "key", msg.Key)
			for i := range settle {
				settle[i].d = bot.Delivery{Kind: bot.Retry, RetryAfter: time.Second, Code: "seal"}
			}
		} else {
			body = sealed
		}
	}
	finish()
	answer(w, body)
	_ = http.NewResponseController(w).Flush() // the answer must be there before what follows it
	for _, s := range settle {
		c.settle(ctx, in, s.id, s.d)
	}
	if len(rest) > 0 && len(settle) > 0 {
		select { // the two ways to the follower are not of one speed
		case <-time.After(behind):
		case <-ctx.Done():
		}
	}
	c.sendRest(ctx, in, msg.From, rest)
}

// await waits for the replies of key. Without 客服 messages an older reply may have to leave in this answer first, and
// nothing announces that the way is free: so it asks again and again.
func (c *Channel) await(ctx context.Context, in bot.Intake, key string, deadline time.Time) ([]bot.Reply, error) {
	if !c.o.PassiveOnly {
		return in.Await(ctx, key, time.Until(deadline))
	}
	for {
		left := time.Until(deadline)
		replies, err := in.Await(ctx, key, min(left, 200*time.Millisecond))
		if len(replies) > 0 || err != nil || left <= 200*time.Millisecond {
			return replies, err
		}
	}
}

// again answers a platform that asks again: what the first try is told, or that we heard, once we have.
func again(w http.ResponseWriter, tn *turn, deadline time.Time) {
	late := time.NewTimer(time.Until(deadline))
	defer late.Stop()
	body := []byte(nil)
	select {
	case <-tn.done:
		body = tn.body
	case <-late.C:
		if tn.stored.Load() {
			body = success
		}
	}
	if body == nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	answer(w, body)
}

// tap turns the platform's menu number into the button it stands for. A number nobody knows any more leaves the
// words of the line, as if they had been typed.
func (c *Channel) tap(ctx context.Context, msg *bot.Message) error {
	if msg.Button == "" || msg.Text == "" { // Start has no words
		return nil
	}
	id, ok, err := c.menus.button(ctx, msg.From.User, msg.Button)
	if err != nil {
		return err
	}
	if ok {
		msg.Button, msg.Text = id, ""
		return nil
	}
	msg.Button, msg.Text = "", lineNumber.ReplaceAllString(msg.Text, "")
	return nil
}

var lineNumber = regexp.MustCompile(`^\d{1,3}\. `)

type settled struct {
	id string
	d  bot.Delivery
}

// first puts into the answer what belongs there: one reply, or with PassiveOnly as many as fit. The rest follows.
func (c *Channel) first(ctx context.Context, sl *slot, to bot.Address, replies []bot.Reply) (done []settled, rest []bot.Reply) {
	waiting := false
	for i, r := range replies {
		switch {
		case r.To != to: // not this follower's: the sender takes it
			done = append(done, settled{r.ID, bot.Delivery{Kind: bot.Retry, RetryAfter: time.Millisecond, Code: "other"}})
		case c.o.PassiveOnly:
			d := bot.Delivery{Kind: bot.WindowClosed, Code: "passive_only"}
			if !waiting { // what comes behind a reply that has to wait waits too
				d = c.fill(ctx, sl, r)
				waiting = d.Kind == bot.WindowClosed
			}
			done = append(done, settled{r.ID, d})
		case i == 0:
			parts := c.parts(ctx, r, true)
			if len(parts) == 1 && sl.add(parts[0].text) {
				done = append(done, settled{r.ID, bot.Delivery{Kind: bot.Sent, Code: "passive"}})
			} else {
				rest = append(rest, r)
			}
		default:
			rest = append(rest, r)
		}
	}
	return done, rest
}

// sendRest sends what did not fit into the answer. Behind one that has to wait nothing is sent, or the order is lost.
func (c *Channel) sendRest(ctx context.Context, in bot.Intake, to bot.Address, rest []bot.Reply) {
	hold := bot.Delivery{}
	for _, r := range rest {
		d := hold
		if hold.Kind == "" {
			d = c.Send(ctx, r)
		}
		if d.Kind == bot.Retry || d.Kind == bot.WindowClosed {
			hold = d
		}
		c.settle(ctx, in, r.ID, d)
	}
}

func (c *Channel) settle(ctx context.Context, in bot.Intake, id string, d bot.Delivery) {
	if err := in.Settle(ctx, id, d); err != nil {
		c.lg.Error("wechat: could not note a delivery", "reply", id, "kind", d.Kind, "err", err)
	}
}

// seal makes text the answer to m: plain, or encrypted and signed when an AES key is set.
func (c *Channel) seal(m inbound, nonce, text string) ([]byte, error) {
	now := c.o.Now().Unix()
	t := message.NewText(strings.Map(printable, text))
	t.SetToUserName(message.CDATA(m.FromUserName))
	t.SetFromUserName(message.CDATA(m.ToUserName))
	t.SetCreateTime(now)
	t.SetMsgType(message.MsgTypeText)
	plain, err := xml.Marshal(t)
	if err != nil || c.o.AESKey == "" {
		return plain, err
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	sealed, err := util.EncryptMsg(random, plain, c.o.AppID, c.o.AESKey)
	if err != nil {
		return nil, errForm
	}
	ts := strconv.FormatInt(now, 10)
	return xml.Marshal(message.ResponseEncryptedXMLMsg{EncryptedMsg: string(sealed), Timestamp: now, Nonce: nonce,
		MsgSignature: sign(c.o.Token, ts, nonce, string(sealed))})
}

// printable drops what XML cannot hold.
func printable(r rune) rune {
	if r < 0x20 && r != '\t' && r != '\n' {
		return -1
	}
	return r
}

// success is what the platform takes for "heard, nothing to say now". An empty body would do too, but an encrypted
// empty one, which the library writes, shows the follower an error.
var success = []byte("success")

func answer(w http.ResponseWriter, body []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	if len(body) > 0 && body[0] == '<' {
		h.Set("Content-Type", "application/xml; charset=utf-8")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // a caller that hung up asks again and gets the same
}

func (c *Channel) refuse(w http.ResponseWriter, status int, why error) {
	c.lg.Warn("wechat: refused a call", "why", why.Error())
	http.Error(w, http.StatusText(status), status)
}
