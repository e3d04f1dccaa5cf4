-- What printing a paper needs beyond what its reader may read.
CREATE FUNCTION paper_signers(p_case uuid) RETURNS TABLE (id uuid, name text, held_position text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Who signs the papers of a case that the caller may read: a name on a paper stays true when its bearer has moved to
-- another office, whose people the caller could not read; the position is that of the assignment it was signed in. `id`
-- is that of the step, or of the intake's assessment.
BEGIN
    RETURN QUERY
    WITH granted AS (
        SELECT kind, g.until_position FROM case_grants g CROSS JOIN LATERAL unnest(g.kinds) kind
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id') AND g.revoked_at IS NULL
            AND g.valid_from <= current_setting('app.today', true)::date
            AND (g.valid_to IS NULL OR g.valid_to >= current_setting('app.today', true)::date)
    ), held AS (
        SELECT c.id, c.intake_id, CASE
            WHEN access.setting_int('app.commune_id') IS NOT NULL THEN c.commune_id = access.setting_int('app.commune_id')
            WHEN access.setting_int('app.district_id') IS NOT NULL THEN c.district_id = access.setting_int('app.district_id')
            ELSE c.province_id = access.setting_int('app.province_id') END AS wholly
        FROM cases c WHERE c.id = p_case AND NOT is_kept_from_me(c.id)
    ), signed AS (
        SELECT s.id, s.recorded_by, s.assignment_id FROM held h JOIN case_steps s ON s.case_id = h.id
            WHERE h.wholly OR EXISTS (SELECT FROM granted g
                WHERE g.kind = s.kind AND (g.until_position IS NULL OR s.position <= g.until_position))
        UNION ALL
        SELECT a.id, a.recorded_by, NULL FROM held h JOIN intake_assessments a ON a.intake_id = h.intake_id
            WHERE h.wholly OR 'opening' IN (SELECT kind FROM granted)
        UNION ALL
        -- Who received it at the commune: not the hotline's operator, nor its machine.
        SELECT i.id, COALESCE(i.acknowledged_by, (SELECT a.recorded_by FROM intake_assessments a
                WHERE a.intake_id = i.id ORDER BY a.recorded_at LIMIT 1),
            CASE WHEN i.source_id IS NULL THEN i.created_by END), NULL
        FROM held h JOIN intakes i ON i.id = h.intake_id
            WHERE h.wholly OR 'opening' IN (SELECT kind FROM granted)
    )
    SELECT signed.id, u.display_name, a.position
    FROM signed JOIN users u ON u.id = signed.recorded_by LEFT JOIN assignments a ON a.id = signed.assignment_id;
END
$$
--;
ALTER FUNCTION paper_signers OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION paper_signers
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
