-- Who reaches alternative care: the commune of the child's case, and the commune of a carer that it asked. That one reads
-- the question to it, the care it decides on, and that a facility has the child: of other carers, steps by kind and time.
CALL access.protect('case_care_needs', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_care_papers', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_family_notices', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placement_requests', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placements', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placement_handovers', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placement_visits', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_carer_reports', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placement_end_requests', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('case_placement_ends', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY granted ON case_care_needs FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_care_needs.id))
--;
CREATE POLICY granted ON case_care_papers FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_care_papers.id))
--;
CREATE POLICY granted ON case_family_notices FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_family_notices.id))
--;
CREATE POLICY granted ON case_placement_requests FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placement_requests.id)
        AND carer_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
CREATE POLICY granted ON case_placements FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placements.id)
        AND (carer_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) OR provider_id IS NOT NULL))
--;
CREATE POLICY granted ON case_placement_handovers FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placement_handovers.id))
--;
CREATE POLICY granted ON case_placement_visits FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placement_visits.id))
--;
CREATE POLICY granted ON case_carer_reports FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_carer_reports.id))
--;
CREATE POLICY granted ON case_placement_end_requests FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placement_end_requests.id))
--;
CREATE POLICY granted ON case_placement_ends FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_steps s WHERE s.id = case_placement_ends.id)
        AND EXISTS (SELECT FROM case_placements p WHERE p.id = case_placement_ends.placement_id))
--;
GRANT SELECT ON case_care_needs, case_care_papers, case_family_notices, case_placement_requests, case_placements, case_placement_handovers,
    case_placement_visits, case_carer_reports, case_placement_end_requests, case_placement_ends
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
GRANT INSERT ON case_care_needs, case_care_papers, case_family_notices, case_placement_requests, case_placements, case_placement_handovers,
    case_placement_visits, case_carer_reports, case_placement_end_requests, case_placement_ends
    TO childcare_commune
--;
-- Keys look past the wall: a child is placed here with a carer of this register, elsewhere by the carer's commune.
CREATE POLICY of_own_register ON case_placements AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (carer_id IS NULL OR EXISTS (SELECT FROM carers c WHERE c.id = carer_id))
--;
CREATE FUNCTION placing_table_of(p_kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_kind WHEN 'placement' THEN 'case_placements' WHEN 'placement_handover' THEN 'case_placement_handovers'
        WHEN 'placement_visit' THEN 'case_placement_visits' WHEN 'carer_report' THEN 'case_carer_reports'
        WHEN 'placement_end_requested' THEN 'case_placement_end_requests' WHEN 'placement_ended' THEN 'case_placement_ends'
        WHEN 'decision_sent' THEN 'case_sendings' END
$$
--;
ALTER FUNCTION placing_table_of OWNER TO childcare_gate
--;
CREATE FUNCTION case_asked_me(p_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whether the caller's commune follows a child in a case that another leads, by a grant in force: it was asked, or it
-- decided on the care before the case went away. Only who came as a commune is asked, and nobody
-- from whom the case is kept or sealed.
BEGIN
    RETURN current_setting('role') = 'childcare_commune' AND EXISTS (
        SELECT FROM case_grants g
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id')
            AND g.reason = 'commune_of_carer' AND g.revoked_at IS NULL
            AND g.valid_from <= nullif(current_setting('app.today', true), '')::date
            AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date)
            AND EXISTS (SELECT FROM case_steps s LEFT JOIN case_placement_requests r ON r.id = s.id
                LEFT JOIN case_placements p ON p.id = s.id
                WHERE s.case_id = p_case AND s.in_error_at IS NULL
                    AND s.kind IN ('placement_requested', 'placement')
                    AND coalesce(r.carer_commune_id, p.carer_commune_id) = g.granted_commune_id)
    ) AND NOT is_kept_from_me(p_case);
END
$$
--;
ALTER FUNCTION case_asked_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_asked_me TO childcare_commune
--;
CREATE FUNCTION case_care_is_left(p_case uuid, p_commune integer, p_why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What the commune of a carer was shown of a case ends when it has nothing more to do there: no carer of its has the
-- child, and it was asked nothing that it did not answer. It reads no step after that, and what was there until the day
-- ends, so that it may mend what it wrote; later whoever leads the case asks it again. For functions of the gate alone.
BEGIN
    UPDATE case_grants g SET valid_to = nullif(current_setting('app.today', true), '')::date, end_reason = p_why,
        until_position = (SELECT c.step_count FROM cases c WHERE c.id = p_case)
    WHERE g.case_id = p_case AND g.granted_commune_id = p_commune AND g.reason = 'commune_of_carer'
        AND g.revoked_at IS NULL AND g.valid_to IS NULL AND NOT case_care_kept_by(p_case, p_commune)
        AND NOT EXISTS (SELECT FROM case_steps s JOIN case_placement_requests r ON r.id = s.id
            WHERE s.case_id = p_case AND r.carer_commune_id = p_commune AND s.in_error_at IS NULL
                AND NOT EXISTS (SELECT FROM case_steps a
                    WHERE a.case_id = p_case AND s.id = ANY (a.stands_on) AND a.in_error_at IS NULL));
END
$$
--;
ALTER FUNCTION case_care_is_left OWNER TO childcare_gate
--;
CREATE FUNCTION case_place_from_elsewhere(p_case uuid, p_version integer, p_step jsonb, p_detail jsonb, p_now timestamptz,
    p_clocks jsonb DEFAULT '[]') RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The commune of a carer decides on, follows and ends the care of a child whose case another commune leads (NĐ 56/2017,
-- Điều 42.7, 42.8, 43.2). NULL: no such case for it; negative: the case has changed, to that version; else its new one.
DECLARE
    led cases;
    mine integer := access.setting_int('app.commune_id');
    kind text := p_step ->> 'kind';
    informed jsonb := CASE WHEN kind = 'placement_visit' AND (p_detail ->> 'carer_harmed_child')::boolean
        OR kind = 'placement_ended' AND p_detail ->> 'ground' = 'carer_harmed_child' THEN p_step -> 'happened_at' END;
    protected jsonb := CASE WHEN kind = 'placement_visit' THEN nullif(p_detail -> 'moved_out_at', 'null')
        WHEN kind = 'placement_handover' AND EXISTS (SELECT FROM case_placements p
            WHERE p.id = (p_step ->> 'about_id')::uuid AND p.temporary) THEN p_step -> 'happened_at'
        WHEN kind = 'placement_ended' AND p_step ->> 'protected_at' IS NOT NULL THEN p_step -> 'happened_at' END;
    head jsonb;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case FOR UPDATE;
    IF NOT FOUND OR NOT case_asked_me(p_case) OR NOT case_speaks_of_itself(p_case, p_step, p_detail) OR (placing_table_of(kind) IS NULL AND kind <> 'placement_declined')
            OR NOT EXISTS (SELECT FROM assignments a WHERE a.id = access.setting_uuid('app.assignment_id')
                AND a.role = CASE WHEN kind IN ('placement', 'placement_declined', 'placement_ended')
                    THEN 'commune_leader' ELSE 'commune_officer' END)
            OR (kind = 'placement' AND NOT EXISTS (SELECT FROM carers c
                WHERE c.id = (p_detail ->> 'carer_id')::uuid AND c.commune_id = mine))
            -- Of decisions it sends its own, and none on a plan.
            OR (kind = 'decision_sent' AND NOT EXISTS (SELECT FROM case_placements p
                WHERE p.id = (p_detail ->> 'decision_id')::uuid AND p.id = (p_step ->> 'about_id')::uuid
                    AND p.carer_commune_id = mine)) THEN
        RETURN NULL;
    END IF;
    IF led.row_version <> p_version THEN
        RETURN -led.row_version;
    END IF;
    -- The origin of the step is the holder: one of the caller's own would open other details of it to the caller.
    head := jsonb_build_object('unit_id', led.unit_id, 'village_id', led.village_id, 'commune_id', led.commune_id,
        'district_id', led.district_id, 'province_id', led.province_id, 'id', p_step -> 'id');
    INSERT INTO case_steps SELECT * FROM jsonb_populate_record(NULL::case_steps, p_step || head || jsonb_build_object(
        'origin_commune_id', led.commune_id, 'case_id', p_case, 'position', led.step_count + 1,
        'recorded_by', access.setting_uuid('app.actor_id'), 'assignment_id', access.setting_uuid('app.assignment_id'),
        'informed_at', informed, 'protected_at', protected,
        'in_error_at', NULL, 'in_error_by', NULL, 'in_error_reason', NULL));
    IF placing_table_of(kind) IS NOT NULL THEN
        EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%I, $1)',
            placing_table_of(kind), placing_table_of(kind))
        USING p_detail || head || jsonb_build_object('origin_commune_id', mine)
            || CASE kind WHEN 'placement' THEN jsonb_build_object('carer_commune_id', mine) ELSE '{}' END;
    END IF;
    -- A child that its carer harms has the 12 hours where its case is led, whoever found it (Luật Trẻ em, Điều 69.2).
    UPDATE cases SET row_version = row_version + 1, step_count = step_count + 1,
        emergency = CASE WHEN coalesce(informed, protected) IS NULL THEN emergency
            ELSE case_emergency_follows(p_case, p_now) END,
        emergency_measure_at = CASE WHEN protected IS NULL THEN emergency_measure_at
            ELSE (SELECT min(p) FROM case_protections(p_case) p) END
    WHERE id = p_case;
    IF kind = 'placement' THEN
        PERFORM case_separation_follows(p_case, '[]', p_now);
    ELSIF kind = 'placement_declined' THEN
        PERFORM case_care_is_left(p_case, mine, 'request_declined');
    ELSIF kind = 'placement_ended' THEN
        PERFORM case_care_is_left(p_case, mine, 'care_ended');
    END IF;
    IF kind IN ('placement', 'placement_declined', 'placement_ended') THEN
        PERFORM case_care_follows(p_case, (p_step ->> 'id')::uuid, p_clocks, p_now);
    ELSIF kind = 'decision_sent' THEN
        PERFORM case_clock_agrees(p_case, 'placement.end_at_facility', case_leaves_facility(p_case), NULL,
            (p_step ->> 'happened_at')::timestamptz, p_clocks, p_now);
    END IF;
    PERFORM case_carers_are_seen_to(p_case, p_now);
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_place_from_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_place_from_elsewhere TO childcare_commune
--;
CREATE FUNCTION placement_end_counts(p_ground text, p_end case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether the end of a care counts: by a death only as long as that does. For functions of the gate.
    SELECT p_end.in_error_at IS NULL AND (p_ground <> 'child_died' OR case_step_counts(p_end))
$$
--;
ALTER FUNCTION placement_end_counts OWNER TO childcare_gate
--;
CREATE FUNCTION placement_holds(p_placement uuid, p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a placement holds on a day, of whichever commune: one for each child that a carer or facility has. Where
    -- lasting care goes on with whom the child was given to at once, the first no longer holds. For functions of the
    -- gate, which tell numbers alone, and look for the placements of somebody first: asked of all placements of the
    -- country, each look at the carers of a case took seconds.
    SELECT EXISTS (SELECT FROM case_placements p JOIN case_steps s ON s.id = p.id
        WHERE p.id = p_placement AND p.starts_on <= p_day AND case_step_counts(s) AND NOT EXISTS (
            SELECT FROM case_placement_ends e JOIN case_steps t ON t.id = e.id
            WHERE e.placement_id = p.id AND placement_end_counts(e.ground, t) AND e.ended_on <= p_day)
        AND NOT EXISTS (SELECT FROM case_steps n JOIN case_placements q ON q.id = n.id
            WHERE n.case_id = s.case_id AND n.about_id = p.id AND q.starts_on <= p_day AND case_step_counts(n)))
$$
--;
ALTER FUNCTION placement_holds OWNER TO childcare_gate
--;
CREATE FUNCTION case_care_kept_by(p_case uuid, p_commune integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a carer of that commune has the child of a case. For functions of the gate.
    SELECT EXISTS (SELECT FROM case_steps s JOIN case_placements p ON p.id = s.id
        WHERE s.case_id = p_case AND s.kind = 'placement' AND p.carer_commune_id = p_commune
            AND placement_holds(p.id, 'infinity'))
$$
--;
ALTER FUNCTION case_care_kept_by OWNER TO childcare_gate
--;
CREATE OR REPLACE FUNCTION task_is_of_mine(p_kind text, p_subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- As before, and the case of a child that is in care here.
BEGIN
    RETURN CASE p_kind
        WHEN 'intake' THEN NOT EXISTS (SELECT FROM intakes i WHERE i.id = p_subject AND intake_is_mine(i) IS NOT TRUE)
        WHEN 'case' THEN EXISTS (SELECT FROM cases c WHERE c.id = p_subject
                AND current_setting('role') = 'childcare_commune' AND c.commune_id = access.setting_int('app.commune_id'))
            OR case_is_newly_of_my_making(p_subject) OR case_asked_me(p_subject)
        WHEN 'carer_list' THEN current_setting('role') = 'childcare_commune' AND p_subject =
            ('018f6f2e-0016-7000-8000-' || lpad(to_hex(access.setting_int('app.commune_id')), 12, '0'))::uuid
        -- Anything else that a clock can be about is a step of a case.
        ELSE EXISTS (SELECT FROM case_steps s WHERE s.id = p_subject
            AND current_setting('role') = 'childcare_commune' AND s.commune_id = access.setting_int('app.commune_id'))
    END;
END
$$
