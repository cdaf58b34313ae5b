-- What a department's own headers mean in a layout, as one of its officers said. Neither evidence nor a projection: it says
-- nothing of anybody.
CREATE TABLE own_header (
  source TEXT NOT NULL,
  layout TEXT NOT NULL,
  header TEXT NOT NULL,
  column_code TEXT NOT NULL,
  officer TEXT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (source, layout, header)
);
