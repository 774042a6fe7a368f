package embed

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// ReadLaws reads articles to learn from: JSON lines with "id" or "title" (law
// and number, 民法典第一条) and "text". Of equal texts the first is kept; have
// holds those read before and may be nil. Errors name the line.
func ReadLaws(r io.Reader, have []Law) ([]Law, error) {
	seen := make(map[string]bool, len(have))
	for _, l := range have {
		seen[l.Text] = true
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for n := 1; sc.Scan(); n++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var l struct{ ID, Title, Text string }
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if l.Title == "" {
			l.Title = l.ID
		}
		if l.Text == "" || seen[l.Text] {
			continue
		}
		seen[l.Text] = true
		have = append(have, Law{l.Title, l.Text})
	}
	return have, sc.Err()
}
