//! Append, read, projections, keys, looks: one Store over SQLite or PostgreSQL
