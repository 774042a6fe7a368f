-- +goose Up

-- When a conversation was last seen, and what it would leave behind: for erasing what nobody comes back to. Rows from
-- before cannot tell (their bodies may be sealed): they count from now, as the kind that is kept longest, until they
-- are written again.
ALTER TABLE conversations ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN trace TEXT NOT NULL DEFAULT 'urgent';
UPDATE conversations SET seen = unixepoch() * 1000000000;
CREATE INDEX conversations_forgotten ON conversations (trace, seen, address);

-- +goose Down
DROP INDEX conversations_forgotten;
ALTER TABLE conversations DROP COLUMN trace;
ALTER TABLE conversations DROP COLUMN seen;
