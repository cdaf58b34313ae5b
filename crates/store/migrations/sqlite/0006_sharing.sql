-- What was handed out to other departments, so that each of them is told of what changes. Applications, answers and ends are
-- records; none of these tables is a projection of them.
CREATE TABLE handout (
  share BIGINT NOT NULL,
  number BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  subject BIGINT NOT NULL,
  first_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  known BIGINT NOT NULL,
  PRIMARY KEY (share, number)
);
CREATE INDEX handout_recipient ON handout (recipient);
CREATE INDEX handout_number ON handout (number);

-- How many subjects were asked about under a share on a day.
CREATE TABLE share_use (
  share BIGINT NOT NULL,
  day TEXT NOT NULL,
  used BIGINT NOT NULL,
  PRIMARY KEY (share, day)
);

-- Which changes a recipient has put right, beside the record that says so.
CREATE TABLE acknowledged (
  share BIGINT NOT NULL,
  number BIGINT NOT NULL,
  change BIGINT NOT NULL,
  act BIGINT NOT NULL,
  PRIMARY KEY (share, number, change)
);

-- Made-up subjects nobody has cause to ask about, and who did.
CREATE TABLE honey (
  subject BIGINT NOT NULL PRIMARY KEY,
  note TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);
CREATE TABLE honey_hit (
  share BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  officer TEXT NOT NULL,
  source TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);
