-- What follows where a case is led from what the commune of a carer wrote into it, and taking that back.
CREATE FUNCTION case_needs_other_care(p_case uuid, p_end uuid, p_clocks jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A child whose care a carer's commune ended, and who does not go home, is to be given other care by whoever leads its
    -- case (NĐ 56/2017, Điều 48.2; TT 14/2020, Điều 13.3 b), as `find_carer` of cases/placing/clocks.py would say it.
    -- `p_clocks` is the task as it would run. For functions of the gate alone.
    INSERT INTO tasks SELECT t.* FROM case_placement_ends e JOIN case_steps s ON s.id = e.id JOIN cases c ON c.id = s.case_id
    CROSS JOIN jsonb_array_elements(p_clocks) made
    CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, made || jsonb_build_object(
        'subject_kind', 'case', 'subject_id', c.id, 'unit_id', c.unit_id, 'village_id', c.village_id,
        'commune_id', c.commune_id, 'district_id', c.district_id, 'province_id', c.province_id, 'starts_at', s.happened_at,
        'origin_unit_id', access.setting_int('app.commune_id'), 'done_at', NULL, 'cancelled_at', NULL)) t
    WHERE e.id = p_end AND c.id = p_case AND e.goes_to IN ('other_carer', 'facility') AND made ->> 'rule_code' = 'care.find'
        AND c.separation_id IS NULL AND c.status <> 'entered_in_error'
        AND NOT EXISTS (SELECT FROM case_steps o
            WHERE o.case_id = p_case AND o.kind = 'placement' AND placement_holds(o.id, 'infinity'))
        AND NOT EXISTS (SELECT FROM case_steps o WHERE o.case_id = p_case AND o.kind IN ('child_died', 'turned_sixteen')
            AND o.in_error_at IS NULL)
    ON CONFLICT DO NOTHING
$$
--;
ALTER FUNCTION case_needs_other_care OWNER TO childcare_gate
--;
CREATE FUNCTION case_temporary_follows(p_case uuid, p_step uuid, p_clocks jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- After a placement or its end was written into a case from elsewhere, or marked there: whoever leads the case is to end
-- care that was given at once, or decide on it for good, as `_end_temporary` of cases/placing/clocks.py would say it.
-- `p_clocks` is the task as it would run. For functions of the gate alone, once the separation agrees with the step.
DECLARE
    led cases;
    step case_steps;
    waits boolean;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    SELECT * INTO step FROM case_steps s WHERE s.id = p_step AND s.case_id = p_case;
    waits := led.separation_id IS NULL AND led.status <> 'entered_in_error' AND EXISTS (
        SELECT FROM case_steps s JOIN case_placements p ON p.id = s.id
        WHERE s.case_id = p_case AND s.kind = 'placement' AND p.temporary AND placement_holds(p.id, 'infinity'));
    IF waits AND step.in_error_at IS NULL THEN
        INSERT INTO tasks SELECT t.* FROM jsonb_array_elements(p_clocks) made
        CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, made || jsonb_build_object(
            'subject_kind', 'case', 'subject_id', p_case, 'unit_id', led.unit_id, 'village_id', led.village_id,
            'commune_id', led.commune_id, 'district_id', led.district_id, 'province_id', led.province_id,
            'origin_unit_id', access.setting_int('app.commune_id'), 'done_at', NULL, 'cancelled_at', NULL)) t
        WHERE made ->> 'rule_code' = 'placement.end_temporary'
        ON CONFLICT DO NOTHING;
    ELSIF waits THEN
        -- What ended that care, or decided on it for good, was an error: the leader's day goes on as it ran.
        UPDATE tasks SET done_at = NULL, done_recorded_at = NULL, row_version = row_version + 1
        WHERE id = (SELECT t.id FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'placement.end_temporary'
                AND t.done_at = step.happened_at ORDER BY t.done_recorded_at DESC, t.id DESC LIMIT 1)
            AND NOT EXISTS (SELECT FROM tasks t WHERE t.subject_id = p_case
                AND t.rule_code = 'placement.end_temporary' AND t.done_at IS NULL AND t.cancelled_at IS NULL);
    ELSIF step.in_error_at IS NULL THEN
        UPDATE tasks SET done_at = step.happened_at, done_recorded_at = p_now, row_version = row_version + 1
        WHERE subject_id = p_case AND rule_code = 'placement.end_temporary' AND done_at IS NULL AND cancelled_at IS NULL;
    ELSE
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'no_longer_due', row_version = row_version + 1
        WHERE subject_id = p_case AND rule_code = 'placement.end_temporary' AND done_at IS NULL AND cancelled_at IS NULL;
    END IF;
END
$$
--;
ALTER FUNCTION case_temporary_follows OWNER TO childcare_gate
--;
CREATE FUNCTION case_mark_placing_from_elsewhere(p_case uuid, p_version integer, p_step uuid, p_reason text,
    p_clocks jsonb, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What the commune of a carer wrote into the case, it may mark as entered in error; the answers as above.
DECLARE
    led cases;
    marked case_steps;
    written boolean;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case FOR UPDATE;
    SELECT * INTO marked FROM case_steps s WHERE s.id = p_step AND s.case_id = p_case AND s.in_error_at IS NULL;
    IF NOT FOUND OR NOT case_asked_me(p_case) OR placing_table_of(marked.kind) IS NULL
            OR NOT EXISTS (SELECT FROM assignments a WHERE a.id = access.setting_uuid('app.assignment_id')
                AND a.role = CASE WHEN marked.kind IN ('placement', 'placement_ended')
                    THEN 'commune_leader' ELSE 'commune_officer' END) THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I d WHERE d.id = $1 AND d.origin_commune_id = $2)',
        placing_table_of(marked.kind)) INTO written USING p_step, access.setting_int('app.commune_id');
    IF NOT written THEN
        RETURN NULL;
    END IF;
    IF led.row_version <> p_version THEN
        RETURN -led.row_version;
    END IF;
    UPDATE case_steps SET in_error_at = p_now, in_error_by = access.setting_uuid('app.actor_id'), in_error_reason = p_reason
    WHERE id = p_step;
    UPDATE cases SET row_version = row_version + 1,
        emergency = CASE WHEN marked.kind IN ('placement', 'placement_handover', 'placement_visit', 'placement_ended')
            THEN case_emergency_follows(p_case, p_now) ELSE emergency END,
        emergency_measure_at = CASE WHEN marked.kind IN ('placement', 'placement_handover', 'placement_visit', 'placement_ended')
            THEN (SELECT min(p) FROM case_protections(p_case) p) ELSE emergency_measure_at END
    WHERE id = p_case;
    IF marked.kind = 'placement' THEN
        PERFORM case_separation_follows(p_case, p_clocks, p_now);
        PERFORM case_care_is_left(p_case, access.setting_int('app.commune_id'), 'care_ended');
    ELSIF marked.kind = 'placement_ended' THEN
        -- The care goes on, and so does what it needs to be seen for it; nobody looks for other care.
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'no_longer_due', row_version = row_version + 1
        WHERE subject_id = p_case AND rule_code = 'care.find' AND starts_at = marked.happened_at
            AND done_at IS NULL AND cancelled_at IS NULL;
        UPDATE case_grants g SET valid_to = NULL, end_reason = NULL, until_position = NULL
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id')
            AND g.reason = 'commune_of_carer' AND g.revoked_at IS NULL AND g.end_reason = 'care_ended'
            AND g.valid_to = nullif(current_setting('app.today', true), '')::date;
    END IF;
    IF marked.kind IN ('placement', 'placement_ended') THEN
        PERFORM case_temporary_follows(p_case, p_step, '[]', p_now);
    END IF;
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_mark_placing_from_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_mark_placing_from_elsewhere TO childcare_commune
