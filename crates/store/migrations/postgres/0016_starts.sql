-- A hash is sought by its first eight bytes, which have columns of their own. (An index on a function of a column costs SQLite a
-- sixth of the work of appending.)
DROP INDEX record_same;
DROP INDEX record_commitment;
ALTER TABLE record ADD COLUMN same_start BYTEA NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN commitment_start BYTEA NOT NULL DEFAULT '';
UPDATE record SET same_start = substr(same_tag, 1, 8), commitment_start = substr(commitment, 1, 8);
CREATE INDEX record_same ON record (same_start);
CREATE INDEX record_commitment ON record (commitment_start);
