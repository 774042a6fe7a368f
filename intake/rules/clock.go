package rules

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Clock is one period counted for one matter.
//
// Due is the last day to act in law, rolled to the next working day when it is a day off; Last is the day before that
// roll, and the one people are told and warned by: acting earlier never harms, and the lists of holidays change.
// Earliest is Due without any restart or suspension, the day nobody can argue with. At is the time of day when the
// period counts in hours. Level: red (7 days or fewer, or past: hand to a person, LAL:44), orange (30), yellow (90),
// green, none (no deadline of the person's own, or no date known). Missing names the date that is needed. Phrase is
// safe to say as it is.
type Clock struct {
	ID, Name, Kind string
	From           string // day it runs from, ISO
	Due, Last      string // Last: before it was rolled
	Earliest       string
	At             string // "2026-03-17T10:00", for hours
	DaysLeft       int
	Level          string
	Phrase, Note   string
	Missing, Ask   string // Ask: the words that ask for the missing day
	Restarted      string // fact that restarted it
	Mediation      string // yes no partly: does filing with a committee help
	Pitfalls       []string
	Src            []string
}

// The alert levels.
const (
	Red, Orange, Yellow, Green, None = "red", "orange", "yellow", "green", "none"
)

// beijing is the time of the whole country: a day of the law begins and ends there, wherever the program runs.
var beijing = time.FixedZone("CST", 8*3600)

// For counts the periods ids from facts: names of triggers or form fields with ISO dates ("2025-10-05", a month, a
// year, "first/last", a moment "2026-03-15T10:00"). A vague date counts from its first day. Unknown ids are left
// out. The result is in the order of ids; a period that yields to another (DL050 to DL051) is left out beside it.
func (c *Clocks) For(ids []string, facts map[string]string, now time.Time) []Clock {
	var out []Clock
	now = now.In(beijing)
	for _, id := range ids {
		d := c.byID[id]
		if d == nil || slices.ContainsFunc(d.Unless, func(f string) bool { _, ok := moment(facts[f], now); return ok }) {
			continue
		}
		if d.YieldsTo != "" && slices.Contains(ids, d.YieldsTo) {
			if o := c.byID[d.YieldsTo]; o != nil && (c.employed(facts) || known(o.From, facts, now)) {
				continue
			}
		}
		out = append(out, c.count(d, facts, now))
	}
	return out
}

// Worst is the clock that presses most: red before orange before yellow, then the fewest days. ok is false when none
// has a level.
func Worst(clocks []Clock) (Clock, bool) {
	best, ok := Clock{}, false
	for _, k := range clocks {
		if k.Level == None || k.Level == Green {
			continue
		}
		if !ok || k.DaysLeft < best.DaysLeft {
			best, ok = k, true
		}
	}
	return best, ok
}

func known(names []string, facts map[string]string, now time.Time) bool {
	return slices.ContainsFunc(names, func(n string) bool { _, ok := moment(facts[n], now); return ok })
}

func (c *Clocks) employed(facts map[string]string) bool {
	e := c.meta.Employed
	for _, f := range e.Facts {
		if slices.Contains(e.Yes, facts[f]) {
			return true
		}
	}
	for f, words := range e.Answers {
		if slices.Contains(words, facts[f]) {
			return true
		}
	}
	return false
}

func (c *Clocks) count(d *deadline, facts map[string]string, now time.Time) Clock {
	k := Clock{ID: d.ID, Name: d.Name, Kind: d.Kind, Level: None, Phrase: d.Phrase, Note: d.Note, Mediation: d.Mediation,
		Pitfalls: d.Pitfalls, Src: d.Src}
	if d.NotWhileEmployed && c.employed(facts) {
		k.Phrase, k.Src = c.meta.Employed.Phrase, c.meta.Employed.Src
		return k
	}
	if d.Length.N == 0 {
		return k
	}
	start, by, ok := first(d.From, facts, now)
	if !ok {
		k.Missing = d.Trigger
		k.Ask = strings.ReplaceAll(c.meta.Unknown, "{missing}", d.Trigger)
		return k
	}
	k.From = start.Format(time.DateOnly)
	chosen := c.chosen(d, facts, start, by)
	if chosen.Unit != "hour" {
		start = day(start)
	}
	end := c.end(start, chosen, d)
	k.Earliest = c.rolled(c.barred(d, facts, end, now), chosen, d).Format(time.DateOnly)
	if d.Kind == Limitation {
		end, k.Restarted = c.run(d, facts, start, end, chosen, now)
	}
	end = c.barred(d, facts, end, now)
	due := c.rolled(end, chosen, d)
	if chosen.Unit == "hour" {
		k.At = end.Format("2006-01-02T15:04")
	}
	k.Due, k.Last = due.Format(time.DateOnly), end.Format(time.DateOnly)
	k.DaysLeft = daysBetween(now, due)
	if d.Kind == Duty || d.Kind == Status {
		return k
	}
	k.Level = c.level(daysBetween(now, end))
	if chosen.Unit == "hour" && now.After(end) {
		k.DaysLeft = min(k.DaysLeft, -1)
	}
	k.Phrase = c.say(d, k, now)
	return k
}

// chosen is the length that counts: the one the facts call for, the one that runs from the fact by, else the shorter.
func (c *Clocks) chosen(d *deadline, facts map[string]string, start time.Time, by string) length {
	if d.Alt == nil {
		return d.Length
	}
	switch facts[d.AltIf] {
	case "yes", "是", "true", "有":
		return *d.Alt
	case "no", "否", "不是", "false", "没有":
		return d.Length
	}
	switch {
	case slices.Contains(d.AltFrom, by):
		return *d.Alt
	case len(d.AltFrom) > 0:
		return d.Length
	}
	if c.end(start, *d.Alt, d).Before(c.end(start, d.Length, d)) {
		return *d.Alt
	}
	return d.Length
}

// end counts the length from start. The first day does not count (CC:201); hours count from the moment.
func (c *Clocks) end(start time.Time, l length, d *deadline) time.Time {
	if d.Before {
		l.N = -l.N
	}
	if l.Unit == "workday" {
		return c.holidays.addWorkdays(start, l.N)
	}
	return add(start, l)
}

// add is start plus a length; a month that lacks the day ends on its last (CC:202).
func add(start time.Time, l length) time.Time {
	switch l.Unit {
	case "hour":
		return start.Add(time.Duration(l.N) * time.Hour)
	case "day", "workday":
		return start.AddDate(0, 0, l.N)
	}
	months := l.N
	if l.Unit == "year" {
		months *= 12
	}
	y, m, day := start.Date()
	firstOf := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, start.Location())
	last := firstOf.AddDate(0, 1, -1).Day()
	return time.Date(firstOf.Year(), firstOf.Month(), min(day, last), 0, 0, 0, 0, start.Location())
}

// rolled moves a last day off on to the next working day; hours, and days counted back, stay (CC:203, CPL:85).
func (c *Clocks) rolled(end time.Time, l length, d *deadline) time.Time {
	if l.Unit == "hour" || d.Before {
		return end
	}
	return c.holidays.roll(end)
}

// barred is end, or the end of the longest time there is when that comes first: nothing restarts or suspends it
// (CC:188, CC:152, CCGI:35).
func (c *Clocks) barred(d *deadline, facts map[string]string, end, now time.Time) time.Time {
	if d.Long == nil {
		return end
	}
	if from, _, ok := first(d.Long.From, facts, now); ok {
		if stop := add(from, length{N: d.Long.N, Unit: d.Long.Unit}); stop.Before(end) {
			return stop
		}
	}
	return end
}

// run is the end of a limitation period that begins on start, and the fact that made it begin anew: each claim, part
// payment or promise made while it still ran, the time of an obstacle included (CC:195, LIMI:14). What was done after
// its end, or on a day that may lie after it, changes nothing here: what it does then is for a lawyer.
func (c *Clocks) run(d *deadline, facts map[string]string, start, end time.Time, l length, now time.Time) (time.Time, string) {
	type event struct {
		at, latest time.Time
		fact       string
	}
	var events []event
	for _, f := range d.Restart {
		for _, s := range strings.FieldsFunc(facts[f], func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '，' }) {
			if t, ok := moment(s, now); ok && day(t).After(start) && !t.After(now) {
				events = append(events, event{day(t), latest(s, now), f})
			}
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	end, by := c.suspend(d, facts, start, end, now), ""
	for _, e := range events {
		if !e.latest.After(c.holidays.roll(end)) {
			end, by = c.suspend(d, facts, e.at, add(e.at, l), now), e.fact
		}
	}
	return end, by
}

// suspend is the end of a period that runs from start to end, moved by an obstacle, facts: suspended = "first/last",
// last being the day it was gone. In the last six months it ends a general period six months after it was gone
// (CC:194); the time for state compensation then runs on for what was left (SCL:39); so does that for labour
// arbitration, whenever the obstacle was (LDMA:27). The day it was gone runs again: the shorter of two readings.
func (c *Clocks) suspend(d *deadline, facts map[string]string, start, end, now time.Time) time.Time {
	from, to, ok := strings.Cut(facts["suspended"], "/")
	if !ok {
		return end
	}
	first, ok1 := moment(from, now)
	gone, ok2 := moment(to, now)
	if !ok1 || !ok2 || gone.Before(first) || first.After(end) {
		return end
	}
	runs := start.AddDate(0, 0, 1)
	lastHalf := add(end, length{N: -6, Unit: "month"}).AddDate(0, 0, 1)
	switch {
	case slices.Contains(d.Src, "LDMA:27"):
	case !gone.After(lastHalf):
		return end
	case slices.Contains(d.Src, "SCL:39"):
		runs = lastHalf
	default:
		return add(gone, length{N: 6, Unit: "month"})
	}
	if first.Before(runs) {
		first = runs
	}
	return end.AddDate(0, 0, max(0, daysBetween(first, gone)))
}

func (c *Clocks) level(days int) string {
	switch l := c.meta.Levels; {
	case days <= l.Red:
		return Red
	case days <= l.Orange:
		return Orange
	case days <= l.Yellow:
		return Yellow
	}
	return Green
}

// say makes the phrase: never that a right is lost, always the day, and that mediation is no substitute where it is none.
func (c *Clocks) say(d *deadline, k Clock, now time.Time) string {
	if k.DaysLeft < 0 {
		return c.meta.Expired
	}
	shown := k.Last
	if shown < now.Format(time.DateOnly) { // it ended on a day off; the roll saves it
		shown = k.Due
	}
	lead := c.meta.Soon
	if d.Mediation == "yes" {
		lead = c.meta.SoonRestart
	}
	action := d.Action
	if action == "" {
		action = "采取行动"
	}
	return strings.NewReplacer("{date}", shown, "{action}", action).Replace(lead) + d.Phrase
}

// first is the earliest day of the first known fact.
func first(names []string, facts map[string]string, now time.Time) (time.Time, string, bool) {
	for _, n := range names {
		if t, ok := moment(facts[n], now); ok {
			return t, n, true
		}
	}
	return time.Time{}, "", false
}

// moment is the first moment an ISO date or span may mean.
func moment(s string, now time.Time) (time.Time, bool) {
	s, _, _ = strings.Cut(s, "/")
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly, "2006-01", "2006"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t.In(now.Location()), true
		}
	}
	return time.Time{}, false
}

// latest is the last day an ISO date or span may mean for something that has been done: today at the latest.
func latest(s string, now time.Time) time.Time {
	if _, to, span := strings.Cut(s, "/"); span {
		s = to
	}
	t, ok := moment(s, now)
	switch {
	case !ok:
		t = now
	case len(s) == len("2006"):
		t = t.AddDate(1, 0, -1)
	case len(s) == len("2006-01"):
		t = t.AddDate(0, 1, -1)
	}
	if t.After(now) {
		t = now
	}
	return day(t)
}

// day is the beginning of t's day.
func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// daysBetween counts calendar days from a to b.
func daysBetween(a, b time.Time) int {
	ay, am, ad := a.Date()
	by, bm, bd := b.In(a.Location()).Date()
	return int(math.Round(time.Date(by, bm, bd, 0, 0, 0, 0, time.UTC).Sub(time.Date(ay, am, ad, 0, 0, 0, 0, time.UTC)).Hours() / 24))
}
