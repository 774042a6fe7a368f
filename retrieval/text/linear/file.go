package linear

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrFile wraps every reason for which a model file cannot be read.
var ErrFile = errors.New("linear: not a model file")

const magic = "heshi linear 3\n"

// head is the readable first line of a file.
type head struct {
	Classes []string `json:"classes"`
	Digest  string   `json:"digest"`
	Rows    int      `json:"rows"`
}

// Limits of a file, so that a broken one cannot take all memory.
const (
	maxRows    = 1 << 21
	maxClasses = 1 << 12
)

// WriteTo writes the model: a line of JSON, then the numbers, little-endian and deflated.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	b.WriteString(magic)
	line, err := json.Marshal(head{m.Classes, m.Digest, len(m.scale)})
	if err != nil {
		return 0, err
	}
	b.Write(line)
	b.WriteByte('\n')
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return 0, err
	}
	keys := make([]uint32, len(m.scale))
	for k, r := range m.rows {
		keys[r] = k
	}
	for _, part := range []any{m.bias, keys, m.idf, m.scale, m.weight} {
		if err := binary.Write(z, binary.LittleEndian, part); err != nil {
			return 0, err
		}
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return b.WriteTo(w)
}

// Read reads what WriteTo wrote. Errors wrap ErrFile.
func Read(r io.Reader) (*Model, error) {
	br := bufio.NewReader(r)
	first, err := br.ReadString('\n')
	if err != nil || first != magic {
		return nil, fmt.Errorf("%w: no %q at the beginning", ErrFile, magic[:len(magic)-1])
	}
	line, err := br.ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("%w: cut off: %w", ErrFile, err)
	}
	var h head
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	n := len(h.Classes)
	if h.Rows < 0 || h.Rows > maxRows || n == 0 || n > maxClasses || !slices.IsSorted(h.Classes) {
		return nil, fmt.Errorf("%w: %d features of %d classes", ErrFile, h.Rows, n)
	}
	m := &Model{Classes: h.Classes, Digest: h.Digest, rows: make(map[uint32]int32, h.Rows),
		bias: make([]float32, n), idf: make([]float32, h.Rows), scale: make([]float32, h.Rows), weight: make([]int8, h.Rows*n)}
	z := flate.NewReader(br)
	defer z.Close()
	keys := make([]uint32, h.Rows)
	raw := make([]byte, len(m.weight))
	for _, part := range []any{m.bias, keys, m.idf, m.scale} {
		if err := binary.Read(z, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("%w: cut off: %w", ErrFile, err)
		}
	}
	if _, err := io.ReadFull(z, raw); err != nil {
		return nil, fmt.Errorf("%w: cut off: %w", ErrFile, err)
	}
	for i, b := range raw {
		m.weight[i] = int8(b)
	}
	for i, k := range keys {
		m.rows[k] = int32(i)
	}
	return m, nil
}
