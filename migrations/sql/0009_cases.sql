-- The case file: one child's case, its steps, what each step says, and who else may see some of them.
CREATE TABLE cases (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    intake_id UUID NOT NULL,
    intake_child_id UUID NOT NULL,
    sibling_group_id UUID NOT NULL,
    status TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    step_count INTEGER NOT NULL,
    is_emergency BOOLEAN NOT NULL,
    harm_doer_is_carer BOOLEAN NOT NULL,
    harm_doer_relations TEXT[] NOT NULL,
    harm_kinds TEXT[] NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by UUID NOT NULL,
    child_id UUID,
    child_name TEXT,
    child_sex TEXT,
    child_born_on DATE,
    child_birth_precision TEXT,
    child_estimated_age INTEGER,
    protected_at_intake_at TIMESTAMP WITH TIME ZONE,
    emergency_measure_at TIMESTAMP WITH TIME ZONE,
    assessment_id UUID,
    meeting_id UUID,
    plan_id UUID,
    plan_approved_at TIMESTAMP WITH TIME ZONE,
    first_plan_approved_at TIMESTAMP WITH TIME ZONE,
    service_begun_at TIMESTAMP WITH TIME ZONE,
    review_id UUID,
    review_outcome TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by UUID,
    close_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT cases_pkey PRIMARY KEY (id),
    CONSTRAINT cases_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT cases_holder_check CHECK (commune_id IS NOT NULL AND province_id IS NOT NULL),
    CONSTRAINT cases_status_check CHECK (status IN ('opened', 'assessed', 'planning', 'awaiting_decision', 'implementing', 'replanning', 'ready_to_close', 'closed', 'transferred', 'entered_in_error')),
    CONSTRAINT cases_closed_pair_check CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CONSTRAINT cases_closed_status_check CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT cases_intake_id_fkey FOREIGN KEY(intake_id) REFERENCES intakes (id),
    CONSTRAINT cases_intake_child_id_fkey FOREIGN KEY(intake_child_id) REFERENCES intake_children (id),
    CONSTRAINT cases_child_id_fkey FOREIGN KEY(child_id) REFERENCES children (id)
)
--;
CREATE INDEX cases_child_id_idx ON cases (child_id)
--;
CREATE INDEX cases_commune_list_idx ON cases (commune_id, opened_at, id)
--;
CREATE INDEX cases_district_list_idx ON cases (district_id, opened_at, id)
--;
CREATE INDEX cases_intake_child_id_idx ON cases (intake_child_id)
--;
CREATE UNIQUE INDEX cases_intake_child_id_key ON cases (intake_child_id) WHERE status <> 'entered_in_error'
--;
CREATE INDEX cases_intake_id_idx ON cases (intake_id)
--;
CREATE INDEX cases_province_list_idx ON cases (province_id, opened_at, id)
--;
CREATE INDEX cases_siblings_idx ON cases (commune_id, sibling_group_id)
--;
CREATE TABLE case_steps (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    case_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    about_id UUID,
    outcome TEXT,
    stands_on UUID[] NOT NULL,
    note TEXT,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    assignment_id UUID,
    in_error_at TIMESTAMP WITH TIME ZONE,
    in_error_by UUID,
    in_error_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_steps_pkey PRIMARY KEY (id),
    CONSTRAINT case_steps_case_id_commune_id_fkey FOREIGN KEY(case_id, commune_id) REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_steps_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT case_steps_case_id_position_key UNIQUE (case_id, position),
    CONSTRAINT case_steps_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_steps_kind_check CHECK (kind IN ('opening', 'report_joined', 'party', 'child_linked', 'emergency_measure', 'handover', 'separation', 'separation_extended', 'separation_cancelled', 'court_request', 'placement', 'placement_visit', 'placement_ended', 'assessment', 'meeting', 'plan_drafted', 'plan_submitted', 'plan_returned', 'plan_approved', 'decision_sent', 'service', 'progress_note', 'referral', 'referral_answered', 'review', 'closure', 'reopening', 'transfer_offered', 'transfer_accepted', 'transfer_declined', 'child_died', 'turned_sixteen', 'grant', 'grant_revoked')),
    CONSTRAINT case_steps_outcome_check CHECK (outcome IN ('end', 'continue')),
    CONSTRAINT case_steps_outcome_of_review_check CHECK ((outcome IS NOT NULL) = (kind = 'review')),
    CONSTRAINT case_steps_not_in_future_check CHECK (happened_at <= recorded_at),
    CONSTRAINT case_steps_in_error_pair_check CHECK ((in_error_at IS NULL) = (in_error_by IS NULL) AND (in_error_at IS NULL) = (in_error_reason IS NULL))
)
--;
CREATE INDEX case_steps_case_idx ON case_steps (case_id, commune_id)
--;
CREATE TABLE case_reports (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    intake_id UUID NOT NULL,
    channel TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    incident_unit_id INTEGER,
    description TEXT,
    child_state TEXT,
    initial_assessment JSONB NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_reports_pkey PRIMARY KEY (id),
    CONSTRAINT case_reports_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_reports_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_reports_intake_id_fkey FOREIGN KEY(intake_id) REFERENCES intakes (id)
)
--;
CREATE INDEX case_reports_intake_id_idx ON case_reports (intake_id)
--;
CREATE TABLE case_parties (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    relation_to_child TEXT NOT NULL,
    full_name TEXT,
    birth_year INTEGER,
    telephone TEXT,
    address TEXT,
    occupation TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_parties_pkey PRIMARY KEY (id),
    CONSTRAINT case_parties_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_parties_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_grants (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    case_id UUID NOT NULL,
    granted_commune_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    granted_by UUID NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by UUID,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_grants_pkey PRIMARY KEY (id),
    CONSTRAINT case_grants_case_id_commune_id_fkey FOREIGN KEY(case_id, commune_id) REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_grants_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_grants_days_check CHECK (valid_until IS NULL OR valid_from <= valid_until),
    CONSTRAINT case_grants_revoked_pair_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
)
--;
CREATE INDEX case_grants_case_idx ON case_grants (case_id, commune_id)
--;
CREATE INDEX case_grants_granted_idx ON case_grants (granted_commune_id, case_id)
--;
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
    adjustment_reason TEXT,
    status TEXT NOT NULL,
    protection_level TEXT NOT NULL,
    objectives TEXT,
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
CALL access.protect('cases', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_steps', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_reports', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_parties', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_grants', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_emergency_measures', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_handovers', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_assessments', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_meetings', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_plans', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_plan_services', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_decisions', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_services', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_reviews', ARRAY['commune', 'district', 'province'])
--;
CREATE FUNCTION case_last_position_of_my_making(p_case uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- How many steps a case has that the caller's commune opened, wherever it is held now. They are taken, so once it
    -- stands nothing fits below; of any other case it says nothing.
    SELECT c.step_count FROM cases c WHERE c.id = p_case AND c.origin_commune_id = access.setting_int('app.commune_id')
$$
--;
ALTER FUNCTION case_last_position_of_my_making OWNER TO childcare_gate
--;
CREATE FUNCTION case_is_newly_of_my_making(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The commune that opened a case is granted its part once, at the opening: what is revoked stays revoked.
    SELECT EXISTS (SELECT FROM cases c
            WHERE c.id = p_case AND c.origin_commune_id = access.setting_int('app.commune_id'))
        AND NOT EXISTS (SELECT FROM case_grants g
            WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id'))
$$
--;
ALTER FUNCTION case_is_newly_of_my_making OWNER TO childcare_gate
--;
CREATE FUNCTION case_step_is_of_my_making(p_step uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM case_steps s WHERE s.id = p_step AND s.origin_commune_id = access.setting_int('app.commune_id')
    )
$$
--;
ALTER FUNCTION case_step_is_of_my_making OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_last_position_of_my_making, case_is_newly_of_my_making, case_step_is_of_my_making
    TO childcare_commune
--;
-- Creating elsewhere: the commune of the incident opens a case for the commune of residence, and reads none of it back.
-- What it writes beside the case belongs to a case of its own making: nobody grants itself a look at another's.
CREATE POLICY origin ON cases FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
CREATE POLICY origin ON case_steps FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND position <= case_last_position_of_my_making(case_id))
--;
CREATE POLICY origin ON case_grants FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND granted_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND case_is_newly_of_my_making(case_id))
--;
CREATE POLICY origin ON case_reports FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND case_step_is_of_my_making(id))
--;
CREATE POLICY origin ON case_parties FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND case_step_is_of_my_making(id))
--;
CREATE POLICY origin ON case_handovers FOR INSERT TO childcare_commune
    WITH CHECK (origin_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND case_step_is_of_my_making(id))
--;
-- The second look: what grants in force name, by kind of step. Plans and decisions are under no grant.
CREATE POLICY granted ON case_grants FOR SELECT TO childcare_commune_granted
    USING (granted_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND revoked_at IS NULL
        AND valid_from <= (SELECT nullif(current_setting('app.today', true), '')::date)
        AND (valid_until IS NULL OR valid_until >= (SELECT nullif(current_setting('app.today', true), '')::date)))
--;
CREATE POLICY granted ON cases FOR SELECT TO childcare_commune_granted
    USING (id IN (SELECT g.case_id FROM case_grants g))
--;
CREATE POLICY granted ON case_steps FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_grants g WHERE g.case_id = case_steps.case_id AND case_steps.kind = ANY (g.kinds)))
--;
CREATE POLICY granted ON case_reports FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_reports.id))
--;
CREATE POLICY granted ON case_parties FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_parties.id))
--;
CREATE POLICY granted ON case_emergency_measures FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_emergency_measures.id))
--;
CREATE POLICY granted ON case_handovers FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_handovers.id))
--;
CREATE POLICY granted ON case_assessments FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_assessments.id))
--;
CREATE POLICY granted ON case_meetings FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_meetings.id))
--;
CREATE POLICY granted ON case_plans FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_plans.id))
--;
CREATE POLICY granted ON case_decisions FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_decisions.id))
--;
CREATE POLICY granted ON case_services FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_services.id))
--;
CREATE POLICY granted ON case_reviews FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_reviews.id))
--;
GRANT SELECT ON cases, case_steps, case_reports, case_parties, case_grants, case_emergency_measures, case_handovers,
    case_assessments, case_meetings, case_plans, case_plan_services, case_decisions, case_services, case_reviews
    TO childcare_commune, childcare_district, childcare_province
--;
GRANT INSERT ON cases, case_steps, case_reports, case_parties, case_grants, case_emergency_measures, case_handovers,
    case_assessments, case_meetings, case_plans, case_plan_services, case_decisions, case_services, case_reviews
    TO childcare_commune
--;
GRANT UPDATE ON cases, case_plans TO childcare_commune
--;
-- A step is never rewritten; it can only be marked.
GRANT UPDATE (in_error_at, in_error_by, in_error_reason) ON case_steps TO childcare_commune
--;
GRANT UPDATE (revoked_at, revoked_by) ON case_grants TO childcare_commune
--;
GRANT DELETE ON case_plan_services TO childcare_commune
--;
GRANT SELECT ON cases, case_steps, case_grants,
    case_reports, case_parties, case_emergency_measures, case_handovers, case_assessments, case_meetings, case_plans, case_decisions, case_services, case_reviews
    TO childcare_commune_granted
--;
CREATE FUNCTION case_plan_is_settled() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
-- A version that a leader decided on never changes, not even where the decision was entered in error.
BEGIN
    IF OLD.first_decided_at IS NOT NULL AND (OLD.version, OLD.cycle, OLD.adjusts_id, OLD.adjustment_reason,
            OLD.protection_level, OLD.objectives, OLD.first_decided_at) IS DISTINCT FROM (NEW.version, NEW.cycle,
            NEW.adjusts_id, NEW.adjustment_reason, NEW.protection_level, NEW.objectives, NEW.first_decided_at) THEN
        RAISE EXCEPTION 'a decided plan never changes' USING ERRCODE = '23514', CONSTRAINT = 'case_plans_settled_check';
    END IF;
    RETURN NEW;
END
$$
--;
CREATE TRIGGER settled BEFORE UPDATE ON case_plans FOR EACH ROW EXECUTE FUNCTION case_plan_is_settled()
--;
CREATE FUNCTION case_plan_services_are_settled() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
-- What is under a leader's eyes or was decided on keeps its services; a cascade of a new holder may pass.
DECLARE
    service case_plan_services := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (SELECT FROM case_plans p WHERE p.id = service.plan_id
            AND (p.first_decided_at IS NOT NULL OR p.status NOT IN ('draft', 'returned'))) THEN
        RAISE EXCEPTION 'a decided plan never changes' USING ERRCODE = '23514', CONSTRAINT = 'case_plans_settled_check';
    END IF;
    RETURN service;
END
$$
--;
CREATE TRIGGER settled BEFORE INSERT OR DELETE ON case_plan_services
    FOR EACH ROW EXECUTE FUNCTION case_plan_services_are_settled()
--;
CREATE FUNCTION case_acting_for() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- For whom the actor's own assignment acts: a deputy who signs for the chair.
    SELECT a.acting_for_assignment_id FROM assignments a WHERE a.id = access.setting_uuid('app.assignment_id')
$$
--;
ALTER FUNCTION case_acting_for OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_acting_for TO childcare_commune
--;
GRANT EXECUTE ON FUNCTION case_plan_is_settled, case_plan_services_are_settled TO childcare_commune
