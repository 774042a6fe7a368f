package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const recordPage = 200

type recordView struct {
	Lines []recordLine
	Next  int64 // sequence to go on from; 0 when this is the end
	After int64
}

type recordLine struct {
	Seq                    int64
	At, Who, What, Subject string
	Detail                 string
}

// record shows the append-only record, oldest first from ?after=.
func (d *Desk) record(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	lines, err := d.store.AuditLog(ctx, after, recordPage+1)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	staff, err := d.store.AllStaff(ctx)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	v := recordView{After: after}
	if len(lines) > recordPage {
		lines = lines[:recordPage]
		v.Next = lines[recordPage-1].Seq
	}
	now := d.now()
	for _, l := range lines {
		who := d.word("desk.who", l.Who)
		if id, ok := strings.CutPrefix(l.Who, "staff:"); ok {
			who = nameOf(staff, id)
		}
		v.Lines = append(v.Lines, recordLine{l.Seq, clockTime(l.At, now), who, l.What, l.Subject, l.Detail})
	}
	slices.Reverse(v.Lines)
	d.page(w, r, http.StatusOK, "record", v)
}
