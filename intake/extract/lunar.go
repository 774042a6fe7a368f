package extract

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"strconv"
	"time"
)

// calendar is the Chinese lunar calendar: the months of each lunar year in order.
type calendar map[int][]lunarMonth

type lunarMonth struct {
	month int
	leap  bool
	first time.Time
	days  int
}

func loadLunar(fsys fs.FS, name string) (calendar, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	r.FieldsPerRecord = 5
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c := calendar{}
	for _, row := range rows[1:] {
		year, err1 := strconv.Atoi(row[0])
		month, err2 := strconv.Atoi(row[1])
		first, err3 := time.Parse(time.DateOnly, row[3])
		days, err4 := strconv.Atoi(row[4])
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				return nil, fmt.Errorf("%s: %v: %w", name, row, err)
			}
		}
		c[year] = append(c[year], lunarMonth{month, row[2] == "leap", first, days})
	}
	return c, nil
}

// day is the solar day of a lunar one; ok is false outside the table.
func (c calendar) day(year, month, day int) (time.Time, bool) {
	for _, m := range c[year] {
		if m.month == month && !m.leap {
			if day < 0 { // the last day: New Year's Eve
				day = m.days
			}
			if day < 1 || day > m.days {
				return time.Time{}, false
			}
			return m.first.AddDate(0, 0, day-1), true
		}
	}
	return time.Time{}, false
}

// span is the solar days a lunar month covers.
func (c calendar) span(year, month int) (first, last time.Time, ok bool) {
	first, ok = c.day(year, month, 1)
	if !ok {
		return
	}
	last, ok = c.day(year, month, -1)
	return
}
