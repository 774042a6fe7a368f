package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"heshi/bot"
	"heshi/intake"
)

//go:embed templates assets data
var files embed.FS

// pages are the parsed templates and the assets with the address that changes when they do.
type pages struct {
	byName map[string]*template.Template
	assets map[string][]byte
	stamp  string
}

// loadPages parses what is embedded. A template that does not parse is a fault of the build: the tests open every page.
func loadPages(d *Desk) *pages {
	p := &pages{byName: map[string]*template.Template{}, assets: map[string][]byte{}}
	h := sha256.New()
	assets, _ := fs.Glob(files, "assets/*")
	for _, name := range assets {
		raw, err := files.ReadFile(name)
		if err != nil {
			continue
		}
		p.assets[path.Base(name)] = raw
		h.Write(raw)
	}
	p.stamp = hex.EncodeToString(h.Sum(nil)[:6])
	funcs := template.FuncMap{
		"t":     func(key string) string { return d.cat.Text("", key, nil) },
		"tk":    func(prefix, key string) string { return d.word(prefix, key) },
		"tn":    func(key string, n int) string { return d.cat.Text("", key, map[string]string{"n": strconv.Itoa(n)}) },
		"ta":    func(key, name, value string) string { return d.cat.Text("", key, map[string]string{name: value}) },
		"two":   func(a, b any) map[string]any { return map[string]any{"A": a, "B": b} },
		"lines": func(s string) []string { return strings.Split(s, "\n") },
	}
	base := template.Must(template.New("layout").Funcs(funcs).ParseFS(files, "templates/layout.html", "templates/part_*.html"))
	all, _ := fs.Glob(files, "templates/*.html")
	for _, name := range all {
		n := strings.TrimSuffix(path.Base(name), ".html")
		if n == "layout" || strings.HasPrefix(n, "part_") {
			continue
		}
		p.byName[n] = template.Must(template.Must(base.Clone()).ParseFS(files, name))
	}
	return p
}

// word is the message prefix.key, or key itself when there is none: a code we have no word for is still shown.
func (d *Desk) word(prefix, key string) string {
	if full := prefix + "." + key; d.cat.Has(full) {
		return d.cat.Text("", full, nil)
	}
	return key
}

// frame is what every page has around its own content.
type frame struct {
	Stamp, CSRF, Flash, Page string
	Me                       bot.Staff
	MyOffice                 string
	Admin, Auditor, Reader   bool
	V                        any
}

type messageView struct{ Key, Back string }

// page writes one page. It is rendered whole before the first byte leaves, so that a fault is an error page and
// never half a file.
func (d *Desk) page(w http.ResponseWriter, r *http.Request, code int, name string, view any) {
	ctx := r.Context()
	f := frame{Stamp: d.pages.stamp, Page: name, Me: staffOf(r), V: view}
	if f.Me.ID != "" {
		f.CSRF = d.sessions.GetString(ctx, keyCSRF)
		f.Flash = d.sessions.PopString(ctx, keyFlash)
		f.Admin = f.Me.HasRole("admin")
		f.Auditor = f.Admin || f.Me.HasRole("auditor")
		f.Reader = mayRead(f.Me)
		if o, ok := d.office(ctx, f.Me.Office); ok {
			f.MyOffice = o.Name
		}
	}
	var b bytes.Buffer
	if err := d.pages.byName[name].ExecuteTemplate(&b, "layout", f); err != nil {
		d.log.ErrorContext(ctx, "desk: a page could not be rendered", "page", name, "error", err)
		http.Error(w, d.cat.Text("", "desk.wrong.fault", nil), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // the reader may be gone; there is nobody left to tell
}

// flash keeps a line for the next page.
func (d *Desk) flash(r *http.Request, key string) { d.sessions.Put(r.Context(), keyFlash, key) }

func (d *Desk) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	raw, ok := d.pages.assets[name]
	if !ok {
		d.notFound(w, r)
		return
	}
	switch path.Ext(name) {
	case ".css":
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
	case ".js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	case ".svg":
		w.Header().Set("Content-Type", "image/svg+xml")
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // the address carries a stamp of the content
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
}

// office is an office of this installation.
func (d *Desk) office(ctx context.Context, id string) (intake.Office, bool) {
	if id == "" {
		return intake.Office{}, false
	}
	all, err := d.store.Offices(ctx)
	if err != nil {
		d.log.ErrorContext(ctx, "desk: reading the offices", "error", err)
		return intake.Office{}, false
	}
	for _, o := range all {
		if o.ID == id {
			return o, true
		}
	}
	return intake.Office{}, false
}
