package evals

import (
	"context"
	"slices"
	"strings"

	"heshi/bot/app"
)

// runUrgency measures on three hundred messages written blind. Their misses have been read since and mended, so that it
// guards what was reached; runUrgencyFresh says what to expect of new wording.
func runUrgency(ctx context.Context, b *app.Brain) (Report, error) {
	r, err := alarmsOf(ctx, b, "urgency_blind", true)
	if err != nil {
		return r, err
	}
	r.must("recall", 1)
	r.must("precision", 0.90)
	return r, nil
}

// runUrgencyFresh measures on messages written blind whose misses nobody has read: they are counted, never listed.
func runUrgencyFresh(ctx context.Context, b *app.Brain) (Report, error) {
	return alarmsOf(ctx, b, "urgency_fresh", false)
}

// runUrgencySeen measures on older messages, half of whose misses are read while the gate is being improved.
func runUrgencySeen(ctx context.Context, b *app.Brain) (Report, error) {
	return alarmsOf(ctx, b, "urgency_seen", true)
}

// alarmsOf measures the gate every message passes. Recall and precision count
// messages: was somebody in need noticed with a right code, and was an alarm
// right. Code recall and precision count every code of every message.
func alarmsOf(ctx context.Context, b *app.Brain, prefix string, list bool) (Report, error) {
	sets, err := readSets[alarmSet](prefix)
	if err != nil {
		return Report{}, err
	}
	var labels []string
	var need, raised, right []bool // by message
	var codesWanted, codesFound, codesGiven, codesWrong int
	byCode, byLang, byHalf := groups{}, groups{}, groups{}
	var r Report
	for _, set := range sets {
		for _, s := range set.Say {
			if err := ctx.Err(); err != nil {
				return Report{}, err
			}
			i := len(labels)
			labels = append(labels, s+"\t"+strings.Join(set.Codes, " ")+"\t"+strings.Join(set.May, " "))
			got := raise(b, s)
			var missed, wrong []string
			for _, c := range set.Codes {
				codesWanted++
				if slices.Contains(got, c) {
					codesFound++
				} else {
					missed = append(missed, c)
				}
				byCode.add(c, i)
			}
			allowed := 0
			for _, c := range got {
				switch {
				case slices.Contains(set.Codes, c):
				case slices.Contains(set.May, c):
					allowed++
				default:
					wrong = append(wrong, c)
				}
			}
			codesGiven += len(got) - allowed
			codesWrong += len(wrong)
			need = append(need, len(set.Codes) > 0)
			raised = append(raised, len(got) > 0)
			right = append(right, len(missed) < len(set.Codes))
			if len(set.Codes) == 0 {
				byCode.add("trap", i)
				right[i] = len(wrong) == 0
			}
			byLang.add(language(s), i)
			byHalf.add(half(s), i)
			if list && len(missed)+len(wrong) > 0 {
				r.miss(alarmMiss(s, set.Codes, got, missed, wrong))
			}
		}
	}
	n := len(labels)
	figures := func(pick []int) []Figure {
		var wanted, found, given, good int
		for _, i := range pick {
			switch {
			case need[i]:
				wanted++
				if right[i] {
					found++
				}
				if raised[i] {
					given++
					good++
				}
			case raised[i] && !right[i]:
				given++
			}
		}
		return []Figure{share("recall", found, wanted), share("precision", good, given)}
	}
	r.Questions, r.Data = n, dataHash(labels)
	r.Figures = append(figures(all(n)),
		share("code recall", codesFound, codesWanted),
		share("code precision", codesGiven-codesWrong, codesGiven))
	r.Figures[0].Strict = true
	correct := func(pick []int) []Figure { return []Figure{share("right", yes(right, pick), len(pick))} }
	r.Slices = slices.Concat(byHalf.slices("half", nil, figures), byLang.slices("language", nil, figures), byCode.slices("code", nil, correct))
	return r, nil
}

// raise lists the codes of the alarms of a message.
func raise(b *app.Brain, s string) []string {
	var out []string
	for _, a := range b.Gate.Check(s) {
		out = append(out, a.Code)
	}
	return out
}

// alarmMiss ranks silence over a wrong code over an alarm for nothing.
func alarmMiss(s string, want, got, missed, wrong []string) Miss {
	m := Miss{Text: s, Want: orNone(want), Got: orNone(got)}
	switch {
	case len(missed) > 0 && len(got) == 0:
		m.Why, m.rank = "not noticed", 3
	case len(missed) > 0:
		m.Why, m.rank = "noticed as something else", 2
	case len(want) == 0:
		m.Why, m.rank = "false alarm", 1
	default:
		m.Why = "one code too many: " + strings.Join(wrong, " ")
	}
	return m
}

func orNone(codes []string) string {
	if len(codes) == 0 {
		return "–"
	}
	return strings.Join(codes, " ")
}
