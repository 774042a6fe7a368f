package text

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func copyDictionary(t *testing.T, from, to string) {
	t.Helper()
	for _, f := range DictionaryFiles {
		b, err := os.ReadFile(filepath.Join(from, f))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, f), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func appendTo(t *testing.T, file, s string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(f, s)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func archive(t *testing.T) []byte {
	t.Helper()
	d, err := FindDictionary(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Pack(&b, d.Dir); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestExtractIsRepeatableAndHeals(t *testing.T) {
	pack, cache := archive(t), t.TempDir()
	dir, err := extract(pack, cache)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := extract(pack, cache); err != nil || again != dir {
		t.Errorf("second start: %q, %v", again, err)
	}
	// A damaged file would abort the process inside the segmenter.
	file := filepath.Join(dir, DictionaryFiles[0])
	if err := os.WriteFile(file, []byte("坏\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := extract(pack, cache); err != nil {
		t.Fatal(err)
	}
	if err := verify(dir); err != nil {
		t.Errorf("after healing: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(cache, "*.part"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := extract(pack[:len(pack)/2], t.TempDir()); err == nil {
		t.Error("a truncated archive was accepted")
	}
}

// A release binary carries its dictionary: copied to another folder, with a
// home and a module cache that do not exist, it still segments.
func TestMovedBinaryAnswers(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	tmp := t.TempDir()
	gz := filepath.Join(tmp, "dictionary.tar.gz")
	if err := os.WriteFile(gz, archive(t), 0o644); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(here, "dictionary.tar.gz"): gz}})
	if err != nil {
		t.Fatal(err)
	}
	overlayFile := filepath.Join(tmp, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o644); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(tmp, "moved", "words")
	build := exec.Command("go", "build", "-tags", "packdict", "-overlay", overlayFile, "-o", bin, "./testdata/words")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	run := exec.Command(bin, "拖欠农民工工资")
	run.Dir = filepath.Dir(bin)
	run.Env = []string{"HOME=" + filepath.Join(tmp, "home"), "GOMODCACHE=/nonexistent", "GOFLAGS=", "TMPDIR=" + tmp}
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("run: %v\n%s", err, out)
	}
	source, rest, _ := strings.Cut(string(out), "\n")
	if source != SourcePacked+" "+filepath.Join(tmp, "home") || !strings.Contains(rest, "农民工工资") {
		t.Errorf("moved binary says %q", out)
	}
}
