-- The other children in the care of who harmed one: the task of the carer's commune to see each of them at once (Luật Trẻ
-- em, Điều 69.2, 50). It tells how many there are, of cases that several communes lead; which, each case tells itself.
CREATE FUNCTION children_to_see(p_carers uuid[]) RETURNS TABLE (carer_id uuid, placement_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The children in care with some carers, each by the placement that holds, who are to be seen since the carer was found
    -- to have harmed another: nobody saw them since, nor were they separated. Who was found to be harmed too is moved out
    -- by a task of its own. A decision that ends the care by a harm of which a visit told before, or strikes the carer off,
    -- finds nothing new. Whom the carer received after that, since verified anew, is another matter. For functions of the
    -- gate alone.
    WITH RECURSIVE said AS MATERIALIZED (
        SELECT p.carer_id, s.case_id, s.about_id, s.kind, s.happened_at, s.recorded_at, v.child_seen,
            (v.carer_harmed_child OR e.ground = 'carer_harmed_child') IS TRUE AS harm
        FROM case_placements p JOIN case_steps g ON g.id = p.id
        JOIN case_steps s ON s.case_id = g.case_id AND s.about_id = p.id
            AND s.kind IN ('placement_handover', 'placement_visit', 'placement_ended')
        LEFT JOIN case_placement_visits v ON v.id = s.id LEFT JOIN case_placement_ends e ON e.id = s.id
        WHERE p.carer_id = ANY (p_carers) AND case_step_holds(s)
    ), harms AS (
        SELECT s.carer_id, s.case_id, s.happened_at, s.recorded_at FROM said s
        WHERE s.harm AND (s.kind = 'placement_visit' OR NOT EXISTS (SELECT FROM said b
            WHERE b.carer_id = s.carer_id AND b.case_id = s.case_id AND b.kind = 'placement_visit' AND b.harm))
        UNION ALL SELECT c.id, NULL, c.ended_at, c.ended_at FROM carers c
        WHERE c.id = ANY (p_carers) AND c.end_ground = 'harmed_a_child'
            AND NOT EXISTS (SELECT FROM said b WHERE b.carer_id = c.id AND b.harm)
    ), stay AS (
        SELECT p.carer_id, p.id AS placement_id, s.case_id, s.id, s.about_id
        FROM case_placements p JOIN case_steps s ON s.id = p.id
        WHERE p.carer_id IN (SELECT h.carer_id FROM harms h) AND placement_holds(p.id, 'infinity')
        UNION SELECT y.carer_id, y.placement_id, y.case_id, b.id, b.about_id
        FROM stay y JOIN case_steps b ON b.id = y.about_id AND case_step_counts(b)
    ), there AS (
        SELECT y.carer_id, y.placement_id, y.case_id, min(s.happened_at) AS received_at, min(s.recorded_at) AS recorded_at
        FROM stay y JOIN said s ON s.about_id = y.id AND s.kind = 'placement_handover'
        WHERE NOT EXISTS (SELECT FROM case_steps d
            WHERE d.case_id = y.case_id AND d.kind = 'child_died' AND case_step_holds(d))
        GROUP BY 1, 2, 3
    )
    SELECT t.carer_id, t.placement_id, min(greatest(h.happened_at, t.received_at))
    FROM there t JOIN harms h ON h.carer_id = t.carer_id AND h.case_id IS DISTINCT FROM t.case_id
        AND (t.received_at <= h.happened_at OR t.recorded_at <= h.recorded_at)
    WHERE NOT EXISTS (SELECT FROM said s JOIN stay y ON y.id = s.about_id
            WHERE y.placement_id = t.placement_id AND (s.harm OR s.child_seen AND s.happened_at >= h.happened_at))
        AND NOT EXISTS (SELECT FROM case_steps a WHERE a.case_id = t.case_id AND a.kind = 'separation'
            AND a.happened_at >= h.happened_at AND case_step_holds(a))
    GROUP BY 1, 2
$$
--;
ALTER FUNCTION children_to_see OWNER TO childcare_gate
--;
CREATE FUNCTION children_were_seen(p_carer uuid, p_since timestamptz) RETURNS TABLE (at timestamptz, died boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- When since a moment a child was last seen with a carer, left them or died, as long as another is found to have been
    -- harmed by then; nothing where that was an error. For functions of the gate alone.
    SELECT s.happened_at, s.kind = 'child_died' OR o.ground IS NOT DISTINCT FROM 'child_died'
    FROM case_placements p JOIN case_steps g ON g.id = p.id
    JOIN case_steps s ON s.case_id = g.case_id AND s.happened_at >= p_since AND s.happened_at >= g.happened_at
        AND (s.about_id = p.id AND s.kind IN ('placement_visit', 'placement_ended') OR s.kind IN ('separation', 'child_died'))
    LEFT JOIN case_placement_visits v ON v.id = s.id LEFT JOIN case_placement_ends o ON o.id = s.id
    WHERE p.carer_id = p_carer AND case_step_holds(s) AND v.child_seen IS DISTINCT FROM false
        -- The others are meant: neither who was found to be harmed by then, nor who had left before.
        AND NOT EXISTS (SELECT FROM case_placements q JOIN case_steps h ON h.about_id = q.id AND h.case_id = g.case_id
            LEFT JOIN case_placement_visits w ON w.id = h.id LEFT JOIN case_placement_ends e ON e.id = h.id
            WHERE q.carer_id = p_carer AND (w.carer_harmed_child OR e.ground = 'carer_harmed_child')
                AND h.happened_at <= p_since AND case_step_holds(h))
        AND NOT EXISTS (SELECT FROM case_placements q JOIN case_steps h ON h.about_id = q.id AND h.case_id = g.case_id
            JOIN case_placement_ends e ON e.id = h.id
            WHERE q.carer_id = p_carer AND h.position > g.position AND h.happened_at < p_since AND case_step_holds(h))
        AND (EXISTS (SELECT FROM carers c
                WHERE c.id = p_carer AND c.end_ground = 'harmed_a_child' AND c.ended_at <= p_since)
            OR EXISTS (SELECT FROM case_placements q JOIN case_steps h ON h.about_id = q.id
                LEFT JOIN case_placement_visits w ON w.id = h.id LEFT JOIN case_placement_ends e ON e.id = h.id
                WHERE q.carer_id = p_carer AND (w.carer_harmed_child OR e.ground = 'carer_harmed_child')
                    AND h.happened_at <= p_since AND case_step_holds(h)))
    ORDER BY 1 DESC, 2 LIMIT 1
$$
--;
ALTER FUNCTION children_were_seen OWNER TO childcare_gate
--;
CREATE FUNCTION carer_is_seen_to(p_carer uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The task to see every other child of who harmed one agrees with what the cases say: it runs from the first harm after
-- which one of them was not seen, for the commune of the carer, whoever leads the cases. The carer is locked: of two acts
-- at once the second sees the first. For functions of the gate alone.
DECLARE
    kept carers;
    running tasks;
    before uuid;
    unseen timestamptz;
    last record;
    met timestamptz;
    stopped timestamptz := p_now;
    reason text := 'starts_anew';
BEGIN
    SELECT * INTO kept FROM carers c WHERE c.id = p_carer FOR NO KEY UPDATE;
    SELECT min(t.since) INTO unseen FROM children_to_see(ARRAY[p_carer]) t;
    SELECT * INTO running FROM tasks t WHERE t.subject_id = p_carer AND t.rule_code = 'carer.see_all'
        AND t.done_at IS NULL AND t.cancelled_at IS NULL;
    IF running.starts_at IS NOT DISTINCT FROM unseen THEN
        RETURN;
    END IF;
    IF unseen IS NULL OR unseen > running.starts_at THEN
        SELECT * INTO last FROM children_were_seen(p_carer, running.starts_at);
        IF NOT last.died THEN
            met := last.at;
        ELSIF last.died THEN
            stopped := last.at;
            reason := 'child_died';
        ELSIF unseen IS NULL THEN
            reason := 'no_longer_due';
        END IF;
    END IF;
    UPDATE tasks SET row_version = row_version + 1, done_at = met,
        done_recorded_at = CASE WHEN met IS NOT NULL THEN p_now END,
        cancelled_at = CASE WHEN met IS NULL THEN clock_stops_at(starts_at, stopped, p_now) END,
        cancel_reason = CASE WHEN met IS NULL THEN reason END
    WHERE id = running.id;
    IF unseen IS NULL THEN
        RETURN;
    END IF;
    -- What ended it was an error: it goes on as it ran.
    SELECT t.id INTO before FROM tasks t WHERE t.subject_id = p_carer AND t.rule_code = 'carer.see_all'
        AND t.starts_at = unseen AND t.commune_id = kept.commune_id ORDER BY t.created_at DESC, t.id DESC LIMIT 1;
    IF before IS NOT NULL THEN
        UPDATE tasks SET done_at = NULL, done_recorded_at = NULL, cancelled_at = NULL, cancel_reason = NULL,
            row_version = row_version + 1 WHERE id = before;
        RETURN;
    END IF;
    INSERT INTO tasks (id, row_version, unit_id, village_id, commune_id, district_id, province_id, origin_unit_id,
        rule_code, rule_valid_from, article, subject_kind, subject_id, answers, escalates_to, as_soon_as_possible,
        starts_at, due_at, provisional, escalate_at, created_at, length)
    SELECT gen_random_uuid(), 1, kept.unit_id, kept.village_id, kept.commune_id, kept.district_id, kept.province_id,
        kept.unit_id, r.code, r.valid_from, r.article, 'carer', p_carer, r.answers, r.escalates_to, r.as_soon_as_possible,
        unseen, unseen + make_interval(hours => h.hours), false,
        unseen + make_interval(hours => h.hours)
            - least(make_interval(hours => r.escalate_before_hours), h.hours * interval '30 minutes'), p_now, h.promised
    FROM (SELECT k.* FROM clock_rules k CROSS JOIN LATERAL (SELECT (unseen AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) d
        WHERE k.code = 'carer.see_all' AND coalesce(k.valid_to, 'infinity') >= d.day
        ORDER BY k.valid_from > d.day, abs(k.valid_from - d.day) LIMIT 1) r
    CROSS JOIN LATERAL (SELECT p.promised, coalesce(p.promised, r.length) AS hours
        FROM (SELECT promised_length(kept.commune_id, r.code, r.length) AS promised) p) h;
END
$$
--;
ALTER FUNCTION carer_is_seen_to OWNER TO childcare_gate
--;
CREATE FUNCTION case_carers_are_seen_to(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The same for every carer who has, or had, the child of a case. For functions of the gate alone.
DECLARE
    one uuid;
BEGIN
    FOR one IN SELECT DISTINCT p.carer_id FROM case_steps s JOIN case_placements p ON p.id = s.id
            WHERE s.case_id = p_case AND s.kind = 'placement' AND p.carer_id IS NOT NULL ORDER BY p.carer_id LOOP
        PERFORM carer_is_seen_to(one, p_now);
    END LOOP;
END
$$
--;
ALTER FUNCTION case_carers_are_seen_to OWNER TO childcare_gate
--;
CREATE FUNCTION case_seen_here(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The same for the commune that leads a case, wherever its carers live.
BEGIN
    IF EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id'))
            AND NOT is_kept_from_me(p_case) THEN
        PERFORM case_carers_are_seen_to(p_case, p_now);
    END IF;
END
$$
--;
ALTER FUNCTION case_seen_here OWNER TO childcare_gate
--;
CREATE FUNCTION carer_seen_here(p_carer uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The same for the commune of a carer whom it strikes off for harming a child.
BEGIN
    IF EXISTS (SELECT FROM carers c WHERE c.id = p_carer AND c.commune_id = access.setting_int('app.commune_id')) THEN
        PERFORM carer_is_seen_to(p_carer, p_now);
    END IF;
END
$$
--;
ALTER FUNCTION carer_seen_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_seen_here, carer_seen_here TO childcare_commune
--;
CREATE FUNCTION children_to_see_with(p_carer uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- How many children in a carer's care are to be seen since another was found to be harmed: a number, and no child.
    SELECT count(*)::int FROM children_to_see(ARRAY[p_carer])
$$
--;
ALTER FUNCTION children_to_see_with OWNER TO childcare_gate
--;
CREATE FUNCTION is_to_be_seen(p_placement uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether the child of a placement is one of them.
    SELECT EXISTS (SELECT FROM case_placements p CROSS JOIN children_to_see(ARRAY[p.carer_id]) t
        WHERE p.id = p_placement AND t.placement_id = p.id)
$$
--;
ALTER FUNCTION is_to_be_seen OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION children_to_see_with, is_to_be_seen
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
CREATE FUNCTION care_to_see() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The placements of the children to be seen at once in the caller's commune, province or district, as the tasks name
    -- their carers: for the list of children in care, which leaves out whose cases are kept from the caller.
    SELECT t.placement_id FROM children_to_see(ARRAY(
        SELECT d.subject_id FROM tasks d
        WHERE d.rule_code = 'carer.see_all' AND d.done_at IS NULL AND d.cancelled_at IS NULL
            AND CASE current_setting('role')
                WHEN 'childcare_commune' THEN d.commune_id = access.setting_int('app.commune_id')
                WHEN 'childcare_province' THEN d.province_id = access.setting_int('app.province_id')
                WHEN 'childcare_district' THEN d.district_id = access.setting_int('app.district_id') END)) t
$$
--;
ALTER FUNCTION care_to_see OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION care_to_see TO childcare_commune, childcare_district, childcare_province
