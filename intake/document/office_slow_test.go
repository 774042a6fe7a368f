//go:build slow

package document

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every document opens in LibreOffice and becomes a PDF with pages and its words: what is well-formed is not yet a
// document. Needs soffice, and pdfinfo and pdftotext of poppler; HESHI_KEEP_PDF names a folder to look at them in.
func TestOpensInOffice(t *testing.T) {
	for _, tool := range []string{"soffice", "pdftotext", "pdfinfo"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("the slow tests need %s: %v", tool, err)
		}
	}
	dir := t.TempDir()
	if keep := os.Getenv("HESHI_KEEP_PDF"); keep != "" {
		dir = keep
	}
	var paths []string
	write := func(name string, kind Kind, d Data) {
		raw, err := Render(kind, d)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".docx")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	for _, kind := range Kinds() {
		d := sample(t, kind)
		write(string(kind), kind, d)
		d.Lang = "mn-Cyrl"
		write(string(kind)+".cyrl", kind, d)
		d.Lang = "mn-Mong"
		write(string(kind)+".mong", kind, d)
		write(string(kind)+".empty", kind, Data{Book: d.Book, Library: d.Library})
	}
	args := append([]string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir}, paths...)
	if out, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	for _, path := range paths {
		pdf := strings.TrimSuffix(path, ".docx") + ".pdf"
		name := strings.TrimSuffix(filepath.Base(pdf), ".pdf")
		kind, _, _ := strings.Cut(name, ".")
		about, err := Describe(Kind(kind))
		if err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		info, err := exec.Command("pdfinfo", pdf).Output()
		if err != nil || !strings.Contains(string(info), "A4") || strings.Contains(string(info), "Pages:           0") {
			t.Errorf("%s: %v\n%s", name, err, info)
		}
		for _, want := range []string{about.Title, "草稿·人工智能辅助·以签署版为准", "页共"} {
			if !strings.Contains(strings.ReplaceAll(string(text), " ", ""), want) {
				t.Errorf("%s: the PDF lacks %s", name, want)
			}
		}
	}
}
