package intake

import (
	"fmt"
	"slices"
	"sort"
	"unicode/utf8"
)

// maxQuestion is the most characters a question may have.
const maxQuestion = 30

// Messages is what Lint needs of a catalog of messages.
type Messages interface{ Has(key string) bool }

// Lint lists what is wrong with the forms, by place: conditions that do not parse or name what is not there, fields
// that refer to each other in a circle, ids used twice, options without an id or label, questions that are missing
// or too long, fields without a reason or a level of sensitivity, values that name no option. A book with a circle
// is also refused by LoadBook. With messages, every key the intake says must be there.
func (b *Book) Lint(messages ...Messages) []Problem {
	out := slices.Clone(b.problems)
	add := func(where, what, fix string) { out = append(out, Problem{where, what, fix}) }
	for _, code := range sortedKeys(b.forms) {
		for _, version := range b.forms[code] {
			for _, f := range version.Fields {
				b.lintField(f, add)
			}
		}
	}
	for _, where := range b.unreachable() {
		add(where, "no file ever shows it", "name its module in types.yaml, or mend its conditions")
	}
	for _, code := range sortedKeys(b.types) {
		for _, m := range b.types[code].Modules {
			if b.forms[m] == nil {
				add("types.yaml "+code, "there is no module "+m, "add the form or drop the module")
			}
		}
	}
	for _, code := range sortedKeys(b.flows) {
		if flow := b.flows[code]; flow.Limit < 1 || flow.Limit > 12 {
			add("flows.yaml "+code, fmt.Sprintf("its limit is %d", flow.Limit), "nobody is asked more than 12 questions")
		}
	}
	for _, m := range messages {
		for _, key := range Keys() {
			if !m.Has(key) {
				add("prompts", "there is no message "+key, "write it in messages/zh-Hans/intake.yaml")
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Where < out[j].Where })
	return out
}

func (b *Book) lintField(f *Field, add func(where, what, fix string)) {
	where := f.form.Code + "." + f.ID
	switch f.From {
	case FromAsk, FromStory, FromDefault, FromChannel, FromStaff, FromNotice:
	default:
		add(where, fmt.Sprintf("from is %q", f.From), "say who supplies it: ask, story, default, channel, staff or notice")
	}
	if !slices.Contains([]string{"Y", "C", "N"}, f.Req) {
		add(where, fmt.Sprintf("req is %q", f.Req), "Y, C or N")
	}
	if !slices.Contains([]string{"S0", "S1", "S2", "S3"}, f.Sens) {
		add(where, fmt.Sprintf("sens is %q", f.Sens), "S0 to S3")
	}
	if f.Why == "" {
		add(where, "it has no why", "say in plain words what it is for")
	}
	if n := utf8.RuneCountInString(f.Q); n > maxQuestion {
		add(where, fmt.Sprintf("its question has %d characters", n), fmt.Sprintf("at most %d", maxQuestion))
	}
	if f.From == FromAsk && !f.Askable() {
		add(where, "it is to be asked and has no question", "write one, or let staff supply it")
	}
	if f.From == FromDefault && f.Default == "" && len(f.Derive) == 0 {
		add(where, "its default is missing", "give one")
	}
	if len(f.Options) > 0 && f.Default != "" {
		if _, ok := f.optionByLabel(f.Default); !ok {
			add(where, "its default is no option: "+f.Default, "use the label or id of an option")
		}
	}
	b.lintOptions(f, where, add)
	for _, ref := range []string{f.Pair, f.Within} {
		if ref != "" && b.byID[ref] == nil {
			add(where, "there is no field "+ref, "use the id of a field")
		}
	}
	for _, r := range f.Derive {
		for _, id := range namesIn(r.Value) {
			if b.byID[id] == nil && id != "aid" {
				add(where, "derive names no field: "+id, "use the id of a field")
			}
		}
	}
}

func (b *Book) lintOptions(f *Field, where string, add func(where, what, fix string)) {
	if (f.Type == "choice" || f.Type == "multi") && len(f.Options) < 2 {
		add(where, "a choice needs two options", "add them, or make it a text")
	}
	ids, labels := map[string]bool{}, map[string]bool{}
	for i, o := range f.Options {
		switch {
		case o.ID == "" || o.Label == "":
			add(where, fmt.Sprintf("option %d has no id or no label", i+1), "give it both")
		case ids[o.ID] || labels[o.Label]:
			add(where, "the option "+o.Label+" is there twice", "drop one")
		}
		if len("opt:")+len(f.ID)+1+len(o.ID) > 64 {
			add(where, "the button of "+o.Label+" is longer than 64 bytes", "shorten the ids")
		}
		ids[o.ID], labels[o.Label] = true, true
	}
}

// namesIn is the fields a derived value names: $id, or {id} in a text.
func namesIn(value string) []string {
	if len(value) > 1 && value[0] == '$' {
		return []string{value[1:]}
	}
	var out []string
	for i := 0; i < len(value); i++ {
		if value[i] != '{' {
			continue
		}
		j := i
		for j < len(value) && value[j] != '}' {
			j++
		}
		out = append(out, value[i+1:j])
		i = j
	}
	return out
}

// Keys is every message key the intake may say.
func Keys() []string {
	keys := []string{
		"hello", "confirm", "yes", "fix", "keep", "pick", "nothing_yet", "now_is", "changed", "reopened", "noted", "also",
		"picked", "picked_done", "heard", "kept", "kept_place", "unknown", "no_files", "left_open", "why", "why_stage",
		"first", "back", "restart", "go_on", "restart_sure", "restarted", "paused", "resume", "resumed", "resumed_empty",
		"stale", "may_skip", "bad.choice", "bad.multi", "bad.money", "bad.money_many", "bad.date", "bad.future",
		"bad.number", "bad.range", "bad.phone", "bad.id", "bad.uscc", "bad.plate", "bad.region", "bad.region_which",
		"bad.region_small", "bad.region_many", "bad.name", "bad.text", "bad.long", "bad.file", "bad.confirm", "bad.pick",
		"bad.review", "bad.consent", "review", "review_evidence", "review_assumed", "review_open", "review_ask", "submit",
		"more", "more_start", "nothing_more", "notice.mediation", "notice.legal_aid", "consent.head", "consent.basic",
		"consent.sensitive", "consent.transfer", "consent.guardian", "consent.check", "consent.which", "agree_all", "agree", "refuse",
		"reopen", "declined", "declined.basic", "declined.guardian", "declined.transfer", "no_sensitive", "done",
		"done_no_office", "already",
	}
	for i, k := range keys {
		keys[i] = "intake." + k
	}
	return keys
}
