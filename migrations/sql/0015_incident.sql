-- What the leader of the commune of an incident decides in a case that another commune leads, with all that follows there.
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
        -- A refusal of the plan is answered by it as well (Điều 29.3, 32.1).
        PERFORM case_clock_agrees(p_case, 'plan.refused', NULL, (p_step ->> 'happened_at')::timestamptz,
            (p_step ->> 'happened_at')::timestamptz, '[]', p_now);
    ELSE
        INSERT INTO case_separation_changes
        SELECT * FROM jsonb_populate_record(NULL::case_separation_changes, p_detail || head);
    END IF;
    UPDATE cases SET row_version = row_version + 1, step_count = step_count + 1,
        emergency = case_emergency_follows(p_case, p_now),
        emergency_measure_at = (SELECT min(p) FROM case_protections(p_case) p)
    WHERE id = p_case;
    PERFORM case_separation_follows(p_case, p_clocks, p_now);
    PERFORM case_care_follows(p_case, (p_step ->> 'id')::uuid, p_clocks, p_now);
    PERFORM case_moved_out(p_case, p_now);
    PERFORM case_carers_are_seen_to(p_case, p_now);
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_act_from_incident OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_act_from_incident TO childcare_commune
--;
CREATE FUNCTION case_kept_apart_by_court(p_case uuid, p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether an order of a court in force on a day keeps the child from its family (`separating/rules.py: order_on`), for
    -- the commune of the incident, which reads no step of a court and may not send the child home over one (Luật Trẻ em,
    -- Điều 52.3, 69.4). NULL where it may cancel no separation.
    WITH known AS (
        SELECT s.id, s.stands_on, o.measures, o.valid_to
        FROM case_steps s JOIN case_court_answers o ON o.id = s.id AND o.commune_id = s.commune_id
        WHERE s.case_id = p_case AND s.kind = 'court_granted' AND o.decided_on <= p_day AND case_step_holds(s)
    )
    SELECT EXISTS (SELECT FROM known k WHERE 'separate_and_place' = ANY (k.measures) AND p_day <= coalesce(k.valid_to, p_day)
        AND NOT EXISTS (SELECT FROM known r WHERE k.id = ANY (r.stands_on)))
    WHERE NOT is_kept_from_me(p_case) AND EXISTS (SELECT FROM case_grants g
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id')
            AND g.reason = 'commune_of_incident' AND 'separation_cancelled' = ANY (g.kinds) AND g.revoked_at IS NULL
            AND g.valid_from <= nullif(current_setting('app.today', true), '')::date
            AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date))
$$
--;
ALTER FUNCTION case_kept_apart_by_court OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_kept_apart_by_court TO childcare_commune
