-- A sealed case whose child another commune follows in care, or that asks there for a carer: it is there for the leader of
-- that commune, as far as the grant goes, and for whom that leader names.
CREATE POLICY granted ON case_recipients FOR SELECT TO childcare_commune_granted
    USING (works_in_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND EXISTS (SELECT FROM case_grants g WHERE g.id = case_recipients.grant_id))
--;
GRANT SELECT ON case_recipients TO childcare_commune_granted
--;
CREATE FUNCTION case_tell_here(p_case uuid, p_version integer, p_users uuid[], p_reason text, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The leader of the commune that follows the child of a sealed case says who else there sees it: these, and nobody named
-- before. NULL: no such case for them; negative: the case has changed, to that version; else its new one.
DECLARE
    led cases;
    here integer := commune_i_lead();
    followed uuid;
BEGIN
    SELECT * INTO led FROM cases c WHERE c.id = p_case FOR UPDATE;
    SELECT g.id INTO followed FROM case_grants g
    WHERE g.case_id = p_case AND g.granted_commune_id = here AND g.reason = 'commune_of_carer'
        AND case_grant_is_in_force(g.id) ORDER BY g.granted_at DESC, g.id DESC LIMIT 1;
    IF led.confidentiality IS DISTINCT FROM 'sealed' OR followed IS NULL OR is_kept_from_me(p_case)
            OR EXISTS (SELECT FROM unnest(p_users) u WHERE NOT recipient_works_there(u, here)) THEN
        RETURN NULL;
    END IF;
    IF led.row_version <> p_version THEN
        RETURN -led.row_version;
    END IF;
    UPDATE case_recipients r SET ended_at = p_now, ended_by = access.setting_uuid('app.actor_id')
    WHERE r.case_id = p_case AND r.works_in_id = here AND r.ended_at IS NULL
        AND (r.user_id <> ALL (p_users) OR r.grant_id IS DISTINCT FROM followed);
    INSERT INTO case_recipients (id, case_id, user_id, added_at, added_by, grant_id, unit_id, village_id, commune_id,
        district_id, province_id)
    SELECT gen_random_uuid(), led.id, u, p_now, access.setting_uuid('app.actor_id'), followed, led.unit_id, led.village_id,
        led.commune_id, led.district_id, led.province_id
    FROM (SELECT DISTINCT u FROM unnest(p_users) u) named
    WHERE NOT EXISTS (SELECT FROM case_recipients r
        WHERE r.case_id = p_case AND r.user_id = u AND r.works_in_id = here AND r.ended_at IS NULL);
    UPDATE cases SET row_version = row_version + 1 WHERE id = p_case;
    -- Of the holder's record, so that the inspectors of both communes find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)
    VALUES ('case.recipients_set_elsewhere', 'case', led.id,
        jsonb_build_object('commune_id', here, 'recipients', to_jsonb(p_users)), p_reason, led.commune_id, led.province_id);
    RETURN led.row_version + 1;
END
$$
--;
ALTER FUNCTION case_tell_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_tell_here TO childcare_commune
--;
CREATE FUNCTION case_is_seen_there(p_case uuid, p_commune integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether anybody who works today in the commune that follows the child of the caller's own case sees it.
    SELECT EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.province_id = access.setting_int('app.province_id')
            AND c.commune_id = coalesce(access.setting_int('app.commune_id'), c.commune_id) AND NOT is_kept_from_me(c.id))
        AND EXISTS (SELECT FROM assignments a JOIN users u ON u.id = a.user_id AND u.disabled_at IS NULL
            WHERE a.commune_id = p_commune AND a.revoked_at IS NULL
                AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
                AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
                AND NOT EXISTS (SELECT FROM exclusions x
                    WHERE x.user_id = a.user_id AND x.subject_id = p_case AND x.lifted_at IS NULL)
                AND (a.role = 'commune_leader' OR a.role = 'commune_officer' AND (
                    EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.confidentiality <> 'sealed')
                    OR EXISTS (SELECT FROM case_recipients r
                        WHERE r.case_id = p_case AND r.user_id = a.user_id AND r.ended_at IS NULL
                            AND r.works_in_id = p_commune AND case_grant_is_in_force(r.grant_id)))))
$$
--;
ALTER FUNCTION case_is_seen_there OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_is_seen_there TO childcare_commune, childcare_district, childcare_province
--;
CREATE FUNCTION offered_task_is_open_to_me(p_transfer uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A sealed case that is offered is a task of the leader who is asked, and of nobody else there.
    SELECT NOT EXISTS (SELECT FROM case_transfers t WHERE t.id = p_transfer
        AND NOT offer_is_open_to_me(t.case_id) AND NOT case_is_open_to_me(t.case_id))
$$
--;
ALTER FUNCTION offered_task_is_open_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION offered_task_is_open_to_me TO childcare_commune, childcare_district, childcare_province
--;
CREATE POLICY offered ON tasks AS RESTRICTIVE FOR SELECT TO childcare_commune, childcare_district, childcare_province
    USING (subject_kind <> 'case_transfer' OR offered_task_is_open_to_me(subject_id))
