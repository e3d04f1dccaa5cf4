-- What a province reports of alternative care before 25 December each year, and when it is asked to: numbers and its words.
CREATE TABLE province_care_reports (
    id UUID NOT NULL,
    year INTEGER NOT NULL,
    asked_by TEXT,
    words TEXT NOT NULL,
    since_on DATE NOT NULL,
    until_on DATE NOT NULL,
    counts JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    entered_in_error_at TIMESTAMP WITH TIME ZONE,
    entered_in_error_by UUID,
    entered_in_error_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT province_care_reports_pkey PRIMARY KEY (id),
    CONSTRAINT province_care_reports_holder_check CHECK (commune_id IS NULL AND province_id IS NOT NULL),
    CONSTRAINT province_care_reports_days_check CHECK (since_on <= until_on),
    CONSTRAINT province_care_reports_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE UNIQUE INDEX province_care_reports_yearly_idx ON province_care_reports (province_id, year)
    WHERE asked_by IS NULL AND entered_in_error_at IS NULL
--;
CREATE INDEX province_care_reports_province_id_idx ON province_care_reports (province_id, id)
--;
-- No commune holds one: whoever asks there finds none.
CALL access.protect('province_care_reports', ARRAY['commune', 'district', 'province'])
--;
-- It goes to the ministry.
CREATE POLICY of_country ON province_care_reports FOR SELECT TO childcare_central USING (true)
--;
GRANT SELECT ON province_care_reports TO childcare_commune, childcare_district, childcare_province, childcare_central
--;
GRANT INSERT ON province_care_reports TO childcare_province
--;
-- What was sent stays as it was sent.
GRANT UPDATE (entered_in_error_at, entered_in_error_by, entered_in_error_reason, row_version) ON province_care_reports
    TO childcare_province
--;
-- The task climbs to the ministry, which sees no other.
CREATE POLICY of_provinces ON tasks FOR SELECT TO childcare_central USING (subject_kind = 'province_care_report')
--;
CREATE POLICY of_provinces ON task_extensions FOR SELECT TO childcare_central
    USING (EXISTS (SELECT FROM tasks t WHERE t.id = task_extensions.task_id))
--;
GRANT SELECT ON tasks, task_extensions TO childcare_central
--;
-- squawk-ignore require-concurrent-index-creation -- nothing was released without it: the table is empty
CREATE INDEX tasks_of_provinces_idx ON tasks (due_at, id)
    WHERE subject_kind = 'province_care_report' AND done_at IS NULL AND cancelled_at IS NULL
--;
CREATE FUNCTION care_of_province(p_day date) RETURNS TABLE (placement_id uuid, child uuid, "position" integer,
    commune_id integer, form text, temporary boolean, begins_on date, ended_on date, ground text, goes_on boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- All care that began until a day and counts: by families of the caller's province, and at facilities of the children
    -- whose cases its communes lead. With a family it began when that received the child, and not when it was decided;
    -- where it goes on from care with the same one, when that began. `goes_on`: other care so goes on from it. Numbers
    -- are made of it, so sealed cases are in it. For functions of the gate alone.
    SELECT p.id, coalesce(c.child_id, c.id), s.position, p.carer_commune_id, p.form, p.temporary, g.begins_on,
        e.ended_on, e.ground,
        EXISTS (SELECT FROM case_steps n JOIN case_placements q ON q.id = n.id
            WHERE n.case_id = s.case_id AND n.about_id = p.id AND q.starts_on <= p_day AND case_step_counts(n))
    FROM case_placements p JOIN case_steps s ON s.id = p.id JOIN cases c ON c.id = s.case_id
    LEFT JOIN case_steps b ON b.id = s.about_id AND b.kind = 'placement' AND case_step_counts(b)
    CROSS JOIN LATERAL (SELECT CASE WHEN p.form = 'facility'
        THEN (SELECT min(q.starts_on) FROM case_placements q WHERE q.id IN (p.id, b.id))
        ELSE (SELECT min((h.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) FROM case_steps h
            WHERE h.case_id = s.case_id AND h.kind = 'placement_handover' AND h.in_error_at IS NULL
                AND h.about_id IN (p.id, b.id))
        END AS begins_on) g
    LEFT JOIN LATERAL (SELECT d.ended_on, d.ground FROM case_placement_ends d JOIN case_steps t ON t.id = d.id
        WHERE d.placement_id = p.id AND placement_end_counts(d.ground, t) AND d.ended_on <= p_day LIMIT 1) e ON true
    WHERE (p.carer_commune_id = ANY (ARRAY(SELECT u.id FROM units u WHERE u.parent_id = access.setting_int('app.province_id')))
            OR p.carer_commune_id IS NULL AND p.province_id = access.setting_int('app.province_id'))
        AND p.starts_on <= p_day AND g.begins_on <= p_day AND case_step_counts(s) AND c.status <> 'entered_in_error'
$$
--;
ALTER FUNCTION care_of_province OWNER TO childcare_gate
--;
CREATE FUNCTION province_had_care(p_since date, p_until date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a child was in care in the caller's province at any time from one day to another.
    SELECT EXISTS (SELECT FROM care_of_province(p_until) c WHERE NOT c.goes_on AND (c.ended_on IS NULL OR c.ended_on >= p_since))
$$
--;
ALTER FUNCTION province_had_care OWNER TO childcare_gate
--;
CREATE FUNCTION province_care_year(p_subject uuid, p_year integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The first year from one on whose report the caller's province has not sent, which its communes do not see; null
    -- while the clock of one runs.
    SELECT min(y) FROM generate_series(p_year, p_year + 2) y
    WHERE NOT EXISTS (SELECT FROM province_care_reports r WHERE r.province_id = access.setting_int('app.province_id')
            AND r.year = y AND r.asked_by IS NULL AND r.entered_in_error_at IS NULL)
        AND NOT EXISTS (SELECT FROM tasks t WHERE t.subject_id = p_subject AND t.rule_code = 'care.yearly_report'
            AND t.done_at IS NULL AND t.cancelled_at IS NULL)
$$
--;
ALTER FUNCTION province_care_year OWNER TO childcare_gate
--;
CREATE FUNCTION told_in_fives(p_count integer) RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    -- A number of children as these reports tell it: by fives, rounded down, so that two of them, told on whichever days,
    -- are equal or five apart at least; none from 1 to 4, and zero as it is.
    SELECT indicator_told(p_count) / 5 * 5
$$
--;
GRANT EXECUTE ON FUNCTION told_in_fives TO childcare_gate
--;
CREATE FUNCTION counts_told(p_counts jsonb) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    -- The parts of a whole as they are told: none that is not zero, unless each of them may be told (ADR 0031); and of a
    -- whole from 1 to 4 none at all, since which are zero may leave one child for each of the others.
    SELECT jsonb_object_agg(w.key, CASE WHEN w.all_told OR w.n = 0 AND w.whole IS NOT NULL THEN told_in_fives(w.n) END)
    FROM (SELECT key, value::int AS n, indicator_told((sum(value::int) OVER ())::int) AS whole,
            bool_and(indicator_told(value::int) IS NOT NULL) OVER () AS all_told
        FROM jsonb_each_text(p_counts)) w
$$
--;
GRANT EXECUTE ON FUNCTION counts_told TO childcare_gate
--;
CREATE FUNCTION province_care_counts(p_since date, p_until date) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What a province reports of alternative care from one day to another (TT 14/2020, Điều 15.1 a6): children in care on the
-- last of them, those whose care began and ended, and which communes sent what reports of half years that ended since.
-- Numbers of children alone, by fives, also of those whose cases are sealed, and no number from 1 to 4, nor what would
-- leave one to be reckoned: how many families have follows from how many facilities have.
DECLARE
    mine integer[] := ARRAY(SELECT u.id FROM units u WHERE u.parent_id = access.setting_int('app.province_id'));
    numbers jsonb;
    halves jsonb;
BEGIN
    WITH care AS MATERIALIZED (
        SELECT * FROM care_of_province(p_until)
    ), held AS (
        -- A child that goes from one to another may be with both for some days: it is with the last.
        SELECT DISTINCT ON (c.child) c.child, c.placement_id, c.form, c.temporary FROM care c
        WHERE NOT c.goes_on AND c.ended_on IS NULL
        ORDER BY c.child, c.begins_on DESC, c.position DESC
    ), fared AS (
        SELECT count(*) FILTER (WHERE f.assessed_on >= p_since) AS assessed, count(*) FILTER (WHERE f.due_on < p_until) AS overdue,
            count(*) AS families
        FROM held h JOIN care_by_families(mine, p_until) f ON f.placement_id = h.placement_id
    ), n AS (
        SELECT count(*)::int AS children, count(*) FILTER (WHERE h.form = 'relative') AS relative,
            count(*) FILTER (WHERE h.form = 'non_relative') AS non_relative,
            count(*) FILTER (WHERE h.form = 'facility') AS facility, count(*) FILTER (WHERE h.temporary) AS temporary
        FROM held h
    ), moved AS (
        SELECT count(DISTINCT c.child) FILTER (WHERE c.begins_on >= p_since)::int AS begun,
            count(DISTINCT c.child) FILTER (WHERE c.ended_on >= p_since)::int AS ended
        FROM care c
    )
    SELECT jsonb_build_object(
        'in_care', told_in_fives(n.children),
        'by_form', counts_told(jsonb_build_object('relative', n.relative, 'non_relative', n.non_relative, 'facility', n.facility)),
        'by_duration', counts_told(jsonb_build_object('temporary', n.temporary, 'lasting', n.children - n.temporary)),
        'assessed', counts_told(jsonb_build_object(
            'n', f.assessed, 'rest', f.families - f.assessed, 'facility', n.facility)) -> 'n',
        'overdue', counts_told(jsonb_build_object(
            'n', f.overdue, 'rest', f.families - f.overdue, 'facility', n.facility)) -> 'n',
        'begun', told_in_fives(m.begun), 'ended', told_in_fives(m.ended),
        'ended_by_ground', CASE WHEN told_in_fives(m.ended) IS NOT NULL
            THEN (SELECT coalesce(counts_told(jsonb_object_agg(g.ground, g.children)), '{}') FROM (
                SELECT c.ground, count(DISTINCT c.child) AS children FROM care c WHERE c.ended_on >= p_since GROUP BY 1) g) END)
    INTO numbers FROM n CROSS JOIN fared f CROSS JOIN moved m;
    -- Communes that had a child with a family in it, as the clock of their report has it, and those that sent one.
    SELECT coalesce(jsonb_agg(jsonb_build_object('year', h.year, 'half', h.half, 'sent', cardinality(s.sent),
        'not_sent', (SELECT count(DISTINCT c.commune_id) FROM care_of_province(h.ends) c
            WHERE NOT c.goes_on AND (c.ended_on IS NULL OR c.ended_on >= h.begins)
                AND c.commune_id <> ALL (s.sent))) ORDER BY h.ends), '[]')
    INTO halves
    FROM (SELECT extract(year FROM m)::int AS year, (extract(month FROM m)::int + 5) / 6 AS half, m::date AS begins,
            (m + interval '6 months - 1 day')::date AS ends
        FROM generate_series(date_trunc('year', p_since::timestamp), p_until::timestamp, interval '6 months') m) h
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT r.commune_id FROM care_reports r
        WHERE r.commune_id = ANY (mine) AND r.year = h.year AND r.half = h.half) AS sent) s
    WHERE h.ends BETWEEN p_since AND p_until;
    RETURN numbers || jsonb_build_object('half_years', halves);
END
$$
--;
ALTER FUNCTION province_care_counts OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION province_care_counts, province_had_care TO childcare_province
--;
GRANT EXECUTE ON FUNCTION province_care_year TO childcare_commune, childcare_province
