package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"

	"heshi/bot"
	"heshi/bot/channel"
)

// maxPoll bounds one answer to getUpdates: 100 updates of the longest text.
const maxPoll = 32 << 20

// apiError is an answer of the Bot API that is not ok.
type apiError struct {
	code  int
	retry time.Duration
}

func (e *apiError) Error() string { return fmt.Sprintf("telegram: error %d", e.code) }

// Poll asks for updates until ctx ends, which gives nil, or Telegram does not know the token, which gives ErrToken.
// The offset moves past an update only after it is stored; what cannot be stored is asked for again.
func (c *Channel) Poll(ctx context.Context, in bot.Intake) error {
	var offset int64
	ready, failures := false, 0
	for ctx.Err() == nil {
		if !ready { // a webhook left from another set-up makes every poll a conflict
			_, err := c.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
			ready = err == nil
		}
		updates, err := c.updates(ctx, offset)
		if err == nil {
			offset, err = c.takeAll(ctx, in, updates, offset)
		}
		if err == nil {
			failures = 0
			continue
		}
		wait := channel.Backoff(failures) / 4
		failures++
		if e, ok := err.(*apiError); ok {
			switch {
			case e.code == http.StatusUnauthorized || e.code == http.StatusNotFound:
				return ErrToken
			case e.code == http.StatusConflict:
				ready = false
			}
			wait = max(wait, e.retry)
			c.lg.Warn("telegram: poll failed", "code", e.code, "wait", wait)
		} else if ctx.Err() == nil {
			c.lg.Warn("telegram: poll failed", "why", channel.Fault(err), "wait", wait)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	return nil
}

// takeAll stores updates in order and gives the offset behind the last one that is safe.
func (c *Channel) takeAll(ctx context.Context, in bot.Intake, updates []json.RawMessage, offset int64) (int64, error) {
	for _, raw := range updates {
		var id struct {
			ID int64 `json:"update_id"`
		}
		if json.Unmarshal(raw, &id) != nil || id.ID <= 0 {
			return offset, errForm
		}
		u, err := decode(raw)
		if err != nil {
			// Asking again would bring the same one for ever, and hold back everybody behind it.
			c.lg.Error("telegram: skipped an update nobody can read", "update", id.ID)
			offset = id.ID + 1
			continue
		}
		after, err := c.take(ctx, in, u)
		if err != nil {
			c.lg.Error("telegram: could not store an update", "update", u.ID, "err", err)
			return offset, err
		}
		offset = u.ID + 1
		if after != nil {
			after()
		}
	}
	return offset, nil
}

// updates makes one long poll.
func (c *Channel) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ctx, stop := context.WithTimeout(ctx, c.o.PollTimeout+15*time.Second)
	defer stop()
	args, err := json.Marshal(map[string]any{"offset": offset, "timeout": int(c.o.PollTimeout.Seconds()), "limit": 100,
		"allowed_updates": []string{"message", "edited_message", "callback_query"}})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.o.ServerURL+"/bot"+c.o.Token+"/getUpdates", bytes.NewReader(args))
	if err != nil {
		return nil, errForm // the error would quote the address, and with it the token
	}
	req.Header.Set("Content-Type", "application/json")
	patient := *c.client
	patient.Timeout = 0 // ctx bounds the wait
	resp, err := patient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		OK         bool              `json:"ok"`
		Result     []json.RawMessage `json:"result"`
		Code       int               `json:"error_code"`
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxPoll)).Decode(&answer); err != nil {
		return nil, &apiError{code: resp.StatusCode}
	}
	if !answer.OK {
		return nil, &apiError{answer.Code, time.Duration(answer.Parameters.RetryAfter) * time.Second}
	}
	return answer.Result, nil
}
