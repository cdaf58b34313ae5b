-- A hash is sought by its first eight bytes, which have columns of their own. An index on a function of a column makes SQLite set a
-- copy of every page aside, at every statement of a hand-in, for the function might fail: a sixth of the work of appending.
DROP INDEX record_same;
DROP INDEX record_commitment;
DROP INDEX record_of_licence;
DROP INDEX record_of_penalty;
ALTER TABLE record ADD COLUMN same_start BLOB NOT NULL DEFAULT x'';
ALTER TABLE record ADD COLUMN commitment_start BLOB NOT NULL DEFAULT x'';
UPDATE record SET same_start = substr(same_tag, 1, 8), commitment_start = substr(commitment, 1, 8);
CREATE INDEX record_same ON record (same_start);
CREATE INDEX record_commitment ON record (commitment_start);
CREATE INDEX record_of_licence ON record (number) WHERE item >= 'licence.' AND item < 'licence/';
CREATE INDEX record_of_penalty ON record (number) WHERE item >= 'penalty.' AND item < 'penalty/';
