-- How many records of each item each source handed in in each month of the calendar, in Asia/Shanghai: a projection, so that nobody
-- counts a million records to show a figure.
CREATE TABLE tally (
  month TEXT NOT NULL,
  source TEXT NOT NULL,
  item TEXT NOT NULL,
  records BIGINT NOT NULL,
  PRIMARY KEY (month, source, item)
) WITHOUT ROWID;
INSERT INTO tally SELECT strftime('%Y-%m', s.received_ms / 1000 + 28800, 'unixepoch'), r.source, r.item, COUNT(*)
  FROM record r JOIN submission s ON s.id = r.submission GROUP BY 1, 2, 3;

-- In the order in which organisations are listed, with what they are searched by.
CREATE INDEX organisation_search ON organisation (search_name, subject, uscc, initials);
