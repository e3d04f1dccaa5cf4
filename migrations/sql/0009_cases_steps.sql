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
    supervision TEXT,
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
    facility_agreed_on DATE,
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
CREATE INDEX case_decisions_number_idx ON case_decisions (decision_number)
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
CREATE FUNCTION audit.name_elsewhere(p_kind text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    -- What a step is called that people record themselves in a case of another commune; of all others the gate tells.
    SELECT CASE p_kind WHEN 'opening' THEN 'case.opened'
        WHEN 'report_updated' THEN 'case.report_updated' WHEN 'handover' THEN 'case.handed_over'
        WHEN 'grant' THEN 'case.granted' WHEN 'separation' THEN 'case.separated'
        WHEN 'separation_extended' THEN 'case.separation_extended'
        WHEN 'separation_cancelled' THEN 'case.separation_cancelled' WHEN 'placement' THEN 'case.placed'
        WHEN 'placement_declined' THEN 'case.placement_declined' WHEN 'placement_handover' THEN 'case.child_handed_over'
        WHEN 'placement_visit' THEN 'case.placement_visited' WHEN 'carer_report' THEN 'case.carer_reported'
        WHEN 'placement_end_requested' THEN 'case.placement_end_requested'
        WHEN 'placement_ended' THEN 'case.placement_ended' WHEN 'decision_sent' THEN 'case.decision_sent' END
$$
--;
ALTER FUNCTION audit.name_elsewhere OWNER TO childcare_gate
--;
CREATE FUNCTION audit.was_shown_to_me(p_action text, p_kind text, p_subject uuid, p_detail jsonb, p_reason text,
    p_commune integer, p_province integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whether a commune was asked, offered or shown what it says it read: that begins later, and replaces this.
BEGIN
    RETURN false;
END
$$
--;
ALTER FUNCTION audit.was_shown_to_me OWNER TO childcare_gate
--;
CREATE OR REPLACE FUNCTION audit.may_tell_elsewhere(p_action text, p_kind text, p_subject text, p_detail jsonb, p_reason text,
    p_commune integer, p_province integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What goes into the log of another commune: that its record was read, by a commune to which that one is opened, and the
-- steps that the teller recorded in its case, or marked there; each by its name, of that record, and saying no more than
-- the product says of it. All else across a border the gate does itself and writes down.
DECLARE
    me integer := access.setting_int('app.commune_id');
    actor uuid := access.setting_uuid('app.actor_id');
    today date := nullif(current_setting('app.today', true), '')::date;
BEGIN
    -- What a mark undid is as long as it is, and each of it is a step of that case.
    IF length((p_detail - 'undone')::text) > 300 THEN
        RETURN false;
    END IF;
    CASE p_action
        WHEN 'intake.read' THEN
            RETURN p_kind = 'intake' AND p_detail = '{}' AND p_reason IS NULL AND EXISTS (SELECT FROM intakes i
                JOIN intake_grants g ON g.intake_id = i.id
                WHERE i.id = p_subject::uuid AND g.grantee_commune_id = me AND g.ended_at IS NULL
                    AND i.commune_id IS NOT DISTINCT FROM p_commune AND i.province_id IS NOT DISTINCT FROM p_province);
        WHEN 'case.opened_to_read', 'form.printed' THEN
            RETURN p_kind = 'case' AND p_reason IS NULL
                AND p_detail - (CASE p_action WHEN 'form.printed' THEN '{form,step_id,format,counts,unsealed}'
                    ELSE '{part}' END)::text[] = '{}'
                AND EXISTS (SELECT FROM cases c JOIN case_grants g ON g.case_id = c.id
                    WHERE c.id = p_subject::uuid AND c.commune_id = p_commune AND c.province_id = p_province
                        AND g.granted_commune_id = me AND g.revoked_at IS NULL AND g.valid_from <= today
                        AND (g.valid_to IS NULL OR g.valid_to >= today));
        WHEN 'case.referral_read', 'case.transfer_read', 'child.move_read', 'child.read_through_glass' THEN
            RETURN audit.was_shown_to_me(p_action, p_kind, p_subject::uuid, p_detail, p_reason, p_commune, p_province);
        ELSE
            RETURN p_kind = 'case' AND p_reason IS NULL
                AND p_detail - '{step_id,kind,position,row_version,undone,status}'::text[] = '{}'
                AND EXISTS (SELECT FROM cases c JOIN case_steps s ON s.case_id = c.id
                    WHERE c.id = p_subject::uuid AND s.id = (p_detail ->> 'step_id')::uuid
                        AND c.commune_id = p_commune AND c.province_id = p_province
                        AND s.kind = p_detail ->> 'kind' AND s.position = (p_detail ->> 'position')::int
                        AND (s.recorded_by = actor AND p_action = audit.name_elsewhere(s.kind)
                            OR s.in_error_by = actor AND p_action = 'case.step_entered_in_error')
                        AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(coalesce(p_detail -> 'undone', '[]')) u (id)
                            WHERE NOT EXISTS (SELECT FROM case_steps x WHERE x.id::text = u.id AND x.case_id = c.id)));
    END CASE;
END
$$
