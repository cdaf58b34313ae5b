-- Sealed evidence. What a record says lies in a segment, a file beside the database, once it is sealed; here remain its number, hand-in,
-- source, item and commitment, and the subject under which it lies there. The manifest says which segments there are; their keys lie
-- apart, as those of records do.
ALTER TABLE record ADD COLUMN home BIGINT;
CREATE TABLE segment (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
  bucket BIGINT NOT NULL,
  records BIGINT NOT NULL,
  first_number BIGINT NOT NULL,
  last_number BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  digest BLOB NOT NULL,
  gone_ms BIGINT
);
CREATE INDEX segment_of_bucket ON segment (bucket);
CREATE TABLE segment_key (
  segment BIGINT NOT NULL PRIMARY KEY,
  wrapped BLOB NOT NULL
);
INSERT INTO counter (name, next) VALUES ('segment', 1), ('sealed', 0);
