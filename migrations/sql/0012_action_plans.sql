-- Plans, their parts, what was measured, who reports by when. Issued plans are public papers: besides the equality
-- policies of the levels, a commune also reads what was issued above it in its province, and everyone what the country
-- issued. These tables stay small, so the OR of two policies costs nothing here.
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
--;
CREATE TABLE report_obligations (
    kind text NOT NULL,
    statement text NOT NULL,
    before_month integer,
    before_day integer,
    recurs boolean NOT NULL,
    sender_level text NOT NULL,
    sender_text text,
    recipient_text text,
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
    CONSTRAINT report_obligations_pkey PRIMARY KEY (id),
    CONSTRAINT report_obligations_sender_level_check CHECK (sender_level IN ('province', 'district', 'commune')),
    CONSTRAINT report_obligations_before_check CHECK ((before_month IS NULL) = (before_day IS NULL)),
    CONSTRAINT report_obligations_before_day_check CHECK (before_month BETWEEN 1 AND 12 AND before_day BETWEEN 1 AND 31),
    CONSTRAINT report_obligations_plan_id_unit_id_fkey FOREIGN KEY(plan_id, unit_id) REFERENCES action_plans (id, unit_id),
    CONSTRAINT report_obligations_carry_over_check CHECK (carry_over IN ('carried', 'review', 'not_carried'))
)
--;
CREATE INDEX report_obligations_plan_id_idx ON report_obligations (plan_id, unit_id, position)
--;
CREATE TABLE reports (
    id uuid NOT NULL,
    plan_id uuid NOT NULL,
    obligation_id uuid NOT NULL,
    kind text NOT NULL,
    year integer NOT NULL,
    due_before date,
    recipient_unit_id integer NOT NULL,
    title text NOT NULL,
    content text NOT NULL,
    figures jsonb NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    submitted_at timestamptz,
    submitted_by uuid,
    returned_at timestamptz,
    returned_by uuid,
    return_reason text,
    accepted_at timestamptz,
    accepted_by uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT reports_pkey PRIMARY KEY (id),
    CONSTRAINT reports_status_check CHECK (status IN ('draft', 'submitted', 'returned', 'accepted')),
    CONSTRAINT reports_submitted_check CHECK ((submitted_at IS NULL) = (submitted_by IS NULL)),
    CONSTRAINT reports_returned_check CHECK ((returned_at IS NULL) = (returned_by IS NULL) AND (returned_at IS NULL) = (return_reason IS NULL)),
    CONSTRAINT reports_accepted_check CHECK ((accepted_at IS NULL) = (accepted_by IS NULL) AND (accepted_at IS NOT NULL) = (status = 'accepted')),
    CONSTRAINT reports_status_submitted_check CHECK (status = 'draft' OR submitted_at IS NOT NULL),
    CONSTRAINT reports_plan_id_fkey FOREIGN KEY(plan_id) REFERENCES action_plans (id),
    CONSTRAINT reports_obligation_id_fkey FOREIGN KEY(obligation_id) REFERENCES report_obligations (id)
)
--;
CREATE INDEX reports_commune_id_idx ON reports (commune_id, created_at, id)
--;
CREATE INDEX reports_district_id_idx ON reports (district_id, created_at, id)
--;
CREATE UNIQUE INDEX reports_obligation_key ON reports (obligation_id, unit_id, year) WHERE kind <> 'ad_hoc'
--;
CREATE INDEX reports_plan_id_idx ON reports (plan_id)
--;
CREATE INDEX reports_province_id_idx ON reports (province_id, created_at, id)
--;
DO $$
-- The same wall around each table; the parts of a plan can be changed while it is a draft, whoever asks.
DECLARE
    target text;
    above text := 'commune_id IS NULL AND %s AND (province_id = (SELECT nullif(current_setting(''app.province_id'', true), '''')::int) OR province_id IS NULL)';
    draft text := 'EXISTS (SELECT FROM action_plans p WHERE p.id = plan_id AND p.status = ''draft'')';
    issued text;
BEGIN
    FOREACH target IN ARRAY ARRAY['action_plans', 'plan_legal_bases', 'plan_targets', 'plan_budget_lines', 'plan_staffing_lines', 'report_obligations'] LOOP
        issued := CASE target WHEN 'action_plans' THEN 'status = ''issued'''
            ELSE 'EXISTS (SELECT FROM action_plans p WHERE p.id = plan_id AND p.status = ''issued'')' END;
        EXECUTE format('CALL access.protect(%L, ARRAY[''commune'', ''district'', ''province''])', target);
        EXECUTE format('CREATE POLICY issued_above ON %I FOR SELECT TO childcare_commune, childcare_district, childcare_province USING (%s)', target, format(above, issued));
        EXECUTE format('CREATE POLICY central ON %I TO childcare_central USING (true) WITH CHECK (province_id IS NULL)', target);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO childcare_commune, childcare_province, childcare_central', target);
        EXECUTE format('GRANT SELECT ON %I TO childcare_district', target);
        IF target <> 'action_plans' THEN
            EXECUTE format('GRANT DELETE ON %I TO childcare_commune, childcare_province, childcare_central', target);
            EXECUTE format('CREATE POLICY draft_insert ON %I AS RESTRICTIVE FOR INSERT TO childcare_commune, childcare_province, childcare_central WITH CHECK (%s)', target, draft);
            EXECUTE format('CREATE POLICY draft_update ON %I AS RESTRICTIVE FOR UPDATE TO childcare_commune, childcare_province, childcare_central USING (%s)', target, draft);
            EXECUTE format('CREATE POLICY draft_delete ON %I AS RESTRICTIVE FOR DELETE TO childcare_commune, childcare_province, childcare_central USING (%s)', target, draft);
        END IF;
    END LOOP;
END
$$
--;
-- A plan loaded from its source stays as it was published: a row can neither become one nor stop being one here.
CREATE POLICY source_stays ON action_plans AS RESTRICTIVE FOR UPDATE
    TO childcare_commune, childcare_province, childcare_central USING (true) WITH CHECK (source_key IS NULL)
--;
CREATE POLICY source_is_loaded ON action_plans AS RESTRICTIVE FOR INSERT
    TO childcare_commune, childcare_province, childcare_central WITH CHECK (source_key IS NULL)
--;
REVOKE UPDATE ON action_plans FROM childcare_commune, childcare_province, childcare_central
--;
GRANT UPDATE (parent_plan_id, title, number, number_note, issued_on, issued_on_precision, period_from, period_to,
    objective, status, changed_at, changed_by, issued_at, issued_by, row_version) ON action_plans
    TO childcare_commune, childcare_province, childcare_central
--;
CALL access.protect('plan_measurements', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY issued_above ON plan_measurements FOR SELECT TO childcare_commune, childcare_district, childcare_province
    USING (commune_id IS NULL AND EXISTS (SELECT FROM plan_targets t WHERE t.id = target_id))
--;
CREATE POLICY central ON plan_measurements TO childcare_central USING (true) WITH CHECK (province_id IS NULL)
--;
GRANT SELECT, INSERT, UPDATE ON plan_measurements TO childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON plan_measurements TO childcare_district
--;
CALL access.protect('plan_target_activities', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY central ON plan_target_activities TO childcare_central USING (true) WITH CHECK (province_id IS NULL)
--;
GRANT SELECT, INSERT ON plan_target_activities TO childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON plan_target_activities TO childcare_district
--;
CALL access.protect('reports', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY central ON reports TO childcare_central USING (true) WITH CHECK (true)
--;
GRANT SELECT, INSERT, UPDATE ON reports TO childcare_commune, childcare_province
--;
GRANT SELECT, UPDATE ON reports TO childcare_central
--;
GRANT SELECT ON reports TO childcare_district
