-- The rest of the procedure: separations, requests to the court, who was told of a decision, deaths; and what a
-- unit promises beyond the law's terms.
ALTER TABLE cases ADD COLUMN separation_id UUID, ADD COLUMN separation_ends_at TIMESTAMP WITH TIME ZONE
--;
GRANT UPDATE (separation_id, separation_ends_at) ON cases TO childcare_commune
--;
ALTER TABLE case_steps ADD COLUMN informed_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN protected_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN ends_at TIMESTAMP WITH TIME ZONE,
    -- squawk-ignore constraint-missing-not-valid -- nothing was released without it: the table is empty
    ADD CONSTRAINT case_steps_ends_check CHECK ((ends_at IS NOT NULL) = (kind IN ('separation', 'separation_extended')))
--;
ALTER TABLE case_assessments ADD COLUMN carers_ensure_safety BOOLEAN
--;
CREATE TABLE case_separations (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    decision_number TEXT NOT NULL,
    decided_on DATE NOT NULL,
    acting_for_id UUID,
    grounds TEXT[] NOT NULL,
    separated_from TEXT[] NOT NULL,
    needs_and_safety TEXT NOT NULL,
    days INTEGER NOT NULL,
    stay_kind TEXT NOT NULL,
    stay_name TEXT NOT NULL,
    stay_relation TEXT,
    stay_address TEXT,
    stay_phone TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_separations_pkey PRIMARY KEY (id),
    CONSTRAINT case_separations_days_check CHECK (days > 0),
    CONSTRAINT case_separations_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_separations_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_separation_changes (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    separation_id UUID NOT NULL,
    decision_number TEXT NOT NULL,
    decided_on DATE NOT NULL,
    acting_for_id UUID,
    reason TEXT NOT NULL,
    days INTEGER,
    authority_issuer TEXT,
    authority_number TEXT,
    authority_issued_on DATE,
    assessment_id UUID,
    returned_to TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_separation_changes_pkey PRIMARY KEY (id),
    CONSTRAINT case_separation_changes_separation_id_commune_id_fkey FOREIGN KEY(separation_id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_separation_changes_assessment_id_commune_id_fkey FOREIGN KEY(assessment_id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_separation_changes_one_kind_check CHECK ((days IS NULL) = (assessment_id IS NOT NULL)),
    CONSTRAINT case_separation_changes_days_check CHECK (days > 0),
    CONSTRAINT case_separation_changes_authority_check CHECK (num_nonnulls(authority_issuer, authority_number, authority_issued_on) IN (0, 3)),
    CONSTRAINT case_separation_changes_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_separation_changes_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE INDEX case_separation_changes_separation_idx ON case_separation_changes (separation_id, commune_id)
--;
CREATE INDEX case_separation_changes_assessment_idx ON case_separation_changes (assessment_id, commune_id)
--;
CREATE INDEX case_separation_changes_number_idx ON case_separation_changes (decision_number)
--;
CREATE INDEX case_separations_number_idx ON case_separations (decision_number)
--;
CREATE TABLE case_court_requests (
    id UUID NOT NULL,
    court TEXT NOT NULL,
    request_number TEXT NOT NULL,
    requested_on DATE NOT NULL,
    acting_for_id UUID,
    measures TEXT[] NOT NULL,
    grounds TEXT[] NOT NULL,
    reason TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_court_requests_pkey PRIMARY KEY (id),
    CONSTRAINT case_court_requests_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_court_requests_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_court_answers (
    id UUID NOT NULL,
    decision_number TEXT,
    decided_on DATE NOT NULL,
    measures TEXT[] NOT NULL,
    valid_to DATE,
    reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_court_answers_pkey PRIMARY KEY (id),
    -- A decision that ends an earlier order has a number and orders nothing; so has no refusal and no withdrawal one.
    CONSTRAINT case_court_answers_granted_check CHECK ((cardinality(measures) = 0 OR decision_number IS NOT NULL) AND (cardinality(measures) = 0) = (reason IS NOT NULL)),
    CONSTRAINT case_court_answers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_court_answers_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_proceedings (
    id UUID NOT NULL,
    matter TEXT NOT NULL,
    child_role TEXT NOT NULL,
    asked TEXT NOT NULL,
    authority TEXT NOT NULL,
    document_number TEXT,
    document_on DATE,
    due_on DATE,
    note TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_proceedings_pkey PRIMARY KEY (id),
    CONSTRAINT case_proceedings_of_offenders_check CHECK (child_role = 'offender' OR asked NOT IN ('council_meeting', 'measure_support') AND matter <> 'reformatory_at_court'),
    CONSTRAINT case_proceedings_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_proceedings_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_release_notices (
    id UUID NOT NULL,
    institution TEXT NOT NULL,
    measure TEXT NOT NULL,
    release_on DATE NOT NULL,
    document_number TEXT,
    document_on DATE,
    about_child TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_release_notices_pkey PRIMARY KEY (id),
    CONSTRAINT case_release_notices_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_release_notices_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_plan_refusals (
    id UUID NOT NULL,
    refused_by TEXT[] NOT NULL,
    whole BOOLEAN NOT NULL,
    refused TEXT,
    said TEXT,
    explained TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_plan_refusals_pkey PRIMARY KEY (id),
    CONSTRAINT case_plan_refusals_refused_check CHECK (whole OR refused IS NOT NULL),
    CONSTRAINT case_plan_refusals_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_plan_refusals_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_sendings (
    id UUID NOT NULL,
    decision_id UUID NOT NULL,
    recipient_kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    way TEXT NOT NULL,
    received_by TEXT,
    not_sent_reason TEXT,
    origin_commune_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_sendings_pkey PRIMARY KEY (id),
    CONSTRAINT case_sendings_decision_id_commune_id_fkey FOREIGN KEY(decision_id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_sendings_not_sent_check CHECK ((way = 'not_possible') = (not_sent_reason IS NOT NULL)),
    CONSTRAINT case_sendings_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_sendings_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE INDEX case_sendings_decision_idx ON case_sendings (decision_id, commune_id)
--;
CREATE TABLE case_deaths (
    id UUID NOT NULL,
    died_on DATE NOT NULL,
    document_number TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_deaths_pkey PRIMARY KEY (id),
    CONSTRAINT case_deaths_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_deaths_holder_check CHECK (commune_id IS NOT NULL)
)
--;
-- What a unit promises: a shorter term than the law's. A newer row takes the place of an older one; none is rewritten.
CREATE TABLE unit_terms (
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    rule_code TEXT NOT NULL,
    length INTEGER,
    valid_from DATE NOT NULL,
    reason TEXT NOT NULL,
    promised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    promised_by UUID NOT NULL,
    CONSTRAINT unit_terms_pkey PRIMARY KEY (id),
    CONSTRAINT unit_terms_length_check CHECK (length > 0)
)
--;
CREATE INDEX unit_terms_unit_idx ON unit_terms (unit_id, rule_code, valid_from)
--;
-- Why a task was given more time, and by whom.
CREATE TABLE task_extensions (
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    length INTEGER NOT NULL,
    reason TEXT NOT NULL,
    old_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    new_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    extended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    extended_by UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT task_extensions_pkey PRIMARY KEY (id),
    CONSTRAINT task_extensions_task_id_fkey FOREIGN KEY(task_id) REFERENCES tasks (id),
    CONSTRAINT task_extensions_length_check CHECK (length > 0)
)
--;
CREATE INDEX task_extensions_task_id_idx ON task_extensions (task_id)
