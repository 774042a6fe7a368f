package anonymise

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

func sortWarnings(w []Warning) {
	slices.SortFunc(w, func(a, b Warning) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
	})
}

// Diff writes a text as it would be, each replacement as [-was-]{+now+}, for
// the eyes of the person who approves it: it holds what was taken out.
func Diff(w io.Writer, original string, res Result) error {
	at := 0
	for _, r := range res.Replacements {
		if _, err := fmt.Fprintf(w, "%s[-%s-]{+%s+}", original[at:r.Start], r.Was, r.Now); err != nil {
			return err
		}
		at = r.End
	}
	_, err := fmt.Fprintln(w, original[at:])
	return err
}

// About says what a warning asks, in Chinese.
func (w Warning) About() string {
	switch w.Kind {
	case "rare":
		return "少见情况“" + w.Word + "”：认识的人可能看得出是谁，能不写就不写"
	case "quotation":
		return "原话：改成转述，口头禅会认出人"
	case "count":
		return "准确数目：改成约数"
	case "latin":
		return "拉丁字母写的名称：看看是不是人名"
	case "script":
		return "传统蒙古文没有自动查找人名，请通读"
	}
	return w.Kind
}
