-- What was done to the house itself, by whom: staff, keys, endpoints, upkeep. Rows are only ever added. Neither evidence nor a
-- projection; what is a record already (rules published, shares) is not said twice.
CREATE TABLE administration (
  id BIGINT NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  kind TEXT NOT NULL,
  officer TEXT NOT NULL,
  source TEXT,
  about TEXT NOT NULL
);
INSERT INTO counter (name, next) VALUES ('administration', 0);

-- Looks that weigh enough to be reviewed, by the rules of the edition named. Weighed once, in the order of their numbers.
CREATE TABLE unusual_look (
  look BIGINT NOT NULL PRIMARY KEY,
  points BIGINT NOT NULL,
  reasons TEXT NOT NULL,
  edition TEXT NOT NULL
);
INSERT INTO counter (name, next) VALUES ('weighed', 0);
CREATE INDEX look_at ON look (at_ms);

-- Projections: what a person asks about a look, and what the auditor found.
CREATE TABLE look_question (
  number BIGINT NOT NULL PRIMARY KEY,
  look BIGINT NOT NULL,
  answered_number BIGINT CHECK (answered_number > number),
  withdrawn_number BIGINT CHECK (withdrawn_number > number)
);
CREATE INDEX look_question_look ON look_question (look);
CREATE TABLE look_review (
  number BIGINT NOT NULL PRIMARY KEY,
  look BIGINT NOT NULL,
  finding TEXT NOT NULL CHECK (finding IN ('explained', 'follow_up'))
);
CREATE INDEX look_review_look ON look_review (look, number);
