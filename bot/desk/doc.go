// Package desk is the web workplace of staff: sign-in, the queue of submitted matters, the file of each matter, and
// everything staff do to it. It is rendered on the server and works without JavaScript; a small script adds live
// updates and keys.
//
// It owns no data of its own but the desk sessions, one-time links and attempt counters it keeps in bot.Vault and
// in memory. What staff decide is decided by package docket and written with one bot.Commit; a handler parses,
// calls, commits, wakes the sender and shows the result.
//
// Invariants:
//   - Nobody sees a matter of an office that is not theirs: it answers 404, as one that does not exist, and the
//     attempt is recorded. Every view of a file is recorded: who, which, when, and nothing of its content.
//   - A reply reaches only the party whose thread it was written in.
//   - Answers of sensitivity S3 are shown to the assignee and to the role "sensitive" only.
//   - Every POST carries the token of its session and comes from our own pages. A GET changes nothing.
//   - No personal data reaches a log, an error text or a URL.
package desk
