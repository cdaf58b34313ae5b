-- A look by somebody who acts for an organisation.
ALTER TABLE look DROP CONSTRAINT look_viewer_kind_check;
ALTER TABLE look ADD CONSTRAINT look_viewer_kind_check CHECK (viewer_kind IN ('staff', 'self', 'agent', 'cli'));

-- A projection: which records name somebody who may act for their subject, by the tag of an identity number or by subject.
CREATE TABLE mandate (
  number BIGINT NOT NULL PRIMARY KEY,
  tag BYTEA,
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
