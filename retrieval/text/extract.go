package text

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxUnpacked bounds what a packed dictionary may grow to.
const maxUnpacked = 64 << 20

// sumsFile holds the checksums of an extracted folder.
const sumsFile = "SHA256SUMS"

// Pack writes the five files of dir as one gzip that a binary can embed.
func Pack(w io.Writer, dir string) error {
	zw, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	tw := tar.NewWriter(zw)
	for _, name := range DictionaryFiles {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		// No times and owners: the same files give the same archive.
		if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		if _, err := tw.Write(b); err != nil {
			return err
		}
	}
	return errors.Join(tw.Close(), zw.Close())
}

// extract unpacks archive into a folder of cacheDir named by the archive's hash
// and returns it. A folder already there is used when its files still have the
// checksums written beside them: a damaged dictionary would abort the process.
func extract(archive []byte, cacheDir string) (string, error) {
	if cacheDir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			base = filepath.Join(os.TempDir(), fmt.Sprintf("heshi-%d", os.Getuid()))
		}
		cacheDir = filepath.Join(base, "heshi")
	}
	sum := sha256.Sum256(archive)
	dir := filepath.Join(cacheDir, "dictionary-"+hex.EncodeToString(sum[:8]))
	if verify(dir) == nil {
		return dir, nil
	}
	if err := os.MkdirAll(cacheDir, 0o700); err != nil {
		return "", err
	}
	tmp, err := os.MkdirTemp(cacheDir, "dictionary-*.part")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	if err := unpack(archive, tmp); err != nil {
		return "", err
	}
	if err := os.Rename(tmp, dir); err != nil {
		// Another process was first, or a damaged folder is in the way.
		if verify(dir) == nil {
			return dir, nil
		}
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
		if err := os.Rename(tmp, dir); err != nil {
			return "", err
		}
	}
	return dir, verify(dir)
}

func unpack(archive []byte, dir string) error {
	zr, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return fmt.Errorf("packed dictionary: %w", err)
	}
	tr := tar.NewReader(io.LimitReader(zr, maxUnpacked))
	var sums strings.Builder
	for {
		h, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("packed dictionary: %w", err)
		}
		if !slices.Contains(DictionaryFiles[:], h.Name) {
			return fmt.Errorf("packed dictionary: unexpected file %q", h.Name)
		}
		b, err := io.ReadAll(tr)
		if err != nil {
			return fmt.Errorf("packed dictionary: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, h.Name), b, 0o600); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(b), h.Name)
	}
	return os.WriteFile(filepath.Join(dir, sumsFile), []byte(sums.String()), 0o600)
}

// verify checks the five files of an extracted folder against its checksums.
func verify(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if err != nil {
		return err
	}
	want := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			want[name] = sum
		}
	}
	for _, name := range DictionaryFiles {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != want[name] {
			return fmt.Errorf("%s: damaged", filepath.Join(dir, name))
		}
	}
	return nil
}
