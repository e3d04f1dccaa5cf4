-- Conflict of interest in a commune that reads a case of another by grant: who is named there sees nothing of it either.
CREATE FUNCTION case_is_granted_to_me(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a grant in force opens something of another commune's case to the caller's, and nothing keeps it from them.
    SELECT NOT is_kept_from_me(p_case) AND EXISTS (SELECT FROM case_grants g
        WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id')
            AND g.commune_id <> g.granted_commune_id AND case_grant_is_in_force(g.id))
$$
--;
ALTER FUNCTION case_is_granted_to_me OWNER TO childcare_gate
--;
CREATE FUNCTION exclude_elsewhere(p_id uuid, p_case uuid, p_user uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Keep a person from a case that was granted to the caller's commune: anybody themselves, its leader whoever works there.
-- NULL: no such case for them, or nobody they may name; false: so already.
DECLARE
    led cases;
    why text := CASE WHEN p_user = access.setting_uuid('app.actor_id') THEN 'declared'
        WHEN recipient_works_there(p_user, commune_i_lead()) THEN 'related' END;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    IF why IS NULL OR NOT case_is_granted_to_me(p_case) THEN
        RETURN NULL;
    END IF;
    -- Of the holder's record, so that the inspectors of both communes find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('case.person_excluded', 'case', led.id,
        jsonb_build_object('exclusion_id', p_id, 'user_id', p_user, 'ground', why), led.commune_id, led.province_id);
    RETURN keep_from_all(p_id, led.id, p_user, why, p_reason, p_now);
END
$$
--;
ALTER FUNCTION exclude_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION exclude_elsewhere TO childcare_commune
--;
CREATE FUNCTION exclusions_named_here(p_case uuid) RETURNS SETOF exclusions
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog, public AS $$
    -- Who of the commune that reads a case by grant was kept from it there: by its leader, to whom alone it is told, or by
    -- their own word. Both had a post there at the time.
    SELECT x.* FROM exclusions x CROSS JOIN LATERAL (SELECT (x.named_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) named
    WHERE x.subject_id = p_case AND x.ground <> 'party' AND case_is_granted_to_me(p_case)
        AND NOT EXISTS (SELECT FROM unnest(ARRAY[x.named_by, x.user_id]) who WHERE NOT EXISTS (
            SELECT FROM assignments a WHERE a.user_id = who AND a.commune_id = commune_i_lead()
                AND a.valid_from <= named.day AND (a.valid_to IS NULL OR a.valid_to >= named.day)
                AND (a.revoked_at IS NULL OR a.revoked_at >= x.named_at)))
$$
--;
ALTER FUNCTION exclusions_named_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION exclusions_named_here TO childcare_commune, childcare_commune_granted
--;
CREATE FUNCTION lift_exclusion_elsewhere(p_id uuid, p_case uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Let a person see again what the caller's commune keeps them from in another's case; whoever is kept from it cannot.
DECLARE
    kept exclusions;
BEGIN
    SELECT * INTO kept FROM exclusions_named_here(p_case) x WHERE x.id = p_id AND x.lifted_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM end_exclusion(p_id, p_case, p_reason, p_now);
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('case.exclusion_lifted', 'case', p_case,
        jsonb_build_object('exclusion_id', p_id, 'user_id', kept.user_id), kept.commune_id, kept.province_id);
    RETURN true;
END
$$
--;
ALTER FUNCTION lift_exclusion_elsewhere OWNER TO childcare_gate
--;
CREATE FUNCTION works_where_granted(p_user uuid, p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a person has a post today in a commune that reads a case of the caller's own by a grant in force.
    SELECT EXISTS (SELECT FROM case_grants g WHERE g.case_id = p_case
        AND g.commune_id = access.setting_int('app.commune_id') AND case_grant_is_in_force(g.id)
        AND recipient_works_there(p_user, g.granted_commune_id) AND NOT is_kept_from_me(p_case))
$$
--;
ALTER FUNCTION works_where_granted OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION lift_exclusion_elsewhere, works_where_granted TO childcare_commune
