package wechat

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// Reasons to refuse a call. They are logged; the caller is told nothing.
var (
	errSignature = errors.New("signature")
	errWindow    = errors.New("timestamp")
	errDowngrade = errors.New("not encrypted")
	errNoKey     = errors.New("encrypted, and no AES key is set")
	errForm      = errors.New("form")
)

// sign is the platform's signature: SHA-1 over the sorted parts, in hexadecimal.
func sign(parts ...string) string {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func same(got, want string) bool { return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1 }

// verifyQuery checks who calls and when. A call repeated within the window is harmless: its message falls on the
// inbox key, and its answer is the one given before.
func (c *Channel) verifyQuery(q url.Values) error {
	ts, nonce := q.Get("timestamp"), q.Get("nonce")
	if ts == "" || nonce == "" || !same(q.Get("signature"), sign(c.o.Token, ts, nonce)) {
		return errSignature
	}
	n, err := strconv.ParseInt(ts, 10, 64)
	if err != nil {
		return errWindow
	}
	if age := c.o.Now().Sub(time.Unix(n, 0)); age >= window || age <= -window {
		return errWindow
	}
	return nil
}

// unseal gives the message inside body. With an AES key set, nothing but an encrypted and signed body is taken:
// the plain signature covers the time only, and would let anybody who saw one call write a message of his own.
func (c *Channel) unseal(q url.Values, body []byte) ([]byte, error) {
	encrypted := q.Get("encrypt_type") == "aes"
	if c.o.AESKey == "" {
		if encrypted {
			return nil, errNoKey
		}
		return body, nil
	}
	if !encrypted || q.Get("msg_signature") == "" {
		return nil, errDowngrade
	}
	var envelope struct {
		XMLName xml.Name `xml:"xml"`
		Encrypt string   `xml:"Encrypt"`
	}
	if xml.Unmarshal(body, &envelope) != nil || envelope.Encrypt == "" {
		return nil, errForm
	}
	if !same(q.Get("msg_signature"), sign(c.o.Token, q.Get("timestamp"), q.Get("nonce"), envelope.Encrypt)) {
		return nil, errSignature
	}
	_, plain, err := util.DecryptMsg(c.o.AppID, envelope.Encrypt, c.o.AESKey) // recovers its own panics, checks the app id
	if err != nil {
		return nil, errForm
	}
	return plain, nil
}
