-- A look by somebody who acts for an organisation. A check is changed by keeping the table anew.
CREATE TABLE look_anew (
  id BIGINT NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  viewer_kind TEXT NOT NULL CHECK (viewer_kind IN ('staff', 'self', 'agent', 'cli')),
  viewer TEXT NOT NULL,
  source TEXT,
  door TEXT NOT NULL,
  subject BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  case_number TEXT,
  what TEXT NOT NULL,
  together_with BIGINT
);
INSERT INTO look_anew SELECT id, at_ms, viewer_kind, viewer, source, door, subject, purpose, case_number, what, together_with FROM look ORDER BY id;
DROP TABLE look;
ALTER TABLE look_anew RENAME TO look;
CREATE INDEX look_at_subject ON look (subject, id);
CREATE INDEX look_by_viewer ON look (viewer, id);
CREATE INDEX look_at ON look (at_ms);

-- A projection: which records name somebody who may act for their subject, by the tag of an identity number or by subject.
CREATE TABLE mandate (
  number BIGINT NOT NULL PRIMARY KEY,
  tag BLOB,
  person BIGINT,
  CHECK ((tag IS NULL) <> (person IS NULL))
);
CREATE INDEX mandate_of_tag ON mandate (tag);
CREATE INDEX mandate_of_person ON mandate (person);

-- What somebody has read of the messages of a file. What they say follows from the records and looks and is kept nowhere.
CREATE TABLE message_read (
  subject BIGINT NOT NULL,
  reader BIGINT NOT NULL,
  message TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (subject, reader, message)
);
