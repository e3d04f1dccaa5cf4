-- One number of an office on two decisions, of one case or of two: told to whoever writes it, and never refused.
CREATE FUNCTION decision_numbers_used(p_numbers text[], p_days date[], p_case uuid, p_issuer integer) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Which of these numbers the caller's own commune has given in the same year to another decision that counts: of this
-- case, or of another, also one that is sealed or went away, since the register of an office's numbers is one. Of which
-- is not told.
BEGIN
    IF p_issuer IS DISTINCT FROM access.setting_int('app.commune_id') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT DISTINCT used.number FROM (
        SELECT w.number FROM (
            SELECT DISTINCT u.number, extract(year FROM u.day) AS year FROM unnest(p_numbers, p_days) u (number, day)
        ) w JOIN (
            SELECT d.id, d.decision_number, d.decided_on AS day, NULL::integer AS issuer FROM case_decisions d
            UNION ALL SELECT d.id, d.decision_number, d.decided_on, d.origin_commune_id FROM case_separations d
            UNION ALL SELECT d.id, d.decision_number, d.decided_on, d.origin_commune_id FROM case_separation_changes d
            UNION ALL SELECT d.id, d.decision_number, d.decided_on, d.origin_commune_id FROM case_placements d
            WHERE d.decided_by = 'commune_chair'
            UNION ALL SELECT d.id, d.decision_number, d.ended_on, d.origin_commune_id FROM case_placement_ends d
            JOIN case_placements p ON p.id = d.placement_id AND p.decided_by = 'commune_chair'
        ) given ON given.decision_number = w.number AND extract(year FROM given.day) = w.year
        JOIN case_steps s ON s.id = given.id
        WHERE coalesce(given.issuer, s.origin_commune_id) = p_issuer AND s.in_error_at IS NULL
            -- What fell with an error may be decided again under its number.
            AND (s.case_id <> p_case OR case_step_counts(s))
        GROUP BY w.number, w.year HAVING bool_or(s.case_id <> p_case) OR count(*) > 1) used);
END
$$
--;
ALTER FUNCTION decision_numbers_used OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION decision_numbers_used
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
