-- Evidence. Rows of `record` are only ever added.
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, next BIGINT NOT NULL CHECK (next >= 0));
INSERT INTO counter (name, next) VALUES ('record', 0), ('submission', 0), ('look', 0);

CREATE TABLE submission (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id >= 0),
  source TEXT NOT NULL,
  layout TEXT,
  file_name TEXT,
  file_digest BLOB,
  officer TEXT NOT NULL,
  received_ms BIGINT NOT NULL,
  finished BIGINT NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  row_count BIGINT NOT NULL DEFAULT 0,
  accepted BIGINT NOT NULL DEFAULT 0,
  pending BIGINT NOT NULL DEFAULT 0,
  duplicate BIGINT NOT NULL DEFAULT 0,
  unlinked BIGINT NOT NULL DEFAULT 0,
  refused BIGINT NOT NULL DEFAULT 0,
  report BLOB,
  CHECK (finished = 0 OR row_count = accepted + pending + duplicate + unlinked + refused)
);
CREATE INDEX submission_of_source ON submission (source, id);

CREATE TABLE record (
  number BIGINT NOT NULL PRIMARY KEY CHECK (number >= 0),
  submission BIGINT NOT NULL REFERENCES submission (id),
  source TEXT NOT NULL,
  item TEXT NOT NULL,
  same_tag BLOB NOT NULL,
  content_tag BLOB NOT NULL,
  commitment BLOB NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX record_same ON record (same_tag);
CREATE INDEX record_commitment ON record (commitment);
CREATE INDEX record_of_submission ON record (submission);

-- Apart from the records, so that a single key can be destroyed and keys can be kept shorter in backups.
CREATE TABLE record_key (
  number BIGINT NOT NULL PRIMARY KEY REFERENCES record (number),
  key_id BIGINT NOT NULL,
  wrapped BLOB NOT NULL
);

-- Projections: a function of the records in the order of their numbers.
CREATE TABLE subject (id BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'sole_trader')));

CREATE TABLE identifier (
  subject BIGINT NOT NULL,
  kind TEXT NOT NULL,
  tag BLOB NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (kind, tag)
);
CREATE INDEX identifier_of_subject ON identifier (subject);

CREATE TABLE subject_name (
  subject BIGINT NOT NULL,
  tag BLOB NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (subject, number)
);

CREATE TABLE membership (
  subject BIGINT NOT NULL,
  number BIGINT NOT NULL,
  from_number BIGINT NOT NULL,
  until_number BIGINT CHECK (until_number > from_number),
  PRIMARY KEY (subject, number, from_number)
);
CREATE INDEX membership_of_record ON membership (number);
-- A record is about one subject at a time.
CREATE UNIQUE INDEX membership_one ON membership (number) WHERE until_number IS NULL;

-- Adverse records that a person linked: they wait for a second officer though their hand-in did not.
CREATE TABLE linked_adverse (number BIGINT NOT NULL PRIMARY KEY, submission BIGINT NOT NULL);
CREATE INDEX linked_adverse_of_submission ON linked_adverse (submission);

CREATE TABLE reference (
  number BIGINT NOT NULL,
  place BIGINT NOT NULL,
  relation BIGINT NOT NULL,
  target_number BIGINT,
  target_submission BIGINT,
  PRIMARY KEY (number, place),
  CHECK (target_number < number)
);
CREATE INDEX reference_to_record ON reference (target_number);
CREATE INDEX reference_to_submission ON reference (target_submission);

-- Guard 6: every adverse act takes two different people.
CREATE TABLE confirmation (
  submission BIGINT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  officer TEXT NOT NULL,
  submitter TEXT NOT NULL,
  CHECK (officer <> submitter)
);

-- The policy bundles published, by the record that carries them.
CREATE TABLE bundle (number BIGINT NOT NULL PRIMARY KEY, digest TEXT NOT NULL);

CREATE TABLE unlinked (
  number BIGINT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX unlinked_of_source ON unlinked (source, number);

-- Organisations are public, so their names and codes stand in clear.
CREATE TABLE organisation (
  subject BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  search_name TEXT NOT NULL,
  uscc TEXT NOT NULL,
  number BIGINT NOT NULL
);
CREATE INDEX organisation_uscc ON organisation (uscc);

-- Numbers of documents that are published, whoever they belong to by now.
CREATE TABLE organisation_document (number BIGINT NOT NULL PRIMARY KEY, document TEXT NOT NULL);
CREATE INDEX organisation_document_number ON organisation_document (document);

-- Looks, staff and sessions: neither evidence nor projections.
CREATE TABLE look (
  id BIGINT NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  viewer_kind TEXT NOT NULL CHECK (viewer_kind IN ('staff', 'self', 'cli')),
  viewer TEXT NOT NULL,
  source TEXT,
  door TEXT NOT NULL,
  subject BIGINT NOT NULL,
  purpose TEXT NOT NULL,
  case_number TEXT,
  what TEXT NOT NULL
);
CREATE INDEX look_at_subject ON look (subject, id);
CREATE INDEX look_by_viewer ON look (viewer, id);

CREATE TABLE staff (
  officer TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  role TEXT NOT NULL,
  password TEXT NOT NULL,
  totp BLOB NOT NULL,
  last_step BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1))
);

CREATE TABLE session (
  token BLOB NOT NULL PRIMARY KEY,
  officer TEXT,
  subject BIGINT,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  CHECK ((officer IS NULL) <> (subject IS NULL))
);

-- People type all sorts of things where a name is wanted, so it is kept as a keyed hash.
CREATE TABLE sign_in_attempt (name_tag BLOB NOT NULL, at_ms BIGINT NOT NULL, succeeded BIGINT NOT NULL);
CREATE INDEX sign_in_attempt_of ON sign_in_attempt (name_tag, at_ms);
