-- What a hand-in says of its quality, without a word of its rows: {"timed", "late", "faults": {code: count}} as JSON.
-- Those finished before have none.
ALTER TABLE submission ADD COLUMN quality TEXT;
