-- By what a row without an identifier finds whom it may concern: keyed marks of what the base registers say, such as a name, its
-- sound or a birthday. A projection; a database that is older has none until `xinlian rebuild`.
CREATE TABLE likeness (mark BIGINT NOT NULL, subject BIGINT NOT NULL, PRIMARY KEY (mark, subject)) WITHOUT ROWID;
-- What a person linked is a handful of records among all.
CREATE INDEX record_of_link ON record (source, number) WHERE item = 'act.link';
