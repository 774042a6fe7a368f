package text

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/yanyiwu/gojieba"
)

// ErrNoDictionary: neither a packed nor an installed segmenter dictionary was
// found. Analysis goes on with single characters and pairs of them, which finds
// less; the remedy is a binary built with the dictionary packed in, or a
// checkout whose module cache is present.
var ErrNoDictionary = errors.New("no segmenter dictionary")

// DictionaryFiles names the segmenter's five files in the order it takes them.
var DictionaryFiles = [5]string{"jieba.dict.utf8", "hmm_model.utf8", "user.dict.utf8", "idf.utf8", "stop_words.utf8"}

// Where a dictionary came from.
const (
	SourcePacked = "packed" // in the binary, extracted to a cache folder
	SourceModule = "module" // in the module cache of the machine that built it
	SourceGiven  = "given"  // a folder named by the operator
	SourceNone   = "none"   // there is none
)

// Dictionary is a folder with the segmenter's files.
type Dictionary struct {
	Source string
	Dir    string
}

// FindDictionary returns the packed dictionary when the binary carries one,
// else the one in the module cache. cacheDir is where a packed one is
// extracted; empty means the user's cache folder. The error wraps
// ErrNoDictionary.
func FindDictionary(cacheDir string) (Dictionary, error) {
	var packedErr error
	if len(packed) > 0 {
		dir, err := extract(packed, cacheDir)
		if err == nil {
			return Dictionary{Source: SourcePacked, Dir: dir}, nil
		}
		packedErr = err
	}
	d := Dictionary{Source: SourceModule, Dir: filepath.Dir(gojieba.DICT_PATH)}
	if err := d.present(); err != nil {
		return Dictionary{Source: SourceNone}, fmt.Errorf("%w: packed: %v; installed: %v", ErrNoDictionary, orNone(packedErr), err)
	}
	return d, nil
}

// joinMissing makes err one that wraps ErrNoDictionary.
func joinMissing(err error) error {
	if errors.Is(err, ErrNoDictionary) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNoDictionary, err)
}

func orNone(err error) error {
	if err == nil {
		return errors.New("not in this binary")
	}
	return err
}

// paths lists the five files.
func (d Dictionary) paths() []string {
	out := make([]string, len(DictionaryFiles))
	for i, f := range DictionaryFiles {
		out[i] = filepath.Join(d.Dir, f)
	}
	return out
}

// present checks that the files can be read and, for a folder the operator
// named, that every line is well formed: the segmenter aborts the process on a
// malformed one.
func (d Dictionary) present() error {
	if d.Dir == "" {
		return ErrNoDictionary
	}
	for _, p := range d.paths() {
		st, err := os.Stat(p)
		if err != nil {
			return err
		}
		if !st.Mode().IsRegular() || st.Size() == 0 {
			return fmt.Errorf("%s: empty or not a file", p)
		}
	}
	if d.Source == SourceGiven {
		return d.check()
	}
	return nil
}

func (d Dictionary) check() error {
	f, err := os.Open(filepath.Join(d.Dir, DictionaryFiles[0]))
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		if len(strings.Split(sc.Text(), " ")) != 3 || strings.HasSuffix(sc.Text(), "\r") {
			return fmt.Errorf("%s:%d: want \"word frequency tag\"", f.Name(), n)
		}
	}
	return sc.Err()
}

var inUse atomic.Pointer[Dictionary]

// DictionaryInUse says which dictionary the process segments with: the source
// (packed, module, given, none) and the folder.
func DictionaryInUse() (source, path string) {
	if d := inUse.Load(); d != nil {
		return d.Source, d.Dir
	}
	return SourceNone, ""
}

// checkWords refuses domain words the segmenter could choke on: only Han
// characters, two to twenty of them.
func checkWords(words []string) error {
	for _, w := range words {
		n := 0
		for _, r := range w {
			if !isHan(r) {
				return fmt.Errorf("domain word %q: only Chinese characters may stand in it", w)
			}
			n++
		}
		if n < 2 || n > 20 {
			return fmt.Errorf("domain word %q: want 2 to 20 characters", w)
		}
	}
	return nil
}

// DomainWords are the words of this field and the place names that the
// segmenter is told to keep whole.
func DomainWords() []string { return lines("userdict.txt") }
