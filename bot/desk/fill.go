package desk

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"heshi/bot"
	"heshi/bot/desk/docket"
	"heshi/intake"
)

// fill reads an answer that staff found out, in the form its field keeps it in.
func (d *Desk) fill(dk docket.Docket, by docket.By, r *http.Request) (bot.Commit, error) {
	id := r.PostFormValue("field")
	f, ok := d.book.Field(id)
	if !ok || d.layout.hidden(id) {
		return bot.Commit{}, &docket.Wrong{Field: "field", Key: "desk.wrong.field"}
	}
	if f.Sens == "S3" && !seesSensitive(by.Staff, dk.Matter) {
		return bot.Commit{}, docket.ErrNotAllowed
	}
	a, key := d.readAnswer(f, r.PostForm["value"])
	if key != "" {
		return bot.Commit{}, &docket.Wrong{Field: "value:" + id, Key: key}
	}
	after := dk.Matter.Session // an answer may make other fields needed, or not needed any more
	after.Answers = maps.Clone(after.Answers)
	if after.Answers == nil {
		after.Answers = map[string]intake.Answer{}
	}
	a.Source = intake.Staff
	after.Answers[id] = a
	return docket.Complete(dk, by, docket.CompleteInput{
		Field: id, Label: f.Label, Answer: a, Missing: d.book.Missing(after),
		Old: d.shown(id, dk.Matter.Session.Answers[id]), New: d.shown(id, a),
	})
}

// readAnswer gives the answer for a field in its canonical form, or the message that says what is wrong with it.
func (d *Desk) readAnswer(f *intake.Field, values []string) (a intake.Answer, wrong string) {
	var kept []string
	for _, v := range values {
		if v = trimmed(v, 2000); v != "" {
			kept = append(kept, v)
		}
	}
	if len(kept) == 0 {
		return a, "desk.wrong.empty"
	}
	text := kept[0]
	if len(f.Options) > 0 {
		for _, v := range kept {
			if _, ok := f.Option(v); !ok {
				return a, "desk.wrong.option"
			}
		}
		if f.Type == "multi" {
			return intake.Answer{Values: kept}, ""
		}
		return intake.Answer{Value: text}, ""
	}
	switch f.Type {
	case "money":
		fen, ok := fen(text)
		if !ok {
			return a, "desk.wrong.money"
		}
		return intake.Answer{Value: fen, Text: text}, ""
	case "date":
		if !intake.ValidDate(text) {
			return a, "desk.wrong.date"
		}
		return intake.Answer{Value: text, Text: text}, ""
	case "region":
		codes := d.book.Regions().Match(text, "")
		if len(codes) != 1 {
			return a, "desk.wrong.region"
		}
		return intake.Answer{Value: codes[0], Text: text}, ""
	case "number":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			return a, "desk.wrong.number"
		}
	case "phone":
		if strings.Trim(text, "0123456789-+ ") != "" || len(text) < 7 || len(text) > 20 {
			return a, "desk.wrong.phone"
		}
	}
	if f.Check.MaxLen > 0 && len([]rune(text)) > f.Check.MaxLen {
		return a, "desk.wrong.long"
	}
	return intake.Answer{Value: text, Text: text}, ""
}

// fen reads yuan with at most two decimals.
func fen(yuan string) (string, bool) {
	yuan = strings.NewReplacer(",", "", "，", "", "元", "", " ", "").Replace(yuan)
	whole, part, _ := strings.Cut(yuan, ".")
	if len(part) > 2 || whole == "" || len(whole) > 12 {
		return "", false
	}
	n, err := strconv.ParseUint(whole+(part + "00")[:2], 10, 63)
	return strconv.FormatUint(n, 10), err == nil
}

// whenText is a moment from a date-and-time field as the parties read it; anything else stays as typed.
func (d *Desk) whenText(s string) string {
	t, err := time.Parse("2006-01-02T15:04", strings.TrimSpace(s))
	if err != nil {
		return s
	}
	return t.Format("2006年1月2日") + d.word("desk.weekday", strconv.Itoa(int(t.Weekday()))) + " " + t.Format("15:04")
}

func joinWords(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = clean(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "；")
}
