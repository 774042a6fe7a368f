// Package sqlite keeps everything durable in one folder: the default store.
//
// It owns the data folder: heshi.db (SQLite, WAL), heshi.lock and, when bodies are sealed, the key file its
// owner names. Files are 0600, the folder 0700, and one process at a time holds the folder.
//
// What holds, always:
//   - A method that changes something returns after COMMIT with synchronous=FULL, so what it acknowledged
//     survives kill -9 and a power cut. Leases alone need only survive the process, and are not worth a sync.
//   - All changes go through one writer (write.go). Requests that come together share one transaction, each in
//     its own savepoint: they share the sync, never a failure.
//   - A Commit is applied whole or not at all.
//   - The lanes tables say, per conversation, which message or reply is next; they are derived from inbox and
//     replies in the transaction that changes those.
//   - Documents (messages, conversations, matters, …) are JSON, sealed when there is a key; only what is asked
//     for in a WHERE or ORDER BY has a column.
//   - No error text holds a key, an address, or a body.
//
// A reader starts with open.go, then write.go, commit.go, inbox.go and outbox.go; the other files hold one noun each.
package sqlite
