-- The log that every department is to hold (docs/ledger.md). A record is a leaf in the order of the numbers and needs no row here; the other
-- leaves stand between them, each with its place and how many records come before it. One row says under which key the log is signed, how far
-- it is published, and who may publish. What waits is all that is there beyond its size.
CREATE TABLE ledger (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  edition BIGINT NOT NULL CHECK (edition > 0),
  fence BIGINT NOT NULL,
  size BIGINT NOT NULL CHECK (size >= 0),
  checkpoint TEXT,
  key TEXT,
  secret BLOB,
  CHECK ((checkpoint IS NULL) = (size = 0))
);
INSERT INTO ledger (id, edition, fence, size) VALUES (1, 1, 0, 0);
CREATE TABLE ledger_leaf (
  leaf BIGINT NOT NULL PRIMARY KEY,
  records BIGINT NOT NULL CHECK (records >= 0 AND records <= leaf),
  source TEXT,
  entry BLOB NOT NULL
);
CREATE INDEX ledger_leaf_after ON ledger_leaf (records, leaf);
CREATE INDEX ledger_leaf_of_source ON ledger_leaf (source, leaf);
-- Hand-ins that are finished already get their leaves when the store is opened next.
INSERT INTO meta (key, value) SELECT 'ledger', 'due' WHERE EXISTS (SELECT 1 FROM record);
