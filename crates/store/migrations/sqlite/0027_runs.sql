-- What lies in segments is found again there and by runs of marks, sorted files beside the database, and no longer by indexes; and whose a
-- record is lies in the order of numbers, in which records come: so that adding to a table comes to none of its pages twice, however long it
-- is. Of what is sealed already the runs are made when the store is opened next.
DROP INDEX record_same;
DROP INDEX record_commitment;
CREATE INDEX record_same ON record (same_start) WHERE home IS NULL;
CREATE INDEX record_commitment ON record (commitment_start) WHERE home IS NULL;
-- Acts stay here: a record that has a home is none, and which act it is need not be asked of it.
DROP INDEX record_of_share;
DROP INDEX record_of_link;
DROP INDEX record_of_naming;
CREATE INDEX record_of_share ON record (number) WHERE home IS NULL AND item IN ('act.apply-share', 'act.answer-share', 'act.end-share');
CREATE INDEX record_of_link ON record (source, number) WHERE home IS NULL AND item = 'act.link';
CREATE INDEX record_of_naming ON record (source, number) WHERE home IS NULL AND item = 'act.name-representative';
CREATE TABLE run (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
  kind TEXT NOT NULL CHECK (kind IN ('same', 'commitment')),
  entries BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  digest BLOB NOT NULL,
  gone_ms BIGINT
);
INSERT INTO meta (key, value) SELECT 'runs', 'due' WHERE EXISTS (SELECT 1 FROM segment);

CREATE TABLE membership_by_number (
  subject BIGINT NOT NULL,
  number BIGINT NOT NULL,
  from_number BIGINT NOT NULL,
  until_number BIGINT CHECK (until_number > from_number),
  at_home BIGINT NOT NULL DEFAULT 0 CHECK (at_home IN (0, 1)),
  PRIMARY KEY (number, from_number)
) WITHOUT ROWID;
INSERT INTO membership_by_number SELECT subject, number, from_number, until_number,
  (CASE WHEN from_number = number AND subject = (SELECT r.home FROM record r WHERE r.number = membership.number) THEN 1 ELSE 0 END)
  FROM membership ORDER BY number, from_number;
DROP TABLE membership;
ALTER TABLE membership_by_number RENAME TO membership;
-- What lies in segments under the very subject that it is about is found there by it.
CREATE INDEX membership_of_subject ON membership (subject) WHERE at_home = 0;
CREATE INDEX membership_left_home ON membership (number) WHERE at_home = 1 AND until_number IS NOT NULL;
-- A record is about one subject at a time: of those that were linked, this holds; of the others, the key.
CREATE UNIQUE INDEX membership_one ON membership (number) WHERE until_number IS NULL AND from_number > number;
