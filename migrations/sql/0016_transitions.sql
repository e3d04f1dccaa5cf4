-- Beyond one commune: a service asked of another body.
CREATE TABLE case_referrals (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    to_commune_id INTEGER,
    agency_id UUID,
    provider_id UUID,
    body_name TEXT NOT NULL,
    plan_service_id UUID,
    service_group TEXT NOT NULL,
    request TEXT NOT NULL,
    information TEXT,
    respond_by TIMESTAMP WITH TIME ZONE NOT NULL,
    needed_by TIMESTAMP WITH TIME ZONE,
    names_child BOOLEAN NOT NULL,
    child_name TEXT,
    child_sex TEXT,
    child_born_on DATE,
    child_born_on_precision TEXT,
    child_estimated_age INTEGER,
    consent_by TEXT[] NOT NULL,
    consent_on DATE,
    consent_ground TEXT,
    consent_reason TEXT,
    grant_id UUID,
    status TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    asked_by UUID NOT NULL,
    readable_until DATE,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT case_referrals_pkey PRIMARY KEY (id),
    CONSTRAINT case_referrals_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_referrals_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_referrals_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT case_referrals_agency_id_fkey FOREIGN KEY(agency_id) REFERENCES agencies (id),
    CONSTRAINT case_referrals_provider_id_fkey FOREIGN KEY(provider_id) REFERENCES service_providers (id),
    CONSTRAINT case_referrals_plan_service_id_fkey FOREIGN KEY(plan_service_id) REFERENCES case_plan_services (id),
    CONSTRAINT case_referrals_grant_id_fkey FOREIGN KEY(grant_id) REFERENCES case_grants (id),
    CONSTRAINT case_referrals_one_body_check CHECK (num_nonnulls(to_commune_id, agency_id, provider_id) <= 1),
    CONSTRAINT case_referrals_status_check CHECK (status IN ('asked', 'accepted', 'declined', 'done', 'withdrawn')),
    CONSTRAINT case_referrals_unnamed_child_check CHECK (names_child OR num_nonnulls(child_name, child_sex, child_born_on, child_born_on_precision, child_estimated_age) = 0),
    -- The head of a case that is read by a grant says whose it is.
    CONSTRAINT case_referrals_shown_child_check CHECK (names_child OR grant_id IS NULL),
    CONSTRAINT case_referrals_consent_check CHECK ((consent_ground IS NULL) = (cardinality(consent_by) > 0) AND (consent_ground IS NULL) = (consent_reason IS NULL) AND (consent_ground IS NULL) = (consent_on IS NOT NULL))
)
--;
CREATE INDEX case_referrals_case_id_idx ON case_referrals (case_id)
--;
CREATE INDEX case_referrals_agency_id_idx ON case_referrals (agency_id)
--;
CREATE INDEX case_referrals_provider_id_idx ON case_referrals (provider_id)
--;
CREATE INDEX case_referrals_plan_service_id_idx ON case_referrals (plan_service_id)
--;
CREATE INDEX case_referrals_grant_id_idx ON case_referrals (grant_id)
--;
CREATE INDEX case_referrals_asked_of_idx ON case_referrals (to_commune_id, asked_at, id)
--;
CREATE TABLE case_referral_answers (
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    answer TEXT NOT NULL,
    answered_by TEXT,
    note TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_referral_answers_pkey PRIMARY KEY (id),
    CONSTRAINT case_referral_answers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_referral_answers_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_referral_answers_referral_id_fkey FOREIGN KEY(referral_id) REFERENCES case_referrals (id),
    CONSTRAINT case_referral_answers_answer_check CHECK (answer IN ('accepted', 'declined', 'done')),
    CONSTRAINT case_referral_answers_reason_check CHECK (answer <> 'declined' OR note IS NOT NULL)
)
--;
CREATE INDEX case_referral_answers_referral_id_idx ON case_referral_answers (referral_id)
--;
CALL access.protect('case_referrals', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_referral_answers', ARRAY['commune', 'district', 'province'])
--;
-- The commune that is asked sees what was asked of it and the line of the plan that it is about, while it is concerned.
CREATE POLICY granted ON case_referrals FOR SELECT TO childcare_commune_granted
    USING (to_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND status IN ('asked', 'accepted', 'done')
        AND (readable_until IS NULL OR readable_until >= (SELECT nullif(current_setting('app.today', true), '')::date)))
--;
CREATE POLICY granted ON case_plan_services FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_referrals r WHERE r.plan_service_id = case_plan_services.id))
--;
GRANT SELECT ON case_referrals, case_referral_answers TO childcare_commune, childcare_district, childcare_province
--;
GRANT INSERT ON case_referrals, case_referral_answers TO childcare_commune
--;
-- Keys look past the wall, and what is asked opens a line of a plan, and a grant ends with it: all of one case.
CREATE POLICY of_its_step ON case_referrals AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (
        EXISTS (SELECT FROM case_steps s WHERE s.id = case_referrals.id AND s.case_id = case_referrals.case_id)
        AND (grant_id IS NULL
            OR EXISTS (SELECT FROM case_grants g WHERE g.id = grant_id AND g.case_id = case_referrals.case_id))
        AND (plan_service_id IS NULL
            OR EXISTS (SELECT FROM case_plan_services p WHERE p.id = plan_service_id)))
--;
GRANT UPDATE (status, row_version) ON case_referrals TO childcare_commune
--;
GRANT SELECT ON case_referrals, case_plan_services TO childcare_commune_granted
--;
CREATE FUNCTION case_step_from_elsewhere(
    p_case uuid, p_step uuid, p_kind text, p_about uuid, p_note text, p_happened_at timestamptz, p_now timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Write into a locked case a step of whom it was sent to. For functions of the gate alone, which checked that it was.
-- Its origin is the holder: an origin of the caller's own would open the checks on details to the caller.
DECLARE
    held cases;
BEGIN
    UPDATE cases SET step_count = step_count + 1, row_version = row_version + 1 WHERE id = p_case RETURNING * INTO held;
    INSERT INTO case_steps (id, origin_commune_id, case_id, position, kind, about_id, stands_on, note, happened_at,
        recorded_at, recorded_by, assignment_id, unit_id, village_id, commune_id, district_id, province_id)
    VALUES (p_step, held.commune_id, p_case, held.step_count, p_kind, p_about, ARRAY[p_about], p_note, p_happened_at,
        p_now, access.setting_uuid('app.actor_id'), access.setting_uuid('app.assignment_id'), held.unit_id,
        held.village_id, held.commune_id, held.district_id, held.province_id);
END
$$
--;
ALTER FUNCTION case_step_from_elsewhere OWNER TO childcare_gate
--;
CREATE FUNCTION case_told_from_elsewhere(
    p_case uuid, p_step uuid, p_event uuid, p_name text, p_happened_at timestamptz
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Tell the audit and the outbox of such a step as of any other. The inspectors of the holder and of the caller
    -- both find the event: the one by who answers for the record, the other by who acted.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    SELECT p_name, 'case', c.id, jsonb_build_object('step_id', s.id, 'kind', s.kind, 'position', s.position,
        'row_version', c.row_version), c.commune_id, c.province_id
    FROM cases c JOIN case_steps s ON s.case_id = c.id WHERE c.id = p_case AND s.id = p_step;
    INSERT INTO outbox (id, event, payload)
    SELECT p_event, p_name, jsonb_build_object('case_id', c.id, 'step_id', p_step, 'intake_id', c.intake_id,
        'intake_child_id', c.intake_child_id, 'commune_id', c.commune_id, 'happened_at', p_happened_at)
    FROM cases c WHERE c.id = p_case
$$
--;
ALTER FUNCTION case_told_from_elsewhere OWNER TO childcare_gate
--;
CREATE OR REPLACE FUNCTION case_step_says_no(p_step case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p_step.kind IN ('placement_declined', 'transfer_declined') OR p_step.kind = 'referral_answered'
        AND EXISTS (SELECT FROM case_referral_answers a WHERE a.id = p_step.id AND a.answer = 'declined')
$$
--;
CREATE FUNCTION case_referral_answer(
    p_referral uuid, p_step uuid, p_event uuid, p_version integer, p_answer text, p_by text, p_note text,
    p_readable_until date, p_happened_at timestamptz, p_now timestamptz, p_clocks jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The commune that was asked answers for itself, in a case that it does not hold (NĐ 56/2017, Điều 29.2). True where
-- it was asked, the referral still is as it saw it, and the answer follows from that.
DECLARE
    asked case_referrals;
BEGIN
    -- The case first, as every writer of a case does it, and the referral as it then is.
    PERFORM FROM cases c JOIN case_referrals r ON r.case_id = c.id
    WHERE r.id = p_referral AND r.to_commune_id = access.setting_int('app.commune_id') FOR UPDATE OF c;
    SELECT * INTO asked FROM case_referrals r
    WHERE r.id = p_referral AND r.to_commune_id = access.setting_int('app.commune_id') FOR UPDATE;
    -- What is sealed is answered all the same by whom it was asked of; never by whom the case names.
    IF NOT FOUND OR asked.row_version <> p_version OR EXISTS (SELECT FROM exclusions x WHERE x.subject_id = asked.case_id
                AND x.lifted_at IS NULL AND x.user_id = access.setting_uuid('app.actor_id')) OR p_happened_at < asked.asked_at OR p_happened_at > p_now
            OR (asked.status, p_answer) NOT IN (('asked', 'accepted'), ('asked', 'declined'), ('accepted', 'declined'),
                ('accepted', 'done')) THEN
        RETURN false;
    END IF;
    PERFORM case_step_from_elsewhere(asked.case_id, p_step, 'referral_answered', p_referral, p_note, p_happened_at, p_now);
    INSERT INTO case_referral_answers (id, referral_id, answer, answered_by, note, unit_id, village_id, commune_id,
        district_id, province_id)
    VALUES (p_step, p_referral, p_answer, p_by, p_note, asked.unit_id, asked.village_id, asked.commune_id,
        asked.district_id, asked.province_id);
    UPDATE case_referrals SET status = p_answer, row_version = row_version + 1,
        readable_until = CASE p_answer WHEN 'done' THEN p_readable_until ELSE readable_until END
    WHERE id = p_referral;
    UPDATE case_grants SET valid_to = CASE p_answer WHEN 'done' THEN least(valid_to, p_readable_until) ELSE valid_to END,
        revoked_at = CASE p_answer WHEN 'declined' THEN p_now END,
        revoked_by = CASE p_answer WHEN 'declined' THEN access.setting_uuid('app.actor_id') END,
        end_reason = CASE p_answer WHEN 'declined' THEN 'request_declined' WHEN 'done' THEN 'referral_done' ELSE end_reason END
    WHERE id = asked.grant_id AND revoked_at IS NULL;
    -- Whoever asked waits for the answer, and then for the service; whoever was asked had to answer.
    UPDATE tasks SET row_version = row_version + 1, done_at = p_happened_at, done_recorded_at = p_now
    WHERE subject_id = p_referral AND done_at IS NULL AND cancelled_at IS NULL
        AND (rule_code IN ('referral.answer', 'referral.follow_up') OR p_answer = 'done');
    UPDATE tasks SET row_version = row_version + 1, cancelled_at = clock_stops_at(starts_at, p_happened_at, p_now),
        cancel_reason = 'declined'
    WHERE subject_id = p_referral AND done_at IS NULL AND cancelled_at IS NULL AND p_answer = 'declined';
    -- What was accepted is to be done, by whoever accepted it.
    INSERT INTO tasks SELECT c.* FROM jsonb_populate_recordset(NULL::tasks, p_clocks) c
    WHERE p_answer = 'accepted' AND c.rule_code = 'referral.perform' AND c.subject_id = p_referral
        AND c.commune_id = access.setting_int('app.commune_id');
    PERFORM case_declined_follows(asked.case_id, NULL, p_happened_at, p_now);
    PERFORM case_told_from_elsewhere(asked.case_id, p_step, p_event, 'case.referral_answered', p_happened_at);
    RETURN true;
END
$$
--;
ALTER FUNCTION case_referral_answer OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_referral_answer TO childcare_commune
--;
CREATE FUNCTION case_tasks_of_step_end(p_step uuid, p_reason text, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- What was asked elsewhere is not asked any more: no office keeps a clock of a step that the caller's case took back.
    UPDATE tasks SET row_version = row_version + 1, cancelled_at = p_now, cancel_reason = p_reason
    WHERE subject_id = p_step AND done_at IS NULL AND cancelled_at IS NULL
        AND EXISTS (SELECT FROM case_steps s WHERE s.id = p_step AND s.commune_id = access.setting_int('app.commune_id'))
$$
--;
ALTER FUNCTION case_tasks_of_step_end OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_tasks_of_step_end TO childcare_commune
