-- Projection: objections and applications for repair, the record each is about, the source that owes the answer, and
-- the act that answered it. What a department owes is found here without opening a file.
CREATE TABLE plea (
  number BIGINT NOT NULL PRIMARY KEY,
  about BIGINT NOT NULL,
  source TEXT NOT NULL,
  answered_number BIGINT CHECK (answered_number > number),
  CHECK (about < number)
);
CREATE INDEX plea_open ON plea (source, number) WHERE answered_number IS NULL;

-- Those held already: 2 objects to, 10 asks, 3 answers. Until now only officers of the record's source could answer.
INSERT INTO plea (number, about, source, answered_number)
SELECT f.number, f.target_number, t.source,
  (SELECT MIN(a.number) FROM reference a JOIN record r ON r.number = a.number
    WHERE a.target_number = f.number AND a.relation = 3 AND r.item IN ('act.answer', 'act.repair') AND r.source = t.source)
FROM reference f
JOIN record p ON p.number = f.number
JOIN record t ON t.number = f.target_number
WHERE (p.item = 'act.object' AND f.relation = 2) OR (p.item = 'act.apply-repair' AND f.relation = 10);
