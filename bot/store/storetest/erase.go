package storetest

import (
	"crypto/sha256"
	"encoding/hex"

	"heshi/bot"
	"heshi/intake"
)

func hashOf(data string) string {
	h := sha256.Sum256([]byte(data))
	return hex.EncodeToString(h[:])
}

// told gives one person everything that can be erased, and the hash of a photo of theirs.
func (w *world) told(who string) (photo string) {
	w.Helper()
	w.says(who, "done "+who)
	work := w.lease()
	photo = hashOf("photo of " + who)
	for data, hash := range map[string]string{"photo of " + who: photo, "shared": hashOf("shared")} {
		w.ok(w.PutBlob(w.ctx, user(who), hash, "image/jpeg", []byte(data)))
	}
	draft, filed := matter("draft-"+who, intake.Draft), matter("filed-"+who, intake.Received)
	draft.Conversation, filed.Conversation = user(who).String(), user(who).String()
	w.ok(w.Commit(w.ctx, bot.Commit{
		Work: &work, Conversations: []bot.Conversation{bot.NewConversation(user(who))},
		Replies: []bot.Reply{w.reply(user(who), "hello "+who)}, Matters: []intake.Matter{draft, filed},
		Entries: []bot.Entry{
			{ID: "e-draft-" + who, Matter: draft.ID, Party: user(who), Text: "in the draft", At: w.now},
			{ID: "e-filed-" + who, Matter: filed.ID, Party: user(who), Text: "in the file", At: w.now},
			{ID: "e-note-" + who, Matter: draft.ID, Text: "a note", At: w.now},
		},
	}))
	w.says(who, "waiting "+who)
	return photo
}

func eraseAddress(w *world) {
	photo := w.told("a")
	w.ok(w.Commit(w.ctx, bot.Commit{Erase: []bot.Address{user("a")}}))
	_, err := w.Conversation(w.ctx, user("a"))
	w.is(err, bot.ErrNotFound)
	w.equal("pending", w.pending(), 0)
	w.idle()
	w.equal("history", w.history("a"), []string{})
	w.equal("due", w.due(), []string{})
	for _, hash := range []string{photo, hashOf("shared")} {
		_, _, err = w.Blob(w.ctx, hash)
		w.is(err, bot.ErrNotFound)
	}
	// A retry of the platform that comes late is still a retry.
	fresh, err := w.Accept(w.ctx, bot.Message{Key: "telegram:a/done a", From: user("a"), Text: "again", At: w.now})
	w.ok(err)
	w.equal("fresh", fresh, false)
	// And the person may begin anew.
	w.says("a", "hello again")
	w.equal("lease", w.lease().Message.Text, "hello again")
}

func eraseOthers(w *world) {
	w.told("a")
	work := w.lease()
	photo := w.told("b")
	w.ok(w.Commit(w.ctx, bot.Commit{Erase: []bot.Address{user("a")}}))
	w.is(w.Commit(w.ctx, bot.Commit{Work: &work}), bot.ErrConflict) // its message is gone
	_, err := w.Conversation(w.ctx, user("b"))
	w.ok(err)
	w.equal("pending", w.pending(), 1)
	w.equal("history", w.history("b"), []string{"hello b"})
	w.equal("due", w.due(), []string{"hello b"})
	for _, hash := range []string{photo, hashOf("shared")} {
		_, _, err = w.Blob(w.ctx, hash)
		w.ok(err)
	}
	es, err := w.Thread(w.ctx, "draft-b", user("b"))
	w.ok(err)
	w.equal("entries", len(es), 1)
	w.equal("lease", w.lease().Message.Text, "waiting b")
}

func eraseMatters(w *world) {
	w.told("a")
	w.ok(w.Commit(w.ctx, bot.Commit{Erase: []bot.Address{user("a")}}))
	_, err := w.Matter(w.ctx, "filed-a")
	w.ok(err)
	_, err = w.Matter(w.ctx, "draft-a")
	w.is(err, bot.ErrNotFound)
	for _, c := range []struct {
		matter string
		party  bot.Address
		want   int
	}{{"draft-a", user("a"), 0}, {"draft-a", bot.Address{}, 0}, {"filed-a", user("a"), 1}} {
		es, err := w.Thread(w.ctx, c.matter, c.party)
		w.ok(err)
		w.equal("entries of "+c.matter, len(es), c.want)
	}
}

// eraseAndWrite is the turn that erases: its own message goes too, and its farewell stays.
func eraseAndWrite(w *world) {
	w.told("a")
	work := w.lease()
	c := bot.NewConversation(user("a"))
	draft, err := w.Matter(w.ctx, "draft-a")
	w.ok(err)
	draft.Status = intake.Withdrawn
	w.ok(w.Commit(w.ctx, bot.Commit{
		Work: &work, Erase: []bot.Address{user("a")}, Conversations: []bot.Conversation{c},
		Replies: []bot.Reply{w.reply(user("a"), "erased")}, Matters: []intake.Matter{draft},
		Audit: []bot.Audit{{At: w.now, Who: "citizen", What: "erase"}},
	}))
	w.equal("history", w.history("a"), []string{"erased"})
	w.equal("due", w.due(), []string{"erased"})
	got, err := w.Conversation(w.ctx, user("a"))
	w.ok(err)
	w.equal("version", got.Version, 1)
	m, err := w.Matter(w.ctx, "draft-a")
	w.ok(err)
	w.equal("a draft that the commit writes stays", m.Status, intake.Withdrawn)
	w.idle()
}
