-- Plans, their parts and what was measured.
CREATE TABLE action_plans (
    id uuid NOT NULL,
    source_key text,
    parent_plan_id uuid,
    renewal_year integer,
    title text NOT NULL,
    number text,
    number_note text,
    issued_on date,
    issued_on_precision text,
    period_from date NOT NULL,
    period_to date NOT NULL,
    objective text,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    issued_at timestamptz,
    issued_by uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT action_plans_pkey PRIMARY KEY (id),
    CONSTRAINT action_plans_id_unit_id_key UNIQUE (id, unit_id),
    CONSTRAINT action_plans_source_key_key UNIQUE (source_key),
    CONSTRAINT action_plans_status_check CHECK (status IN ('draft', 'issued')),
    CONSTRAINT action_plans_period_check CHECK (period_from <= period_to),
    CONSTRAINT action_plans_issued_on_precision_check CHECK (issued_on_precision IN ('day', 'month')),
    CONSTRAINT action_plans_issued_on_check CHECK ((issued_on IS NULL) = (issued_on_precision IS NULL)),
    CONSTRAINT action_plans_issued_check CHECK ((issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (status = 'draft')),
    CONSTRAINT action_plans_parent_check CHECK (parent_plan_id <> id),
    CONSTRAINT action_plans_renewal_year_check CHECK (renewal_year IS NULL OR parent_plan_id IS NOT NULL),
    CONSTRAINT action_plans_parent_plan_id_fkey FOREIGN KEY(parent_plan_id) REFERENCES action_plans (id)
)
--;
CREATE INDEX action_plans_commune_id_idx ON action_plans (commune_id, period_from, id)
--;
CREATE INDEX action_plans_district_id_idx ON action_plans (district_id, period_from, id)
--;
CREATE INDEX action_plans_province_id_idx ON action_plans (province_id, period_from, id)
--;
CREATE UNIQUE INDEX action_plans_renewal_key ON action_plans (parent_plan_id, unit_id, renewal_year)
--;
CREATE TABLE plan_legal_bases (
    relation text NOT NULL,
    kind text,
    number text NOT NULL,
    issued_on date,
    issuer text,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    position integer NOT NULL,
    source_row text,
    section text,
    quote text,
    note text,
    carry_over text,
    carry_over_notes text[] NOT NULL,
    from_part_id uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT plan_legal_bases_pkey PRIMARY KEY (id),
    CONSTRAINT plan_legal_bases_relation_check CHECK (relation IN ('basis', 'cited')),
    CONSTRAINT plan_legal_bases_plan_id_unit_id_fkey FOREIGN KEY(plan_id, unit_id) REFERENCES action_plans (id, unit_id),
    CONSTRAINT plan_legal_bases_carry_over_check CHECK (carry_over IN ('carried', 'review', 'not_carried'))
)
--;
CREATE INDEX plan_legal_bases_plan_id_idx ON plan_legal_bases (plan_id, unit_id, position)
--;
CREATE TABLE plan_targets (
    kind text NOT NULL,
    code text,
    statement text NOT NULL,
    operator text,
    value numeric(20, 4),
    measure_unit text,
    baseline numeric(20, 4),
    baseline_year integer,
    direction text,
    responsible text,
    counts text,
    audience text,
    counts_level text,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    position integer NOT NULL,
    source_row text,
    section text,
    quote text,
    note text,
    carry_over text,
    carry_over_notes text[] NOT NULL,
    from_part_id uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT plan_targets_pkey PRIMARY KEY (id),
    CONSTRAINT plan_targets_kind_check CHECK (kind IN ('target', 'activity_target', 'qualitative_target', 'obligation', 'classification', 'evaluation', 'deliverable')),
    CONSTRAINT plan_targets_operator_check CHECK (operator IN ('=', '<', '<=', '>', '>=')),
    CONSTRAINT plan_targets_value_check CHECK ((operator IS NULL) = (value IS NULL)),
    CONSTRAINT plan_targets_direction_check CHECK (direction IN ('up', 'down', 'maintain')),
    CONSTRAINT plan_targets_counts_check CHECK (counts IN ('activities', 'participants')),
    CONSTRAINT plan_targets_audience_check CHECK (audience IS NULL OR counts = 'participants'),
    CONSTRAINT plan_targets_counts_level_check CHECK (counts_level IN ('central', 'province', 'district', 'commune', 'village')),
    CONSTRAINT plan_targets_plan_id_unit_id_fkey FOREIGN KEY(plan_id, unit_id) REFERENCES action_plans (id, unit_id),
    CONSTRAINT plan_targets_carry_over_check CHECK (carry_over IN ('carried', 'review', 'not_carried'))
)
--;
CREATE INDEX plan_targets_plan_id_idx ON plan_targets (plan_id, unit_id, position)
--;
CREATE TABLE plan_budget_lines (
    statement text NOT NULL,
    amount_vnd bigint,
    responsible text,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    position integer NOT NULL,
    source_row text,
    section text,
    quote text,
    note text,
    carry_over text,
    carry_over_notes text[] NOT NULL,
    from_part_id uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT plan_budget_lines_pkey PRIMARY KEY (id),
    CONSTRAINT plan_budget_lines_amount_vnd_check CHECK (amount_vnd >= 0),
    CONSTRAINT plan_budget_lines_plan_id_unit_id_fkey FOREIGN KEY(plan_id, unit_id) REFERENCES action_plans (id, unit_id),
    CONSTRAINT plan_budget_lines_carry_over_check CHECK (carry_over IN ('carried', 'review', 'not_carried'))
)
--;
CREATE INDEX plan_budget_lines_plan_id_idx ON plan_budget_lines (plan_id, unit_id, position)
--;
CREATE TABLE plan_staffing_lines (
    statement text NOT NULL,
    level text NOT NULL,
    headcount integer NOT NULL,
    per_unit boolean NOT NULL,
    responsible text,
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    position integer NOT NULL,
    source_row text,
    section text,
    quote text,
    note text,
    carry_over text,
    carry_over_notes text[] NOT NULL,
    from_part_id uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT plan_staffing_lines_pkey PRIMARY KEY (id),
    CONSTRAINT plan_staffing_lines_level_check CHECK (level IN ('central', 'province', 'district', 'commune', 'village')),
    CONSTRAINT plan_staffing_lines_headcount_check CHECK (headcount >= 0),
    CONSTRAINT plan_staffing_lines_plan_id_unit_id_fkey FOREIGN KEY(plan_id, unit_id) REFERENCES action_plans (id, unit_id),
    CONSTRAINT plan_staffing_lines_carry_over_check CHECK (carry_over IN ('carried', 'review', 'not_carried'))
)
--;
CREATE INDEX plan_staffing_lines_plan_id_idx ON plan_staffing_lines (plan_id, unit_id, position)
--;
CREATE TABLE plan_measurements (
    id uuid NOT NULL,
    target_id uuid NOT NULL,
    measured_on date NOT NULL,
    value numeric(20, 4),
    finding text,
    evidence_kind text NOT NULL,
    evidence_number text,
    evidence_on date,
    evidence_issuer text,
    evidence_note text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT plan_measurements_pkey PRIMARY KEY (id),
    CONSTRAINT plan_measurements_value_check CHECK (value IS NOT NULL OR finding IS NOT NULL),
    CONSTRAINT plan_measurements_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL) AND (entered_in_error_at IS NULL) = (entered_in_error_reason IS NULL)),
    CONSTRAINT plan_measurements_target_id_fkey FOREIGN KEY(target_id) REFERENCES plan_targets (id)
)
--;
CREATE INDEX plan_measurements_target_id_idx ON plan_measurements (target_id, measured_on, id)
--;
CREATE TABLE plan_target_activities (
    target_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT plan_target_activities_pkey PRIMARY KEY (target_id, activity_id),
    CONSTRAINT plan_target_activities_activity_id_unit_id_fkey FOREIGN KEY(activity_id, unit_id) REFERENCES activities (id, unit_id),
    CONSTRAINT plan_target_activities_target_id_fkey FOREIGN KEY(target_id) REFERENCES plan_targets (id)
)
--;
CREATE INDEX plan_target_activities_activity_id_idx ON plan_target_activities (activity_id, unit_id)
