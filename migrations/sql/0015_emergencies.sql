-- The 12 hours of a case, whoever wrote into it: the commune of a carer, or of the report that the case grew from.
CREATE FUNCTION case_protections(p_case uuid) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- When the child of a case was protected, as `protections` of cases/file/clocks.py reads it off the steps.
    SELECT CASE WHEN s.kind IN ('emergency_measure', 'separation') THEN s.happened_at ELSE s.protected_at END
    FROM case_steps s WHERE s.case_id = p_case
        AND (s.kind IN ('emergency_measure', 'separation') OR s.protected_at IS NOT NULL) AND case_step_holds(s)
$$
--;
ALTER FUNCTION case_protections OWNER TO childcare_gate
--;
CREATE FUNCTION case_emergencies(p_case uuid) RETURNS SETOF timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- When each emergency of a case was told, as `emergencies` there: by reports, what was added to them, and care.
    SELECT s.informed_at FROM case_steps s WHERE s.case_id = p_case AND s.informed_at IS NOT NULL
        AND s.kind IN ('opening', 'report_joined', 'report_updated', 'placement_visit', 'placement_ended')
        AND case_step_holds(s)
$$
--;
ALTER FUNCTION case_emergencies OWNER TO childcare_gate
--;
CREATE FUNCTION case_emergency_follows(p_case uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The 12 hours of a case agree with its steps, as they would had the commune that leads recorded them
-- (cases/file/clocks.py): the earliest emergency that nothing met runs. Says whether the case is one, for its head:
-- a second UPDATE of a case would look its report up, and lock it after the case. For functions of the gate alone.
DECLARE
    running tasks;
    unmet timestamptz;
    met timestamptz;
    died boolean;
    may_run boolean;
    may_end boolean;
BEGIN
    SELECT * INTO running FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'emergency.intervene'
        AND t.done_at IS NULL AND t.cancelled_at IS NULL FOR UPDATE;
    SELECT bool_or(s.kind = 'child_died' AND case_step_holds(s)) IS TRUE,
        -- Of a closed case they run where it can be opened again.
        c.status <> 'closed' OR bool_or(s.kind = 'turned_sixteen' AND case_step_holds(s)) IS NOT TRUE,
        c.status = 'ready_to_close'
    INTO died, may_run, may_end
    FROM cases c JOIN case_steps s ON s.case_id = c.id WHERE c.id = p_case GROUP BY c.id, c.status;
    SELECT min(e) INTO unmet FROM case_emergencies(p_case) e
    WHERE NOT EXISTS (SELECT FROM case_protections(p_case) p WHERE p >= e);
    SELECT max(p) INTO met FROM case_protections(p_case) p WHERE NOT died;
    IF unmet IS NOT NULL AND running.starts_at IS DISTINCT FROM unmet AND may_run AND NOT died THEN
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
        WHERE id = running.id;
        PERFORM case_clock_of_hours(p_case, 'emergency.intervene', unmet, NULL);
    ELSIF unmet IS NULL AND met >= running.starts_at THEN
        UPDATE tasks SET done_at = met, done_recorded_at = p_now, row_version = row_version + 1 WHERE id = running.id;
    ELSIF unmet IS NULL THEN
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'no_longer_due', row_version = row_version + 1
        WHERE id = running.id;
    END IF;
    -- As `in_danger` there: what nothing answered keeps the case from ending, and the leader's task with it.
    IF may_end AND unmet IS NOT NULL AND NOT died THEN
        UPDATE tasks SET cancelled_at = clock_stops_at(starts_at, unmet, p_now), cancel_reason = 'no_longer_due', row_version = row_version + 1
        WHERE subject_id = p_case AND rule_code = 'case.close' AND done_at IS NULL AND cancelled_at IS NULL;
    ELSIF may_end AND NOT EXISTS (SELECT FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'case.close'
            AND t.done_at IS NULL AND t.cancelled_at IS NULL) THEN
        -- The danger was told in error, or was met elsewhere: the leader's days go on as they ran.
        UPDATE tasks SET cancelled_at = NULL, cancel_reason = NULL, row_version = row_version + 1
        WHERE id = (SELECT t.id FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'case.close'
            AND t.cancel_reason = 'no_longer_due' ORDER BY t.cancelled_at DESC, t.id DESC LIMIT 1);
    END IF;
    RETURN EXISTS (SELECT FROM case_emergencies(p_case));
END
$$
--;
ALTER FUNCTION case_emergency_follows OWNER TO childcare_gate
