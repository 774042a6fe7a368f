package wechat

import (
	"context"
	"fmt"
	"strings"

	"github.com/silenceper/wechat/v2/officialaccount/message"

	"heshi/bot"
	"heshi/bot/channel"
)

// option is one line to tap, numbered so that it can be typed as well.
type option struct {
	id      string
	content string
}

// part is one message to a follower.
type part struct {
	text    string
	options []option
}

// parts cuts r into messages of the platform's size, with the buttons under the last. With links, buttons are lines
// inside the text, as a passive answer needs them; else a menu message of their own.
func (c *Channel) parts(ctx context.Context, r bot.Reply, links bool) []part {
	text, options := r.Text, c.options(ctx, r)
	if options == nil && len(r.Buttons) > 0 {
		text += "\n\n" + channel.Numbered(r.Buttons)
	}
	if len(options) == 0 {
		return texts(channel.Split(text, maxText, channel.Bytes))
	}
	if links {
		tail := "\n"
		for i, o := range options {
			tail += fmt.Sprintf("\n%d. <a href=\"weixin://bizmsgmenu?msgmenucontent=%s&msgmenuid=%s\">%s</a>", i+1, plain(o.content), o.id, plain(o.content))
		}
		if len(tail) < maxText*2/3 {
			out := texts(channel.Split(text, maxText-len(tail), channel.Bytes))
			if n := len(out); n > 0 {
				out[n-1].text += tail
			}
			return out
		}
		return texts(channel.Split(text+"\n\n"+channel.Numbered(r.Buttons), maxText, channel.Bytes))
	}
	size := 0
	for i := range options {
		options[i].content = fmt.Sprintf("%d. %s", i+1, options[i].content)
		size += len(options[i].content)
	}
	out := texts(channel.Split(text, maxText-size, channel.Bytes))
	if n := len(out); n > 0 {
		out[n-1].options = options
	}
	return out
}

func texts(split []string) []part {
	out := make([]part, len(split))
	for i, s := range split {
		out[i].text = s
	}
	return out
}

// options gives the lines to tap, or nil when they are better typed: too much to read, or no number to be had.
func (c *Channel) options(ctx context.Context, r bot.Reply) []option {
	if len(r.Buttons) == 0 {
		return nil
	}
	size := 0
	for _, b := range r.Buttons {
		if b.ID == "" {
			return nil
		}
		size += len(channel.Label(b)) + 4
	}
	if size > maxMenu {
		return nil
	}
	numbers, err := c.menus.numbers(ctx, r.To.User, r.Buttons)
	if err != nil {
		c.lg.Error("wechat: buttons are sent as text", "reply", r.ID, "err", err)
		return nil
	}
	out := make([]option, len(numbers))
	for i, n := range numbers {
		out[i] = option{fmt.Sprint(n), channel.Label(r.Buttons[i])}
	}
	return out
}

// plain takes out of a label what would end the link it stands in.
func plain(s string) string {
	return strings.NewReplacer(`"`, "", "<", "", ">", "", "&", "", "\n", " ").Replace(s)
}

// custom puts p into the form of a 客服 message.
func (p part) custom(user string) *message.CustomerMessage {
	if len(p.options) == 0 {
		return message.NewCustomerTextMessage(user, p.text)
	}
	menu := &message.MediaMsgmenu{HeadContent: p.text}
	for _, o := range p.options {
		menu.List = append(menu.List, message.MsgmenuItem{ID: o.id, Content: o.content})
	}
	return &message.CustomerMessage{ToUser: user, Msgtype: "msgmenu", Msgmenu: menu}
}
