package document

import (
	"strings"
)

// state says what is known of a value.
type state int

const (
	known    state = iota
	missing        // nobody was asked, or it is still empty
	unknown        // asked; the person does not know
	withheld       // known perhaps, but not for this paper
)

// value is what a placeholder stands for.
type value struct {
	text  string
	state state
}

// What is written where there is no value.
const (
	pendingMark  = "待核实"
	unknownMark  = "不详"
	withheldMark = "（另册保管）"
	line         = "＿＿＿＿＿＿"
)

// piece is a stretch of a paragraph: text of the template or a value, or a mark that staff must act on.
type piece struct {
	text    string
	pending bool
}

// slot is a placeholder: {name}, {name!} where a value is required, {a|b} for the first that has one, {name?} where nothing
// is to stand if there is no value, {§PML:23} for an
// article, {.name} for the entry of the list at hand.
type slot struct {
	names    []string
	article  string
	required bool
	quiet    bool // nothing where there is no value
}

// parse splits a text of a template into literals (even positions) and placeholders (odd positions). An unclosed brace
// is text.
func parse(text string) (literals []string, slots []slot) {
	for {
		start := strings.IndexByte(text, '{')
		end := -1
		if start >= 0 {
			end = strings.IndexByte(text[start:], '}')
		}
		if end < 0 {
			return append(literals, text), slots
		}
		literals = append(literals, text[:start])
		slots = append(slots, readSlot(text[start+1:start+end]))
		text = text[start+end+1:]
	}
}

func readSlot(s string) slot {
	if key, ok := strings.CutPrefix(s, "§"); ok {
		return slot{article: key}
	}
	name, required := strings.CutSuffix(s, "!")
	name, quiet := strings.CutSuffix(name, "?")
	return slot{names: strings.Split(name, "|"), required: required, quiet: quiet}
}

// fill writes a text of a template with the values of from. In a cell (not in a sentence) a text of which no value is
// there stays empty as a whole; in a sentence a missing value leaves a line to write on. What a person typed is not
// parsed again.
func (p *paper) fill(text string, item entry, sentence bool) []piece {
	literals, slots := parse(text)
	values := make([]value, len(slots))
	some := len(slots) == 0
	for i, s := range slots {
		values[i] = p.resolve(s, item)
		some = some || values[i].state != missing || s.required || sentence
	}
	if !some {
		return nil
	}
	var out []piece
	for i, l := range literals {
		if l != "" {
			out = append(out, piece{text: l})
		}
		if i == len(slots) {
			break
		}
		out = append(out, written(values[i], slots[i], sentence))
	}
	return out
}

func written(v value, s slot, sentence bool) piece {
	switch {
	case v.state == known && sentence: // further lines of a value are indented like the first
		return piece{text: strings.ReplaceAll(v.text, "\n", "\n　　")}
	case v.state == known:
		return piece{text: v.text}
	case v.state == withheld:
		return piece{text: withheldMark}
	case s.required:
		return piece{text: pendingMark, pending: true}
	case v.state == unknown:
		return piece{text: unknownMark}
	case sentence && !s.quiet:
		return piece{text: line}
	}
	return piece{}
}

// resolve is the first value a placeholder has. What is withheld stays withheld, whatever else there is.
func (p *paper) resolve(s slot, item entry) value {
	if s.article != "" {
		return value{text: p.article(s.article)}
	}
	best := value{state: missing}
	for _, name := range s.names {
		v := p.value(name, item)
		if v.state == known || v.state == withheld {
			return v
		}
		if v.state == unknown {
			best = v
		}
	}
	return best
}
