-- Where a department wishes to be told of changes of what it holds. The secret that each telling is signed with is sealed.
CREATE TABLE webhook (
  source TEXT NOT NULL PRIMARY KEY,
  url TEXT NOT NULL,
  reach TEXT NOT NULL CHECK (reach IN ('public', 'intranet', 'plain')),
  secret BLOB NOT NULL,
  created_ms BIGINT NOT NULL
);

-- What is told there, and how far that is. Nothing is left to do where there is no next try.
CREATE TABLE push (
  share BIGINT NOT NULL,
  number BIGINT NOT NULL,
  change BIGINT NOT NULL,
  relation BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  begun_ms BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0,
  next_ms BIGINT,
  delivered_ms BIGINT,
  fault TEXT,
  PRIMARY KEY (share, number, change)
);
CREATE INDEX push_recipient ON push (recipient);
CREATE INDEX push_due ON push (recipient, next_ms) WHERE next_ms IS NOT NULL;
