-- +goose Up

-- Messages, in the order they were accepted. A message waits while done = 0. body is the sealed JSON document.
-- attempts and lease_until together are the lease: "seq/attempts" names it, lease_until = 0 means nobody holds it.
CREATE TABLE inbox (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  key         TEXT    NOT NULL UNIQUE,
  address     TEXT    NOT NULL,
  done        INTEGER NOT NULL DEFAULT 0,
  due         INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL DEFAULT 0,
  attempts    INTEGER NOT NULL DEFAULT 0,
  body        BLOB    NOT NULL
);
CREATE INDEX inbox_lane ON inbox (address, done, seq);

-- One row per conversation with waiting messages: its oldest message and when that may be worked on.
CREATE TABLE lanes (
  address TEXT    PRIMARY KEY,
  head    INTEGER NOT NULL,
  ready   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lanes_oldest ON lanes (head, ready);

-- Hashes of the keys of erased messages, so that a late retry of the platform is still a retry.
CREATE TABLE forgotten (
  hash BLOB    PRIMARY KEY,
  at   INTEGER NOT NULL
) WITHOUT ROWID;

-- Replies, in the order they were written.
CREATE TABLE replies (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT    NOT NULL UNIQUE,
  address     TEXT    NOT NULL,
  channel     TEXT    NOT NULL,
  cause       TEXT    NOT NULL,
  matter      TEXT    NOT NULL,
  resend      TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'blocked', 'failed', 'window_closed', 'unknown')),
  due         INTEGER NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  code        TEXT    NOT NULL DEFAULT '',
  platform_id TEXT    NOT NULL DEFAULT '',
  settled     INTEGER NOT NULL DEFAULT 0,
  body        BLOB    NOT NULL
);
CREATE INDEX replies_address ON replies (address, seq);
CREATE INDEX replies_open ON replies (address, seq) WHERE state IN ('due', 'sending');
CREATE INDEX replies_sending ON replies (address) WHERE state = 'sending';
CREATE INDEX replies_closed_window ON replies (address) WHERE state = 'window_closed';
CREATE INDEX replies_undelivered ON replies (matter, seq) WHERE state IN ('blocked', 'failed', 'window_closed', 'unknown');

-- One row per conversation with unsent replies: the oldest and when it may be sent. A reply that is being sent
-- holds the lane.
CREATE TABLE outlanes (
  address TEXT    PRIMARY KEY,
  channel TEXT    NOT NULL,
  head    INTEGER NOT NULL,
  due     INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX outlanes_due ON outlanes (channel, due, head);

CREATE TABLE conversations (
  address TEXT    PRIMARY KEY,
  version INTEGER NOT NULL,
  remind  INTEGER NOT NULL DEFAULT 0,
  body    BLOB    NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_remind ON conversations (remind, address) WHERE remind > 0;

CREATE TABLE matters (
  id           TEXT    NOT NULL PRIMARY KEY,
  no           TEXT    NOT NULL,
  version      INTEGER NOT NULL,
  status       TEXT    NOT NULL,
  office       TEXT    NOT NULL,
  assignee     TEXT    NOT NULL,
  conversation TEXT    NOT NULL,
  urgent       INTEGER NOT NULL,
  created      INTEGER NOT NULL,
  body         BLOB    NOT NULL
);
CREATE INDEX matters_queue ON matters (urgent DESC, created, id);
CREATE INDEX matters_office ON matters (office, status);
CREATE INDEX matters_assignee ON matters (assignee) WHERE assignee <> '';
CREATE INDEX matters_conversation ON matters (conversation);
CREATE INDEX matters_no ON matters (no);

CREATE TABLE entries (
  seq    INTEGER PRIMARY KEY AUTOINCREMENT,
  id     TEXT NOT NULL UNIQUE,
  matter TEXT NOT NULL,
  party  TEXT NOT NULL,
  body   BLOB NOT NULL
);
CREATE INDEX entries_thread ON entries (matter, party, seq);
CREATE INDEX entries_party ON entries (party);

CREATE TABLE serials (
  series TEXT    PRIMARY KEY,
  last   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE staff (
  id      TEXT    PRIMARY KEY,
  login   TEXT    NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  body    BLOB    NOT NULL
) WITHOUT ROWID;

CREATE TABLE offices (
  id   TEXT PRIMARY KEY,
  body BLOB NOT NULL
) WITHOUT ROWID;

-- Small values with an end. key is a hash: whoever reads the file cannot use a link that is in it.
CREATE TABLE vault (
  bucket  TEXT    NOT NULL,
  key     BLOB    NOT NULL,
  expires INTEGER NOT NULL,
  value   BLOB    NOT NULL,
  PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE INDEX vault_expires ON vault (expires) WHERE expires > 0;

CREATE TABLE blobs (
  hash TEXT NOT NULL PRIMARY KEY,
  mime TEXT NOT NULL,
  data BLOB NOT NULL
);
CREATE TABLE blob_owners (
  hash    TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (address, hash)
) WITHOUT ROWID;
CREATE INDEX blob_owners_hash ON blob_owners (hash);

-- The record. hash covers the line before and the body; audit_head remembers how long the record is.
CREATE TABLE audit (
  seq  INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE TABLE audit_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash TEXT    NOT NULL
);
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, '');

-- About this folder itself: which key seals it.
CREATE TABLE about (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE about;
DROP TABLE audit_head;
DROP TABLE audit;
DROP TABLE blob_owners;
DROP TABLE blobs;
DROP TABLE vault;
DROP TABLE offices;
DROP TABLE staff;
DROP TABLE serials;
DROP TABLE entries;
DROP TABLE matters;
DROP TABLE conversations;
DROP TABLE outlanes;
DROP TABLE replies;
DROP TABLE forgotten;
DROP TABLE lanes;
DROP TABLE inbox;
