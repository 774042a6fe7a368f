package evals

import (
	"fmt"
	"strings"
)

// listed is how many misses a page for people shows; JSON has them all.
const listed = 30

// Markdown writes reports for reading in a terminal or a review.
func Markdown(reports ...Report) string {
	var b strings.Builder
	for _, r := range reports {
		fmt.Fprintf(&b, "## %s\n\n%d questions (%s), library %s\n\n", r.Suite, r.Questions, r.Data, shortHash(r.Library))
		b.WriteString("| figure | value | 95% band | n | must | baseline | |\n|---|---:|---|---:|---:|---:|---|\n")
		for _, f := range r.Figures {
			fmt.Fprintf(&b, "| %s | %.3f | %.3f–%.3f | %d | %s | %s | %s |\n", f.Name, f.Value, f.Low, f.High, f.N, must(f), base(f), verdict(f))
		}
		by := ""
		for _, s := range r.Slices {
			if s.By != by {
				by = s.By
				fmt.Fprintf(&b, "\n| %s | n |", by)
				for _, f := range s.Figures {
					fmt.Fprintf(&b, " %s |", f.Name)
				}
				b.WriteString("\n|---|---:|" + strings.Repeat("---:|", len(s.Figures)) + "\n")
			}
			fmt.Fprintf(&b, "| %s | %d |", strings.TrimSpace(s.Name+" "+s.Label), s.N)
			for _, f := range s.Figures {
				fmt.Fprintf(&b, " %s |", number(f))
			}
			b.WriteString("\n")
		}
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "\nNote: %s\n", n)
		}
		if len(r.Misses)+r.Unlisted > 0 {
			fmt.Fprintf(&b, "\n### Misses: %d listed of %d, %d more held back\n\n", min(listed, len(r.Misses)), len(r.Misses), r.Unlisted)
		}
		for _, m := range r.Misses[:min(listed, len(r.Misses))] {
			fmt.Fprintf(&b, "- %s\n  want %s · got %s%s\n", m.Text, m.Want, m.Got, because(m))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// number is a figure's value, or a dash where nothing was asked.
func number(f Figure) string {
	if f.N == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", f.Value)
}

func must(f Figure) string {
	if f.Must == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", f.Must)
}

func base(f Figure) string {
	if f.Base == nil {
		return ""
	}
	return fmt.Sprintf("%.3f", *f.Base)
}

// verdict says in words what a reader should make of a figure.
func verdict(f Figure) string {
	switch {
	case f.Regression:
		return "REGRESSED"
	case !f.Reached():
		return "short"
	case f.Must > 0:
		return "reached"
	}
	return ""
}

func because(m Miss) string {
	if m.Why == "" {
		return ""
	}
	return " (" + m.Why + ")"
}

func shortHash(h string) string { return h[:min(12, len(h))] }
