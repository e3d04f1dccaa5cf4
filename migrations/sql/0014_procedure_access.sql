-- Who reaches the rest of the procedure, and what the commune of an incident may decide in a case led elsewhere.
CALL access.protect('case_separations', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_separation_changes', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_court_requests', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_court_answers', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_plan_refusals', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_proceedings', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_release_notices', ARRAY['commune', 'district', 'province'])
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
CREATE POLICY granted ON case_court_answers FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_court_answers.id))
--;
CREATE POLICY granted ON case_plan_refusals FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_plan_refusals.id))
--;
CREATE POLICY granted ON case_sendings FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_sendings.id))
--;
CREATE POLICY granted ON case_deaths FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_deaths.id))
--;
GRANT SELECT ON case_separations, case_separation_changes, case_court_requests, case_court_answers,
    case_plan_refusals, case_sendings, case_deaths
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
-- What authorities asked for a child in proceedings is under no grant: who leads the case reads it, and those above.
GRANT SELECT ON case_proceedings, case_release_notices TO childcare_commune, childcare_district, childcare_province
--;
GRANT INSERT ON case_proceedings, case_release_notices TO childcare_commune
--;
GRANT INSERT ON case_separations, case_separation_changes, case_court_requests, case_court_answers,
    case_plan_refusals, case_sendings, case_deaths TO childcare_commune
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
CREATE FUNCTION case_step_counts(p_step case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- For separations and placements, which stand on nothing that stands on something itself.
    SELECT p_step.in_error_at IS NULL AND NOT EXISTS (
        SELECT FROM case_steps b WHERE b.id = ANY (p_step.stands_on) AND b.in_error_at IS NOT NULL)
$$
--;
ALTER FUNCTION case_step_counts OWNER TO childcare_gate
--;
CREATE FUNCTION case_step_holds(p_step case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a step counts: neither it nor anything it stands on, however far below, was entered in error.
    WITH RECURSIVE below AS (
        SELECT p_step.stands_on AS bases, p_step.in_error_at AS in_error_at
        UNION
        SELECT b.stands_on, b.in_error_at FROM below s JOIN case_steps b ON b.id = ANY (s.bases)
    )
    SELECT NOT EXISTS (SELECT FROM below s WHERE s.in_error_at IS NOT NULL)
$$
--;
ALTER FUNCTION case_step_holds OWNER TO childcare_gate
--;
CREATE FUNCTION case_court_follows(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A court is asked for its answer before the separation ends that runs now (cases/file/clocks.py). For functions of the
-- gate alone: the task is the one that runs, by its new number of days.
DECLARE
    running tasks;
    days integer;
    due timestamptz;
BEGIN
    SELECT * INTO running FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'court.answer'
        AND t.done_at IS NULL AND t.cancelled_at IS NULL;
    SELECT greatest(1, (c.separation_ends_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        - (running.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) INTO days
    FROM cases c WHERE c.id = p_case AND c.separation_ends_at IS NOT NULL;
    IF running.id IS NULL OR days IS NULL OR days = running.length THEN
        RETURN;
    END IF;
    due := ((running.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + days + 1)::timestamp
        AT TIME ZONE 'Asia/Ho_Chi_Minh' - interval '1 microsecond';
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
    WHERE id = running.id;
    INSERT INTO tasks SELECT t.* FROM clock_rules r
    CROSS JOIN LATERAL jsonb_populate_record(running, jsonb_build_object('id', gen_random_uuid(), 'row_version', 1,
        'length', days, 'due_at', due, 'extension', NULL, 'escalated_at', NULL, 'created_at', p_now, 'escalate_at',
        due - least(make_interval(hours => r.escalate_before_hours), (due - running.starts_at) / 2))) t
    WHERE r.code = running.rule_code AND r.valid_from = running.rule_valid_from;
END
$$
--;
ALTER FUNCTION case_court_follows OWNER TO childcare_gate
--;
CREATE FUNCTION case_separation_follows(p_case uuid, p_clocks jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- After what another commune decided or marked as an error: the head of the case and the clocks of a separation
-- agree at once with its steps, as they would had the commune that leads done it (ADR 0022). `p_clocks` are the tasks as
-- they would run while it is in force. For functions of the gate alone.
DECLARE
    led cases;
    apart case_steps;
    until timestamptz;
    ended timestamptz;
    met timestamptz;
    clock record;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    SELECT * INTO apart FROM case_steps s WHERE s.case_id = p_case AND s.kind = 'separation' AND s.in_error_at IS NULL
    ORDER BY s.position DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT max(s.happened_at) FILTER (WHERE s.kind <> 'separation_extended'), max(s.ends_at) INTO ended, until
    FROM case_steps s WHERE s.case_id = p_case AND s.kind IN ('separation_extended', 'separation_cancelled', 'placement')
        AND apart.id = ANY (s.stands_on) AND case_step_counts(s);
    UPDATE cases SET separation_id = CASE WHEN ended IS NULL THEN apart.id END,
        separation_ends_at = CASE WHEN ended IS NULL THEN greatest(until, apart.ends_at) END
    WHERE id = p_case;
    FOR clock IN SELECT c.rule, c.meets, t.made FROM (VALUES ('separation.end', 'court_request'), ('separation.place', 'placement'))
            c (rule, meets) LEFT JOIN (SELECT jsonb_array_elements(p_clocks) AS made) t ON t.made ->> 'rule_code' = c.rule LOOP
        -- Who returned without having been placed was not placed: that clock is wanted no more, and was not met.
        SELECT CASE clock.rule WHEN 'separation.end' THEN coalesce(ended, max(s.happened_at))
            ELSE max(s.happened_at) FILTER (WHERE ended IS NULL OR s.happened_at <= ended) END
        INTO met FROM case_steps s
        WHERE s.case_id = p_case AND s.kind = clock.meets AND s.happened_at >= apart.happened_at AND case_step_counts(s)
            AND NOT EXISTS (SELECT FROM case_steps r WHERE r.case_id = p_case AND (r.kind IN ('court_refused', 'court_withdrawn')
                    -- A decision that ended the court's order has the reason for its note.
                    OR r.kind = 'court_granted' AND r.note IS NOT NULL)
                AND r.about_id = s.id AND case_step_holds(r));
        IF met IS NOT NULL THEN
            UPDATE tasks SET done_at = met, done_recorded_at = p_now, row_version = row_version + 1
            WHERE subject_id = p_case AND rule_code = clock.rule AND done_at IS NULL AND cancelled_at IS NULL
                AND starts_at <= met;
        END IF;
        IF ended IS NOT NULL THEN
            UPDATE tasks SET cancelled_at = greatest(ended, starts_at), cancel_reason = 'no_longer_due', row_version = row_version + 1
            WHERE subject_id = p_case AND rule_code = clock.rule AND done_at IS NULL AND cancelled_at IS NULL;
        ELSIF met IS NULL AND clock.made IS NOT NULL AND led.status NOT IN ('closed', 'entered_in_error') AND NOT EXISTS (SELECT FROM case_steps s
                WHERE s.case_id = p_case AND s.kind = 'child_died' AND s.in_error_at IS NULL) THEN
            UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
            WHERE subject_id = p_case AND rule_code = clock.rule AND done_at IS NULL AND cancelled_at IS NULL
                AND (starts_at <> (clock.made ->> 'starts_at')::timestamptz
                    OR rule_code = 'separation.end' AND length IS DISTINCT FROM (clock.made ->> 'length')::int);
            INSERT INTO tasks SELECT * FROM jsonb_populate_record(NULL::tasks, clock.made || jsonb_build_object(
                'subject_kind', 'case', 'subject_id', p_case, 'unit_id', led.unit_id, 'village_id', led.village_id,
                'commune_id', led.commune_id, 'district_id', led.district_id, 'province_id', led.province_id,
                'origin_unit_id', access.setting_int('app.commune_id'), 'done_at', NULL, 'cancelled_at', NULL))
            WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = clock.rule
                AND t.done_at IS NULL AND t.cancelled_at IS NULL);
        END IF;
    END LOOP;
    PERFORM case_court_follows(p_case, p_now);
END
$$
--;
ALTER FUNCTION case_separation_follows OWNER TO childcare_gate
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
    WHERE c.status NOT IN ('closed', 'entered_in_error')
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
