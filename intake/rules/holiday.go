package rules

import (
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Holidays tells working days from days off. A year without a list has weekends only.
type Holidays struct {
	off, work map[string]bool // by ISO date
	years     map[int]string  // year -> how well its list was checked
}

// LoadHolidays reads holidays.yaml.
func LoadHolidays(fsys fs.FS) (*Holidays, error) {
	var doc struct {
		Version int      `yaml:"version"`
		Src     []string `yaml:"src"`
		Years   []struct {
			Year   int      `yaml:"year"`
			Status string   `yaml:"status"`
			Off    []string `yaml:"days_off"`
			Work   []string `yaml:"days_worked"`
		} `yaml:"years"`
	}
	if err := decode(fsys, "holidays.yaml", &doc); err != nil {
		return nil, err
	}
	h := &Holidays{off: map[string]bool{}, work: map[string]bool{}, years: map[int]string{}}
	for _, y := range doc.Years {
		if y.Status == "" {
			return nil, fmt.Errorf("%w: holidays.yaml: %d has no status", ErrRules, y.Year)
		}
		h.years[y.Year] = y.Status
		for into, list := range map[*map[string]bool][]string{&h.off: y.Off, &h.work: y.Work} {
			for _, s := range list {
				first, last, span := strings.Cut(s, "/")
				if !span {
					last = first
				}
				from, err1 := time.Parse(time.DateOnly, first)
				to, err2 := time.Parse(time.DateOnly, last)
				if err1 != nil || err2 != nil || to.Before(from) || to.Sub(from) > 31*24*time.Hour {
					return nil, fmt.Errorf("%w: holidays.yaml: %d: bad day or span %q", ErrRules, y.Year, s)
				}
				for ; !to.Before(from); from = from.AddDate(0, 0, 1) {
					(*into)[from.Format(time.DateOnly)] = true
				}
			}
		}
	}
	return h, nil
}

// Workday reports whether offices work on the day.
func (h *Holidays) Workday(t time.Time) bool {
	day := t.Format(time.DateOnly)
	switch {
	case h.work[day]:
		return true
	case h.off[day]:
		return false
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Status says how well the list of a year was checked; "" when there is none.
func (h *Holidays) Status(year int) string { return h.years[year] }

// roll moves a last day that is a day off to the first working day after it (CC:203, CPL:85).
func (h *Holidays) roll(t time.Time) time.Time {
	for n := 0; n < 30 && !h.Workday(t); n++ {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// addWorkdays counts n working days after t.
func (h *Holidays) addWorkdays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if h.Workday(t) {
			n--
		}
	}
	return t
}
