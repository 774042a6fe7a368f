package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"heshi/bot"
	"heshi/bot/desk/docket"
	"heshi/intake"
)

// threadView is the exchange with one party.
type threadView struct {
	Party    string // its address, for the form
	Channel  string
	Title    string // applicant or the party's place in the matter
	Entries  []entryRow
	CanReply bool
	Hidden   bool // this reader may not see it
	Mode     string
}

type entryRow struct {
	ID, Who, Side, Text, At string // Side is citizen, staff or bot
	Items                   []evidenceItem
}

type undeliveredRow struct {
	ID, State, Code, Text, At string
	Phones                    []string
	Again                     bool // sending it again is for a person to decide
}

func (d *Desk) addThreads(ctx context.Context, v *fileView, dk docket.Docket, staff []bot.Staff, now time.Time) error {
	closed := v.Hold && !v.Sees
	for _, a := range dk.Addresses() {
		t := threadView{Party: a.String(), Channel: a.Channel, Hidden: closed, CanReply: v.Can.Reply}
		if a.String() == v.M.Conversation {
			t.Title = "applicant"
		} else {
			t.Title = "party"
			t.CanReply = t.CanReply && !v.Hold
		}
		if !closed {
			entries, err := d.store.Thread(ctx, v.M.ID, a)
			if err != nil {
				return fmt.Errorf("reading a thread: %w", err)
			}
			for _, e := range entries {
				t.Entries = append(t.Entries, d.entryRow(v.M, e, staff, now))
			}
		}
		v.Threads = append(v.Threads, t)
	}
	notes, err := d.store.Thread(ctx, v.M.ID, bot.Address{})
	if err != nil {
		return fmt.Errorf("reading the notes: %w", err)
	}
	for _, e := range notes {
		v.Notes = append(v.Notes, d.entryRow(v.M, e, staff, now))
	}
	if closed {
		return nil
	}
	for _, e := range v.M.Evidence {
		row := evidenceRow{Note: e.Note, At: clockTime(e.At, now)}
		if f, ok := d.book.Field(e.Field); ok {
			row.Field = f.Label
		}
		for _, a := range e.Items {
			row.Items = append(row.Items, evidenceOf(v.M, a))
		}
		v.Evidence = append(v.Evidence, row)
	}
	return d.addUndelivered(ctx, v, now)
}

func (d *Desk) addUndelivered(ctx context.Context, v *fileView, now time.Time) error {
	lost, err := d.store.Undelivered(ctx, v.M.ID)
	if err != nil {
		return fmt.Errorf("reading what was not delivered: %w", err)
	}
	var phones []string
	for _, p := range v.M.Parties {
		if p.Role == "applicant" && p.Phone != "" {
			phones = append(phones, p.Phone)
		}
	}
	for _, u := range lost {
		row := undeliveredRow{
			ID: u.Reply.ID, State: u.State, Code: u.Code, Text: u.Reply.Text, At: clockTime(u.Reply.Made, now), Again: u.State == "unknown",
		}
		if u.Reply.To.String() == v.M.Conversation { // the phone of one party is never offered for the words of another
			row.Phones = phones
		}
		v.Undelivered = append(v.Undelivered, row)
	}
	return nil
}

func (d *Desk) entryRow(m intake.Matter, e bot.Entry, staff []bot.Staff, now time.Time) entryRow {
	row := entryRow{ID: e.ID, Text: e.Text, At: clockTime(e.At, now), Side: e.From, Who: d.word("desk.who", e.From)}
	if id, ok := strings.CutPrefix(e.From, "staff:"); ok {
		row.Side, row.Who = "staff", nameOf(staff, id)
	}
	for _, a := range e.Attachments {
		row.Items = append(row.Items, evidenceOf(m, a))
	}
	return row
}

// evidenceOf shows one attachment. Only pictures and sound that browsers show safely are shown on the page; the rest
// is for saving.
func evidenceOf(m intake.Matter, a intake.Attachment) evidenceItem {
	it := evidenceItem{Kind: a.Kind, Name: a.Name, SHA256: a.SHA256, Transcript: a.Transcript, Caption: a.Caption, Size: size(a.Size)}
	if a.Lat != 0 || a.Lon != 0 {
		it.Place = fmt.Sprintf("%.4f, %.4f", a.Lat, a.Lon)
	}
	if a.SHA256 == "" {
		return it
	}
	it.Here = true
	it.Href = "/desk/m/" + m.ID + "/blob/" + a.SHA256
	it.Image, it.Audio = picture(a.Type), strings.HasPrefix(a.Type, "audio/")
	return it
}

func picture(mime string) bool {
	switch mime {
	case "image/jpeg", "image/png", "image/webp", "image/gif":
		return true
	}
	return false
}

func size(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1<<20:
		return fmt.Sprintf("%d KB", (n+1023)/1024)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}
