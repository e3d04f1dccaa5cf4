-- What is known of carers and facilities over the cases of all communes: numbers, and who harmed a child, never whose.
CREATE FUNCTION facility_places_taken(p_provider uuid, p_day date) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*)::int FROM case_placements p WHERE p.provider_id = p_provider AND placement_holds(p.id, p_day)
$$
--;
CREATE FUNCTION facility_has_a_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A facility's places are given one by one, whoever places children there at once: the facility is locked, and who
-- stays from that day on is counted. Past its places a reason is stated; care that goes on there takes no other place.
DECLARE
    places integer;
    taken integer;
BEGIN
    PERFORM FROM service_providers p WHERE p.id = NEW.provider_id FOR NO KEY UPDATE;
    SELECT d.places INTO places FROM service_provider_descriptions d
    WHERE d.provider_id = NEW.provider_id AND d.entered_in_error_at IS NULL AND d.from_on <= NEW.starts_on
    ORDER BY d.from_on DESC, d.recorded_at DESC, d.id DESC LIMIT 1;
    SELECT count(*) INTO taken FROM case_placements p JOIN case_steps s ON s.id = p.id
    WHERE p.provider_id = NEW.provider_id AND case_step_counts(s)
        AND NOT EXISTS (SELECT FROM case_steps n
            WHERE n.case_id = s.case_id AND n.kind = 'placement' AND n.about_id = p.id AND case_step_counts(n))
        AND NOT EXISTS (SELECT FROM case_placement_ends e JOIN case_steps t ON t.id = e.id
            WHERE e.placement_id = p.id AND placement_end_counts(e.ground, t) AND e.ended_on <= NEW.starts_on);
    IF taken >= places AND NOT EXISTS (SELECT FROM case_steps n WHERE n.id = NEW.id AND n.about_id IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'case_placements_place_free',
            MESSAGE = 'every place of the facility is taken';
    END IF;
    RETURN NEW;
END
$$
--;
ALTER FUNCTION facility_has_a_place OWNER TO childcare_gate
--;
CREATE TRIGGER has_a_place BEFORE INSERT ON case_placements FOR EACH ROW
    WHEN (NEW.provider_id IS NOT NULL AND NEW.over_places_reason IS NULL) EXECUTE FUNCTION facility_has_a_place()
--;
CREATE FUNCTION children_with_carers(p_carers uuid[], p_day date) RETURNS TABLE (carer_id uuid, children integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p.carer_id, count(*)::int FROM case_placements p
    WHERE p.carer_id = ANY (p_carers) AND placement_holds(p.id, p_day) GROUP BY p.carer_id
$$
--;
CREATE FUNCTION carers_found_harming(p_carers uuid[], p_day date DEFAULT NULL) RETURNS TABLE (carer_id uuid, harmed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Of some carers those of whom a visit, or the end of a care, says that they harmed a child, whichever it was, and
    -- since when it stands: nothing of the child or its case. It stands until their commune verified them anew (Mẫu 11),
    -- knowing of it, and found that they meet Luật Trẻ em, Điều 63.2; of who was struck off for it, for good. Of a day past
    -- both are asked: what the last verification found until then, and what the last one finds now.
    SELECT h.carer_id, min(h.happened_at) FROM (
        SELECT p.carer_id, s.happened_at, s.recorded_at FROM case_placements p JOIN case_steps g ON g.id = p.id
        JOIN case_steps s ON s.case_id = g.case_id AND s.about_id = p.id AND s.kind IN ('placement_visit', 'placement_ended')
        LEFT JOIN case_placement_visits v ON v.id = s.id LEFT JOIN case_placement_ends e ON e.id = s.id
        WHERE p.carer_id = ANY (p_carers) AND case_step_holds(s)
            AND (v.carer_harmed_child OR e.ground = 'carer_harmed_child')) h
    CROSS JOIN LATERAL (SELECT (h.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) harmed
    CROSS JOIN LATERAL (VALUES ('infinity'::date), (CASE WHEN p_day >= harmed.day THEN p_day END)) look (until)
    WHERE look.until IS NOT NULL AND NOT EXISTS (SELECT FROM (
        SELECT k.* FROM carer_verifications k WHERE k.carer_id = h.carer_id AND k.entered_in_error_at IS NULL
            AND k.verified_on <= look.until
        ORDER BY k.verified_on DESC, k.id DESC LIMIT 1) n
        WHERE n.result = 'meets' AND n.recorded_at > h.recorded_at AND n.verified_on >= harmed.day)
    GROUP BY h.carer_id
    UNION SELECT c.id, c.ended_at FROM carers c WHERE c.id = ANY (p_carers) AND c.end_ground = 'harmed_a_child'
$$
--;
CREATE FUNCTION lasting_placements(p_placements uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Of placements that somebody sees as steps those that were to last. A commune that is asked is told no more of care
    -- elsewhere, and needs it: whether a facility is still to agree on where the child goes (TT 14/2020, Điều 11.3).
    SELECT p.id FROM case_placements p WHERE p.id = ANY (p_placements) AND NOT p.temporary
$$
--;
ALTER FUNCTION lasting_placements OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION lasting_placements TO childcare_commune_granted
--;
ALTER FUNCTION facility_places_taken OWNER TO childcare_gate
--;
ALTER FUNCTION children_with_carers OWNER TO childcare_gate
--;
ALTER FUNCTION carers_found_harming OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION facility_places_taken, children_with_carers, carers_found_harming
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
