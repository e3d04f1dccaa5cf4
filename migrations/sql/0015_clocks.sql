-- The clocks of a case agree at once with what somebody else than its leading commune wrote into it, as they would had
-- that commune recorded the step itself: each function says in which of cases/*/clocks.py the same is reckoned.
CREATE FUNCTION clock_stops_at(p_starts_at timestamptz, p_at timestamptz, p_now timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    -- When a clock stops that is no longer due by what happened then, as `cancel` of deadlines/actions.py says it.
    SELECT CASE WHEN p_starts_at > p_now THEN p_at ELSE greatest(p_at, p_starts_at) END
$$
--;
ALTER FUNCTION clock_stops_at OWNER TO childcare_gate
--;
CREATE FUNCTION case_clock_agrees(p_case uuid, p_rule text, p_from timestamptz, p_met timestamptz, p_at timestamptz,
    p_clocks jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Let a clock of a case run from a moment, or end it: met then, or else no longer due by what happened at `p_at`. It runs
-- as `p_clocks` has it of that day, since only Python knows working days; else what ran from that moment before runs on,
-- or it is a clock of hours. For functions of the gate alone.
DECLARE
    led cases;
    running tasks;
    before uuid;
    made jsonb;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    SELECT * INTO running FROM tasks t
    WHERE t.subject_id = p_case AND t.rule_code = p_rule AND t.done_at IS NULL AND t.cancelled_at IS NULL;
    IF p_from IS NULL THEN
        UPDATE tasks SET done_at = p_met, done_recorded_at = CASE WHEN p_met IS NOT NULL THEN p_now END,
            cancelled_at = CASE WHEN p_met IS NULL THEN clock_stops_at(starts_at, p_at, p_now) END,
            cancel_reason = CASE WHEN p_met IS NULL THEN 'no_longer_due' END, row_version = row_version + 1
        WHERE id = running.id;
        RETURN;
    END IF;
    SELECT c INTO made FROM jsonb_array_elements(p_clocks) c
    WHERE c ->> 'rule_code' = p_rule AND ((c ->> 'starts_at')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        = (p_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date LIMIT 1;
    SELECT t.id INTO before FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = p_rule AND t.starts_at = p_from
        AND t.commune_id = led.commune_id AND made IS NULL ORDER BY t.created_at DESC, t.id DESC LIMIT 1;
    -- What cannot be reckoned here goes on as it runs, until whoever leads the case does the next thing.
    IF running.starts_at = p_from OR before IS NULL AND made IS NULL AND NOT EXISTS (SELECT FROM clock_rules r
            WHERE r.code = p_rule AND r.unit = 'hours') THEN
        RETURN;
    END IF;
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
    WHERE id = running.id;
    IF before IS NOT NULL THEN
        UPDATE tasks SET done_at = NULL, done_recorded_at = NULL, cancelled_at = NULL, cancel_reason = NULL,
            row_version = row_version + 1 WHERE id = before;
    ELSIF made IS NOT NULL THEN
        INSERT INTO tasks SELECT t.* FROM jsonb_populate_record(NULL::tasks, made || jsonb_build_object(
            'subject_kind', 'case', 'subject_id', p_case, 'unit_id', led.unit_id, 'village_id', led.village_id,
            'commune_id', led.commune_id, 'district_id', led.district_id, 'province_id', led.province_id,
            'origin_unit_id', access.setting_int('app.commune_id'), 'done_at', NULL, 'cancelled_at', NULL,
            'starts_at', p_from, 'escalate_at', (SELECT (made ->> 'due_at')::timestamptz
                    - least(make_interval(hours => r.escalate_before_hours), ((made ->> 'due_at')::timestamptz - p_from) / 2)
                FROM clock_rules r WHERE r.code = p_rule AND r.valid_from = (made ->> 'rule_valid_from')::date))) t;
    ELSE
        PERFORM case_clock_of_hours(p_case, p_rule, p_from, NULL);
    END IF;
END
$$
--;
ALTER FUNCTION case_clock_agrees OWNER TO childcare_gate
--;
CREATE FUNCTION case_goes_on(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether anything is still wanted for the child of a case, as `is_open` of cases/file/wanted.py.
    SELECT EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.status NOT IN ('closed', 'entered_in_error'))
        AND NOT EXISTS (SELECT FROM case_steps s
            WHERE s.case_id = p_case AND s.kind = 'child_died' AND case_step_holds(s))
$$
--;
ALTER FUNCTION case_goes_on OWNER TO childcare_gate
--;
CREATE FUNCTION case_step_says_no(p_step case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether by a step somebody declines who was asked. For functions of the gate.
    SELECT p_step.kind = 'placement_declined'
$$
--;
ALTER FUNCTION case_step_says_no OWNER TO childcare_gate
--;
CREATE FUNCTION case_declined_follows(p_case uuid, p_met timestamptz, p_at timestamptz, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A "no" of somebody who was asked is a task of who asked, from the earliest that nothing was decided after
-- (cases/referring/clocks.py). For functions of the gate alone.
DECLARE
    since integer;
    said timestamptz;
BEGIN
    SELECT coalesce(max(s.position), 0) INTO since FROM case_steps s
    WHERE s.case_id = p_case AND s.kind IN ('referral', 'placement_requested', 'placement', 'transfer_offered',
        'plan_drafted', 'review', 'closure', 'progress_note') AND case_step_holds(s);
    SELECT min(s.happened_at) INTO said FROM case_steps s
    WHERE s.case_id = p_case AND s.position > since AND case_step_says_no(s) AND case_step_holds(s)
        -- What was written wrongly is answered anew: the last word is what somebody says.
        AND NOT EXISTS (SELECT FROM case_steps n WHERE n.case_id = p_case AND n.kind = s.kind
            AND n.about_id = s.about_id AND n.position > s.position AND case_step_holds(n))
        AND case_goes_on(p_case);
    PERFORM case_clock_agrees(p_case, 'request.declined', said, p_met, p_at, '[]', p_now);
END
$$
--;
ALTER FUNCTION case_declined_follows OWNER TO childcare_gate
--;
CREATE FUNCTION case_looks_for_care(p_case uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- From when care is to be found for a child whose needs were recorded, or whose care ended while it does not go home (NĐ
-- 56/2017, Điều 42.1, 42.8, 48.2), as `find_carer` of cases/placing/finding.py; nothing where somebody was asked or has it.
DECLARE
    led cases;
    since integer;
    safe integer;
    ended timestamptz;
    needed timestamptz;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    SELECT coalesce(max(s.position), 0) INTO since FROM case_steps s WHERE s.case_id = p_case
        AND s.kind IN ('placement', 'placement_ended', 'separation_cancelled') AND case_step_holds(s);
    SELECT coalesce(max(s.position), 0) INTO safe FROM case_steps s
    WHERE s.case_id = p_case AND s.kind = 'review' AND s.outcome = 'end' AND case_step_holds(s);
    SELECT s.happened_at INTO ended FROM case_steps s JOIN case_placement_ends e ON e.id = s.id
    WHERE s.case_id = p_case AND s.position = since AND since > safe AND e.goes_to IN ('other_carer', 'facility');
    SELECT least(min(s.happened_at), ended) INTO needed FROM case_steps s
    WHERE s.case_id = p_case AND s.kind = 'care_needs' AND s.position > greatest(since, safe) AND case_step_holds(s);
    IF needed IS NULL OR led.separation_id IS NOT NULL OR led.status = 'entered_in_error'
            OR ended IS NULL AND led.status IN ('ready_to_close', 'closed')
            OR EXISTS (SELECT FROM case_steps s WHERE s.case_id = p_case
                AND s.kind IN ('child_died', 'turned_sixteen') AND case_step_holds(s))
            OR EXISTS (SELECT FROM case_steps s
                WHERE s.case_id = p_case AND s.kind = 'placement' AND placement_holds(s.id, 'infinity'))
            OR EXISTS (SELECT FROM case_steps s WHERE s.case_id = p_case AND s.kind = 'placement_requested'
                AND s.position > since AND case_step_holds(s) AND NOT EXISTS (SELECT FROM case_steps n
                    WHERE n.case_id = p_case AND n.kind IN ('placement_declined', 'placement_withdrawn')
                        AND n.about_id = s.id AND case_step_holds(n))) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT greatest(needed, max(s.happened_at)) FROM case_steps s WHERE s.case_id = p_case
        AND s.kind IN ('placement_declined', 'placement_withdrawn') AND s.position > since AND case_step_holds(s));
END
$$
--;
ALTER FUNCTION case_looks_for_care OWNER TO childcare_gate
--;
CREATE FUNCTION case_leaves_facility(p_case uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Since when the care of a facility is to be ended for a carer, whichever commune gave the child to one (NĐ 56/2017,
    -- Điều 48.3), as `leave_facility` of cases/placing/clocks.py: who ends it has the decision since it was sent there, as
    -- far as that was recorded.
    SELECT min(coalesce((SELECT min(t.happened_at) FROM case_steps t JOIN case_sendings d ON d.id = t.id
        WHERE t.case_id = p_case AND d.decision_id = s.id AND d.recipient_kind = 'facility_authority'
            AND d.way <> 'not_possible' AND case_step_holds(t)), s.happened_at))
    FROM case_steps s JOIN case_placements p ON p.id = s.id
    WHERE s.case_id = p_case AND p.carer_id IS NOT NULL AND placement_holds(p.id, 'infinity')
        AND s.position > (SELECT min(f.position) FROM case_steps f JOIN case_placements q ON q.id = f.id
            WHERE f.case_id = p_case AND q.provider_id IS NOT NULL AND placement_holds(q.id, 'infinity'))
$$
--;
ALTER FUNCTION case_leaves_facility OWNER TO childcare_gate
--;
CREATE FUNCTION case_left_since(p_case uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- When the last care ended that a separated child was given into, where it is in none of it any more, as `_left_since`
    -- of cases/file/clocks.py: it is placed again at once (NĐ 56/2017, Điều 32.4).
    WITH given AS (
        SELECT p.id, p.about_id FROM cases c JOIN case_steps a ON a.id = c.separation_id
        JOIN case_steps p ON p.case_id = c.id AND p.kind = 'placement' AND p.happened_at >= a.happened_at AND case_step_counts(p)
        WHERE c.id = p_case AND case_goes_on(p_case)
    ), last AS (
        SELECT (SELECT e.happened_at FROM case_steps e WHERE e.case_id = p_case AND e.kind = 'placement_ended'
            AND e.about_id = g.id AND case_step_counts(e) LIMIT 1) AS ended_at
        FROM given g WHERE NOT EXISTS (SELECT FROM given n WHERE n.about_id = g.id)
    )
    SELECT CASE WHEN bool_and(l.ended_at IS NOT NULL) THEN max(l.ended_at) END FROM last l
$$
--;
ALTER FUNCTION case_left_since OWNER TO childcare_gate
--;
CREATE FUNCTION case_care_follows(p_case uuid, p_step uuid, p_clocks jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- After a step that gives a child into care, ends or declines it, or separates the child, was written into a case from
-- elsewhere or marked there: what its leading commune has to do about the care agrees with it. For functions of the gate
-- alone, once the separation does.
DECLARE
    step case_steps;
    met timestamptz;
    at timestamptz;
BEGIN
    SELECT * INTO step FROM case_steps s WHERE s.id = p_step AND s.case_id = p_case;
    at := CASE WHEN step.in_error_at IS NULL THEN step.happened_at ELSE p_now END;
    met := CASE WHEN step.in_error_at IS NULL AND step.kind = 'placement' THEN step.happened_at END;
    PERFORM case_clock_agrees(p_case, 'care.find', case_looks_for_care(p_case), met, at, p_clocks, p_now);
    PERFORM case_declined_follows(p_case, met, at, p_now);
    PERFORM case_clock_agrees(p_case, 'placement.end_at_facility', case_leaves_facility(p_case), NULL, at, p_clocks, p_now);
    PERFORM case_temporary_follows(p_case, p_step, p_clocks, p_now);
    IF step.kind IN ('placement', 'placement_ended') AND EXISTS (SELECT FROM cases c JOIN case_steps a ON a.id = c.separation_id
            JOIN case_steps p ON p.case_id = c.id AND p.kind = 'placement' AND p.happened_at >= a.happened_at
                AND case_step_counts(p)
            WHERE c.id = p_case) THEN
        PERFORM case_clock_agrees(p_case, 'separation.place', case_left_since(p_case), met, at, '[]', p_now);
    END IF;
END
$$
--;
ALTER FUNCTION case_care_follows OWNER TO childcare_gate
--;
CREATE FUNCTION case_temporary_follows(p_case uuid, p_step uuid, p_clocks jsonb, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whoever leads the case is to end care that was given at once, or decide on it for good, as `_end_temporary` of
-- cases/placing/clocks.py says it. `p_clocks` is the task as it would run. For functions of the gate alone, once the
-- separation agrees with the step.
DECLARE
    led cases;
    step case_steps;
    waits boolean;
    over timestamptz;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    SELECT * INTO step FROM case_steps s WHERE s.id = p_step AND s.case_id = p_case;
    SELECT led.separation_id IS NULL AND led.status <> 'entered_in_error' AND bool_and(p.temporary) INTO waits
    FROM case_steps s JOIN case_placements p ON p.id = s.id
    WHERE s.case_id = p_case AND s.kind = 'placement' AND placement_holds(p.id, 'infinity');
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
        -- It never ran where the child came back only after that end.
        SELECT max(o.at) INTO over FROM case_steps s JOIN case_placements p ON p.id = s.id
        JOIN LATERAL (SELECT CASE a.kind WHEN 'separation' THEN a.in_error_at ELSE a.happened_at END AS at FROM case_steps a
            WHERE a.case_id = p_case AND (a.kind = 'separation' AND a.in_error_at >= s.recorded_at
                OR a.kind = 'separation_cancelled' AND a.position > s.position AND case_step_holds(a))) o ON true
        WHERE s.case_id = p_case AND p.temporary AND placement_holds(p.id, 'infinity');
        IF over IS NOT NULL THEN
            PERFORM case_clock_agrees(p_case, 'placement.end_temporary', over, NULL, p_now, p_clocks, p_now);
        END IF;
    ELSE
        -- A new separation asks for no end; what gave the child into other care, or took it out, has met it.
        PERFORM case_clock_agrees(p_case, 'placement.end_temporary', NULL, CASE WHEN step.in_error_at IS NULL
            AND step.kind IN ('placement', 'placement_ended') THEN step.happened_at END,
            CASE WHEN step.in_error_at IS NULL THEN step.happened_at ELSE p_now END, '[]', p_now);
    END IF;
END
$$
--;
ALTER FUNCTION case_temporary_follows OWNER TO childcare_gate
--;
CREATE FUNCTION case_moved_out(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A child leaves a carer who harms it by being separated, too, whoever decides that: the task of the commune where the
-- carer lives ends, and runs again where that was an error (Luật Trẻ em, Điều 69.2), as `_move_out` of
-- cases/placing/clocks.py. A visit of that commune made the task: it knows its office. For functions of the gate alone.
DECLARE
    latest tasks;
    unmet timestamptz;
    met timestamptz;
BEGIN
    SELECT * INTO latest FROM tasks t WHERE t.subject_id = p_case AND t.rule_code = 'placement.move_out'
    ORDER BY t.done_at IS NULL AND t.cancelled_at IS NULL DESC, t.created_at DESC, t.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    WITH RECURSIVE stay AS (
        SELECT s.id, s.about_id FROM case_steps s JOIN case_placements p ON p.id = s.id
        WHERE s.case_id = p_case AND p.carer_id IS NOT NULL AND placement_holds(p.id, 'infinity')
        UNION SELECT b.id, b.about_id FROM stay JOIN case_steps b ON b.id = stay.about_id
    ), out_at AS (
        SELECT coalesce(v.moved_out_at, s.happened_at) AS at
        FROM case_steps s LEFT JOIN case_placement_visits v ON v.id = s.id
        WHERE s.case_id = p_case AND (s.kind = 'separation' OR v.moved_out_at IS NOT NULL) AND case_step_holds(s)
    ), told AS (
        SELECT s.happened_at AS at, s.about_id FROM case_steps s JOIN case_placement_visits v ON v.id = s.id
        WHERE s.case_id = p_case AND v.carer_harmed_child AND case_step_holds(s)
    )
    SELECT (SELECT min(t.at) FROM told t
            WHERE t.about_id IN (SELECT id FROM stay) AND NOT EXISTS (SELECT FROM out_at o WHERE o.at >= t.at)),
        (SELECT max(o.at) FROM out_at o WHERE o.at >= (SELECT min(t.at) FROM told t))
    INTO unmet, met;
    IF unmet IS NOT DISTINCT FROM latest.starts_at OR unmet IS NULL THEN
        UPDATE tasks SET row_version = row_version + 1, done_at = CASE WHEN unmet IS NULL THEN met END,
            done_recorded_at = CASE WHEN unmet IS NULL AND met IS NOT NULL THEN p_now END,
            cancelled_at = CASE WHEN unmet IS NULL AND met IS NULL THEN p_now END,
            cancel_reason = CASE WHEN unmet IS NULL AND met IS NULL THEN 'no_longer_due' END
        WHERE id = latest.id AND (done_at IS NULL AND cancelled_at IS NULL) = (unmet IS NULL);
        RETURN;
    END IF;
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
    WHERE id = latest.id AND done_at IS NULL AND cancelled_at IS NULL;
    INSERT INTO tasks SELECT t.* FROM jsonb_populate_record(latest, jsonb_build_object('id', gen_random_uuid(),
        'row_version', 1, 'starts_at', unmet, 'due_at', unmet + (latest.due_at - latest.starts_at), 'created_at', p_now,
        'escalate_at', unmet + (latest.escalate_at - latest.starts_at), 'escalated_at', NULL, 'done_at', NULL,
        'done_recorded_at', NULL, 'cancelled_at', NULL, 'cancel_reason', NULL)) t;
END
$$
--;
ALTER FUNCTION case_moved_out OWNER TO childcare_gate
--;
CREATE FUNCTION case_separated_here(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The same for the commune that leads a case whose child is with a carer of another one.
BEGIN
    IF EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id'))
            AND NOT is_kept_from_me(p_case) THEN
        PERFORM case_moved_out(p_case, p_now);
    END IF;
END
$$
--;
ALTER FUNCTION case_separated_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_separated_here TO childcare_commune
