-- The walls around people, machines and sessions, and the entrance that checks an actor at the start of every
-- transaction.
CALL access.protect('users', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('credentials', ARRAY[]::text[])
--;
CALL access.protect('assignments', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('machine_clients', ARRAY['commune', 'province'])
--;
CALL access.protect('machine_secrets', ARRAY[]::text[])
--;
CALL access.protect('sessions', ARRAY[]::text[])
--;
CALL access.protect('refresh_tokens', ARRAY[]::text[])
--;
CALL access.protect('revoked_tokens', ARRAY[]::text[])
--;
CALL access.protect('login_attempts', ARRAY[]::text[])
--;
CREATE POLICY central ON users TO childcare_central USING (true) WITH CHECK (true)
--;
CREATE POLICY central ON assignments TO childcare_central USING (true) WITH CHECK (true)
--;
CREATE POLICY central ON machine_clients TO childcare_central USING (true) WITH CHECK (true)
--;
CREATE FUNCTION access.is_administrator() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether the caller came in by an assignment as administrator; `access.enter` saw that it holds.
    SELECT EXISTS (SELECT FROM assignments a
        WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'administrator')
$$
--;
ALTER FUNCTION access.is_administrator OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION access.is_administrator TO childcare_commune, childcare_province, childcare_central
--;
DO $$
-- Accounts and posts are an administrator's to write, and nobody gives a post to themselves: an officer shares the role in
-- the database with the administrator of the commune.
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['users', 'assignments', 'machine_clients'] LOOP
        EXECUTE format('CREATE POLICY administrators ON %I AS RESTRICTIVE FOR INSERT TO childcare_commune,'
            ' childcare_province, childcare_central WITH CHECK (access.is_administrator())', target);
        EXECUTE format('CREATE POLICY administrators_still ON %I AS RESTRICTIVE FOR UPDATE TO childcare_commune,'
            ' childcare_province, childcare_central USING (access.is_administrator())', target);
    END LOOP;
END
$$
--;
CREATE POLICY not_to_oneself ON assignments AS RESTRICTIVE FOR INSERT TO childcare_commune, childcare_province,
    childcare_central WITH CHECK (user_id <> access.setting_uuid('app.actor_id'))
--;
CREATE POLICY auth ON users FOR SELECT TO childcare_auth USING (true)
--;
CREATE POLICY auth ON assignments FOR SELECT TO childcare_auth USING (true)
--;
CREATE POLICY auth ON machine_clients FOR SELECT TO childcare_auth USING (true)
--;
CREATE POLICY auth ON credentials TO childcare_auth USING (true) WITH CHECK (true)
--;
CREATE POLICY auth ON machine_secrets TO childcare_auth USING (true) WITH CHECK (true)
--;
CREATE POLICY auth ON sessions TO childcare_auth USING (true) WITH CHECK (true)
--;
CREATE POLICY auth ON refresh_tokens TO childcare_auth USING (true) WITH CHECK (true)
--;
CREATE POLICY auth ON revoked_tokens TO childcare_auth USING (true) WITH CHECK (true)
--;
CREATE POLICY auth ON login_attempts TO childcare_auth USING (true) WITH CHECK (true)
--;
GRANT SELECT, INSERT, UPDATE ON users, assignments, machine_clients TO
    childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON users, assignments TO childcare_district
--;
GRANT SELECT ON users, assignments, machine_clients TO childcare_auth
--;
GRANT SELECT, INSERT, UPDATE ON credentials, machine_secrets TO childcare_auth
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, refresh_tokens, revoked_tokens, login_attempts TO childcare_auth
--;
CREATE FUNCTION access.enter(
    p_kind text, p_actor uuid, p_session uuid, p_assignment uuid, p_token uuid, p_database_role text,
    p_unit integer, p_version integer, p_today date, p_now timestamptz, p_request text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Let an actor in: what it claims must still hold, and the wall is drawn from these rows, not from its claims.
DECLARE
    v_role text;
    v_level text;
    v_unit integer;
    v_village integer;
    v_commune integer;
    v_district integer;
    v_province integer;
    v_source uuid;
    v_acting_for uuid;
    wall text;
BEGIN
    IF p_kind = 'person' THEN
        SELECT a.role, a.level, a.unit_id, a.village_id, a.commune_id, a.district_id, a.province_id, a.source_id,
            a.acting_for_assignment_id
        INTO v_role, v_level, v_unit, v_village, v_commune, v_district, v_province, v_source, v_acting_for
        FROM assignments a
        WHERE a.id = p_assignment AND a.user_id = p_actor AND a.row_version = p_version AND a.revoked_at IS NULL
            AND a.valid_from <= p_today AND (a.valid_to IS NULL OR a.valid_to >= p_today)
            -- Each asked by key and on its own, which is cheaper than a join of as many tables.
            AND EXISTS (SELECT FROM users u WHERE u.id = p_actor AND u.disabled_at IS NULL)
            AND EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.user_id = p_actor
                AND s.revoked_at IS NULL AND s.expires_at > p_now)
            AND EXISTS (SELECT FROM units t WHERE t.id = a.unit_id AND (t.valid_to IS NULL OR t.valid_to >= p_today))
            AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.id = p_token);
        -- Who acts for somebody acts no longer than the post that is acted for is held by somebody with an account. A
        -- question of its own, which few are asked: as part of the one above it would cost everybody.
        IF v_acting_for IS NOT NULL AND NOT EXISTS (
                SELECT FROM assignments f JOIN users h ON h.id = f.user_id AND h.disabled_at IS NULL
                WHERE f.id = v_acting_for AND f.revoked_at IS NULL
                    AND (f.valid_to IS NULL OR f.valid_to >= p_today)) THEN
            v_unit := NULL;
        END IF;
        wall := CASE WHEN v_role = 'hotline_operator' THEN 'childcare_hotline' ELSE 'childcare_' || v_level END;
    ELSIF p_kind = 'machine' THEN
        SELECT m.unit_id, m.village_id, m.commune_id, m.district_id, m.province_id, m.source_id
        INTO v_unit, v_village, v_commune, v_district, v_province, v_source
        FROM machine_clients m
        WHERE m.id = p_actor AND m.row_version = p_version AND m.disabled_at IS NULL
            AND EXISTS (SELECT FROM sessions s WHERE s.id = p_session AND s.machine_client_id = p_actor
                AND s.revoked_at IS NULL AND s.expires_at > p_now)
            AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.id = p_token);
        wall := 'childcare_hotline';
    ELSIF p_kind = 'system' THEN
        -- The worker, on behalf of nobody, inside the unit that an event speaks of.
        SELECT u.level, u.id,
            CASE u.level WHEN 'village' THEN u.id END,
            CASE u.level WHEN 'commune' THEN u.id WHEN 'village' THEN p.id END,
            CASE u.level WHEN 'province' THEN u.id WHEN 'commune' THEN p.id WHEN 'village' THEN p.parent_id END
        INTO v_level, v_unit, v_village, v_commune, v_province
        FROM units u LEFT JOIN units p ON p.id = u.parent_id WHERE u.id = p_unit;
        wall := 'childcare_' || v_level;
    END IF;
    IF v_unit IS NULL OR wall IS DISTINCT FROM p_database_role THEN
        RAISE EXCEPTION 'access has ended' USING ERRCODE = 'CC401';
    END IF;
    PERFORM set_config('app.actor_id', p_actor::text, true), set_config('app.actor_kind', p_kind, true),
        set_config('app.assignment_id', coalesce(p_assignment::text, ''), true),
        set_config('app.unit_id', v_unit::text, true),
        set_config('app.village_id', coalesce(v_village::text, ''), true),
        set_config('app.commune_id', coalesce(v_commune::text, ''), true),
        set_config('app.district_id', coalesce(v_district::text, ''), true),
        set_config('app.province_id', coalesce(v_province::text, ''), true),
        set_config('app.source_id', coalesce(v_source::text, ''), true),
        set_config('app.request_id', coalesce(p_request, ''), true),
        -- Policies of dated rows compare with the day in Viet Nam, as the product reckons it.
        set_config('app.today', p_today::text, true);
END
$$
--;
ALTER FUNCTION access.enter OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION access.enter TO childcare_api
--;
CREATE PROCEDURE access.let_in(
    p_kind text, p_actor uuid, p_session uuid, p_assignment uuid, p_token uuid, p_database_role text,
    p_unit integer, p_version integer, p_today date, p_now timestamptz, p_request text, p_second_look boolean
) LANGUAGE plpgsql AS $$
-- The entrance and the role in one call, which answers nothing: so that a statement can follow in the same message.
-- The second look is the role that sees what other communes granted, and nothing of the caller's own.
-- Not SECURITY DEFINER: a role can only be put on by whoever may wear it.
BEGIN
    PERFORM access.enter(p_kind, p_actor, p_session, p_assignment, p_token, p_database_role, p_unit, p_version,
        p_today, p_now, p_request);
    PERFORM pg_catalog.set_config('role', CASE WHEN p_second_look THEN 'childcare_commune_granted' ELSE p_database_role END,
        true);
END
$$
--;
GRANT EXECUTE ON PROCEDURE access.let_in TO childcare_api
--;
CREATE FUNCTION colleagues() RETURNS TABLE (
    assignment_id uuid, user_id uuid, full_name text, role text, "position" text, level text, unit_id integer,
    unit_name text, acting boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Every post that is held today in the caller's own unit, with the villages of a commune and the province above it.
    -- By a function, since a person's account may be kept by another unit than the one they work in.
    SELECT a.id, u.id, u.display_name, a.role, a.position, a.level, t.id, t.name, a.acting_for_assignment_id IS NOT NULL
    FROM assignments a JOIN users u ON u.id = a.user_id JOIN units t ON t.id = a.unit_id
    WHERE u.disabled_at IS NULL AND a.revoked_at IS NULL
        AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
        AND (t.valid_to IS NULL OR t.valid_to >= nullif(current_setting('app.today', true), '')::date)
        AND (a.commune_id = access.setting_int('app.commune_id')
            OR a.level = 'province' AND a.province_id = access.setting_int('app.province_id'))
$$
--;
ALTER FUNCTION colleagues OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION colleagues TO childcare_commune, childcare_province
