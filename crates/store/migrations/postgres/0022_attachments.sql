-- Files that somebody hands in with an objection or an application for repair. Evidence: the act names each by its digest. Name and body are
-- sealed under the act's own key, so that destroying that destroys them.
CREATE TABLE attachment (
  number BIGINT NOT NULL,
  place BIGINT NOT NULL CHECK (place BETWEEN 1 AND 5),
  name BYTEA NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (number, place)
);
