package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"heshi/bot"
	"heshi/intake"
)

// sees reports whether s may open matters of office. Administrators and duty officers look after every office of
// this installation; everyone else works in their own. A matter without an office is theirs to route.
func sees(s bot.Staff, office string) bool {
	if s.HasRole("admin") || s.HasRole("duty") {
		return true
	}
	return office != "" && s.Office == office
}

// scope is the offices whose matters s lists; nil means all.
func scope(s bot.Staff) []string {
	if s.HasRole("admin") || s.HasRole("duty") {
		return nil
	}
	return []string{s.Office}
}

// seesSensitive reports whether s may read S3 answers of m, and the story of a matter under safety hold.
func seesSensitive(s bot.Staff, m intake.Matter) bool {
	return s.HasRole("sensitive") || (m.Assignee != "" && m.Assignee == s.ID)
}

// matterFor finds a matter by id or receipt number, if s may see it; otherwise bot.ErrNotFound, and the record names
// the matter they may not see, when there is one.
func (d *Desk) matterFor(ctx context.Context, s bot.Staff, ref string) (intake.Matter, error) {
	m, err := d.resolve(ctx, ref)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return intake.Matter{}, err
	}
	if err != nil || !mayRead(s) || !sees(s, m.Office) || m.Status == intake.Draft {
		d.denied(ctx, s, m.ID)
		return intake.Matter{}, bot.ErrNotFound
	}
	return m, nil
}

func mayRead(s bot.Staff) bool { return slices.ContainsFunc(readers, s.HasRole) }

func (d *Desk) resolve(ctx context.Context, ref string) (intake.Matter, error) {
	if ref == "" || len(ref) > 80 || !utf8.ValidString(ref) {
		return intake.Matter{}, bot.ErrNotFound
	}
	m, err := d.store.Matter(ctx, ref)
	if errors.Is(err, bot.ErrNotFound) {
		return d.byNumber(ctx, ref)
	}
	return m, err
}

func (d *Desk) byNumber(ctx context.Context, no string) (intake.Matter, error) {
	found, err := d.store.Matters(ctx, bot.MatterFilter{Text: no, Limit: 20})
	if err != nil {
		return intake.Matter{}, err
	}
	for _, m := range found {
		if strings.EqualFold(m.No, no) {
			return m, nil
		}
	}
	return intake.Matter{}, bot.ErrNotFound
}

// matterOf is the matter of a Matter route. The guard has read it and checked that the member of staff may see it.
func matterOf(r *http.Request) intake.Matter {
	m, _ := r.Context().Value(matterKey{}).(intake.Matter)
	return m
}

// viewed records that s opened a file.
func (d *Desk) viewed(ctx context.Context, s bot.Staff, m intake.Matter, what string) error {
	err := d.store.AppendAudit(ctx, bot.Audit{At: d.now(), Who: "staff:" + s.ID, What: what, Subject: "matter:" + m.ID})
	if err != nil {
		return fmt.Errorf("recording a view: %w", err) // no record, no view
	}
	return nil
}

// denied records an attempt on a matter that s may not see; id is empty when there is no such matter.
func (d *Desk) denied(ctx context.Context, s bot.Staff, id string) {
	err := d.store.AppendAudit(ctx, bot.Audit{At: d.now(), Who: "staff:" + s.ID, What: "denied", Subject: "matter:" + id})
	if err != nil {
		d.log.ErrorContext(ctx, "desk: recording a denied view", "error", err)
	}
}
