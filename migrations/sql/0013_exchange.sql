-- What hotlines send in, and what they are told back.
CREATE TABLE hotline_referrals (
    id uuid PRIMARY KEY,
    row_version integer NOT NULL,
    source_id uuid NOT NULL,
    source text NOT NULL,
    external_ref text NOT NULL,
    body_digest text NOT NULL,
    intake_id uuid NOT NULL REFERENCES intakes (id),
    received_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdraw_reason text,
    CONSTRAINT hotline_referrals_source_id_external_ref_key UNIQUE (source_id, external_ref),
    CONSTRAINT hotline_referrals_withdrawn_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
)
--;
CREATE INDEX hotline_referrals_intake_id_idx ON hotline_referrals (intake_id)
--;
CREATE TABLE hotline_feedback (
    id uuid PRIMARY KEY,
    transaction_id bigint NOT NULL DEFAULT access.place_of(pg_current_xact_id()),
    source_id uuid NOT NULL,
    referral_id uuid NOT NULL REFERENCES hotline_referrals (id),
    kind text NOT NULL,
    case_id uuid,
    step_id uuid,
    corrects_id uuid REFERENCES hotline_feedback (id) CONSTRAINT hotline_feedback_corrects_id_key UNIQUE,
    unit_id integer,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT hotline_feedback_corrects_check CHECK ((corrects_id IS NOT NULL) = (kind = 'taken_back'))
)
--;
CREATE INDEX hotline_feedback_referral_id_idx ON hotline_feedback (referral_id)
--;
-- The feed: commit-safe, by the transaction that wrote a row and not by the moment it was written.
CREATE INDEX hotline_feedback_source_id_transaction_id_idx ON hotline_feedback (source_id, transaction_id, id)
--;
CALL access.protect('hotline_referrals', ARRAY[]::text[])
--;
CALL access.protect('hotline_feedback', ARRAY[]::text[])
--;
CREATE POLICY source ON hotline_referrals TO childcare_hotline
    USING (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid))
    WITH CHECK (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid))
--;
CREATE POLICY source ON hotline_feedback FOR SELECT TO childcare_hotline
    USING (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid))
--;
GRANT SELECT, INSERT ON hotline_referrals TO childcare_hotline
--;
-- A row lock needs a privilege to update.
GRANT UPDATE (row_version, withdrawn_at, withdrawn_by, withdraw_reason) ON hotline_referrals TO childcare_hotline
--;
GRANT SELECT ON hotline_feedback TO childcare_hotline
--;
CREATE FUNCTION hotline_source_name() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The name by which a hotline's referrals are addressed: that of its machine client.
    SELECT m.client_id FROM machine_clients m WHERE m.source_id = access.setting_uuid('app.source_id')
$$
--;
ALTER FUNCTION hotline_source_name OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_source_name TO childcare_hotline
--;
CREATE FUNCTION hotline_referral_state(p_referral uuid)
RETURNS TABLE (status text, acknowledged_at timestamptz, emergency boolean, commune_id integer, province_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- How far an own referral is, and with whom: all that a hotline may know of the report behind it.
    SELECT i.status, i.acknowledged_at, i.emergency, i.commune_id, i.province_id
    FROM hotline_referrals r JOIN intakes i ON i.id = r.intake_id
    WHERE r.id = p_referral AND r.source_id = access.setting_uuid('app.source_id') AND i.source_id = r.source_id
$$
--;
ALTER FUNCTION hotline_referral_state OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_referral_state TO childcare_hotline
--;
CREATE FUNCTION hotline_withdraw_referral(p_referral uuid, p_event uuid, p_reason text, p_happened_at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Take an own referral back while nobody answers for it yet; returns how the report stood before. Once an office has
-- acknowledged it, a child may be in danger whatever the source says, and the office decides.
DECLARE
    held intakes;
BEGIN
    SELECT i.* INTO held FROM hotline_referrals r JOIN intakes i ON i.id = r.intake_id
    WHERE r.id = p_referral AND r.source_id = access.setting_uuid('app.source_id') AND i.source_id = r.source_id FOR UPDATE OF i;
    IF held.status IS DISTINCT FROM 'received' THEN
        RETURN held.status;
    END IF;
    UPDATE intakes SET status = 'withdrawn', withdrawn_at = p_happened_at,
        withdrawn_by = access.setting_uuid('app.actor_id'), withdraw_reason = p_reason, row_version = row_version + 1
    WHERE id = held.id;
    UPDATE tasks SET cancelled_at = p_happened_at, cancel_reason = 'withdrawn', row_version = row_version + 1
    WHERE subject_id = held.id AND done_at IS NULL AND cancelled_at IS NULL;
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('intake.withdrawn', 'intake', held.id, '{}', held.commune_id, held.province_id);
    INSERT INTO outbox (id, event, payload) VALUES (p_event, 'intake.withdrawn',
        jsonb_build_object('intake_id', held.id));
    RETURN held.status;
END
$$
--;
ALTER FUNCTION hotline_withdraw_referral OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_withdraw_referral TO childcare_hotline
--;
CREATE FUNCTION hotline_referral_behind(p_intake uuid, p_case uuid) RETURNS SETOF hotline_referrals
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The referral that brought a report, for a caller who holds the report or its case, or has held it. Locked, so
    -- that telling a step and taking it back do not pass each other by.
    SELECT r.* FROM hotline_referrals r WHERE r.intake_id = p_intake AND (
        EXISTS (SELECT FROM intakes i WHERE i.id = r.intake_id AND intake_is_mine(i))
        OR EXISTS (SELECT FROM cases c JOIN case_steps s ON s.case_id = c.id JOIN case_reports b ON b.id = s.id
            WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id') AND b.intake_id = r.intake_id)
        -- Whoever just handed it over tells so; it is not theirs any more.
        OR EXISTS (SELECT FROM intake_transfers t WHERE t.intake_id = r.intake_id
            AND t.from_unit_id = access.setting_int('app.unit_id')))
    FOR NO KEY UPDATE
$$
--;
ALTER FUNCTION hotline_referral_behind OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_step_counts(p_step uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A step, or an initial assessment, counts unless it or what it stands on was entered in error.
    WITH RECURSIVE under AS (
        SELECT s.id, s.stands_on, s.in_error_at FROM case_steps s WHERE s.id = p_step
        UNION
        SELECT b.id, b.stands_on, b.in_error_at FROM under u JOIN case_steps b ON b.id = ANY (u.stands_on)
    )
    SELECT NOT EXISTS (SELECT FROM under WHERE in_error_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM intake_assessments a WHERE a.id = p_step AND a.entered_in_error_at IS NOT NULL)
$$
--;
ALTER FUNCTION hotline_step_counts OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_joined(p_case uuid, p_step uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The reports that joined a case of the caller's commune: before a step of it, or at any time.
    SELECT DISTINCT b.intake_id FROM cases c JOIN case_steps s ON s.case_id = c.id JOIN case_reports b ON b.id = s.id
    WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id') AND s.kind = 'report_joined'
        AND (p_step IS NULL OR s.position <= (SELECT t.position FROM case_steps t WHERE t.id = p_step))
    ORDER BY b.intake_id
$$
--;
ALTER FUNCTION hotline_joined OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_concerned(p_intake uuid, p_case uuid, p_kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- What happens in a case concerns a report while that stands in it: it opened the case, or joined it, and neither
    -- was an error. That the child was protected stays true of the report it was done on, whatever became of the case.
    SELECT EXISTS (SELECT FROM cases c JOIN case_steps s ON s.case_id = c.id JOIN case_reports b ON b.id = s.id
        WHERE c.id = p_case AND c.status <> 'entered_in_error' AND s.in_error_at IS NULL AND b.intake_id = p_intake)
    OR p_kind = 'emergency_measure_taken'
        AND EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.intake_id = p_intake)
$$
--;
ALTER FUNCTION hotline_concerned OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_tell(
    p_id uuid, p_intake uuid, p_case uuid, p_step uuid, p_kind text, p_happened_at timestamptz, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Tell the hotline that brought a report how far it is; not of a step that was entered in error meanwhile. Which case
-- its report joined is told to nobody: two reports of one hotline would be seen to be about one child.
DECLARE
    referral hotline_referrals;
BEGIN
    SELECT * INTO referral FROM hotline_referral_behind(p_intake, p_case);
    -- That a report joined is told of that one alone, and not of those that were there.
    IF NOT FOUND OR NOT hotline_step_counts(p_step)
        OR (p_case IS NOT NULL AND NOT hotline_concerned(p_intake, p_case, p_kind))
        OR (p_kind = 'case_joined'
            AND NOT EXISTS (SELECT FROM case_reports b WHERE b.id = p_step AND b.intake_id = p_intake)) THEN
        RETURN false;
    END IF;
    INSERT INTO hotline_feedback (id, source_id, referral_id, kind, case_id, step_id, unit_id, happened_at, recorded_at)
    VALUES (p_id, referral.source_id, referral.id, p_kind,
        (SELECT c.id FROM cases c WHERE c.id = p_case AND c.intake_id = p_intake), p_step,
        access.setting_int('app.unit_id'), p_happened_at, p_now);
    RETURN true;
END
$$
--;
CREATE FUNCTION hotline_no_longer(p_intake uuid, p_case uuid) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The steps of a case that a hotline was told of while its report stood there, which it does not any more.
BEGIN
    PERFORM 1 FROM hotline_referral_behind(p_intake, p_case);
    IF FOUND THEN
        RETURN QUERY
        SELECT f.step_id FROM hotline_referrals r JOIN hotline_feedback f ON f.referral_id = r.id
        JOIN case_steps s ON s.id = f.step_id
        WHERE r.intake_id = p_intake AND s.case_id = p_case AND f.kind <> 'taken_back'
            AND NOT hotline_concerned(p_intake, p_case, f.kind)
        ORDER BY s.position;
    END IF;
END
$$
--;
ALTER FUNCTION hotline_no_longer OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_take_back(
    p_id uuid, p_intake uuid, p_case uuid, p_step uuid, p_happened_at timestamptz, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Take back what a hotline was told of a step that no longer counts: by an entry of its own, nothing is rewritten.
DECLARE
    referral hotline_referrals;
BEGIN
    SELECT * INTO referral FROM hotline_referral_behind(p_intake, p_case);
    INSERT INTO hotline_feedback (id, source_id, referral_id, kind, case_id, step_id, corrects_id, unit_id, happened_at,
        recorded_at)
    SELECT p_id, f.source_id, f.referral_id, 'taken_back', f.case_id, f.step_id, f.id, access.setting_int('app.unit_id'),
        p_happened_at, p_now
    FROM hotline_feedback f
    WHERE f.referral_id = referral.id AND f.step_id = p_step AND f.kind <> 'taken_back'
    ON CONFLICT ON CONSTRAINT hotline_feedback_corrects_id_key DO NOTHING;
    RETURN FOUND;
END
$$
--;
ALTER FUNCTION hotline_take_back OWNER TO childcare_gate
--;
ALTER FUNCTION hotline_tell OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_joined, hotline_tell, hotline_no_longer, hotline_take_back TO childcare_commune, childcare_province
--;
-- A hotline of the country hands over itself what waits in its own queue, and is told so.
GRANT EXECUTE ON FUNCTION hotline_tell TO childcare_central
