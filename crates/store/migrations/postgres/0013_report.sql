-- Reports that people had made of their own files. The report itself is kept nowhere: its digest is, under a seal over all of the
-- row that never changes. Neither evidence nor a projection.
CREATE TABLE report (
  code TEXT NOT NULL PRIMARY KEY,
  subject BIGINT NOT NULL,
  masked_name TEXT NOT NULL,
  digest BYTEA NOT NULL,
  made_ms BIGINT NOT NULL,
  edition TEXT NOT NULL,
  known BIGINT NOT NULL,
  until_day TEXT NOT NULL,
  seal TEXT NOT NULL,
  withdrawn_ms BIGINT
);
CREATE INDEX report_of_subject ON report (subject);
CREATE INDEX report_of_digest ON report (digest);

-- What the public lists of licences and penalties are read from, the newest first.
CREATE INDEX record_of_licence ON record (number) WHERE substr(item, 1, 8) = 'licence.';
CREATE INDEX record_of_penalty ON record (number) WHERE substr(item, 1, 8) = 'penalty.';

-- How an organisation's name is found by the first letters of its characters' sounds. `xinlian rebuild` fills it for those who are
-- known already.
ALTER TABLE organisation ADD COLUMN initials TEXT NOT NULL DEFAULT '';
