-- What people read of looks and jobs is numbered from 1. What has a number keeps it: only a store that has none yet begins anew.
UPDATE counter SET next = 1 WHERE name IN ('look', 'job') AND next = 0;
