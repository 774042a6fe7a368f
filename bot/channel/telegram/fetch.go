package telegram

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"

	tg "github.com/go-telegram/bot"

	"heshi/bot/channel"
)

// Errors of Fetch. Their texts hold neither token nor file name.
var (
	ErrGone   = errors.New("telegram: the file is not there any more")
	ErrTooBig = errors.New("telegram: the file is over 20 MB")
)

// Fetch opens the file an attachment names; the caller closes it. Reading past 20 MB gives ErrTooBig.
func (c *Channel) Fetch(ctx context.Context, ref string) (io.ReadCloser, string, error) {
	f, err := c.api.GetFile(ctx, &tg.GetFileParams{FileID: ref})
	switch {
	case errors.Is(err, tg.ErrorBadRequest):
		return nil, "", ErrGone
	case err != nil:
		return nil, "", fmt.Errorf("telegram: getFile: %s", channel.Fault(err))
	case f.FileSize > MaxFile:
		return nil, "", ErrTooBig
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.api.FileDownloadLink(f), nil)
	if err != nil {
		return nil, "", ErrGone
	}
	patient := *c.client
	patient.Timeout = 0 // ctx bounds a long download
	resp, err := patient.Do(req)
	if err != nil {
		return nil, "", fmt.Errorf("telegram: download: %s", channel.Fault(err))
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		if resp.StatusCode == http.StatusNotFound {
			return nil, "", ErrGone
		}
		return nil, "", fmt.Errorf("telegram: download: status %d", resp.StatusCode)
	}
	kind := mime.TypeByExtension(path.Ext(f.FilePath))
	body := bufio.NewReader(resp.Body)
	if kind == "" { // Telegram serves everything as octets
		head, _ := body.Peek(512)
		kind = http.DetectContentType(head)
	}
	return channel.Whole(body, resp.Body, MaxFile, ErrTooBig), kind, nil
}
