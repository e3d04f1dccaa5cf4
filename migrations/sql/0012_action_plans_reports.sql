-- Who reports on a plan by when, and the reports.
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
