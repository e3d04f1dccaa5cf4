-- Who reaches the rest of the procedure, and what the commune of an incident may decide in a case led elsewhere.
CALL access.protect('case_separations', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_separation_changes', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_court_requests', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_sendings', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_deaths', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY granted ON case_separations FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_separations.id))
--;
CREATE POLICY granted ON case_separation_changes FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_separation_changes.id))
--;
CREATE POLICY granted ON case_court_requests FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_court_requests.id))
--;
CREATE POLICY granted ON case_sendings FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_sendings.id))
--;
CREATE POLICY granted ON case_deaths FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_deaths.id))
--;
GRANT SELECT ON case_separations, case_separation_changes, case_court_requests, case_sendings, case_deaths
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
GRANT INSERT ON case_separations, case_separation_changes, case_court_requests, case_sendings, case_deaths TO childcare_commune
--;
CREATE FUNCTION case_speaks_of_itself(p_case uuid, p_step jsonb, p_detail jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether what somebody elsewhere writes into a case names no step of another one: keys accept any of the commune.
    SELECT NOT EXISTS (
        SELECT FROM (SELECT value FROM jsonb_each_text(p_detail || p_step)
            UNION ALL SELECT value FROM jsonb_array_elements_text(p_step -> 'stands_on')) named
        JOIN case_steps s ON s.id = CASE WHEN named.value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            THEN named.value::uuid END
        WHERE s.case_id <> p_case)
$$
--;
ALTER FUNCTION case_speaks_of_itself OWNER TO childcare_gate
--;
CREATE FUNCTION case_act_from_incident(p_case uuid, p_version integer, p_step jsonb, p_table text, p_detail jsonb,
    p_clocks jsonb, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The leader of the commune of the incident separates a child whose case another commune leads (NĐ 56/2017, Điều
-- 32.2), or extends or cancels that. NULL: no such case, or no grant; -1: the case has changed; else its new version.
DECLARE
    led cases;
    mine integer := access.setting_int('app.commune_id');
    kind text := p_step ->> 'kind';
    head jsonb;
    ticking jsonb;
BEGIN
    IF kind NOT IN ('separation', 'separation_extended', 'separation_cancelled')
            OR p_table <> (CASE kind WHEN 'separation' THEN 'case_separations' ELSE 'case_separation_changes' END)
            OR NOT EXISTS (SELECT FROM assignments a
                WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader') THEN
        RETURN NULL;
    END IF;
    SELECT * INTO led FROM cases c WHERE c.id = p_case FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM case_grants g
            WHERE g.case_id = p_case AND g.granted_commune_id = mine AND g.reason = 'commune_of_incident'
                AND kind = ANY (g.kinds) AND g.revoked_at IS NULL
                AND g.valid_from <= nullif(current_setting('app.today', true), '')::date
                AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date)) THEN
        RETURN NULL;
    END IF;
    -- What is extended or cancelled is the separation that runs there.
    IF is_kept_from_me(p_case) OR NOT case_speaks_of_itself(p_case, p_step, p_detail)
            OR kind <> 'separation' AND (p_detail ->> 'separation_id')::uuid IS DISTINCT FROM led.separation_id THEN
        RETURN NULL;
    END IF;
    IF led.row_version <> p_version THEN
        RETURN -1;
    END IF;
    head := jsonb_build_object('unit_id', led.unit_id, 'village_id', led.village_id, 'commune_id', led.commune_id,
        'district_id', led.district_id, 'province_id', led.province_id, 'origin_commune_id', mine, 'id', p_step -> 'id');
    INSERT INTO case_steps SELECT * FROM jsonb_populate_record(NULL::case_steps, p_step || head || jsonb_build_object(
        'case_id', p_case, 'position', led.step_count + 1, 'recorded_by', access.setting_uuid('app.actor_id'),
        'assignment_id', access.setting_uuid('app.assignment_id'),
        'in_error_at', NULL, 'in_error_by', NULL, 'in_error_reason', NULL));
    IF kind = 'separation' THEN
        INSERT INTO case_separations SELECT * FROM jsonb_populate_record(NULL::case_separations, p_detail || head);
        UPDATE tasks SET done_at = (p_step ->> 'happened_at')::timestamptz, done_recorded_at = p_now, row_version = row_version + 1
        WHERE subject_id = p_case AND rule_code = 'emergency.intervene' AND done_at IS NULL AND cancelled_at IS NULL
            AND starts_at <= (p_step ->> 'happened_at')::timestamptz;
    ELSE
        INSERT INTO case_separation_changes
        SELECT * FROM jsonb_populate_record(NULL::case_separation_changes, p_detail || head);
    END IF;
    UPDATE cases SET row_version = row_version + 1, step_count = step_count + 1,
        separation_id = CASE kind WHEN 'separation' THEN (p_step ->> 'id')::uuid WHEN 'separation_extended' THEN separation_id END,
        separation_ends_at = CASE kind WHEN 'separation_cancelled' THEN NULL ELSE (p_step ->> 'ends_at')::timestamptz END,
        emergency_measure_at = CASE kind WHEN 'separation'
            THEN least(emergency_measure_at, (p_step ->> 'happened_at')::timestamptz) ELSE emergency_measure_at END
    WHERE id = p_case;
    FOR ticking IN SELECT * FROM jsonb_array_elements(p_clocks) LOOP
        UPDATE tasks SET row_version = row_version + 1,
            done_at = (ticking ->> 'done_at')::timestamptz,
            done_recorded_at = CASE WHEN ticking ->> 'done_at' IS NOT NULL THEN p_now END,
            cancelled_at = CASE WHEN ticking ->> 'done_at' IS NULL THEN p_now END,
            cancel_reason = CASE WHEN ticking ->> 'done_at' IS NULL THEN 'starts_anew' END
        WHERE subject_id = p_case AND rule_code = ticking ->> 'rule' AND rule_code IN ('separation.end', 'separation.place')
            AND done_at IS NULL AND cancelled_at IS NULL;
        IF ticking ->> 'row' IS NOT NULL AND ticking ->> 'rule' IN ('separation.end', 'separation.place') THEN
            INSERT INTO tasks SELECT * FROM jsonb_populate_record(NULL::tasks, (ticking -> 'row') || (head - 'id' - 'origin_commune_id')
                || jsonb_build_object('subject_id', p_case, 'rule_code', ticking ->> 'rule', 'origin_unit_id', mine));
        END IF;
    END LOOP;
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_act_from_incident OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_act_from_incident TO childcare_commune
--;
CREATE FUNCTION announce_sixteen_in_cases(p_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Open cases whose child is 16 by now are announced to the commune that keeps them: by the register, else by the latest
-- day that the reported birthday can be. Once: where somebody marked that step as an error, people decide.
DECLARE
    announced integer;
BEGIN
    INSERT INTO outbox (id, event, payload, unit_id)
    SELECT gen_random_uuid(), 'case.child_turning_16', jsonb_build_object('case_id', c.id), c.commune_id
    FROM cases c LEFT JOIN children k ON k.id = c.child_id AND k.commune_id = c.commune_id
    WHERE c.status NOT IN ('closed', 'transferred', 'entered_in_error')
        AND k.died_on IS NULL
        AND coalesce(k.born_on, CASE c.child_birth_precision
            WHEN 'year' THEN (date_trunc('year', c.child_born_on) + interval '1 year - 1 day')::date
            WHEN 'month' THEN (date_trunc('month', c.child_born_on) + interval '1 month - 1 day')::date
            ELSE c.child_born_on END) <= (p_day - interval '16 years')::date
        AND NOT EXISTS (SELECT FROM case_steps s
            WHERE s.case_id = c.id AND s.commune_id = c.commune_id AND s.kind IN ('turned_sixteen', 'child_died'))
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.done_at IS NULL AND o.event = 'case.child_turning_16'
            AND o.payload = jsonb_build_object('case_id', c.id));
    GET DIAGNOSTICS announced = ROW_COUNT;
    RETURN announced;
END
$$
--;
ALTER FUNCTION announce_sixteen_in_cases OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION announce_sixteen_in_cases TO childcare_worker
