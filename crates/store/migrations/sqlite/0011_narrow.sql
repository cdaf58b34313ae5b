-- The same tables, kept in fewer and narrower trees, so that a hand-in touches fewer pages: rows lie in the order of their keys, and a
-- hash is sought by its first eight bytes; whoever seeks compares the rest. A record and its key are written in one transaction, and
-- `verify` names the one that lacks the other.
DROP INDEX record_same;
DROP INDEX record_commitment;
DROP INDEX record_of_submission;
DROP INDEX record_of_share;
DROP INDEX record_of_link;
CREATE TABLE record_narrow (
  number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 0),
  submission BIGINT NOT NULL REFERENCES submission (id) DEFERRABLE INITIALLY DEFERRED,
  source TEXT NOT NULL,
  item TEXT NOT NULL,
  same_tag BLOB NOT NULL,
  content_tag BLOB NOT NULL,
  commitment BLOB NOT NULL,
  body BLOB NOT NULL
);
INSERT INTO record_narrow SELECT number, submission, source, item, same_tag, content_tag, commitment, body FROM record ORDER BY number;
CREATE TABLE record_key_narrow (
  number INTEGER NOT NULL PRIMARY KEY,
  key_id BIGINT NOT NULL,
  wrapped BLOB NOT NULL
);
INSERT INTO record_key_narrow SELECT number, key_id, wrapped FROM record_key ORDER BY number;
DROP TABLE record_key;
DROP TABLE record;
ALTER TABLE record_narrow RENAME TO record;
ALTER TABLE record_key_narrow RENAME TO record_key;
CREATE INDEX record_same ON record (substr(same_tag, 1, 8));
CREATE INDEX record_commitment ON record (substr(commitment, 1, 8));
CREATE INDEX record_of_submission ON record (submission);
CREATE INDEX record_of_share ON record (number) WHERE item IN ('act.apply-share', 'act.answer-share', 'act.end-share');
CREATE INDEX record_of_link ON record (source, number) WHERE item = 'act.link';

CREATE TABLE identifier_narrow (
  subject BIGINT NOT NULL,
  kind TEXT NOT NULL,
  tag BLOB NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (kind, tag)
) WITHOUT ROWID;
INSERT INTO identifier_narrow SELECT subject, kind, tag, number FROM identifier;
DROP TABLE identifier;
ALTER TABLE identifier_narrow RENAME TO identifier;
CREATE INDEX identifier_of_subject ON identifier (subject);

CREATE TABLE subject_name_narrow (
  subject BIGINT NOT NULL,
  tag BLOB NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (subject, number)
) WITHOUT ROWID;
INSERT INTO subject_name_narrow SELECT subject, tag, number FROM subject_name;
DROP TABLE subject_name;
ALTER TABLE subject_name_narrow RENAME TO subject_name;

CREATE TABLE membership_narrow (
  subject BIGINT NOT NULL,
  number BIGINT NOT NULL,
  from_number BIGINT NOT NULL,
  until_number BIGINT CHECK (until_number > from_number),
  PRIMARY KEY (subject, number, from_number)
) WITHOUT ROWID;
INSERT INTO membership_narrow SELECT subject, number, from_number, until_number FROM membership;
DROP TABLE membership;
ALTER TABLE membership_narrow RENAME TO membership;
CREATE INDEX membership_of_record ON membership (number);
-- A record is about one subject at a time.
CREATE UNIQUE INDEX membership_one ON membership (number) WHERE until_number IS NULL;
