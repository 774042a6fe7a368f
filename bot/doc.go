// Package bot is the core of heshi: one message in, one decision out.
//
// # A guided tour
//
// A [Channel] (bot/channel/…) receives something from its platform, verifies it, and makes a [Message]. It calls
// [Inbox.Accept]; only when that has returned, durably, does the platform get its 200. Platforms repeat themselves:
// a message has a key, and a key is accepted once.
//
// A [Worker] leases the oldest message of a conversation from the [Lanes]. One conversation is worked by one worker at
// a time, so its order is kept; conversations run side by side. The worker reads the [Conversation] and asks the
// [Engine] for a [Decision].
//
// [Engine.Turn] reads and decides; it never writes and never sends. Its order is fixed (engine.go):
//
//  1. urgent.go: the urgency gate. Every message, in every mode, in both languages. A card with 110 on it leaves
//     before anything else is thought of, a running form is put aside, a person is called.
//  2. human.go: is a person answering? Then words are carried to the thread of the matter, and nothing more.
//  3. words.go, universal.go: the words that always work: 人工, 取消, 投诉, 删除我的信息, 换语言; term….go: a word asked for
//     in the other language (词 合同).
//  4. form.go: a running form takes one [intake.Book.Step].
//  5. ask.go: otherwise the question is understood, looked up through the [Finder], and answered with sources.
//
// The decision is written by [Committer.Commit]: conversation, inbox, replies, matters, thread and audit in one
// transaction, or nothing. A conversation or matter that somebody else changed meanwhile makes the commit fail with
// [ErrConflict], and the turn is decided again.
//
// The [Sender] takes replies from the [Outbox] and hands them to their channel. What the platform said, a [Delivery],
// is stored: sent, retry, blocked, window closed, failed. Effects inside the store happen exactly once; a send happens
// at least once, with an ambiguous window of one reply a busy conversation a crash. [Resend] decides what happens there.
//
// The desk (bot/desk) changes things by the same Commit. bot/app wires everything together.
//
// # Data owned
//
// Nothing at rest: the [Store] keeps it. words.yaml is the table of universal words.
//
// # Invariants
//
//   - Nothing is sent that was not committed; nothing is acknowledged that was not committed.
//   - A reply has one address. A thread entry belongs to one party, and nothing crosses.
//   - A sentence of an answer without a source it really holds does not leave ([CheckSources]).
//   - Personal data is in messages, conversations and matters, and nowhere else: not in an [Audit], a log or an error.
package bot
