package desk

import (
	"errors"
	"mime"
	"net/http"
	"strings"

	"heshi/bot"
	"heshi/intake"
)

// blob gives one attachment of the matter in the path. What belongs to no message and no evidence of it is not there,
// whatever else the store holds under that name.
func (d *Desk) blob(w http.ResponseWriter, r *http.Request) {
	ctx, m, me, hash := r.Context(), matterOf(r), staffOf(r), r.PathValue("hash")
	if m.Flagged("safety_hold") && !seesSensitive(me, m) {
		d.denied(ctx, me, m.ID)
		d.notFound(w, r)
		return
	}
	a, ok, err := d.attachment(r, m, hash)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if !ok {
		d.denied(ctx, me, m.ID)
		d.notFound(w, r)
		return
	}
	if err := d.viewed(ctx, me, m, "view_attachment"); err != nil {
		d.fail(w, r, err)
		return
	}
	data, kind, err := d.store.Blob(ctx, hash)
	if errors.Is(err, bot.ErrNotFound) {
		d.notFound(w, r)
		return
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if picture(kind) || strings.HasPrefix(kind, "audio/") {
		h.Set("Content-Type", kind)
	} else { // a page or a script sent as evidence is saved, never run on our own address
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(a, hash)}))
	}
	_, _ = w.Write(data) // the reader may be gone
}

func fileName(a intake.Attachment, hash string) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '_'
		}
		return r
	}, a.Name)
	if name == "" {
		return hash[:min(12, len(hash))]
	}
	return name
}

// attachment finds an attachment by its hash among the evidence and the threads of a matter.
func (d *Desk) attachment(r *http.Request, m intake.Matter, hash string) (intake.Attachment, bool, error) {
	if len(hash) != 64 {
		return intake.Attachment{}, false, nil
	}
	for _, e := range m.Evidence {
		for _, a := range e.Items {
			if a.SHA256 == hash {
				return a, true, nil
			}
		}
	}
	for _, p := range addresses(m) {
		entries, err := d.store.Thread(r.Context(), m.ID, p)
		if err != nil {
			return intake.Attachment{}, false, err
		}
		for _, e := range entries {
			for _, a := range e.Attachments {
				if a.SHA256 == hash {
					return a, true, nil
				}
			}
		}
	}
	return intake.Attachment{}, false, nil
}
