-- Projection: two subjects who were one (ADR 0008). The file of `subject` has the records of `merged` from the second
-- officer's confirmation, `from_number`, until the merge is undone. Records stay where they are.
CREATE TABLE merger (
  number BIGINT NOT NULL PRIMARY KEY,
  subject BIGINT NOT NULL,
  merged BIGINT NOT NULL,
  from_number BIGINT CHECK (from_number > number),
  until_number BIGINT CHECK (until_number > from_number),
  CHECK (subject <> merged)
);
CREATE INDEX merger_of_subject ON merger (subject);
CREATE INDEX merger_of_merged ON merger (merged);
-- A subject is merged into one other at a time.
CREATE UNIQUE INDEX merger_one ON merger (merged) WHERE from_number IS NOT NULL AND until_number IS NULL;

-- A file of several who were merged is looked at as a whole: each of them has the look, told once in the common file.
ALTER TABLE look ADD COLUMN together_with BIGINT;
