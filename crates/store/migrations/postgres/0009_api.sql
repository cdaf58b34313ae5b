-- Keys by which another system speaks for a department. Only a hash is kept.
CREATE TABLE api_key (
  hash BYTEA NOT NULL PRIMARY KEY,
  officer TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  last_used_ms BIGINT,
  revoked BIGINT NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1))
);

-- Files that another system handed over. The body is sealed, and gone once it is taken in.
CREATE TABLE job (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id >= 0),
  source TEXT NOT NULL,
  officer TEXT NOT NULL,
  once BYTEA NOT NULL,
  digest BYTEA NOT NULL,
  layout TEXT,
  file_name TEXT NOT NULL,
  received_ms BIGINT NOT NULL,
  submission BIGINT REFERENCES submission (id),
  finished BIGINT NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  fault TEXT,
  body BYTEA,
  CHECK ((finished = 0) = (body IS NOT NULL)),
  UNIQUE (source, once)
);
CREATE INDEX job_waiting ON job (id) WHERE finished = 0;
INSERT INTO counter (name, next) VALUES ('job', 0);
