package wechat

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"heshi/bot"
	"heshi/bot/channel"
)

// The platform's codes that need more than a row in the table.
const (
	codeOK    = 0
	codeMedia = 40007
)

// apiError is a code of the platform without its words, which may quote what was sent.
type apiError struct{ code int }

func (e *apiError) Error() string { return fmt.Sprintf("wechat: errcode %d", e.code) }

// httpError is an answer that is no answer of the API.
type httpError struct{ status int }

func (e *httpError) Error() string { return fmt.Sprintf("wechat: status %d", e.status) }

var errGarbage = errors.New("wechat: not an answer of the API")

// staleToken are the codes that say the access token is worth nothing.
var staleToken = map[int]bool{40001: true, 40014: true, 42001: true}

var (
	codeInText   = regexp.MustCompile(`errcode=(-?\d+)`)
	statusInText = regexp.MustCompile(`statusCode=(\d+)`)
)

// scrub turns an error of the library, whose text may hold secrets, into one of ours that holds none.
func scrub(err error) error {
	if err == nil {
		return nil
	}
	var ours *apiError
	var status *httpError
	if errors.As(err, &ours) || errors.As(err, &status) || errors.Is(err, errGarbage) {
		return err
	}
	text := err.Error()
	if m := codeInText.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return &apiError{n}
	}
	if m := statusInText.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return &httpError{n}
	}
	return fault{channel.Fault(err)}
}

// fault is network trouble by kind.
type fault struct{ kind string }

func (f fault) Error() string { return "wechat: " + f.kind }

// outcome says what to do next after err, which scrub has seen, at the given attempt.
func outcome(err error, attempts int) bot.Delivery {
	again := channel.Backoff(attempts)
	var api *apiError
	var status *httpError
	var net fault
	switch {
	case errors.As(err, &api):
		d := bot.Delivery{Kind: bot.Retry, RetryAfter: again, Code: strconv.Itoa(api.code)}
		switch api.code {
		case 45015: // the 48 hours since the last word of the citizen are over
			return bot.Delivery{Kind: bot.WindowClosed, Code: d.Code}
		case 43004, 48002: // not following any more; does not want our messages
			return bot.Delivery{Kind: bot.Blocked, Code: d.Code}
		case 48001, 40003, 40008, 45002, 47001, 44004: // no permission, no such follower, malformed, too long
			return bot.Delivery{Kind: bot.Failed, Code: d.Code}
		case 45047: // as many messages as one word of the citizen allows
			d.RetryAfter = max(again, 10*time.Minute)
		case 45009, 45011: // calls of the day or the minute are used up
			d.RetryAfter = max(again, time.Minute)
		case 40001, 40014, 42001, 40013, 40125, 40164, 61004, 50002: // our account's trouble: the operator must see to it
			d.RetryAfter = max(again, 5*time.Minute)
		case -1: // busy
		default:
			if attempts >= 8 { // an unknown refusal that does not go away
				return bot.Delivery{Kind: bot.Failed, Code: d.Code}
			}
		}
		return d
	case errors.As(err, &status):
		return bot.Delivery{Kind: bot.Retry, RetryAfter: again, Code: fmt.Sprintf("http_%d", status.status)}
	case errors.As(err, &net):
		return bot.Delivery{Kind: bot.Retry, RetryAfter: again, Code: net.kind}
	}
	return bot.Delivery{Kind: bot.Retry, RetryAfter: again, Code: "garbage"}
}
