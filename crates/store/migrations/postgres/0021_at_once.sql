-- How many subjects of each kind were first registered in each month of the calendar, in Asia/Shanghai: a projection, so that nobody
-- counts the district's residents to show a figure.
CREATE TABLE subject_tally (
  month TEXT NOT NULL,
  kind TEXT NOT NULL,
  subjects BIGINT NOT NULL,
  PRIMARY KEY (month, kind)
);
INSERT INTO subject_tally SELECT to_char(to_timestamp(s.received_ms / 1000 + 28800) AT TIME ZONE 'UTC', 'YYYY-MM'), j.kind, COUNT(*)
  FROM subject j JOIN record r ON r.number = j.id JOIN submission s ON s.id = r.submission GROUP BY 1, 2;

-- What came in since a moment, and the files among what people hand in.
CREATE INDEX submission_received ON submission (received_ms);
CREATE INDEX submission_of_file ON submission (source, received_ms) WHERE layout IS NOT NULL;
-- The first record of a hand-in, in one step. (SQLite's indexes hold the number already.)
DROP INDEX record_of_submission;
CREATE INDEX record_of_submission ON record (submission, number);
