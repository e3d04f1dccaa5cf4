-- The working-day calendar, the clocks of the law, and the tasks that run by them.
CREATE TABLE calendar_days (
    day date NOT NULL,
    edition integer NOT NULL,
    works boolean NOT NULL,
    status text NOT NULL,
    kind text NOT NULL,
    name_vi text NOT NULL,
    document text NOT NULL,
    source text NOT NULL,
    confidence text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (day, edition),
    CONSTRAINT calendar_days_status_check CHECK (status IN ('announced', 'statute', 'derived', 'pending', 'estimate'))
)
--;
CREATE TABLE calendar_years (
    year integer NOT NULL,
    edition integer NOT NULL,
    status text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (year, edition),
    CONSTRAINT calendar_years_status_check CHECK (status IN ('announced', 'not_announced'))
)
--;
CREATE TABLE clock_rules (
    code text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    title_vi text NOT NULL,
    title_en text NOT NULL,
    article text NOT NULL,
    basis text NOT NULL,
    length integer NOT NULL,
    unit text NOT NULL,
    start_event text NOT NULL,
    start_choices text[] NOT NULL,
    answers text[] NOT NULL,
    escalates_to text[] NOT NULL,
    as_soon_as_possible boolean NOT NULL,
    emergency_article text,
    extension_length integer,
    escalate_before_hours integer NOT NULL,
    PRIMARY KEY (code, valid_from),
    CONSTRAINT clock_rules_unit_check CHECK (unit IN ('hours', 'days', 'working_days', 'months')),
    CONSTRAINT clock_rules_basis_check CHECK (basis IN ('law', 'derived', 'house')),
    CONSTRAINT clock_rules_length_check CHECK (length >= 0),
    CONSTRAINT clock_rules_extension_check CHECK (extension_length > 0),
    CONSTRAINT clock_rules_escalate_before_check CHECK (escalate_before_hours >= 0),
    CONSTRAINT clock_rules_period_check CHECK (valid_to IS NULL OR valid_to >= valid_from)
)
--;
GRANT SELECT ON calendar_days, calendar_years, clock_rules TO
    childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province,
    childcare_central, childcare_hotline, childcare_worker, childcare_gate
--;
CREATE TABLE tasks (
    id uuid PRIMARY KEY,
    row_version integer NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    origin_unit_id integer NOT NULL,
    source_id uuid,
    rule_code text NOT NULL,
    rule_valid_from date NOT NULL,
    article text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    answers text[] NOT NULL,
    escalates_to text[] NOT NULL,
    as_soon_as_possible boolean NOT NULL,
    starts_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    provisional boolean NOT NULL,
    escalate_at timestamptz NOT NULL,
    receipt_at timestamptz,
    receipt_due_at timestamptz,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    done_recorded_at timestamptz,
    cancelled_at timestamptz,
    cancel_reason text,
    -- The length a task runs by where it is not the rule's: what a decision or the unit's own promise says.
    length integer,
    extension integer,
    escalated_at timestamptz,
    CONSTRAINT tasks_one_end_check CHECK (cancelled_at IS NULL OR done_at IS NULL),
    CONSTRAINT tasks_cancel_reason_check CHECK ((cancelled_at IS NULL) = (cancel_reason IS NULL)),
    CONSTRAINT tasks_done_recorded_check CHECK ((done_at IS NULL) = (done_recorded_at IS NULL))
)
--;
-- A clock runs at most once for one subject: a second start would leave a task that nothing ever finishes.
CREATE UNIQUE INDEX tasks_one_open_idx ON tasks (subject_id, rule_code) WHERE done_at IS NULL AND cancelled_at IS NULL
--;
-- Whether a clock was ever met is asked of subjects that run none any more; a new task does not pay for it.
CREATE INDEX tasks_done_idx ON tasks (subject_id, rule_code) WHERE done_at IS NOT NULL
--;
-- Neither does it pay for those that no longer applied, which the picture of a case's clocks shows.
CREATE INDEX tasks_cancelled_idx ON tasks (subject_id) WHERE cancelled_at IS NOT NULL
--;
CREATE INDEX tasks_commune_id_due_at_idx ON tasks (commune_id, due_at, id) WHERE done_at IS NULL AND cancelled_at IS NULL
--;
CREATE INDEX tasks_province_id_due_at_idx ON tasks (province_id, due_at, id) WHERE done_at IS NULL AND cancelled_at IS NULL
--;
-- What is to be told to those above and was not yet.
CREATE INDEX tasks_escalate_at_idx ON tasks (escalate_at)
    WHERE done_at IS NULL AND cancelled_at IS NULL AND escalated_at IS NULL
--;
CREATE INDEX tasks_source_id_idx ON tasks (source_id) WHERE source_id IS NOT NULL
--;
CALL access.protect('tasks', ARRAY['commune', 'district', 'province'])
--;
-- Creating elsewhere: whoever makes a record for another unit starts its clocks there, and reads none of it.
CREATE POLICY origin ON tasks FOR INSERT TO childcare_village, childcare_commune, childcare_province
    WITH CHECK (origin_unit_id = (SELECT nullif(current_setting('app.unit_id', true), '')::int))
--;
CREATE POLICY origin_hotline ON tasks FOR INSERT TO childcare_hotline
    WITH CHECK (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid))
--;
-- The hotline's own queue: what nobody knows the place of is still its own to send on.
CREATE POLICY queue ON tasks FOR SELECT TO childcare_hotline
    USING (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid) AND province_id IS NULL)
--;
GRANT SELECT, INSERT ON tasks TO childcare_commune, childcare_province, childcare_hotline
--;
-- A clock is ended, never turned to another subject, term or office.
GRANT UPDATE (done_at, done_recorded_at, cancelled_at, cancel_reason, row_version) ON tasks
    TO childcare_commune, childcare_province, childcare_hotline
--;
GRANT SELECT ON tasks TO childcare_district
--;
GRANT INSERT ON tasks TO childcare_village
--;
CREATE POLICY queue_done ON tasks FOR UPDATE TO childcare_hotline
    USING (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid) AND province_id IS NULL)
