-- Simulations: drafts of rules tried on everyone, and what came of it. Neither evidence nor a projection: counts and rules. That one was
-- drafted or read is noted in `administration` in the same transaction.
CREATE TABLE simulation (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
  name TEXT NOT NULL,
  why TEXT NOT NULL,
  officer TEXT NOT NULL,
  drafted_ms BIGINT NOT NULL,
  edition TEXT NOT NULL,
  digest BYTEA NOT NULL,
  bundle BYTEA NOT NULL,
  days TEXT NOT NULL,
  finished_ms BIGINT,
  known BIGINT,
  figures TEXT,
  seal TEXT,
  fault TEXT,
  CHECK ((figures IS NULL) = (seal IS NULL)),
  CHECK (figures IS NULL OR (fault IS NULL AND known IS NOT NULL)),
  CHECK ((finished_ms IS NULL) = (figures IS NULL AND fault IS NULL))
);
CREATE INDEX simulation_digest ON simulation (digest);
-- Whose an example is. Its number was drawn for its report, and whoever opens it takes a look.
CREATE TABLE simulation_example (
  simulation BIGINT NOT NULL,
  number BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  PRIMARY KEY (simulation, number)
);
-- Who has read a report, and when first.
CREATE TABLE simulation_reader (
  simulation BIGINT NOT NULL,
  officer TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (simulation, officer)
);
INSERT INTO counter (name, next) VALUES ('simulation', 1);
