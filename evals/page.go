package evals

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageSource string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"bars": bars, "verdict": verdict, "number": number, "must": must, "base": base,
	"first": func(m []Miss) []Miss { return m[:min(listed, len(m))] },
	"bySlice": func(s []Slice) [][]Slice {
		var out [][]Slice
		for _, one := range s {
			if n := len(out); n > 0 && out[n-1][0].By == one.By {
				out[n-1] = append(out[n-1], one)
				continue
			}
			out = append(out, []Slice{one})
		}
		return out
	},
}).Parse(pageSource))

// HTML writes reports as one page that stands alone: no script, no outside file.
func HTML(w io.Writer, reports ...Report) error { return page.Execute(w, reports) }

// Sizes of a plot in pixels.
const (
	rowHeight = 20
	textWidth = 250
	plotWidth = 420
)

// bars draws one row per slice: the value of its figure number i as a bar, its
// noise band as a line. Slices without that figure are left out.
func bars(s []Slice, i int) template.HTML {
	var rows strings.Builder
	y := 0
	for _, one := range s {
		if i >= len(one.Figures) || one.Figures[i].N == 0 {
			continue
		}
		f := one.Figures[i]
		x := func(v float64) float64 { return textWidth + v*plotWidth }
		mid := float64(y) + rowHeight/2
		fmt.Fprintf(&rows, `<text x="%d" y="%.0f" text-anchor="end">%s (%d)</text>`, textWidth-8, mid+4,
			template.HTMLEscapeString(strings.TrimSpace(one.Name+" "+one.Label)), f.N)
		fmt.Fprintf(&rows, `<rect class="bar" x="%d" y="%d" width="%.1f" height="%d"/>`, textWidth, y+4, f.Value*plotWidth, rowHeight-8)
		fmt.Fprintf(&rows, `<line class="band" x1="%.1f" x2="%.1f" y1="%.0f" y2="%.0f"/>`, x(f.Low), x(f.High), mid, mid)
		fmt.Fprintf(&rows, `<text x="%d" y="%.0f">%.3f</text>`, textWidth+plotWidth+8, mid+4, f.Value)
		y += rowHeight
	}
	if y == 0 {
		return ""
	}
	width := textWidth + plotWidth + 60
	var grid strings.Builder
	for _, v := range []float64{0, 0.25, 0.5, 0.75, 1} {
		at := textWidth + v*plotWidth
		fmt.Fprintf(&grid, `<line class="grid" x1="%.1f" x2="%.1f" y1="0" y2="%d"/>`, at, at, y)
	}
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" width="%d" height="%d" role="img">%s%s</svg>`, width, y, width, y, grid.String(), rows.String()))
}
