-- What units promise, how a task gets more time, and how those above are told.
ALTER TABLE unit_terms ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
--;
CREATE POLICY owner ON unit_terms TO childcare_owner USING (true) WITH CHECK (true)
--;
CREATE POLICY gate ON unit_terms TO childcare_gate USING (true)
--;
-- A promise is public: whoever makes a task for another unit reckons by that unit's own.
CREATE POLICY everybody ON unit_terms FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline USING (true)
--;
CREATE POLICY commune ON unit_terms FOR INSERT TO childcare_commune
    WITH CHECK (unit_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
CREATE POLICY province ON unit_terms FOR INSERT TO childcare_province
    WITH CHECK (unit_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
GRANT SELECT ON unit_terms TO childcare_village, childcare_commune, childcare_commune_granted, childcare_district,
    childcare_province, childcare_central, childcare_hotline, childcare_gate
--;
GRANT INSERT ON unit_terms TO childcare_commune, childcare_province
--;
CALL access.protect('task_extensions', ARRAY[]::text[])
--;
-- Whoever sees a task sees what was said about it, also once the task has moved with its case.
CREATE POLICY with_its_task ON task_extensions TO childcare_commune, childcare_district, childcare_province
    USING (EXISTS (SELECT FROM tasks t WHERE t.id = task_extensions.task_id))
    WITH CHECK (EXISTS (SELECT FROM tasks t WHERE t.id = task_extensions.task_id))
--;
GRANT SELECT ON task_extensions TO childcare_commune, childcare_district, childcare_province
--;
GRANT INSERT ON task_extensions TO childcare_commune, childcare_province
--;
CREATE FUNCTION extend_task(p_task uuid, p_version integer, p_extension integer, p_due timestamptz,
    p_provisional boolean, p_escalate timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Give a running task of the caller's own commune or province more time, as far as its clock allows that at all. The day
-- is reckoned by the calendar of working days; beyond the longest run of days off it is nobody's.
BEGIN
    UPDATE tasks t SET extension = p_extension, due_at = p_due, provisional = p_provisional, escalate_at = p_escalate,
        escalated_at = NULL, row_version = t.row_version + 1
    FROM clock_rules r
    WHERE t.id = p_task AND t.row_version = p_version AND t.done_at IS NULL AND t.cancelled_at IS NULL
        AND t.subject_id <> ALL (kept_from_me()) AND r.code = t.rule_code AND r.valid_from = t.rule_valid_from
        AND p_extension > coalesce(t.extension, 0) AND p_extension <= r.extension_length AND p_due > t.due_at AND p_escalate <= p_due
        AND p_due <= t.due_at + CASE r.unit WHEN 'hours' THEN make_interval(hours => p_extension)
            WHEN 'months' THEN make_interval(months => p_extension)
            WHEN 'days' THEN make_interval(days => p_extension)
            ELSE make_interval(days => 2 * p_extension + 16) END + interval '1 day'
        AND (t.commune_id = access.setting_int('app.commune_id')
            OR access.setting_int('app.commune_id') IS NULL AND t.province_id = access.setting_int('app.province_id'));
    RETURN FOUND;
END
$$
--;
ALTER FUNCTION extend_task OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION extend_task TO childcare_commune, childcare_province
--;
CREATE FUNCTION announce_escalations(p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Tasks that those above are to be told of go into the outbox, each once. Past a provisional term nobody is late yet.
DECLARE
    announced integer;
BEGIN
    WITH climbing AS (
        SELECT t.id FROM tasks t
        WHERE t.done_at IS NULL AND t.cancelled_at IS NULL AND t.escalated_at IS NULL AND t.escalate_at <= p_now
            AND NOT (t.provisional AND t.due_at <= p_now) AND coalesce(t.commune_id, t.province_id) IS NOT NULL
        ORDER BY t.escalate_at LIMIT 500 FOR UPDATE SKIP LOCKED
    ), marked AS (
        UPDATE tasks t SET escalated_at = p_now FROM climbing c WHERE t.id = c.id
        RETURNING t.id, t.rule_code, t.subject_kind, t.subject_id, t.escalates_to,
            coalesce(t.commune_id, t.province_id) AS unit_id
    )
    INSERT INTO outbox (id, event, payload, unit_id)
    SELECT gen_random_uuid(), 'task.escalated', jsonb_build_object('task_id', m.id, 'rule', m.rule_code,
        'subject_kind', m.subject_kind, 'subject_id', m.subject_id, 'escalates_to', m.escalates_to), m.unit_id
    FROM marked m;
    GET DIAGNOSTICS announced = ROW_COUNT;
    RETURN announced;
END
$$
--;
ALTER FUNCTION announce_escalations OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION announce_escalations TO childcare_worker
--;
CREATE FUNCTION promised_length(p_unit integer, p_code text, p_law integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The shorter length that a unit promises for a clock today, or null where the law's own stands: its newest word, as
    -- the product reads it (deadlines/promising). For functions of the gate alone, which learn only here whose clock it is.
    SELECT CASE WHEN w.length < p_law THEN w.length END
    FROM (SELECT t.length FROM unit_terms t
        WHERE t.unit_id = p_unit AND t.rule_code = p_code
            AND t.valid_from <= nullif(current_setting('app.today', true), '')::date
        ORDER BY t.promised_at DESC, t.id DESC LIMIT 1) w
$$
--;
ALTER FUNCTION promised_length OWNER TO childcare_gate
--;
CREATE FUNCTION case_clock_of_hours(p_case uuid, p_code text, p_from timestamptz, p_receipt timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Start a clock on a case, by what its office promises; one that runs already goes on. For functions of the gate
    -- alone, and for clocks of hours, so that no calendar is asked.
    INSERT INTO tasks (id, row_version, unit_id, village_id, commune_id, district_id, province_id, origin_unit_id,
        rule_code, rule_valid_from, article, subject_kind, subject_id, answers, escalates_to, as_soon_as_possible,
        starts_at, due_at, provisional, escalate_at, receipt_at, receipt_due_at, created_at, length)
    SELECT gen_random_uuid(), 1, c.unit_id, c.village_id, c.commune_id, c.district_id, c.province_id, c.unit_id,
        r.code, r.valid_from, r.article, 'case', c.id, r.answers, r.escalates_to, r.as_soon_as_possible,
        p_from, p_from + make_interval(hours => h.hours), false,
        p_from + make_interval(hours => h.hours)
            - least(make_interval(hours => r.escalate_before_hours), h.hours * interval '30 minutes'), p_receipt,
        p_receipt + make_interval(hours => h.hours), now(), h.promised
    FROM cases c
    -- A day before the first edition is judged by that, as `get_clock` of deadlines/queries.py does it.
    CROSS JOIN (SELECT k.* FROM clock_rules k CROSS JOIN LATERAL (SELECT (p_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) d
        WHERE k.code = p_code AND k.unit = 'hours' AND coalesce(k.valid_to, 'infinity') >= d.day
        ORDER BY k.valid_from > d.day, abs(k.valid_from - d.day) LIMIT 1) r
    CROSS JOIN LATERAL (SELECT p.promised, coalesce(p.promised, r.length) AS hours
        FROM (SELECT promised_length(c.commune_id, r.code, r.length) AS promised) p) h
    WHERE c.id = p_case AND c.status <> 'entered_in_error'
    ON CONFLICT DO NOTHING
$$
--;
ALTER FUNCTION case_clock_of_hours OWNER TO childcare_gate
