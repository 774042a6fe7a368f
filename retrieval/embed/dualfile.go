package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"heshi/retrieval/text"
)

// The file of a Dual: a heading, the numbers of directions and features, the
// names of the features in order, each as the bytes it shares with the one
// before and the rest, a scale and a row for each. Little-endian throughout.
const (
	fileMark = "heshi dual 1\n"
	maxRows  = 1 << 20
	maxDim   = 1 << 12
)

// ErrFile: what was read is no embedder.
var ErrFile = errors.New("embed: not the file of an embedder")

// WriteTo writes the embedder; the same embedder gives the same bytes.
func (m *Dual) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.encode())
	return int64(n), err
}

func (m *Dual) encode() []byte {
	names := make([]string, len(m.scale))
	for f, i := range m.number {
		names[i] = f
	}
	b := []byte(fileMark)
	b = binary.LittleEndian.AppendUint32(b, uint32(m.dim))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(names)))
	prev := ""
	for _, f := range names {
		same := 0
		for same < min(len(f), len(prev), 255) && f[same] == prev[same] {
			same++
		}
		b = append(b, byte(same))
		b = binary.AppendUvarint(b, uint64(len(f)-same))
		b = append(b, f[same:]...)
		prev = f
	}
	for _, s := range m.scale {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(s))
	}
	for _, x := range m.rows {
		b = append(b, byte(x))
	}
	return b
}

// ReadDual reads what WriteTo wrote. a must segment as it did when the embedder
// was taught. It fails with ErrFile.
func ReadDual(a *text.Analyzer, r io.Reader) (*Dual, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return decodeDual(a, b)
}

func decodeDual(a *text.Analyzer, b []byte) (*Dual, error) {
	sum := sha256.Sum256(b)
	rest, ok := bytes.CutPrefix(b, []byte(fileMark))
	if !ok || len(rest) < 8 {
		return nil, ErrFile
	}
	dim, n := int(binary.LittleEndian.Uint32(rest)), int(binary.LittleEndian.Uint32(rest[4:]))
	if dim == 0 || dim > maxDim || n > maxRows {
		return nil, fmt.Errorf("%w: %d features of %d numbers", ErrFile, n, dim)
	}
	m := &Dual{analyzer: a, dim: dim, number: make(map[string]uint32, n), scale: make([]float32, n)}
	in := bytes.NewReader(rest[8:])
	var name []byte
	for i := range n {
		same, err1 := in.ReadByte()
		more, err2 := binary.ReadUvarint(in)
		if err1 != nil || err2 != nil || int(same) > len(name) || more > uint64(in.Len()) {
			return nil, fmt.Errorf("%w: feature %d", ErrFile, i)
		}
		name = slices.Grow(name[:same], int(more))[:int(same)+int(more)]
		if _, err := io.ReadFull(in, name[same:]); err != nil {
			return nil, fmt.Errorf("%w: feature %d", ErrFile, i)
		}
		m.number[string(name)] = uint32(i)
	}
	tail := b[len(b)-in.Len():]
	if len(tail) != n*4+n*dim || len(m.number) != n {
		return nil, fmt.Errorf("%w: %d bytes of vectors", ErrFile, len(tail))
	}
	for i := range m.scale {
		s := math.Float32frombits(binary.LittleEndian.Uint32(tail[4*i:]))
		if !(s >= 0 && s < 1e6) {
			return nil, fmt.Errorf("%w: scale %d", ErrFile, i)
		}
		m.scale[i] = s
	}
	m.rows = make([]int8, n*dim)
	for i, x := range tail[4*n:] {
		m.rows[i] = int8(x)
	}
	m.id = fmt.Sprintf("dual-%d-%s", dim, hex.EncodeToString(sum[:6]))
	return m, nil
}
