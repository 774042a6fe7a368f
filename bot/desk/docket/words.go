package docket

import (
	"strings"

	"heshi/bot"
	"heshi/intake"
)

// MaxWords is the longest text, in characters, that staff send at once: what every channel carries in one piece.
const MaxWords = 1500

// send adds a reply to one party and the same words to its thread.
func (d Docket) send(c *bot.Commit, by By, to bot.Conversation, from, kind, text string, again bot.Resend) {
	c.Replies = append(c.Replies, bot.Reply{
		ID: by.NewID(), To: to.Address, Text: text, Kind: kind, Matter: d.Matter.ID, Resend: again, Made: by.At,
	})
	c.Entries = append(c.Entries, bot.Entry{
		ID: by.NewID(), Matter: d.Matter.ID, Party: to.Address, From: from, Text: text, At: by.At,
	})
}

// tell sends a notice of ours to the applicant. Under safety hold it says nothing of the matter: somebody else may
// be looking at the screen.
func (d Docket) tell(c *bot.Commit, by By, key string, args map[string]string) {
	to, ok := d.applicantConversation()
	if !ok {
		return
	}
	if d.Matter.Flagged("safety_hold") {
		key = "desk.say.neutral"
	}
	d.send(c, by, to, "bot", "notice", by.Say.Text(to.Lang, key, d.args(by, args)), bot.ResendAgain)
}

// tellAll sends what a member of staff decided, in their words, to everyone the matter reaches; under safety hold
// to the applicant alone. The fate of such words after a crash is for a person to judge.
func (d Docket) tellAll(c *bot.Commit, by By, key string, args map[string]string) {
	for _, p := range d.Parties {
		if d.held(p.Address) {
			continue
		}
		d.send(c, by, p, "staff:"+by.Staff.ID, "staff", by.Say.Text(p.Lang, key, d.args(by, args)), bot.ResendAsk)
	}
}

func (d Docket) applicantConversation() (bot.Conversation, bool) {
	for _, p := range d.Parties {
		if d.applicant(p.Address) {
			return p, true
		}
	}
	return bot.Conversation{}, false
}

func (d Docket) args(by By, more map[string]string) map[string]string {
	args := map[string]string{"no": d.Matter.No, "office": d.Office.Name, "staff": by.Staff.Name}
	for k, v := range more {
		args[k] = v
	}
	return args
}

// signed puts office and name under the words of a member of staff.
func (d Docket) signed(by By, lang, text string) string {
	return text + "\n" + by.Say.Text(lang, "desk.say.sign", d.args(by, nil))
}

// toPeople puts the conversations of the matter into human hands. A form the citizen was filling in for something
// else waits for them.
func (d Docket) toPeople(c *bot.Commit) {
	for _, p := range d.Parties {
		if p.Matter != d.Matter.ID || p.Mode == bot.ModeHuman || d.held(p.Address) {
			continue
		}
		if p.Session != nil && p.Mode == bot.ModeIntake {
			p.Paused = true
		}
		p.Mode = bot.ModeHuman
		c.Conversations = append(c.Conversations, p)
	}
}

// toBot hands the conversations back: the next message is answered by the bot again.
func (d Docket) toBot(c *bot.Commit) {
	for _, p := range d.Parties {
		if p.Matter != d.Matter.ID {
			continue
		}
		p.Mode, p.Matter, p.MatterNo, p.Awaiting = bot.ModeAsk, "", "", ""
		c.Conversations = append(c.Conversations, p)
	}
}

// byKind gives the key of a message in the wording of the kind of matter, where it has one of its own.
func (d Docket) byKind(by By, key string) string {
	if own := ByKind(d.Matter.Kind, key); by.Say.Has(own) {
		return own
	}
	return key
}

// ByKind is how the wording of a message for a kind of matter is named: mediation is the plain one.
func ByKind(k intake.Kind, key string) string {
	switch {
	case k == intake.ForLegalAid:
		return key + "_aid"
	case !Application(k):
		return key + "_contact"
	}
	return key
}

// required gives the cleaned text of a field that must be filled in and fits.
func required(field, s string, most int) (string, error) {
	s = clean(s)
	if s == "" {
		return "", &Wrong{field, "desk.wrong.empty"}
	}
	return s, fits(field, s, most)
}

func fits(field, s string, most int) error {
	if len([]rune(s)) > most {
		return &Wrong{field, "desk.wrong.long"}
	}
	return nil
}

func joined(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = clean(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "；")
}
