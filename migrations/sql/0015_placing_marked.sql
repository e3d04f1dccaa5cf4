-- What the commune of a carer wrote into a case it takes back, with what followed from it where the case is led.
CREATE FUNCTION care_is_given_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Care that goes on again once its end, the decision that went on from it, or the separation which that took over from,
-- was an error is not had beside other care that is in force, whichever commune keeps that: as where care is decided on,
-- but for a carer after a facility, whose care lasts until it is ended for that (NĐ 56/2017, Điều 48.3). Whoever marks
-- may not see the other.
BEGIN
    IF EXISTS (SELECT FROM case_steps s JOIN case_placements p ON p.id = s.id
            JOIN case_steps o ON o.case_id = s.case_id AND o.kind = 'placement' AND o.id <> s.id
            JOIN case_placements q ON q.id = o.id
            WHERE s.case_id = NEW.case_id AND s.kind = 'placement'
                AND placement_holds(p.id, 'infinity') AND placement_holds(q.id, 'infinity')
                AND NOT CASE WHEN s.position < o.position THEN p.carer_id IS NULL AND q.carer_id IS NOT NULL
                    ELSE q.carer_id IS NULL AND p.carer_id IS NOT NULL END) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'case_placements_given_once',
            MESSAGE = 'the child is in other care';
    END IF;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION care_is_given_once OWNER TO childcare_gate
--;
CREATE TRIGGER given_once AFTER UPDATE OF in_error_at ON case_steps FOR EACH ROW
    WHEN (NEW.kind IN ('placement', 'placement_ended', 'separation', 'child_died')
        AND OLD.in_error_at IS NULL AND NEW.in_error_at IS NOT NULL) EXECUTE FUNCTION care_is_given_once()
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
            OR (marked.kind = 'decision_sent' AND NOT EXISTS (SELECT FROM case_placements p WHERE p.id = marked.about_id))
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
        -- The question that it answered waits again.
        UPDATE tasks t SET done_at = NULL, done_recorded_at = NULL, row_version = t.row_version + 1
        FROM case_placement_requests r
        WHERE r.id = ANY (marked.stands_on) AND r.carer_commune_id = access.setting_int('app.commune_id')
            AND t.id = (SELECT d.id FROM tasks d WHERE d.subject_id = r.id AND d.rule_code = 'placement.answer'
                AND d.done_at = marked.happened_at ORDER BY d.done_recorded_at DESC, d.id DESC LIMIT 1)
            AND NOT EXISTS (SELECT FROM case_steps a
                WHERE a.case_id = p_case AND r.id = ANY (a.stands_on) AND case_step_holds(a));
    ELSIF marked.kind = 'placement_ended' THEN
        -- The care goes on, and so does what it needs to be seen for it.
        UPDATE case_grants g SET valid_to = NULL, end_reason = NULL, until_position = NULL
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id')
            AND g.reason = 'commune_of_carer' AND g.revoked_at IS NULL AND g.end_reason = 'care_ended'
            AND g.valid_to = nullif(current_setting('app.today', true), '')::date;
    END IF;
    IF marked.kind IN ('placement', 'placement_ended') THEN
        PERFORM case_care_follows(p_case, p_step, p_clocks, p_now);
    ELSIF marked.kind = 'decision_sent' THEN
        PERFORM case_clock_agrees(p_case, 'placement.end_at_facility', case_leaves_facility(p_case), NULL, p_now, '[]', p_now);
    END IF;
    PERFORM case_carers_are_seen_to(p_case, p_now);
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_mark_placing_from_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_mark_placing_from_elsewhere TO childcare_commune
--;
CREATE FUNCTION case_child_died_here(p_case uuid, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Once the commune that leads a case has recorded that the child died, which ends its care, nothing of that care is left
-- to do where a carer lives elsewhere, nor is there an answer to wait for to what any body was asked, or a service to do;
-- where the death was an error, all of it runs again, but for what was answered since.
DECLARE
    died boolean;
    died_at timestamptz;
    theirs integer;
BEGIN
    IF is_kept_from_me(p_case) OR NOT EXISTS (SELECT FROM cases c
            WHERE c.id = p_case AND c.commune_id = access.setting_int('app.commune_id')) THEN
        RETURN;
    END IF;
    SELECT max(s.happened_at) INTO died_at FROM case_steps s
    WHERE s.case_id = p_case AND s.kind = 'child_died' AND case_step_holds(s);
    died := died_at IS NOT NULL;
    UPDATE tasks t SET row_version = t.row_version + 1,
        cancelled_at = CASE WHEN died THEN clock_stops_at(t.starts_at, died_at, p_now) END,
        cancel_reason = CASE WHEN died THEN 'child_died' END
    WHERE t.subject_id IN (SELECT s.id FROM case_steps s WHERE s.case_id = p_case) AND t.done_at IS NULL
        AND (t.cancelled_at IS NULL) = died AND (died OR t.cancel_reason = 'child_died'
            AND NOT EXISTS (SELECT FROM case_steps a WHERE a.case_id = p_case AND t.subject_id = ANY (a.stands_on)
                AND a.in_error_at IS NULL AND a.position > (SELECT max(d.position) FROM case_steps d
                    WHERE d.case_id = p_case AND d.kind = 'child_died'))
            AND NOT EXISTS (SELECT FROM tasks n WHERE n.subject_id = t.subject_id AND n.rule_code = t.rule_code
                AND n.done_at IS NULL AND n.cancelled_at IS NULL));
    -- Locked: of this, and of who strikes such a carer off, the second sees the first.
    PERFORM FROM carers c WHERE c.id IN (SELECT p.carer_id FROM case_steps s JOIN case_placements p ON p.id = s.id
        WHERE s.case_id = p_case AND p.carer_commune_id <> access.setting_int('app.commune_id')) ORDER BY c.id FOR NO KEY UPDATE;
    FOR theirs IN SELECT DISTINCT p.carer_commune_id FROM case_steps s JOIN case_placements p ON p.id = s.id
            WHERE s.case_id = p_case AND p.carer_commune_id <> access.setting_int('app.commune_id') LOOP
        UPDATE tasks t SET row_version = t.row_version + 1,
            cancelled_at = CASE WHEN died THEN clock_stops_at(t.starts_at, died_at, p_now) END,
            cancel_reason = CASE WHEN died THEN 'child_died' END
        WHERE t.commune_id = theirs AND t.done_at IS NULL AND (t.cancelled_at IS NULL) = died
            AND (died OR t.cancel_reason = 'child_died' AND NOT EXISTS (SELECT FROM tasks n WHERE n.subject_id = t.subject_id
                AND n.rule_code = t.rule_code AND n.done_at IS NULL AND n.cancelled_at IS NULL))
            AND (t.subject_id = p_case OR t.rule_code = 'carer.end_all' AND t.subject_id IN (
                SELECT p.carer_id FROM case_steps s JOIN case_placements p ON p.id = s.id
                WHERE s.case_id = p_case AND p.carer_commune_id = theirs AND died <> EXISTS (
                    SELECT FROM case_placements q WHERE q.carer_id = p.carer_id AND placement_holds(q.id, 'infinity'))));
        IF died THEN
            PERFORM case_care_is_left(p_case, theirs, 'care_ended');
        ELSIF case_care_kept_by(p_case, theirs) THEN
            UPDATE case_grants g SET valid_to = NULL, end_reason = NULL, until_position = NULL
            WHERE g.id = (SELECT o.id FROM case_grants o WHERE o.case_id = p_case AND o.granted_commune_id = theirs
                    AND o.reason = 'commune_of_carer' AND o.revoked_at IS NULL ORDER BY o.granted_at DESC, o.id DESC LIMIT 1)
                AND g.end_reason = 'care_ended';
        END IF;
    END LOOP;
END
$$
--;
ALTER FUNCTION case_child_died_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_child_died_here TO childcare_commune
