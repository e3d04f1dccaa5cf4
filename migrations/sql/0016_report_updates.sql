-- What is added to a report reaches the cases it stands in, wherever they are led: the commune of the incident holds the
-- report, and the one that leads works on the child.
CREATE FUNCTION words_for_case(p_update intake_updates, p_level text) RETURNS text LANGUAGE sql STABLE AS $$
    -- What an addition says in a case of that level: nothing where its report is sealed, by another case, and this one is
    -- not. That something was added, when, and whether it is danger stands there all the same; what it is says the
    -- leader, who reads the report. For functions of the gate, which see every row.
    SELECT p_update.text WHERE p_level = 'sealed' OR NOT EXISTS (
        SELECT FROM intakes i WHERE i.id = p_update.intake_id AND i.confidentiality = 'sealed')
$$
--;
ALTER FUNCTION words_for_case OWNER TO childcare_gate
--;
CREATE OR REPLACE FUNCTION report_was_updated(p_update uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Write what was added to a locked report into the open cases it stands in, as a step that stands on how it came there,
-- and say how many these are. An emergency gives 12 hours of its own. For functions of the gate alone.
DECLARE
    told intake_updates;
    brought record;
    held cases;
    step uuid;
    cases_told integer := 0;
BEGIN
    SELECT * INTO told FROM intake_updates u WHERE u.id = p_update;
    FOR brought IN
        SELECT s.id, s.happened_at, c AS held FROM case_reports r JOIN case_steps s ON s.id = r.id JOIN cases c ON c.id = s.case_id
        WHERE r.intake_id = told.intake_id AND s.kind IN ('opening', 'report_joined') AND case_step_counts(s)
            AND c.status NOT IN ('closed', 'entered_in_error') AND c.step_count < 2000
            -- Once a case, where a report that names its child twice came there twice: by how it came first.
            AND NOT EXISTS (SELECT FROM case_reports f JOIN case_steps b ON b.id = f.id
                WHERE b.case_id = s.case_id AND f.intake_id = r.intake_id AND b.position < s.position AND case_step_counts(b))
        -- As everybody who locks several.
        ORDER BY c.id FOR UPDATE OF c
    LOOP
        step := gen_random_uuid();
        held := brought.held;
        INSERT INTO case_steps (id, origin_commune_id, case_id, position, kind, about_id, stands_on, note, happened_at,
            recorded_at, recorded_by, assignment_id, informed_at, unit_id, village_id, commune_id, district_id, province_id)
        VALUES (step, held.commune_id, held.id, held.step_count + 1, 'report_updated', told.id, ARRAY[brought.id],
            words_for_case(told, held.confidentiality),
            least(greatest(told.happened_at, brought.happened_at), p_now), p_now, told.recorded_by,
            access.setting_uuid('app.assignment_id'), CASE WHEN told.emergency THEN told.happened_at END,
            held.unit_id, held.village_id, held.commune_id, held.district_id, held.province_id);
        UPDATE cases SET step_count = held.step_count + 1, row_version = held.row_version + 1,
            emergency = case_emergency_follows(held.id, p_now)
        WHERE id = held.id;
        PERFORM case_told_from_elsewhere(held.id, step, gen_random_uuid(), 'case.report_updated', told.happened_at);
        cases_told := cases_told + 1;
    END LOOP;
    RETURN cases_told;
END
$$
--;
CREATE FUNCTION updates_missed(p_case uuid) RETURNS TABLE (update_id uuid, brought_id uuid, note text, informed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- What was added to the reports of a case of the caller's while it was closed, and so stands in none of its steps.
    SELECT u.id, s.id, words_for_case(u, c.confidentiality), CASE WHEN u.emergency THEN u.happened_at END
    FROM cases c JOIN case_steps s ON s.case_id = c.id JOIN case_reports r ON r.id = s.id
    JOIN intake_updates u ON u.intake_id = r.intake_id
    WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id') AND NOT is_kept_from_me(c.id)
        AND s.kind IN ('opening', 'report_joined') AND case_step_counts(s)
        AND u.entered_in_error_at IS NULL AND u.recorded_at > s.recorded_at
        AND NOT EXISTS (SELECT FROM case_steps k
            WHERE k.case_id = c.id AND k.kind = 'report_updated' AND k.about_id = u.id AND case_step_counts(k))
        AND NOT EXISTS (SELECT FROM case_reports f JOIN case_steps b ON b.id = f.id
            WHERE b.case_id = c.id AND f.intake_id = r.intake_id AND b.position < s.position AND case_step_counts(b))
    ORDER BY u.recorded_at, u.id
$$
--;
ALTER FUNCTION updates_missed OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION updates_missed TO childcare_commune
--;
CREATE FUNCTION steps_of_update(p_update uuid) RETURNS SETOF case_steps
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The steps by which an addition stands in cases. For functions of the gate alone.
    SELECT s.* FROM intake_updates u JOIN case_reports r ON r.intake_id = u.intake_id JOIN case_steps b ON b.id = r.id
    JOIN case_steps s ON s.case_id = b.case_id AND s.commune_id = b.commune_id
    WHERE u.id = p_update AND s.kind = 'report_updated' AND s.about_id = u.id AND b.id = ANY (s.stands_on)
    ORDER BY s.case_id
$$
--;
ALTER FUNCTION steps_of_update OWNER TO childcare_gate
--;
CREATE FUNCTION tell_cases_of_update(p_update uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The same for the office that has the report and whose officer has just added to it: once, and of nothing else.
BEGIN
    IF NOT EXISTS (SELECT FROM intake_updates u JOIN intakes i ON i.id = u.intake_id
            WHERE u.id = p_update AND u.source_id IS NULL AND u.entered_in_error_at IS NULL
                AND u.recorded_by = access.setting_uuid('app.actor_id') AND intake_is_mine(i) AND NOT is_kept_from_me(i.id))
            OR EXISTS (SELECT FROM steps_of_update(p_update)) THEN
        RETURN NULL;
    END IF;
    RETURN report_was_updated(p_update, p_now);
END
$$
--;
ALTER FUNCTION tell_cases_of_update OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION tell_cases_of_update TO childcare_commune
--;
CREATE FUNCTION mark_update_in_cases(p_update uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What an officer marked as an error among the additions to a report of the own office counts in no case either.
DECLARE
    wrong intake_updates;
    marked case_steps;
    held cases;
BEGIN
    SELECT u.* INTO wrong FROM intake_updates u JOIN intakes i ON i.id = u.intake_id
    WHERE u.id = p_update AND u.entered_in_error_by = access.setting_uuid('app.actor_id') AND intake_is_mine(i)
        AND NOT is_kept_from_me(i.id);
    FOR marked IN SELECT s.* FROM steps_of_update(wrong.id) s WHERE s.in_error_at IS NULL LOOP
        PERFORM FROM cases c WHERE c.id = marked.case_id FOR UPDATE;
        UPDATE case_steps SET in_error_at = p_now, in_error_by = wrong.entered_in_error_by,
            in_error_reason = wrong.entered_in_error_reason
        WHERE id = marked.id;
        UPDATE cases SET row_version = row_version + 1, emergency = case_emergency_follows(marked.case_id, p_now)
        WHERE id = marked.case_id RETURNING * INTO held;
        INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
        VALUES ('case.step_entered_in_error', 'case', held.id, jsonb_build_object('step_id', marked.id,
            'kind', marked.kind, 'position', marked.position, 'row_version', held.row_version), held.commune_id,
            held.province_id);
        INSERT INTO outbox (id, event, payload) VALUES (gen_random_uuid(), 'case.step_entered_in_error',
            jsonb_build_object('case_id', held.id, 'step_id', marked.id, 'intake_id', held.intake_id,
                'intake_child_id', held.intake_child_id, 'commune_id', held.commune_id, 'happened_at', marked.happened_at,
                'undone', jsonb_build_array(marked.id)));
    END LOOP;
END
$$
--;
ALTER FUNCTION mark_update_in_cases OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION mark_update_in_cases TO childcare_commune
