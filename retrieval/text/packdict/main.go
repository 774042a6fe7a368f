// Command packdict packs the segmenter's dictionary from the module cache into
// the file that a binary built with -tags packdict embeds. Run it from the
// module's root before such a build:
//
//	go run ./retrieval/text/packdict
//	go build -trimpath -tags packdict ./cmd/heshi
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"heshi/retrieval/text"
)

func main() {
	out := flag.String("o", "retrieval/text/dictionary.tar.gz", "file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "packdict:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	const module = "github.com/yanyiwu/gojieba"
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return fmt.Errorf("find %s (is its source downloaded?): %w", module, err)
	}
	var b bytes.Buffer
	if err := text.Pack(&b, filepath.Join(strings.TrimSpace(string(dir)), "deps", "cppjieba", "dict")); err != nil {
		return err
	}
	tmp := out + ".part"
	if err := os.WriteFile(tmp, b.Bytes(), 0o644); err != nil {
		return err
	}
	if err := os.Rename(tmp, out); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", out, b.Len())
	return nil
}
