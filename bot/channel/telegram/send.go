package telegram

import (
	"context"
	"errors"
	"strconv"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
)

// Send delivers r, in several messages when it is long, with the buttons under the last. It returns within about
// ten seconds; what was sent of a cut reply is remembered, so that trying again goes on from there.
func (c *Channel) Send(ctx context.Context, r bot.Reply) bot.Delivery {
	chat, err := strconv.ParseInt(r.To.User, 10, 64)
	if r.To.Channel != Name || err != nil {
		return bot.Delivery{Kind: bot.Failed, Code: "address"}
	}
	ctx, stop := context.WithTimeout(ctx, sendTime)
	defer stop()
	text, keyboard := r.Text, keys(r.Buttons)
	if keyboard == nil && len(r.Buttons) > 0 {
		text += "\n\n" + channel.Numbered(r.Buttons) // a number can be typed where a button does not fit
	}
	parts := channel.Split(text, maxText, channel.UTF16)
	if len(parts) == 0 {
		return bot.Delivery{Kind: bot.Failed, Code: "empty"}
	}
	id := ""
	for i := c.progress.Taken(r.ID); i < len(parts); i++ {
		if err := c.pace.wait(ctx, chat); err != nil {
			return c.delivery(r, err)
		}
		p := &tg.SendMessageParams{ChatID: chat, Text: parts[i], LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: tg.True()}}
		if i == len(parts)-1 && keyboard != nil {
			p.ReplyMarkup = keyboard
		}
		m, err := c.api.SendMessage(ctx, p)
		if err != nil {
			return c.delivery(r, err)
		}
		id = strconv.Itoa(m.ID)
		c.progress.Take(r.ID, i+1)
	}
	c.progress.Forget(r.ID)
	return bot.Delivery{Kind: bot.Sent, PlatformID: id}
}

// keys lays buttons out: short ones two in a row. It gives nil when there are none or one cannot be sent.
func keys(buttons []intake.Button) *models.InlineKeyboardMarkup {
	if len(buttons) == 0 || len(buttons) > 100 {
		return nil
	}
	k := &models.InlineKeyboardMarkup{}
	var row []models.InlineKeyboardButton
	for _, b := range buttons {
		label := channel.Label(b)
		if b.ID == "" || len(b.ID) > maxData || label == "" {
			return nil
		}
		wide := channel.UTF16(label) > 10
		if wide && len(row) > 0 {
			k.InlineKeyboard, row = append(k.InlineKeyboard, row), nil
		}
		row = append(row, models.InlineKeyboardButton{Text: label, CallbackData: b.ID})
		if wide || len(row) == 2 {
			k.InlineKeyboard, row = append(k.InlineKeyboard, row), nil
		}
	}
	if len(row) > 0 {
		k.InlineKeyboard = append(k.InlineKeyboard, row)
	}
	return k
}

// delivery says what to do next after err. Telegram's own words stay behind: they may quote the message.
func (c *Channel) delivery(r bot.Reply, err error) bot.Delivery {
	d := bot.Delivery{Kind: bot.Retry, RetryAfter: channel.Backoff(r.Attempts)}
	var many *tg.TooManyRequestsError
	var moved *tg.MigrateError
	switch wait, full := busy(err); {
	case full:
		d.RetryAfter, d.Code = wait, "rate"
	case errors.As(err, &many):
		d.RetryAfter, d.Code = max(time.Duration(many.RetryAfter)*time.Second, time.Second), "429"
	case errors.Is(err, tg.ErrorForbidden):
		d = bot.Delivery{Kind: bot.Blocked, Code: "403"}
	case errors.As(err, &moved), errors.Is(err, tg.ErrorBadRequest):
		d = bot.Delivery{Kind: bot.Failed, Code: "400"}
	case errors.Is(err, tg.ErrorUnauthorized), errors.Is(err, tg.ErrorNotFound):
		// The token is wrong: the operator's fault, not the reply's. It waits.
		d.RetryAfter, d.Code = 5*time.Minute, "401"
	case errors.Is(err, tg.ErrorConflict):
		d.Code = "409"
	default:
		d.Code = channel.Fault(err)
	}
	if d.Kind == bot.Blocked || d.Kind == bot.Failed {
		c.progress.Forget(r.ID)
	}
	c.lg.Warn("telegram: reply not sent", "reply", r.ID, "kind", d.Kind, "code", d.Code, "retry", d.RetryAfter)
	return d
}
