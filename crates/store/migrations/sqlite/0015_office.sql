-- Announcements of the credit office, in both languages: neither evidence nor a projection. That one was published or taken back is
-- noted in `administration` in the same transaction.
CREATE TABLE announcement (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0),
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  body_zh TEXT NOT NULL,
  body_en TEXT NOT NULL,
  from_day TEXT NOT NULL,
  until_day TEXT NOT NULL CHECK (until_day >= from_day),
  written_by TEXT NOT NULL,
  written_ms BIGINT NOT NULL,
  published_by TEXT,
  published_ms BIGINT,
  taken_back_by TEXT,
  taken_back_ms BIGINT,
  why TEXT,
  CHECK ((published_ms IS NULL) = (published_by IS NULL)),
  CHECK ((taken_back_ms IS NULL) = (taken_back_by IS NULL)),
  CHECK (taken_back_ms IS NULL OR published_ms IS NOT NULL)
);
INSERT INTO counter (name, next) VALUES ('announcement', 1);

-- The monthly reports of the credit office, as they were made: counts alone, of the log up to `known`. Made once and never anew.
CREATE TABLE district_report (
  month TEXT NOT NULL PRIMARY KEY,
  known BIGINT NOT NULL,
  edition TEXT NOT NULL,
  made_ms BIGINT NOT NULL,
  figures TEXT NOT NULL
);
