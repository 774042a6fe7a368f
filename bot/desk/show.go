package desk

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heshi/bot/desk/docket"
	"heshi/intake"
)

// beijing is the time every office keeps.
func beijing(t time.Time) time.Time { return t.In(time.FixedZone("CST", 8*60*60)) }

// clockTime is a moment as staff read it: the time alone today, the day before that, the year when it is another.
func clockTime(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = beijing(t), beijing(now)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("1月2日 15:04")
	}
	return t.Format("2006年1月2日")
}

// waited is how long something has waited, in the two largest units that matter.
func (d *Desk) waited(from, now time.Time) string {
	if from.IsZero() || now.Before(from) {
		return d.cat.Text("", "desk.wait.now", nil)
	}
	w := now.Sub(from)
	say := func(key string, n int) string {
		return d.cat.Text("", key, map[string]string{"n": strconv.Itoa(n)})
	}
	switch {
	case w < time.Minute:
		return d.cat.Text("", "desk.wait.now", nil)
	case w < time.Hour:
		return say("desk.wait.minutes", int(w/time.Minute))
	case w < 48*time.Hour:
		return say("desk.wait.hours", int(w/time.Hour))
	}
	return say("desk.wait.days", int(w/(24*time.Hour)))
}

// shown is an answer as people read it: money in yuan, the label of an option, the name of a place.
func (d *Desk) shown(id string, a intake.Answer) string {
	f, known := d.book.Field(id)
	one := func(v string) string {
		if !known {
			return v
		}
		if o, ok := f.Option(v); ok {
			return o.Label
		}
		switch f.Type {
		case "money":
			return yuan(v)
		case "region":
			if r := d.book.Regions(); r != nil && r.Path(v) != "" {
				return r.Path(v)
			}
		case "taxonomy":
			return d.typeName(v)
		case "boolean":
			return d.word("desk.bool", v)
		}
		return v
	}
	if len(a.Values) > 0 {
		out := make([]string, 0, len(a.Values))
		for _, v := range a.Values {
			out = append(out, one(v))
		}
		return strings.Join(out, "、")
	}
	return one(a.Value)
}

// yuan shows fen as yuan, with separators. What is no number is shown as it is.
func yuan(fen string) string {
	n, err := strconv.ParseInt(fen, 10, 64)
	if err != nil || n < 0 {
		return fen
	}
	s := strconv.FormatInt(n/100, 10)
	var b strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	if n%100 != 0 {
		fmt.Fprintf(&b, ".%02d", n%100)
	}
	return b.String() + " 元"
}

// masked hides the middle of an identity number: the first three and the last four stay.
func masked(id string) string {
	if utf8.RuneCountInString(id) < 10 {
		return "●●●"
	}
	r := []rune(id)
	return string(r[:3]) + strings.Repeat("●", len(r)-7) + string(r[len(r)-4:])
}

// statusWord is the word for a status, which for a wish to speak with a person is another than for an application.
func (d *Desk) statusWord(k intake.Kind, s intake.Status) string {
	if own := docket.ByKind(k, "desk.status."+string(s)); d.cat.Has(own) {
		return d.cat.Text("", own, nil)
	}
	return d.word("desk.status", string(s))
}

func (d *Desk) typeName(code string) string {
	if name := d.tax.Name(code); name != "" {
		return name
	}
	return code
}

// mainType is what a matter is about: its first type, or its kind where nothing is known yet.
func (d *Desk) mainType(m intake.Matter) string {
	if len(m.Types) > 0 {
		return d.typeName(m.Types[0])
	}
	return d.word("desk.kind", string(m.Kind))
}

// otherTypes is what it may be as well.
func (d *Desk) otherTypes(m intake.Matter) string {
	var out []string
	for _, code := range m.Types[min(1, len(m.Types)):min(4, len(m.Types))] {
		out = append(out, d.typeName(code))
	}
	return strings.Join(out, "、")
}

func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\x00", ""))
}
