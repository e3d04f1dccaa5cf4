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
-- Step back from a case that was granted to the caller's commune. NULL: no such case for them, or nobody they may name.
DECLARE
    led cases;
    why text := CASE WHEN p_user = access.setting_uuid('app.actor_id') THEN 'declared' END;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case;
    IF why IS NULL OR NOT case_is_granted_to_me(p_case) THEN
        RETURN NULL;
    END IF;
    -- Of the holder's record, so that the inspectors of both communes find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('case.person_excluded', 'case', led.id,
        jsonb_build_object('exclusion_id', p_id, 'user_id', p_user, 'ground', why), led.commune_id, led.province_id);
    PERFORM keep_from_all(p_id, led.id, p_user, why, p_reason, p_now);
    RETURN true;
END
$$
--;
ALTER FUNCTION exclude_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION exclude_elsewhere TO childcare_commune
