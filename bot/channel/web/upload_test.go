package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func zipped(names ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, _ := z.Create(n)
		_, _ = w.Write([]byte("x"))
	}
	_ = z.Close()
	return b.String()
}

func TestSniff(t *testing.T) {
	for _, x := range []struct{ data, mime, kind string }{
		{"\xff\xd8\xff\xe0", "image/jpeg", "photo"}, {string(pngBytes), "image/png", "photo"}, {"RIFF0000WEBPVP8", "image/webp", "photo"},
		{"\x00\x00\x00\x18ftypheic0000", "image/heic", "photo"}, {"%PDF-1.7", "application/pdf", "file"},
		{"ID3\x04", "audio/mpeg", "voice"}, {"\xff\xfb\x90\x00", "audio/mpeg", "voice"}, {"\x00\x00\x00\x18ftypM4A 0000", "audio/mp4", "voice"},
		{"#!AMR\n", "audio/amr", "voice"}, {"OggS\x00", "audio/ogg", "voice"}, {"RIFF0000WAVEfmt", "audio/wav", "voice"},
		{"\x00\x00\x00\x18ftypisom0000", "video/mp4", "video"}, {"\x00\x00\x00\x14ftyp3gp4", "video/3gpp", "video"}, {"\x1a\x45\xdf\xa3", "video/webm", "video"},
		{zipped("[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file"},
		{zipped("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file"},
		{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", "file"}, {"今天借款八千元", "text/plain; charset=utf-8", "file"},
	} {
		mime, ok := sniff([]byte(x.data))
		if !ok || mime != x.mime || kindOf(mime) != x.kind {
			t.Errorf("%.12q: %s %v, kind %s", x.data, mime, ok, kindOf(mime))
		}
	}
	for _, bad := range []string{"MZ\x90\x00", "\x7fELF", "<html><script>alert(1)</script>", "<!DOCTYPE html>", "#!/bin/sh\n", zipped("a.txt"),
		zipped("word/document.xml"), "PK\x03\x04broken", "a\x00b", "\xfe\xff\x00a", "文 <ScRipt>"} {
		if mime, ok := sniff([]byte(bad)); ok {
			t.Errorf("%.20q passes as %s", bad, mime)
		}
	}
}

func TestUploads(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	token := b.csrf()
	values := func(id string) map[string]string { return map[string]string{"csrf": token, "id": id, "text": "欠条"} }
	code, body := b.upload(values("1"), [2]string{`C:\我的\欠条.png`, string(pngBytes)}, [2]string{"合同.pdf", "%PDF-1.7"}, [2]string{"空.txt", ""})
	if code != 200 {
		t.Fatalf("%d %s", code, body)
	}
	m := r.mem.Messages()[0]
	if len(m.Attachments) != 2 || m.Album == "" || m.Attachments[1].Group != m.Album || m.Text != "欠条" {
		t.Fatalf("%+v", m)
	}
	a := m.Attachments[0]
	data, mime, err := r.mem.Blob(context.Background(), a.SHA256)
	if err != nil || !bytes.Equal(data, pngBytes) || mime != "image/png" || a.Name != "欠条.png" || a.Kind != "photo" || a.Size != int64(len(pngBytes)) {
		t.Errorf("%+v %v", a, err)
	}
	if _, page, _ := b.get("/chat"); !strings.Contains(page, "照片 欠条.png") {
		t.Error("the page does not show what was sent")
	}
	for name, x := range map[string]struct {
		status int
		files  [][2]string
	}{
		"a program":  {http.StatusUnsupportedMediaType, [][2]string{{"photo.jpg", "MZ\x90\x00"}}},
		"a page":     {http.StatusUnsupportedMediaType, [][2]string{{"a.txt", "<html><body>"}}},
		"ten files":  {http.StatusRequestEntityTooLarge, many(10)},
		"over 20 MB": {http.StatusRequestEntityTooLarge, [][2]string{{"a.pdf", "%PDF-" + strings.Repeat("x", MaxUpload)}}},
		"far over":   {http.StatusRequestEntityTooLarge, [][2]string{{"a.pdf", "%PDF-" + strings.Repeat("x", MaxUpload+3<<20)}}},
	} {
		if code, body := b.upload(values("2"), x.files...); code != x.status || !strings.Contains(body, "error") {
			t.Errorf("%s: %d %.80s", name, code, body)
		}
	}
	if n := len(r.mem.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
	if code, _ := b.upload(values("3"), [2]string{"a.pdf", "%PDF-" + strings.Repeat("x", MaxUpload-5)}); code != 200 {
		t.Errorf("exactly 20 MB: %d", code)
	}
}

func many(n int) (out [][2]string) {
	for i := range n {
		out = append(out, [2]string{fmt.Sprint(i, ".png"), string(pngBytes)})
	}
	return out
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{"../../etc/passwd": "passwd", "a\u202egpj.exe": "agpj.exe", `C:\x\借条.jpg`: "借条.jpg", "a\nb.png": "ab.png"} {
		if got := fileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := fileName(strings.Repeat("长", 100) + ".png"); len(got) > 120 || !strings.HasSuffix(got, "长.png") {
		t.Errorf("%d %q", len(got), got)
	}
}
