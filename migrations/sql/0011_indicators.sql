-- Indicators computed from records, as numbers only. Their functions belong to the gate, since the country has no
-- privilege on children and cases and still counts them. Each first refuses a territory that is not the caller's:
-- a commune asks for itself, a province inside itself, the country anywhere. `p_communes` empty means the whole
-- province, both empty the whole country. What would leave a count that is kept back to be reckoned is kept back, too.
CREATE FUNCTION indicator_territory_check(p_province integer, p_communes integer[]) RETURNS void
LANGUAGE plpgsql STABLE AS $$
DECLARE
    commune integer := access.setting_int('app.commune_id');
    province integer := access.setting_int('app.province_id');
BEGIN
    IF commune IS NOT NULL AND p_communes IS DISTINCT FROM ARRAY[commune]
        OR province IS NOT NULL AND p_province IS DISTINCT FROM province THEN
        RAISE EXCEPTION 'the territory is not the caller''s' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$
--;
CREATE FUNCTION indicator_told(p_count integer) RETURNS integer LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    -- A count as it is told. Above the commune one from 1 to 4 would point at children, and is kept back; zero is told.
    SELECT CASE WHEN p_count NOT BETWEEN 1 AND 4 OR current_setting('role') = 'childcare_commune' THEN p_count END
$$
--;
CREATE FUNCTION indicator_abused_children_supported(
    p_province integer, p_communes integer[], p_from timestamptz, p_until timestamptz, p_now timestamptz
) RETURNS TABLE (
    supported integer, decided integer, not_yet_due integer, emergency_late integer, plan_late integer,
    service_late integer, without_case integer
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Abused children supported in time. Of the children whose report of abuse was received in the period and not found
-- to be unfounded (dismissed, withdrawn, entered in error): supported are those of whose emergencies each, where there
-- was one, was met by a measure within the hours of the clock `emergency.intervene` as it stood on the day of the receipt
-- (NĐ 56/2017, Điều 26.3, 31.2: 12), counted from when the information came that it rests on (`intakes.emergencies`: the
-- report itself, what was new where it was put aside and taken up again, what was added to it), whose plan was
-- approved with no step of it late (Điều 28.1, 28.4: the clocks that ran up to the first approval), and who have at least
-- one service begun. A measure of before says nothing of what came after it.
-- A child that missed one of these is decided and not supported; one for whom something is still to come and nothing
-- is late is not yet due. So is one whose plan came after a provisional term: it may end later, once the year's days off
-- are announced. A service is late when the first day that the plan set for one has passed.
BEGIN
    PERFORM indicator_territory_check(p_province, p_communes);
    RETURN QUERY
    WITH reported AS (
        -- A report stands in the case that was opened on it for the child, or that it joined.
        SELECT ic.id AS reported_id, i.id AS intake_id, i.emergencies, c.id AS case_id, c.child_id,
            c.first_plan_approved_at, c.service_begun_at, c.plan_id,
            coalesce(c.commune_id, ic.commune_id) AS commune_id, coalesce(c.province_id, ic.province_id) AS province_id
        FROM intakes i
        JOIN intake_children ic ON ic.intake_id = i.id
        LEFT JOIN cases o ON o.intake_child_id = ic.id AND o.status <> 'entered_in_error'
        LEFT JOIN LATERAL (SELECT r.case_id FROM case_reports p JOIN case_steps r ON r.id = p.id
            WHERE o.id IS NULL AND p.intake_id = i.id AND r.kind = 'report_joined' AND r.about_id = ic.id
                AND r.in_error_at IS NULL
            LIMIT 1) joined ON true
        LEFT JOIN cases c ON c.id = coalesce(o.id, joined.case_id) AND c.status <> 'entered_in_error'
        WHERE i.received_at >= p_from AND i.received_at < p_until
            AND (i.category = 'abused' OR cardinality(i.harm_kinds) > 0)
            AND i.status NOT IN ('dismissed', 'withdrawn', 'entered_in_error')
    ), held AS (
        SELECT r.* FROM reported r
        WHERE (p_province IS NULL OR r.province_id = p_province)
            AND (p_communes IS NULL OR r.commune_id = ANY (p_communes))
    ), overrun AS (
        -- Terms of a plan that were passed: certain ones make it late, provisional ones leave it undecided.
        SELECT h.reported_id, bool_or(NOT t.provisional) AS certain, bool_or(t.provisional) AS provisional
        FROM held h JOIN tasks t ON t.subject_id = h.case_id
        WHERE t.rule_code IN ('plan.submit', 'plan.decide') AND t.cancelled_at IS NULL
            AND (h.first_plan_approved_at IS NULL OR t.starts_at <= h.first_plan_approved_at)
            AND coalesce(t.done_at, p_now) > t.due_at
        GROUP BY h.reported_id
    ), protected AS (
        -- What protected the child: at the initial assessment of the report, or in the case. Nothing of a report without
        -- an emergency is asked for.
        SELECT h.reported_id, m.happened_at FROM held h
        JOIN intake_assessments a ON a.intake_id = h.intake_id AND a.entered_in_error_at IS NULL
        JOIN intake_safety_measures m ON m.assessment_id = a.id
        WHERE cardinality(h.emergencies) > 0
        UNION ALL
        SELECT h.reported_id, CASE WHEN s.kind IN ('emergency_measure', 'separation') THEN s.happened_at ELSE s.protected_at END
        FROM held h JOIN case_steps s ON s.case_id = h.case_id AND s.in_error_at IS NULL
            AND (s.kind IN ('emergency_measure', 'separation') OR s.protected_at IS NOT NULL)
        WHERE cardinality(h.emergencies) > 0 AND NOT EXISTS (SELECT FROM case_steps b
            WHERE b.id = ANY (s.stands_on) AND b.in_error_at IS NOT NULL)
    ), emergencies AS (
        SELECT h.reported_id, since, min(p.happened_at) AS protected_at, coalesce(min(p.happened_at), p_now) > since
            + (SELECT make_interval(hours => r.length) FROM clock_rules r
                WHERE r.code = 'emergency.intervene' AND r.unit = 'hours'
                    AND r.valid_from <= (since AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                    AND (r.valid_to IS NULL OR r.valid_to >= (since AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
                ORDER BY r.valid_from DESC LIMIT 1) AS is_late
        FROM held h CROSS JOIN LATERAL unnest(h.emergencies) since
        LEFT JOIN protected p ON p.reported_id = h.reported_id AND p.happened_at >= since
        GROUP BY h.reported_id, since
    ), facts AS (
        SELECT h.*, coalesce(o.certain, false) AS plan_is_late, coalesce(o.provisional, false) AS plan_is_undecided,
            (SELECT min(s.starts_on) FROM case_plan_services s WHERE s.plan_id = h.plan_id) AS service_due_on,
            e.is_late AS emergency_is_late, coalesce(e.is_met, true) AS emergency_is_met
        FROM held h LEFT JOIN overrun o USING (reported_id)
        LEFT JOIN (SELECT g.reported_id, bool_or(g.is_late) AS is_late, bool_and(g.protected_at IS NOT NULL) AS is_met
            FROM emergencies g GROUP BY g.reported_id) e USING (reported_id)
    ), judged AS (
        SELECT f.*, f.service_begun_at IS NULL
                AND f.service_due_on < (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS service_is_late,
            f.emergency_is_met AND NOT f.plan_is_undecided
                AND f.first_plan_approved_at IS NOT NULL AND f.service_begun_at IS NOT NULL AS is_complete
        FROM facts f
    ), children_of AS (
        -- A child reported twice is one child, and supported only if every report of it was answered in time.
        SELECT coalesce(j.child_id, j.case_id, j.reported_id) AS child,
            bool_or(coalesce(j.emergency_is_late, false)) AS emergency_is_late,
            bool_or(j.plan_is_late) AS plan_is_late, bool_or(coalesce(j.service_is_late, false)) AS service_is_late,
            bool_and(j.is_complete) AS is_complete, bool_and(j.case_id IS NULL) AS has_no_case
        FROM judged j GROUP BY 1
    ), told AS (
        SELECT c.*, c.emergency_is_late OR c.plan_is_late OR c.service_is_late AS is_late FROM children_of c
    )
    SELECT CASE WHEN n.both_told THEN n.supported END, indicator_told(n.decided), indicator_told(n.waiting),
        CASE WHEN n.all_told OR n.emergency = 0 THEN n.emergency END, CASE WHEN n.all_told OR n.plan = 0 THEN n.plan END,
        CASE WHEN n.all_told OR n.service = 0 THEN n.service END, indicator_told(n.without)
    FROM (
        -- Where all the late ones missed the same, their number is that count: so of the three none is told alone.
        SELECT m.*, m.both_told AND num_nulls(
                indicator_told(m.emergency), indicator_told(m.plan), indicator_told(m.service)) = 0 AS all_told
        FROM (
            SELECT l.*, num_nulls(indicator_told(l.supported), indicator_told(l.decided - l.supported)) = 0 AS both_told
            FROM (
                SELECT count(*) FILTER (WHERE t.is_complete AND NOT t.is_late)::int AS supported,
                    count(*) FILTER (WHERE t.is_complete OR t.is_late)::int AS decided,
                    count(*) FILTER (WHERE NOT t.is_complete AND NOT t.is_late)::int AS waiting,
                    count(*) FILTER (WHERE t.emergency_is_late)::int AS emergency,
                    count(*) FILTER (WHERE t.plan_is_late)::int AS plan,
                    count(*) FILTER (WHERE t.service_is_late)::int AS service,
                    count(*) FILTER (WHERE t.has_no_case)::int AS without
                FROM told t
            ) l
        ) m
    ) n;
END
$$
--;
CREATE FUNCTION indicator_special_circumstance_share(p_province integer, p_communes integer[], p_day date, p_today date)
RETURNS TABLE (in_special integer, registered integer, covered integer, expected integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Share of children in special circumstances (Luật Trẻ em, Điều 10): of the registered children under 16 on the day,
-- those with at least one group in force. A birthday known by year alone is its last possible day, as the registry
-- keeps it, so whoever may still be a child is one.
-- Coverage: of the smallest units in force today, the villages of a commune or the commune itself where none are known,
-- those with at least one registered child under 16. Full coverage does not prove that every child is registered;
-- anything less proves that the register is not complete, and then the share says nothing about the territory.
BEGIN
    PERFORM indicator_territory_check(p_province, p_communes);
    RETURN QUERY
    WITH registered_children AS MATERIALIZED (
        SELECT c.id, c.village_id, c.commune_id, EXISTS (SELECT FROM child_circumstances k
            WHERE k.child_id = c.id AND k.kind = 'special' AND k.entered_in_error_at IS NULL
                AND k.from_on <= p_day AND (k.ended_on IS NULL OR k.ended_on > p_day)) AS is_special
        FROM children c
        WHERE (p_province IS NULL OR c.province_id = p_province)
            AND (p_communes IS NULL OR c.commune_id = ANY (p_communes))
            AND c.born_on > (p_day - interval '16 years')::date
            AND (c.died_on IS NULL OR c.died_on > p_day)
    ), communes AS (
        SELECT u.id FROM units u
        WHERE u.level = 'commune' AND (p_province IS NULL OR u.parent_id = p_province)
            AND (p_communes IS NULL OR u.id = ANY (p_communes))
            AND (u.valid_from IS NULL OR u.valid_from <= p_today) AND (u.valid_to IS NULL OR u.valid_to >= p_today)
    ), smallest AS (
        SELECT v.id FROM communes c JOIN units v ON v.parent_id = c.id AND v.level = 'village'
            AND (v.valid_from IS NULL OR v.valid_from <= p_today) AND (v.valid_to IS NULL OR v.valid_to >= p_today)
        UNION ALL
        SELECT c.id FROM communes c
        WHERE NOT EXISTS (SELECT FROM units v WHERE v.parent_id = c.id AND v.level = 'village'
            AND (v.valid_from IS NULL OR v.valid_from <= p_today) AND (v.valid_to IS NULL OR v.valid_to >= p_today))
    ), seen AS (
        SELECT village_id AS id FROM registered_children UNION SELECT commune_id FROM registered_children
    )
    SELECT CASE WHEN n.special = 0 OR indicator_told(n.registered - n.special) IS NOT NULL THEN indicator_told(n.special) END,
        n.registered,
        (SELECT count(*)::int FROM smallest s JOIN seen USING (id)), (SELECT count(*)::int FROM smallest)
    FROM (SELECT count(*) FILTER (WHERE r.is_special)::int AS special, count(*)::int AS registered
        FROM registered_children r) n;
END
$$
--;
ALTER FUNCTION indicator_abused_children_supported(integer, integer[], timestamptz, timestamptz, timestamptz)
    OWNER TO childcare_gate
--;
ALTER FUNCTION indicator_special_circumstance_share(integer, integer[], date, date) OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION indicator_territory_check(integer, integer[]), indicator_told(integer) TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION
    indicator_abused_children_supported(integer, integer[], timestamptz, timestamptz, timestamptz),
    indicator_special_circumstance_share(integer, integer[], date, date)
    TO childcare_commune, childcare_province, childcare_central
