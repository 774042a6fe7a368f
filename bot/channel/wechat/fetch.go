package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/silenceper/wechat/v2/util"

	"heshi/bot/channel"
)

const mediaURL = "https://api.weixin.qq.com/cgi-bin/media/get?"

// Errors of Fetch. Their texts hold neither token nor media id.
var (
	ErrGone   = errors.New("wechat: the media item is not there any more; the platform keeps one for three days")
	ErrTooBig = errors.New("wechat: the media item is over 20 MB")
)

// Fetch opens the media item an attachment names; the caller closes it. Reading past 20 MB gives ErrTooBig.
func (c *Channel) Fetch(ctx context.Context, ref string) (io.ReadCloser, string, error) {
	body, kind, err := c.fetchOnce(ctx, ref)
	var api *apiError
	if errors.As(err, &api) && staleToken[api.code] {
		c.tokens.forget()
		body, kind, err = c.fetchOnce(ctx, ref)
	}
	if errors.As(err, &api) && api.code == codeMedia {
		err = ErrGone
	}
	return body, kind, err
}

func (c *Channel) fetchOnce(ctx context.Context, ref string) (io.ReadCloser, string, error) {
	token, err := c.account.GetAccessTokenContext(ctx)
	if err != nil {
		return nil, "", scrub(err)
	}
	q := url.Values{"access_token": {token}, "media_id": {ref}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, mediaURL+q.Encode(), nil)
	if err != nil {
		return nil, "", ErrGone
	}
	resp, err := patient().Do(req)
	if err != nil {
		return nil, "", scrub(err)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, "", &httpError{resp.StatusCode}
	}
	if kind == "application/json" || strings.HasPrefix(kind, "text/") { // an error, or the address of a video
		var answer struct {
			Code  int    `json:"errcode"`
			Video string `json:"video_url"`
		}
		err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer)
		resp.Body.Close()
		switch {
		case err != nil:
			return nil, "", errGarbage
		case answer.Code != codeOK:
			return nil, "", &apiError{answer.Code}
		}
		return c.video(ctx, answer.Video)
	}
	return channel.Whole(resp.Body, resp.Body, MaxFile, ErrTooBig), kind, nil
}

// patient is the process's client without its short timeout: a download is bounded by its context.
func patient() *http.Client {
	c := *util.DefaultHTTPClient
	c.Timeout = 0
	return &c
}

// video opens the address the platform gives for a video, on its own hosts only.
func (c *Channel) video(ctx context.Context, address string) (io.ReadCloser, string, error) {
	u, err := url.Parse(address)
	if err != nil || !strings.HasSuffix("."+u.Hostname(), ".qq.com") {
		return nil, "", errGarbage
	}
	u.Scheme = "https"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", errGarbage
	}
	resp, err := patient().Do(req)
	if err != nil {
		return nil, "", scrub(err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, "", &httpError{resp.StatusCode}
	}
	return channel.Whole(resp.Body, resp.Body, MaxFile, ErrTooBig), "video/mp4", nil
}
