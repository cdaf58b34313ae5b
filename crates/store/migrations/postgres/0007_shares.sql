-- Who was granted what is asked on every page of a department, and is a handful of records among all.
CREATE INDEX record_of_share ON record (number) WHERE item IN ('act.apply-share', 'act.answer-share', 'act.end-share');
