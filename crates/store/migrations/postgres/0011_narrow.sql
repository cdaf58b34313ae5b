-- A hash is sought by its first eight bytes; whoever seeks compares the rest. (SQLite also keeps these tables anew in fewer trees.)
DROP INDEX record_same;
DROP INDEX record_commitment;
CREATE INDEX record_same ON record (substr(same_tag, 1, 8));
CREATE INDEX record_commitment ON record (substr(commitment, 1, 8));
