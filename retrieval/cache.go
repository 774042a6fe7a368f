package retrieval

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"heshi/retrieval/text"
)

// Cache keeps what indexes are made of on disk and in hand, so that a build
// makes only what changed: articles stay as they are when a case is withdrawn,
// and a second start reads what the first one made. A part is known by the
// content of its chunks, the parameters and the program.
//
// A file is only believed when its name, its length and its checksum agree;
// anything else is built again. Files are written beside and renamed. It is
// safe for concurrent use; several processes may share its folder.
type Cache struct {
	dir     string
	program string

	mu     sync.Mutex
	parts  map[string]*part // those of the last index, by their digest
	stored map[string]bool  // parts this process has read or written whole
	tables string           // digest of the tables of widen
	widen  *widener
}

// NewCache returns a cache in a folder, which is made when something is saved;
// without a folder it keeps things in hand only. program stands for everything
// outside the chunks that an index depends on: the program itself, its
// dictionary, the Mongolian words it knows.
func NewCache(dir, program string) *Cache {
	return &Cache{dir: dir, program: program, stored: map[string]bool{}}
}

// Made says where the parts of an index came from.
type Made struct{ Kept, Loaded, Built int }

// Build is the function Build, except that parts made before are taken from
// memory or from the disk. It writes nothing: Save does.
func (c *Cache) Build(ctx context.Context, a *text.Analyzer, chunks []Chunk, o Options) (*Index, Made, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var made Made
	if o.Params == (Params{}) {
		o.Params = Defaults()
	}
	byKind := map[Kind][]Chunk{}
	for _, ch := range chunks {
		byKind[ch.Kind] = append(byKind[ch.Kind], ch)
	}
	have, sums := map[Kind]*part{}, map[Kind]string{}
	var fresh []Chunk
	for _, k := range kindOrder(byKind) {
		var err error
		if sums[k], err = c.digest("part", byKind[k], o.Params); err != nil {
			return nil, made, err
		}
		if p := c.parts[sums[k]]; p != nil {
			have[k] = p
			made.Kept++
		} else if p, err := c.load(sums[k]); err == nil {
			have[k] = p
			made.Loaded++
		} else {
			fresh = append(fresh, byKind[k]...)
			made.Built++
		}
	}
	tables, err := c.digest("tables", o.Tables)
	if err != nil {
		return nil, made, err
	}
	known := c.widen != nil && tables == c.tables
	if known {
		o.Tables = nil
	}
	x, err := Build(ctx, a, fresh, o)
	if err != nil {
		return nil, made, err
	}
	if known {
		x.widen = c.widen
	}
	for _, p := range x.parts {
		have[p.kind] = p
	}
	x.parts, c.parts = nil, map[string]*part{}
	for _, k := range kindOrder(byKind) {
		x.parts = append(x.parts, have[k])
		c.parts[sums[k]] = have[k]
	}
	c.tables, c.widen = tables, x.widen
	return x, made, nil
}

// digest names content.
func (c *Cache) digest(of string, content ...any) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00", partMagic, c.program, of)
	e := json.NewEncoder(h)
	for _, x := range content {
		if err := e.Encode(x); err != nil {
			return "", fmt.Errorf("retrieval: %w", err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// partMagic begins every file of a part; its number changes with what a part
// means.
const partMagic = "heshi part 1\n"

func (c *Cache) path(sum string) string { return filepath.Join(c.dir, sum+".part") }

// load reads one part. Any error means that it has to be built.
func (c *Cache) load(sum string) (*part, error) {
	if c.dir == "" {
		return nil, fs.ErrNotExist
	}
	f, err := os.Open(c.path(sum))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	// The checksum stands at the end, so that a file is read and written once.
	head, body := make([]byte, len(partMagic)+len(sum)), info.Size()-int64(len(partMagic)+len(sum)+sha256.Size)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != partMagic+sum || body < 0 {
		return nil, errPart
	}
	h := sha256.New()
	p, err := decodePart(io.TeeReader(io.LimitReader(f, body), h), body)
	if err != nil {
		return nil, err
	}
	want := make([]byte, sha256.Size)
	if _, err := io.ReadFull(f, want); err != nil || !bytes.Equal(h.Sum(nil), want) {
		return nil, errPart
	}
	c.stored[sum] = true
	return p, nil
}

// Save writes the parts of the last index that the disk does not have, and
// removes those of other indexes.
func (c *Cache) Save() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dir == "" || len(c.parts) == 0 {
		return nil
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fmt.Errorf("retrieval: cache: %w", err)
	}
	for sum, p := range c.parts {
		if err := c.save(sum, p); err != nil {
			return fmt.Errorf("retrieval: cache: %w", err)
		}
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("retrieval: cache: %w", err)
	}
	for _, e := range entries {
		sum, ours := strings.CutSuffix(e.Name(), ".part")
		if ours && c.parts[sum] == nil || abandoned(e) {
			err = errors.Join(err, remove(filepath.Join(c.dir, e.Name())))
		}
	}
	return err
}

// abandoned reports files of a process that died while it wrote them.
func abandoned(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && strings.HasSuffix(e.Name(), ".new") && time.Since(info.ModTime()) > time.Hour
}

// remove removes a file that another process may have removed meanwhile.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// save writes one part, unless it is known to be there.
func (c *Cache) save(sum string, p *part) error {
	if _, err := os.Stat(c.path(sum)); err == nil && c.stored[sum] {
		return nil
	}
	err := writeWhole(c.path(sum), func(w io.Writer) error {
		if _, err := io.WriteString(w, partMagic+sum); err != nil {
			return err
		}
		h := sha256.New()
		if err := p.encode(io.MultiWriter(w, h)); err != nil {
			return err
		}
		_, err := w.Write(h.Sum(nil))
		return err
	})
	c.stored[sum] = err == nil
	return err
}

// writeWhole writes a file so that under its name there is all of it or
// nothing, even after a power cut.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
