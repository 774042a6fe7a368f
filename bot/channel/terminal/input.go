package terminal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"heshi/bot"
	"heshi/bot/channel"
	"heshi/intake"
)

// maxFile is the largest file read, in bytes: what the other channels take too.
const maxFile = 20 << 20

// universal are words that begin with a slash and are words all the same.
var universal = map[string]bool{"/start": true, "/help": true, "/delete": true}

var kinds = []string{"photo", "voice", "video", "file", "location", "contact"}

// read makes a message of a line. A line that cannot be read gives the key of what to say, with arguments.
func (t *Terminal) read(ctx context.Context, line string) (m bot.Message, key string, args map[string]string) {
	switch {
	case line == "":
		return m, "channel.terminal.empty", nil
	case t.o.JSON && line[0] == '{':
		return t.object(ctx, line)
	case line[0] == '/' && !universal[line]:
		return t.slash(ctx, line)
	case !t.o.JSON:
		if id, ok := t.press(line); ok {
			return bot.Message{Button: id}, "", nil
		}
	}
	return bot.Message{Text: line}, "", nil
}

// press finds the button that line names, by its words or else by its number.
func (t *Terminal) press(line string) (id string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, b := range t.offered {
		if line == b.Label || line == channel.Label(b) || b.LabelMn != "" && line == b.LabelMn {
			return b.ID, true
		}
	}
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(t.offered) {
		return t.offered[n-1].ID, true
	}
	return "", false
}

// object reads a line of JSON.
func (t *Terminal) object(ctx context.Context, line string) (m bot.Message, key string, args map[string]string) {
	var in struct {
		Text        string `json:"text"`
		Button      string `json:"button"`
		Attachments []struct {
			intake.Attachment
			Path string `json:"path"`
		} `json:"attachments"`
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(line)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&in)
	if err == nil && dec.More() {
		err = errors.New("more than one value on the line")
	}
	if err != nil {
		return m, "channel.terminal.json", map[string]string{"why": strings.TrimPrefix(err.Error(), "json: ")}
	}
	m = bot.Message{Text: channel.Clean(in.Text), Button: in.Button}
	for _, a := range in.Attachments {
		if !slices.Contains(kinds, a.Kind) {
			return m, "channel.terminal.kind", map[string]string{"kind": a.Kind, "kinds": strings.Join(kinds, " ")}
		}
		if a.Path != "" {
			file, key, args := t.file(ctx, a.Kind, a.Path)
			if key != "" {
				return m, key, args
			}
			file.Caption, file.Transcript, file.Group = a.Caption, a.Transcript, a.Group
			a.Attachment = file
		}
		m.Attachments = append(m.Attachments, a.Attachment)
	}
	if m.Text == "" && m.Button == "" && len(m.Attachments) == 0 {
		return m, "channel.terminal.empty", nil
	}
	return m, "", nil
}

// slash reads a command line: /photo PATH and its like.
func (t *Terminal) slash(ctx context.Context, line string) (m bot.Message, key string, args map[string]string) {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.Trim(rest, " \t")
	one := func(a intake.Attachment) (bot.Message, string, map[string]string) {
		return bot.Message{Text: a.Transcript, Attachments: []intake.Attachment{a}}, "", nil
	}
	usage := func() (bot.Message, string, map[string]string) {
		return m, "channel.terminal.usage", map[string]string{"word": word}
	}
	switch word {
	case "/photo", "/file", "/video":
		if rest == "" {
			return usage()
		}
		a, key, args := t.file(ctx, word[1:], rest)
		if key != "" {
			return m, key, args
		}
		return one(a)
	case "/voice":
		if rest == "" {
			return usage()
		}
		sum := sha256.Sum256([]byte(rest)) // there is no recording; its words stand for it
		return one(intake.Attachment{Kind: "voice", Transcript: rest, SHA256: hex.EncodeToString(sum[:])})
	case "/location":
		lat, lon, ok := strings.Cut(strings.ReplaceAll(rest, "，", ","), ",")
		x, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
		y, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
		if !ok || err1 != nil || err2 != nil || x < -90 || x > 90 || y < -180 || y > 180 {
			return usage()
		}
		return one(intake.Attachment{Kind: "location", Lat: x, Lon: y})
	case "/contact":
		name, phone, ok := strings.Cut(rest, " ")
		if !ok {
			return usage()
		}
		phone = strings.TrimSpace(phone)
		m, _, _ := one(intake.Attachment{Kind: "contact", Name: name, Caption: phone})
		m.Text = name + " " + phone
		return m, "", nil
	case "/button":
		if rest == "" {
			return usage()
		}
		return bot.Message{Button: rest}, "", nil
	case "/sticker":
		return bot.Message{Unsupported: "sticker"}, "", nil
	}
	return m, "channel.terminal.command", map[string]string{"word": word}
}

// file reads a file into an attachment and keeps its bytes.
func (t *Terminal) file(ctx context.Context, kind, path string) (a intake.Attachment, key string, args map[string]string) {
	args = map[string]string{"path": path}
	f, err := os.Open(path)
	if err != nil {
		return a, "channel.terminal.file", args
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return a, "channel.terminal.file", args
	case len(data) > maxFile:
		return a, "channel.terminal.big", args
	case len(data) == 0:
		return a, "channel.terminal.nothing", args
	}
	sum := sha256.Sum256(data)
	a = intake.Attachment{Kind: kind, Name: filepath.Base(path), Type: http.DetectContentType(data),
		Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	if t.o.Keep != nil {
		if err := t.o.Keep(ctx, t.Address(), a.SHA256, a.Type, data); err != nil {
			return a, "channel.terminal.failed", nil
		}
	}
	return a, "", nil
}
