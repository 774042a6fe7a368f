package channel

import "io"

// Whole reads r up to max bytes and then fails with tooBig, so that half a file is never taken for a whole one.
// Closing it closes c.
func Whole(r io.Reader, c io.Closer, max int64, tooBig error) io.ReadCloser {
	return &whole{r: io.LimitReader(r, max+1), c: c, left: max, tooBig: tooBig}
}

type whole struct {
	r      io.Reader
	c      io.Closer
	left   int64
	tooBig error
}

func (f *whole) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if f.left -= int64(n); f.left < 0 {
		return 0, f.tooBig
	}
	return n, err
}

func (f *whole) Close() error { return f.c.Close() }
