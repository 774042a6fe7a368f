package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"heshi/caselib"
	"heshi/intake"
	"heshi/intake/rules"
	"heshi/prompts"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// Typer gives the dispute types of a text, best first, a subtype before its type; and the topic outside the taxonomy
// that is likelier than all of them, "" for none.
type Typer interface {
	Types(s string) []retrieval.TypeScore
	Outside(s string) string
}

// Reader finds values (money, dates, regions …) in a text.
type Reader interface {
	Values(s string, now time.Time) []intake.Value
}

// Records is what a turn reads of the store. A turn never writes.
type Records interface {
	Matter(ctx context.Context, id string) (intake.Matter, error)
	Matters(ctx context.Context, f MatterFilter) ([]intake.Matter, error)
	Offices(ctx context.Context) ([]intake.Office, error)
	NextSerial(ctx context.Context, series string) (int, error)
}

// Engine decides one turn at a time. It holds no state of any conversation; everything it needs comes in,
// everything it wants comes out as a Decision.
type Engine struct {
	Log      *slog.Logger
	Say      *prompts.Catalog
	Words    *Words
	Gate     *rules.Gate
	Refusals *rules.Refusals
	// Clocks gives the periods of law for deadline ids and the dates known, keyed by field id.
	Clocks    func(ids []string, facts map[string]string, now time.Time) []Clock
	Taxonomy  *caselib.Taxonomy
	Types     Typer
	Values    Reader
	Assistant Assistant
	Finder    *Finder
	// Current, when set, gives what of the library is in use now in the places of Finder and Types: the library may
	// be replaced while the service runs. A turn asks once and keeps to what it got.
	Current func() (*Finder, Typer)
	Book    *intake.Book
	Records Records
	Now     func() time.Time
	NewID   func() string
	// PublicOnly names channels that may only give public information: no intake, no personal data kept
	// (standards.md §6: Telegram, unless the operator decides otherwise in writing).
	PublicOnly map[string]bool
}

// Decision is what one turn leads to. The worker commits it whole.
type Decision struct {
	Conversation Conversation
	Replies      []Reply
	Matters      []intake.Matter
	Entries      []Entry
	Audit        []Audit
	Erase        []Address
}

// turn is one message on its way through the engine.
type turn struct {
	*Engine
	ctx  context.Context
	msg  Message
	text string
	now  time.Time
	conv Conversation
	d    Decision
	// prefix is said before whatever the turn says: the fixed opening of a first reply.
	prefix string
}

// Turn reads one message and decides. It never writes and never sends. The order inside is fixed: urgency, a person's
// turn, universal words, the running form, and only then a question to the library.
func (e *Engine) Turn(ctx context.Context, conv Conversation, msg Message) (Decision, error) {
	t := &turn{Engine: e.present(), ctx: ctx, msg: msg, now: e.Now(), conv: conv, text: text.Clean(clip(msg.Text, MaxText))}
	t.language()
	t.conv.LastSeen = t.now
	t.conv.RemindAt, t.conv.Reminded = time.Time{}, false
	err := t.run()
	if err != nil {
		return Decision{}, err
	}
	t.d.Conversation = t.conv
	return t.d, nil
}

// present is the engine with the library as it is now.
func (e *Engine) present() *Engine {
	if e.Current == nil {
		return e
	}
	now := *e
	now.Finder, now.Types = e.Current()
	now.Current = nil
	return &now
}

func (t *turn) run() error {
	t.transcript()
	if done, err := t.urgent(); done || err != nil {
		return err
	}
	if len(t.msg.Text) > MaxText {
		t.say("error", "error.too_long", nil, nil)
		return nil
	}
	if t.msg.Unsupported != "" && t.text == "" && len(t.msg.Attachments) == 0 {
		t.say("error", "error.unsupported", nil, nil)
		return nil
	}
	if t.text == "" && t.msg.Button == "" && len(t.msg.Attachments) == 0 {
		t.say("error", "error.empty", nil, nil)
		return nil
	}
	t.greet()
	if t.public() && t.conv.Awaiting == "" {
		return t.publicTurn()
	}
	if done, err := t.awaited(); done || err != nil {
		return err
	}
	cmd := t.command()
	if t.conv.Mode == ModeHuman && !worksWithHuman[cmd] {
		return t.toHuman()
	}
	if done, err := t.universal(cmd); done || err != nil {
		return err
	}
	if done, err := t.refused(); done || err != nil {
		return err
	}
	if t.conv.Session != nil && !t.conv.Paused {
		return t.step()
	}
	if t.msg.Button != "" {
		t.say("error", "error.unknown_button", nil, t.nextSteps())
		return nil
	}
	if len(t.msg.Attachments) > 0 && t.text == "" {
		return t.keepAttachments()
	}
	return t.answer()
}

// transcript takes the words of a voice message as text, when the message has none of its own.
func (t *turn) transcript() {
	if t.text != "" {
		return
	}
	for _, a := range t.msg.Attachments {
		if a.Transcript != "" {
			t.text = text.Clean(a.Transcript)
			return
		}
	}
}

// language settles what we answer in: what was chosen, else what the person writes.
func (t *turn) language() {
	if t.conv.LangChosen {
		return
	}
	said := t.text
	if l, ok := t.asked(); ok {
		if t.conv.Lang != "" {
			return // a word that is asked about is no word of who asks
		}
		said = l.frame
	}
	switch l := text.Lang(said); {
	case l == "zh" || l == "und":
		if t.conv.Lang == "" || (l == "zh" && len([]rune(t.text)) >= 4) {
			t.conv.Lang = prompts.Chinese
		}
	default:
		t.conv.Lang = prompts.Written(l)
	}
}

// greet puts the fixed opening before the first reply of a conversation (triage.md §4).
func (t *turn) greet() {
	if !t.conv.Greeted {
		t.prefix = t.Say.Text(t.conv.Lang, "greeting.opening", nil) + "\n\n"
		if t.public() {
			t.prefix += t.Say.Text(t.conv.Lang, "public.no_personal", nil) + "\n\n"
		}
		t.conv.Greeted = true
	}
}

// say adds one reply made of one message.
func (t *turn) say(kind, key string, args map[string]string, buttons []intake.Button) *Reply {
	return t.reply(kind, t.Say.Text(t.conv.Lang, key, args), buttons)
}

// reply adds one reply. Its buttons are remembered, so that typing their number works.
func (t *turn) reply(kind, body string, buttons []intake.Button) *Reply {
	r := Reply{
		ID: t.NewID(), To: t.conv.Address, Text: t.prefix + body, Kind: kind, Cause: t.msg.Key,
		Buttons: t.buttons(buttons), Resend: ResendAgain, NotBefore: t.now, Made: t.now,
	}
	if t.msg.Passive {
		r.NotBefore = t.now.Add(PassiveWait)
	}
	t.prefix = ""
	t.conv.Offered = t.conv.Offered[:0:0]
	for _, b := range r.Buttons {
		t.conv.Offered = append(t.conv.Offered, b.ID)
	}
	t.d.Replies = append(t.d.Replies, r)
	return &t.d.Replies[len(t.d.Replies)-1]
}

// PassiveWait is how long a reply to a passive channel is held for the platform's own answer before it goes the other way.
const PassiveWait = 5 * time.Second

// buttons writes labels for the reader: Chinese first, Mongolian beside it.
func (t *turn) buttons(bs []intake.Button) []intake.Button {
	out := make([]intake.Button, 0, len(bs))
	for _, b := range bs {
		switch {
		case b.Key != "":
			b.Label = t.Say.Label(t.conv.Lang, b.Key)
		case b.LabelMn != "" && t.conv.Lang != prompts.Chinese:
			b.Label += " · " + b.LabelMn
		}
		b.Key, b.LabelMn = "", ""
		out = append(out, b)
	}
	return out
}

func (t *turn) audit(what, subject, detail string) {
	t.d.Audit = append(t.d.Audit, Audit{At: t.now, Who: "citizen", What: what, Subject: subject, Detail: detail})
}

// matter reads the live file of the conversation; ok is false when there is none.
func (t *turn) matter() (m intake.Matter, ok bool, err error) {
	if t.conv.Matter == "" {
		return m, false, nil
	}
	m, err = t.Records.Matter(t.ctx, t.conv.Matter)
	if errors.Is(err, ErrNotFound) {
		return m, false, nil
	}
	return m, err == nil, err
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n]
}
