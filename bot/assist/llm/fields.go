package llm

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"heshi/bot"
	"heshi/intake"
)

type extractData struct {
	Today  string
	Fields []bot.FieldSpec
	Text   string
}

// taken is one field as the model gives it.
type taken struct {
	Value *string `json:"value"`
	Quote *string `json:"quote"`
}

// readFields checks an answer field by field. What does not hold is dropped; an answer that is not an object of
// fields at all is malformed, and one of which nothing holds is unsupported.
func (a *Assistant) readFields(ctx context.Context, answer string, r bot.ExtractRequest, m *mask) (map[string]string, string) {
	var all map[string]json.RawMessage
	if err := strict(answer, &all); err != nil {
		return nil, whyMalformed
	}
	out := map[string]string{}
	for id, raw := range all {
		i := slices.IndexFunc(r.Fields, func(f bot.FieldSpec) bool { return f.ID == id })
		var t taken
		if i < 0 || strict(string(raw), &t) != nil || t.Value == nil || t.Quote == nil {
			continue
		}
		value, quote := strings.TrimSpace(m.show(*t.Value)), strings.TrimSpace(m.show(*t.Quote))
		if quote == "" || !strings.Contains(r.Text, quote) {
			continue
		}
		if v, ok := a.fieldValue(ctx, r.Fields[i], value, quote); ok {
			out[id] = v
		}
	}
	if len(all) > 0 && len(out) == 0 {
		return nil, whyUnsupported
	}
	return out, ""
}

// strict decodes one JSON value with nothing after it and no key that is not asked for.
func strict(s string, to any) error {
	d := json.NewDecoder(strings.NewReader(s))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// fieldValue checks a value against its field and the words it is quoted from. Amounts, dates and numbers are read
// from the quote by the rules; what the model made of them must be the same.
func (a *Assistant) fieldValue(ctx context.Context, f bot.FieldSpec, value, quote string) (string, bool) {
	if len(f.Options) > 0 {
		return value, slices.Contains(f.Options, value)
	}
	switch f.Type {
	case "money":
		read, ok := a.sole(ctx, intake.KindMoney, quote)
		if !ok {
			fen, parsed := intake.ParseMoney(quote)
			read, ok = intake.Yuan(fen), parsed
		}
		given, parsed := intake.ParseMoney(value)
		return read, ok && parsed && intake.Yuan(given) == read
	case "date", "datetime":
		read, ok := a.sole(ctx, intake.KindDate, quote)
		if !ok {
			read, ok = intake.ParseDate(quote, a.now())
		}
		given, parsed := intake.ParseDate(value, a.now())
		return read, ok && (value == read || parsed && given == read)
	case "number":
		want, err := strconv.ParseFloat(value, 64)
		canon := strconv.FormatFloat(want, 'f', -1, 64)
		return canon, err == nil && slices.ContainsFunc(numbers(quote), func(n number) bool { return n.value == canon })
	case "phone":
		return value, value == quote && intake.ValidPhone(value)
	case "id-number":
		return value, value == quote && intake.ValidID(value, a.now())
	case "plate":
		return value, value == quote && intake.ValidPlate(value)
	case "choice", "multi", "boolean", "taxonomy", "file", "file-list", "signature", "consent":
		return "", false // nothing to choose from was given, or nothing that words can give
	}
	return value, value == quote // free text is what was said, word for word
}

// sole reads the one value of a kind in a quote with the rules.
func (a *Assistant) sole(ctx context.Context, kind, quote string) (string, bool) {
	x, err := a.base.Extract(ctx, bot.ExtractRequest{Text: quote})
	if err != nil {
		return "", false
	}
	found := ""
	for _, v := range x.Values {
		if v.Kind != kind {
			continue
		}
		if found != "" && found != v.Value {
			return "", false
		}
		found = v.Value
	}
	return found, found != ""
}
