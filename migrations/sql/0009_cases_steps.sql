-- What each kind of step says: one table a kind, its id that of the step.
CREATE TABLE case_emergency_measures (
    id UUID NOT NULL,
    measure TEXT NOT NULL,
    description TEXT NOT NULL,
    done_by TEXT NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_emergency_measures_pkey PRIMARY KEY (id),
    CONSTRAINT case_emergency_measures_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_emergency_measures_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_handovers (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    body_name TEXT NOT NULL,
    received_by TEXT,
    document_number TEXT,
    document_on DATE,
    subject TEXT NOT NULL,
    evidence TEXT[] NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_handovers_pkey PRIMARY KEY (id),
    CONSTRAINT case_handovers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_handovers_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_assessments (
    id UUID NOT NULL,
    performed_by TEXT NOT NULL,
    performer_name TEXT,
    risk_level TEXT NOT NULL,
    child_condition TEXT,
    family_and_protection TEXT,
    risk_factors TEXT,
    learning_and_self_protection TEXT,
    community_safety TEXT,
    needs JSONB NOT NULL,
    child_was_asked BOOLEAN NOT NULL,
    child_wishes TEXT,
    child_not_asked_reason TEXT,
    carers_wishes JSONB NOT NULL,
    carers_not_asked_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_assessments_pkey PRIMARY KEY (id),
    CONSTRAINT case_assessments_child_wishes_check CHECK (child_was_asked OR child_wishes IS NULL),
    CONSTRAINT case_assessments_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_assessments_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_meetings (
    id UUID NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    place TEXT,
    attendees JSONB NOT NULL,
    carers_absent_reason TEXT,
    minutes TEXT NOT NULL,
    conclusions TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_meetings_pkey PRIMARY KEY (id),
    CONSTRAINT case_meetings_time_check CHECK (started_at <= ended_at),
    CONSTRAINT case_meetings_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_meetings_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_plans (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    version INTEGER NOT NULL,
    cycle INTEGER NOT NULL,
    adjusts_id UUID,
    revises_id UUID,
    adjustment_reason TEXT,
    status TEXT NOT NULL,
    protection_level TEXT NOT NULL,
    objectives TEXT,
    first_submitted_at TIMESTAMP WITH TIME ZONE,
    first_decided_at TIMESTAMP WITH TIME ZONE,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_plans_pkey PRIMARY KEY (id),
    CONSTRAINT case_plans_case_id_commune_id_fkey FOREIGN KEY(case_id, commune_id) REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_plans_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT case_plans_case_id_version_key UNIQUE (case_id, version),
    CONSTRAINT case_plans_status_check CHECK (status IN ('draft', 'submitted', 'returned', 'approved', 'superseded', 'lapsed', 'void')),
    CONSTRAINT case_plans_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_plans_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE INDEX case_plans_case_idx ON case_plans (case_id, commune_id)
--;
CREATE TABLE case_plan_services (
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    position INTEGER NOT NULL,
    service_group TEXT NOT NULL,
    description TEXT NOT NULL,
    responsible_body TEXT,
    provider TEXT,
    needs_provider BOOLEAN,
    starts_on DATE,
    expected_end_on DATE,
    cost_vnd BIGINT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_plan_services_pkey PRIMARY KEY (id),
    CONSTRAINT case_plan_services_plan_id_commune_id_fkey FOREIGN KEY(plan_id, commune_id) REFERENCES case_plans (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_plan_services_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT case_plan_services_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_plan_services_days_check CHECK (starts_on <= expected_end_on),
    CONSTRAINT case_plan_services_provider_check CHECK (needs_provider OR provider IS NULL),
    CONSTRAINT case_plan_services_cost_check CHECK (cost_vnd >= 0)
)
--;
CREATE INDEX case_plan_services_plan_idx ON case_plan_services (plan_id, commune_id)
--;
CREATE TABLE case_decisions (
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    decision_number TEXT NOT NULL,
    decided_on DATE NOT NULL,
    acting_for_id UUID,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_decisions_pkey PRIMARY KEY (id),
    CONSTRAINT case_decisions_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_decisions_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_services (
    id UUID NOT NULL,
    plan_service_id UUID NOT NULL,
    progress TEXT NOT NULL,
    provided_by TEXT NOT NULL,
    result TEXT,
    ended_on DATE,
    cost_vnd BIGINT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_services_pkey PRIMARY KEY (id),
    CONSTRAINT case_services_plan_service_id_commune_id_fkey FOREIGN KEY(plan_service_id, commune_id) REFERENCES case_plan_services (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_services_progress_check CHECK (progress IN ('begun', 'done', 'stopped')),
    CONSTRAINT case_services_cost_check CHECK (cost_vnd >= 0),
    CONSTRAINT case_services_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_services_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE INDEX case_services_plan_service_idx ON case_services (plan_service_id, commune_id)
--;
CREATE TABLE case_reviews (
    id UUID NOT NULL,
    plan_id UUID NOT NULL,
    harm_remaining TEXT NOT NULL,
    harm_doer_access TEXT NOT NULL,
    care_obstacles TEXT NOT NULL,
    self_protection TEXT NOT NULL,
    recovery TEXT,
    child_state TEXT NOT NULL,
    environment_safety TEXT NOT NULL,
    risk_remains BOOLEAN NOT NULL,
    stable JSONB NOT NULL,
    participants JSONB NOT NULL,
    proposal TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_reviews_pkey PRIMARY KEY (id),
    CONSTRAINT case_reviews_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_reviews_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE OR REPLACE FUNCTION audit.may_tell_elsewhere(p_action text, p_kind text, p_subject text, p_detail jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What goes into another commune's log: that its records were read, at a second look; that a report was made there; and
-- the steps that the teller recorded in its case. All else across a border the gate does itself and writes down.
BEGIN
    IF p_action IN ('case.opened_to_read', 'case.referral_read', 'case.transfer_read', 'child.move_read',
            'child.read_through_glass', 'form.printed', 'intake.read', 'intake.received') THEN
        RETURN true;
    END IF;
    RETURN p_kind = 'case' AND EXISTS (SELECT FROM case_steps s
        WHERE s.id = (p_detail ->> 'step_id')::uuid AND s.case_id = p_subject::uuid
            AND s.recorded_by = access.setting_uuid('app.actor_id'));
END
$$
