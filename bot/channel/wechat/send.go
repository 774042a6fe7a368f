package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/silenceper/wechat/v2/officialaccount/message"
	"github.com/silenceper/wechat/v2/util"

	"heshi/bot"
)

const customURL = "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token="

// Send delivers r by 客服 messages. With PassiveOnly it puts r into the answer to a request of this follower that
// is waiting right now; when none is, the window is closed until the citizen writes again.
func (c *Channel) Send(ctx context.Context, r bot.Reply) bot.Delivery {
	if r.To.Channel != Name || r.To.User == "" {
		return bot.Delivery{Kind: bot.Failed, Code: "address"}
	}
	ctx, stop := context.WithTimeout(ctx, sendTime)
	defer stop()
	if c.o.PassiveOnly {
		return c.offer(ctx, r)
	}
	return c.deliver(ctx, r, c.parts(ctx, r, false))
}

// deliver sends the parts of r that were not taken yet.
func (c *Channel) deliver(ctx context.Context, r bot.Reply, parts []part) bot.Delivery {
	if len(parts) == 0 {
		return bot.Delivery{Kind: bot.Failed, Code: "empty"}
	}
	for i := c.progress.Taken(r.ID); i < len(parts); i++ {
		if err := c.custom(ctx, parts[i].custom(r.To.User)); err != nil {
			d := outcome(err, r.Attempts)
			if d.Kind == bot.Blocked || d.Kind == bot.Failed {
				c.progress.Forget(r.ID)
			}
			c.lg.Warn("wechat: reply not sent", "reply", r.ID, "kind", d.Kind, "code", d.Code, "retry", d.RetryAfter)
			return d
		}
		c.progress.Take(r.ID, i+1)
	}
	c.progress.Forget(r.ID)
	return bot.Delivery{Kind: bot.Sent}
}

// custom sends one 客服 message. A token the platform does not know any more is asked for again, once.
func (c *Channel) custom(ctx context.Context, m *message.CustomerMessage) error {
	err := c.customOnce(ctx, m)
	var api *apiError
	if errors.As(err, &api) && staleToken[api.code] {
		c.tokens.forget()
		err = c.customOnce(ctx, m)
	}
	return err
}

func (c *Channel) customOnce(ctx context.Context, m *message.CustomerMessage) error {
	token, err := c.account.GetAccessTokenContext(ctx)
	if err != nil {
		return scrub(err)
	}
	raw, err := util.PostJSONContext(ctx, customURL+url.QueryEscape(token), m)
	if err != nil {
		return scrub(err)
	}
	var answer struct {
		Code *int `json:"errcode"`
	}
	if json.Unmarshal(raw, &answer) != nil || answer.Code == nil {
		return errGarbage
	}
	if *answer.Code != codeOK {
		return &apiError{*answer.Code}
	}
	return nil
}
