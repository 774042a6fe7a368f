package wechat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
)

// inbound is what the platform posts. The library's own form is not used: it reads bizmsgmenuid as a number and
// drops the whole message when it is none.
type inbound struct {
	XMLName      xml.Name `xml:"xml"`
	ToUserName   string
	FromUserName string
	CreateTime   int64
	MsgType      string
	MsgID        string `xml:"MsgId"`
	Content      string
	MenuID       string `xml:"bizmsgmenuid"`
	MediaID      string `xml:"MediaId"`
	PicURL       string `xml:"PicUrl"`
	Format       string
	Recognition  string
	Latitude     float64 `xml:"Location_X"`
	Longitude    float64 `xml:"Location_Y"`
	Label        string
	Title        string
	Description  string
	URL          string `xml:"Url"`
	Event        string
	EventKey     string
}

// unreadable is what the platform puts in place of a kind of message it does not pass on.
const unreadable = "【收到不支持的消息类型，暂无法显示】"

// parse reads an inner message. Letters that XML or UTF-8 do not know are cleaned, not refused.
func parse(raw []byte) (inbound, error) {
	var m inbound
	if !utf8.Valid(raw) {
		raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	}
	raw = bytes.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, raw)
	if xml.Unmarshal(raw, &m) != nil || m.FromUserName == "" || m.ToUserName == "" || m.MsgType == "" || m.CreateTime <= 0 {
		return m, errForm
	}
	if m.MsgType != "event" && m.MsgID == "" {
		return m, errForm
	}
	return m, nil
}

// key is the same for every retry of one message and for no other: voice ids collide, so sender and time count too.
// It is a hash, for it is logged and the sender is nobody's business.
func (m inbound) key() string {
	parts := []string{m.MsgID, m.FromUserName, strconv.FormatInt(m.CreateTime, 10)}
	if m.MsgType == "event" {
		parts = []string{m.FromUserName, strconv.FormatInt(m.CreateTime, 10), m.Event, m.EventKey}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return Name + ":" + hex.EncodeToString(sum[:16])
}

// message puts m into our form; ok is false for an event nobody waits to be answered. A tap on a menu is left in
// Button as the platform's number.
func (m inbound) message() (msg bot.Message, ok bool) {
	msg = bot.Message{Key: m.key(), From: bot.Address{Channel: Name, User: m.FromUserName}, At: time.Unix(m.CreateTime, 0)}
	switch m.MsgType {
	case "text":
		msg.Text = channel.Clean(m.Content)
		msg.Button = m.MenuID
		if m.MenuID == "" && msg.Text == unreadable {
			msg.Text, msg.Unsupported = "", "unknown"
		}
	case "image":
		msg.Attachments = []intake.Attachment{{ID: m.MediaID, Kind: "photo", Type: "image/jpeg"}}
	case "voice":
		heard := channel.Clean(m.Recognition)
		msg.Text = heard
		msg.Attachments = []intake.Attachment{{ID: m.MediaID, Kind: "voice", Type: voiceType(m.Format), Transcript: heard}}
	case "video", "shortvideo":
		msg.Attachments = []intake.Attachment{{ID: m.MediaID, Kind: "video", Type: "video/mp4"}}
	case "location":
		msg.Attachments = []intake.Attachment{{Kind: "location", Lat: m.Latitude, Lon: m.Longitude, Name: channel.Clean(m.Label)}}
	case "link":
		msg.Text = channel.Clean(strings.TrimSpace(m.Title + "\n" + m.Description + "\n" + m.URL))
	case "event":
		switch m.Event {
		case "subscribe":
			msg.Button = channel.Start
		case "CLICK": // the account's own menu: its keys are words that can be said
			msg.Text = channel.Clean(m.EventKey)
		default: // leaving, reported places, opened links: nothing anybody said
			return msg, false
		}
	default:
		msg.Unsupported = channel.Clean(m.MsgType)
	}
	if msg.Text == "" && msg.Button == "" && msg.Unsupported == "" && len(msg.Attachments) == 0 {
		msg.Unsupported = "empty"
	}
	return msg, true
}

func voiceType(format string) string {
	switch strings.ToLower(format) {
	case "amr":
		return "audio/amr"
	case "speex":
		return "audio/speex"
	case "mp3":
		return "audio/mpeg"
	}
	return "application/octet-stream"
}
