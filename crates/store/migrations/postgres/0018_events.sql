-- What a department's own system was sent, to be read and sent again: when each was tried last, what was answered, and how often
-- it was sent again because somebody asked for it.
ALTER TABLE push ADD COLUMN tried_ms BIGINT;
ALTER TABLE push ADD COLUMN status BIGINT;
ALTER TABLE push ADD COLUMN replays BIGINT NOT NULL DEFAULT 0;
DROP INDEX push_recipient;
CREATE INDEX push_recipient ON push (recipient, change, number, share);

-- Requests to send again, by what their senders know them by: one that comes twice is done once.
CREATE TABLE push_replay (
  recipient TEXT NOT NULL,
  once TEXT NOT NULL,
  asked TEXT NOT NULL,
  events BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (recipient, once)
);
