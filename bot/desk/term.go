package desk

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"

	"heshi/bot"
	"heshi/bot/desk/docket"
)

// TermFinder is an Advisor that also looks words up in the bilingual table: first those written just like the word, then
// the nearest, k in all.
type TermFinder interface {
	Terms(ctx context.Context, word string, k int) ([]bot.TermHit, error)
}

// termView is the box in which staff look a word up, with what was found.
type termView struct {
	At           string // the id of the file it stands beside
	Word         string
	Rows         []termRow
	Near, Failed bool
}

type termRow struct {
	ID, Latin, Note, Cite, Digest string
	Forms                         []bot.TermForm
}

// termMost is how many near terms are offered; homographs are all shown.
const termMost = 3

// longestTerm is the longest word looked up, in characters.
const longestTerm = 60

// termBox is the empty box, or nil where nothing can be looked up or the reader works no matters.
func (d *Desk) termBox(me bot.Staff, matter string) *termView {
	if _, ok := d.adv.(TermFinder); !ok || !docket.Works(me) {
		return nil
	}
	return &termView{At: matter}
}

// term looks a word up. The word comes in the body and is kept in the session until the page that shows the result: a
// word may be a name, and no name stands in an address. The script asks for the box alone.
func (d *Desk) term(w http.ResponseWriter, r *http.Request) {
	me, id := staffOf(r), matterOf(r).ID
	box := d.termBox(me, id)
	if box == nil {
		d.refuse(w, r, http.StatusConflict, "desk.wrong.role")
		return
	}
	word := trimmed(r.PostFormValue("word"), longestTerm)
	if word == "" {
		d.page(w, r, http.StatusUnprocessableEntity, "message", messageView{Key: "desk.term.empty", Back: "/desk/m/" + url.PathEscape(id)})
		return
	}
	if r.Header.Get("X-Part") != "term" {
		d.sessions.Put(r.Context(), keyTerm, word)
		http.Redirect(w, r, "/desk/m/"+url.PathEscape(id)+"#term", http.StatusSeeOther)
		return
	}
	d.lookUp(r.Context(), box, word)
	f := frame{Me: me, CSRF: d.sessions.GetString(r.Context(), keyCSRF), V: fileView{Term: box}}
	var b bytes.Buffer
	if err := d.pages.byName["file"].ExecuteTemplate(&b, "term", f); err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the reader may be gone; there is nobody left to tell
}

// askedTerm fills the box of a file page with the word just looked up, once.
func (d *Desk) askedTerm(r *http.Request, box *termView) {
	if box == nil || r.Header.Get("X-Live") != "" {
		return
	}
	if word := d.sessions.PopString(r.Context(), keyTerm); word != "" {
		d.lookUp(r.Context(), box, word)
	}
}

func (d *Desk) lookUp(ctx context.Context, box *termView, word string) {
	box.Word = word
	hits, err := d.adv.(TermFinder).Terms(ctx, word, termMost)
	if err != nil {
		box.Failed = true
		d.log.WarnContext(ctx, "desk: a term could not be looked up", "error", err)
		return
	}
	if box.Near = len(hits) > 0 && !hits[0].Exact; !box.Near {
		hits = slices.DeleteFunc(hits, func(h bot.TermHit) bool { return !h.Exact })
	}
	for _, h := range hits {
		box.Rows = append(box.Rows, termRow{h.Term.ID, h.Term.Latin, h.Term.Note, h.Cite, h.Digest, h.Forms()})
	}
}
