//go:build slow

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A release binary, copied away from its source and run without a module cache, still segments with its own dictionary,
// and gives its first answer within five seconds of starting in an empty home folder.
func TestReleaseBinaryStandsAlone(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "heshi")
	for _, args := range [][]string{
		{"run", "./retrieval/text/packdict"},
		{"build", "-tags", "packdict", "-trimpath", "-o", binary, "./cmd/heshi"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	run := func(in string, args ...string) (string, time.Duration) {
		cmd := exec.Command(binary, args...)
		cmd.Dir, cmd.Env, cmd.Stdin = dir, []string{"HOME=" + dir}, strings.NewReader(in)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		begin := time.Now()
		if err := cmd.Run(); err != nil {
			t.Errorf("heshi %s: %v\n%s", strings.Join(args, " "), err, &out)
		}
		return out.String(), time.Since(begin)
	}
	out, _ := run("", "doctor", "-json")
	if !strings.Contains(out, "packed") {
		t.Errorf("the packed dictionary is not in use:\n%s", out)
	}
	for _, q := range []string{"老板欠我8000块工资不给", "Дарга надад 8000 юань цалин өгөхгүй байна", "ᠳᠠᠷᠭ᠎ᠠ ᠴᠠᠯᠢᠩ ᠥᠭᠭᠦᠬᠦ ᠦᠭᠡᠢ"} {
		out, took := run(q+"\n", "chat", "-json")
		var line struct {
			Replies []struct{ Text string }
		}
		if err := json.Unmarshal([]byte(out), &line); err != nil || len(line.Replies) == 0 {
			t.Errorf("%q: no answer: %v %s", q, err, out)
			continue
		}
		if !strings.Contains(line.Replies[0].Text, "HS-10") {
			t.Errorf("%q finds no wage case:\n%s", q, line.Replies[0].Text)
		}
		if took > 5*time.Second {
			t.Errorf("%q: the first answer took %s", q, took)
		}
		t.Logf("first answer after %s", took.Round(time.Millisecond))
	}
}
