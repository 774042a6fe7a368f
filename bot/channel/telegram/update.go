package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
)

var errForm = errors.New("not an update")

// decode reads one update. A panic of the library's own decoders is an error like any other.
func decode(body []byte) (u *models.Update, err error) {
	defer func() {
		if recover() != nil {
			u, err = nil, errForm
		}
	}()
	u = &models.Update{}
	if json.Unmarshal(body, u) != nil || u.ID <= 0 {
		return nil, errForm
	}
	return u, nil
}

// take stores what u brings. after, when there is one, is a courtesy call to Telegram for when u is safe.
func (c *Channel) take(ctx context.Context, in bot.Intake, u *models.Update) (after func(), err error) {
	key := fmt.Sprintf("%s:%d", Name, u.ID)
	switch {
	case u.CallbackQuery != nil:
		q := u.CallbackQuery
		if chat := callbackChat(q); chat.Type != models.ChatTypePrivate {
			return c.refuse(chat.ID), nil
		}
		m := bot.Message{Key: key, From: address(q.From.ID), Button: channel.Clean(q.Data), At: c.o.Now()}
		if _, err := in.Accept(ctx, m); err != nil {
			return nil, err
		}
		return courtesy(func(ctx context.Context) {
			_, err := c.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: q.ID})
			if err != nil { // the button spins a little longer, nothing else
				c.lg.Debug("telegram: answerCallbackQuery", "why", channel.Fault(err))
			}
		}), nil
	case u.Message != nil, u.EditedMessage != nil:
		m, edited := u.Message, false
		if m == nil {
			m, edited = u.EditedMessage, true
		}
		if m.Chat.Type != models.ChatTypePrivate {
			return c.refuse(m.Chat.ID), nil
		}
		msg, ok := c.message(m, edited)
		if !ok {
			return nil, nil
		}
		msg.Key, msg.From = key, address(m.Chat.ID)
		_, err := in.Accept(ctx, msg)
		return nil, err
	}
	return nil, nil // joins, reactions, polls of others: nothing anybody said to us
}

func address(id int64) bot.Address {
	return bot.Address{Channel: Name, User: strconv.FormatInt(id, 10)}
}

func callbackChat(q *models.CallbackQuery) models.Chat {
	switch {
	case q.Message.Message != nil:
		return q.Message.Message.Chat
	case q.Message.InaccessibleMessage != nil:
		return q.Message.InaccessibleMessage.Chat
	}
	return models.Chat{ID: q.From.ID, Type: models.ChatTypePrivate}
}

// commands are the slash commands Telegram users know, as the words that always work.
var commands = map[string]string{"help": "帮助", "cancel": "取消", "human": "人工", "delete": "删除我的信息", "mediation": "申请调解",
	"legalaid": "申请法律援助"}

// message reads m; ok is false for a service notice that nobody said.
func (c *Channel) message(m *models.Message, edited bool) (msg bot.Message, ok bool) {
	msg = bot.Message{Text: channel.Clean(m.Text), Album: m.MediaGroupID, At: time.Unix(int64(m.Date), 0)}
	if m.Text == "" {
		msg.Text = channel.Clean(m.Caption)
	}
	if edited {
		if msg.Text == "" { // a live location moving on, a picture swapped: the first one stays as sent
			return msg, false
		}
		msg.Text = c.say.Text("", "channel.telegram.edited", map[string]string{"text": msg.Text})
		msg.At = time.Unix(int64(m.EditDate), 0)
		msg.Album = ""
		return msg, true
	}
	if word, ok := strings.CutPrefix(msg.Text, "/"); ok && m.Text != "" {
		word, rest, _ := strings.Cut(word, " ")
		word, _, _ = strings.Cut(word, "@")
		if word == "start" {
			msg.Button, msg.Text = channel.Start, strings.TrimSpace(rest)
			return msg, true
		}
		if said, ok := commands[word]; ok {
			msg.Text = said
		}
	}
	a, unsupported := attachment(m)
	switch {
	case unsupported != "":
		msg.Unsupported = unsupported
	case a == nil && msg.Text == "":
		return msg, false
	case a != nil && c.o.Public:
		// What is abroad already cannot be called back, but we neither keep nor fetch it.
		msg.Unsupported, msg.Album = a.Kind, ""
	case a != nil:
		a.Group, a.Caption = m.MediaGroupID, msg.Text
		if m.Contact != nil {
			a.Caption = a.ID
			a.ID = ""
			msg.Text = strings.TrimSpace(a.Name + " " + a.Caption)
			if m.Contact.UserID == m.Chat.ID {
				msg.Text = a.Caption // one's own number answers "your number?"
			}
		}
		msg.Attachments = []intake.Attachment{*a}
	}
	return msg, true
}

// attachment gives what m carries, or the name of what nobody here can read. A contact's number is in its ID.
func attachment(m *models.Message) (a *intake.Attachment, unsupported string) {
	switch {
	case len(m.Photo) > 0:
		best := m.Photo[0]
		for _, p := range m.Photo {
			if p.Width*p.Height > best.Width*best.Height {
				best = p
			}
		}
		a = &intake.Attachment{ID: best.FileID, Kind: "photo", Type: "image/jpeg", Size: int64(best.FileSize)}
	case m.Voice != nil:
		a = &intake.Attachment{ID: m.Voice.FileID, Kind: "voice", Type: m.Voice.MimeType, Size: m.Voice.FileSize}
	case m.Audio != nil:
		a = &intake.Attachment{ID: m.Audio.FileID, Kind: "voice", Name: m.Audio.FileName, Type: m.Audio.MimeType, Size: m.Audio.FileSize}
	case m.Video != nil:
		a = &intake.Attachment{ID: m.Video.FileID, Kind: "video", Name: m.Video.FileName, Type: m.Video.MimeType, Size: m.Video.FileSize}
	case m.VideoNote != nil:
		a = &intake.Attachment{ID: m.VideoNote.FileID, Kind: "video", Type: "video/mp4", Size: int64(m.VideoNote.FileSize)}
	case m.Document != nil: // an animation comes as a document too
		a = &intake.Attachment{ID: m.Document.FileID, Kind: "file", Name: m.Document.FileName, Type: m.Document.MimeType, Size: m.Document.FileSize}
	case m.Venue != nil:
		return &intake.Attachment{Kind: "location", Lat: m.Venue.Location.Latitude, Lon: m.Venue.Location.Longitude,
			Name: channel.Clean(strings.TrimSpace(m.Venue.Title + " " + m.Venue.Address))}, ""
	case m.Location != nil:
		return &intake.Attachment{Kind: "location", Lat: m.Location.Latitude, Lon: m.Location.Longitude}, ""
	case m.Contact != nil:
		return &intake.Attachment{Kind: "contact", ID: channel.Clean(m.Contact.PhoneNumber),
			Name: channel.Clean(strings.TrimSpace(m.Contact.FirstName + " " + m.Contact.LastName))}, ""
	case m.Sticker != nil:
		return nil, "sticker"
	case m.Poll != nil:
		return nil, "poll"
	case m.Dice != nil:
		return nil, "dice"
	case m.Game != nil:
		return nil, "game"
	case m.Story != nil:
		return nil, "story"
	case m.PaidMedia != nil:
		return nil, "paid_media"
	case m.Checklist != nil:
		return nil, "checklist"
	default:
		return nil, ""
	}
	a.Name = channel.Clean(a.Name)
	if a.Size > MaxFile {
		return nil, "file_too_big"
	}
	return a, ""
}

// refuse answers a group once an hour that matters of law are told in private, and tells nobody there anything else.
func (c *Channel) refuse(chat int64) func() {
	if !c.refused.due(chat) {
		return nil
	}
	return courtesy(func(ctx context.Context) {
		_, err := c.api.SendMessage(ctx, &tg.SendMessageParams{ChatID: chat, Text: c.say.Text("", "channel.telegram.group", nil)})
		if err != nil {
			c.lg.Warn("telegram: could not decline a group", "why", channel.Fault(err))
		}
	})
}

// refusals remembers which groups were declined lately.
type refusals struct {
	mu   sync.Mutex
	now  func() time.Time
	last map[int64]time.Time
}

func newRefusals(now func() time.Time) *refusals {
	return &refusals{now: now, last: map[int64]time.Time{}}
}

func (r *refusals) due(chat int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if now.Sub(r.last[chat]) < time.Hour {
		return false
	}
	if len(r.last) > 1000 {
		clear(r.last)
	}
	r.last[chat] = now
	return true
}
