-- Looks of others, for whoever they are about and for the auditor: one's own visits are many, and are not read to be left out.
CREATE INDEX look_of_others ON look (subject, id) WHERE viewer_kind NOT IN ('self', 'agent');
CREATE INDEX look_audited ON look (id) WHERE viewer_kind NOT IN ('self', 'agent') AND together_with IS NULL;
CREATE INDEX look_audited_at ON look (at_ms) WHERE viewer_kind NOT IN ('self', 'agent') AND together_with IS NULL;
