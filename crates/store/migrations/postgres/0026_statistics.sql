-- Statistics: of counts alone. Neither evidence nor projections: `arrived` goes on from the number of record that its counter says, so that
-- it is true of all records below it and can be made anew by setting both to nothing.
CREATE TABLE arrived (
  month TEXT NOT NULL,
  source TEXT NOT NULL,
  item TEXT NOT NULL,
  days BIGINT NOT NULL,
  records BIGINT NOT NULL,
  PRIMARY KEY (month, source, item, days)
);
INSERT INTO counter (name, next) VALUES ('arrived', 0);
-- The statistics that were worked out on a day: what is told of them, as JSON.
CREATE TABLE statistic (
  day TEXT NOT NULL PRIMARY KEY,
  known BIGINT NOT NULL,
  edition TEXT NOT NULL,
  made_ms BIGINT NOT NULL,
  figures TEXT NOT NULL
);
