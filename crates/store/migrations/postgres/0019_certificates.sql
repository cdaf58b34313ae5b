-- The client certificate without which a key opens nothing: its SHA-256, if the key is bound to one.
ALTER TABLE api_key ADD COLUMN certificate BYTEA;
