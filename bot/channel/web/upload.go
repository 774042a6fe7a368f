package web

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"heshi/bot/channel"
)

// What one message may bring.
const (
	maxFields = 2 << 20  // bytes of text and other fields
	MaxUpload = 20 << 20 // bytes of all files of one message
	maxFiles  = 9
)

// Reasons to refuse a form; each has words in the catalogue.
var (
	errForm    = errors.New("form")
	errBig     = errors.New("size")
	errMany    = errors.New("count")
	errKind    = errors.New("kind")
	errNothing = errors.New("empty")
)

// upload is one file of a form.
type upload struct {
	name string
	mime string
	data []byte
}

// fields is a form read into memory; nothing of it touches the disk before it is stored properly.
type fields struct {
	values map[string]string
	files  []upload
}

// readForm reads a form of either encoding within the limits.
func readForm(w http.ResponseWriter, r *http.Request) (fields, error) {
	f := fields{values: map[string]string{}}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			return f, errForm
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxFields)
		if err := r.ParseForm(); err != nil {
			return f, tooBig(err)
		}
		for k, v := range r.PostForm {
			f.values[k] = v[0]
		}
		return f, nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxUpload+maxFields)
	parts, err := r.MultipartReader()
	if err != nil {
		return f, errForm
	}
	text, bytes := 0, 0
	for n := 0; ; n++ {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, tooBig(err)
		}
		if n > 40 {
			return f, errForm
		}
		if p.FileName() == "" {
			v, err := io.ReadAll(io.LimitReader(p, int64(maxFields-text)+1))
			if text += len(v); text > maxFields {
				return f, errBig
			}
			if err != nil {
				return f, tooBig(err)
			}
			f.values[p.FormName()] = string(v)
			continue
		}
		u, err := readFile(p, MaxUpload-bytes)
		if err != nil {
			return f, err
		}
		bytes += len(u.data)
		if len(u.data) > 0 { // a file field left empty
			f.files = append(f.files, u)
		}
		if len(f.files) > maxFiles {
			return f, errMany
		}
	}
}

func readFile(p *multipart.Part, room int) (upload, error) {
	data, err := io.ReadAll(io.LimitReader(p, int64(room)+1))
	switch {
	case err != nil:
		return upload{}, tooBig(err)
	case len(data) > room:
		return upload{}, errBig
	case len(data) == 0:
		return upload{}, nil
	}
	kind, ok := sniff(data)
	if !ok {
		return upload{}, errKind
	}
	return upload{fileName(p.FileName()), kind, data}, nil
}

func tooBig(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return errBig
	}
	return errForm
}

// fileName keeps what a person would call the file: no folders, no control letters, not too long.
func fileName(s string) string {
	s = channel.Clean(path.Base(strings.ReplaceAll(s, `\`, "/")))
	s = strings.Map(func(r rune) rune {
		// Letters that turn the direction of writing can make a name look like another.
		if unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, s)
	for len(s) > 120 {
		_, w := utf8.DecodeRuneInString(s)
		s = s[w:] // the end has the extension
	}
	return s
}

// sniff tells what data is by its own bytes; ok is false for what nobody here can open, programs and pages included.
func sniff(data []byte) (mime string, ok bool) {
	has := func(at int, s string) bool { return len(data) >= at+len(s) && string(data[at:at+len(s)]) == s }
	switch {
	case has(0, "\xff\xd8\xff"):
		return "image/jpeg", true
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "image/png", true
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "image/gif", true
	case has(0, "RIFF") && has(8, "WEBP"):
		return "image/webp", true
	case has(0, "RIFF") && has(8, "WAVE"):
		return "audio/wav", true
	case has(0, "%PDF-"):
		return "application/pdf", true
	case has(0, "ID3"), len(data) > 1 && data[0] == 0xff && (data[1] == 0xfb || data[1] == 0xf3 || data[1] == 0xf2):
		return "audio/mpeg", true
	case len(data) > 1 && data[0] == 0xff && (data[1] == 0xf1 || data[1] == 0xf9):
		return "audio/aac", true
	case has(0, "#!AMR"):
		return "audio/amr", true
	case has(0, "OggS"):
		return "audio/ogg", true
	case has(0, "\x1a\x45\xdf\xa3"):
		return "video/webm", true
	case has(4, "ftyp"):
		return brand(string(data[8:min(len(data), 12)])), true
	case has(0, "PK\x03\x04"):
		return office(data)
	case has(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return "application/x-ole-storage", true // Word, Excel or WPS of the old kind
	}
	if utf8.Valid(data) && bytes.IndexFunc(data, control) < 0 && !strings.HasPrefix(http.DetectContentType(data), "text/html") &&
		!strings.Contains(strings.ToLower(string(data[:min(len(data), 512)])), "<script") && !has(0, "#!") {
		return "text/plain; charset=utf-8", true
	}
	return "", false
}

// control reports a letter that no text has.
func control(r rune) bool { return r < 0x20 && !strings.ContainsRune("\t\n\r\f", r) || r == 0x7f }

// brand is the kind of an ISO media file.
func brand(b string) string {
	switch {
	case strings.HasPrefix(b, "M4A"), strings.HasPrefix(b, "M4B"):
		return "audio/mp4"
	case strings.HasPrefix(b, "hei"), strings.HasPrefix(b, "hev"), strings.HasPrefix(b, "mif"):
		return "image/heic"
	case strings.HasPrefix(b, "avif"):
		return "image/avif"
	case strings.HasPrefix(b, "qt"):
		return "video/quicktime"
	case strings.HasPrefix(b, "3g"):
		return "video/3gpp"
	}
	return "video/mp4"
}

// office tells the kinds of document that are packed as zip; a plain archive is none.
func office(data []byte) (string, bool) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", false
	}
	types := false
	for _, f := range z.File {
		switch {
		case f.Name == "[Content_Types].xml":
			types = true
		case strings.HasPrefix(f.Name, "word/") && types:
			return "application/vnd.openxmlformats-officedocument.wordprocessingml.document", true
		case strings.HasPrefix(f.Name, "xl/") && types:
			return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true
		}
	}
	return "", false
}

// kindOf is the kind of attachment a media type makes.
func kindOf(mime string) string {
	switch {
	case strings.HasPrefix(mime, "image/"):
		return "photo"
	case strings.HasPrefix(mime, "audio/"):
		return "voice"
	case strings.HasPrefix(mime, "video/"):
		return "video"
	}
	return "file"
}
