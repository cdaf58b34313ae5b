-- What the public lists of licences and penalties are read from, the newest first: kind and days of each record that its source states of
-- somebody who is no natural person, so that what cannot be shown is not opened to find that out. A projection. Of the records that are
-- there the days are read when the store is opened next, and those of natural persons are left out then.
CREATE TABLE public_record (
  number BIGINT NOT NULL PRIMARY KEY,
  submission BIGINT NOT NULL,
  source TEXT NOT NULL,
  item TEXT NOT NULL,
  occurred TEXT,
  latest TEXT
);
INSERT INTO public_record (number, submission, source, item) SELECT number, submission, source, item FROM record
  WHERE (substr(item, 1, 8) = 'licence.') OR (substr(item, 1, 8) = 'penalty.');
CREATE INDEX public_record_of_licence ON public_record (number) WHERE substr(item, 1, 8) = 'licence.';
CREATE INDEX public_record_of_penalty ON public_record (number) WHERE substr(item, 1, 8) = 'penalty.';
CREATE INDEX public_record_unread ON public_record (number) WHERE occurred IS NULL;
DROP INDEX record_of_licence;
DROP INDEX record_of_penalty;

-- Representatives whom officers of a register named: few among millions, and asked for at each page of their desk.
CREATE INDEX record_of_naming ON record (source, number) WHERE item = 'act.name-representative';
