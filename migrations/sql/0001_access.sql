-- The rooms of the database, who may enter them, and the two procedures that every later migration calls.
-- The roles themselves belong to the cluster and are made by `childcare-api bootstrap`.
CREATE SCHEMA access
--;
CREATE SCHEMA audit
--;
REVOKE CREATE ON SCHEMA public FROM PUBLIC
--;
GRANT USAGE ON SCHEMA public, access, audit TO
    childcare_api, childcare_village, childcare_commune, childcare_commune_granted, childcare_district,
    childcare_province, childcare_central, childcare_hotline, childcare_auth, childcare_worker, childcare_gate
--;
-- Only so that functions can be handed to it; nobody can log in as it.
GRANT CREATE ON SCHEMA public, access, audit TO childcare_gate
--;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
--;
CREATE PROCEDURE access.protect(target regclass, levels text[]) LANGUAGE plpgsql AS $$
-- Put the wall around a table: row-level security forced also on its owner, one equality policy a level.
-- The setting of a pooled connection reads back as '' once it was used: hence nullif.
DECLARE
    level text;
    mine text;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY owner ON %s TO childcare_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY gate ON %s TO childcare_gate USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO childcare_gate', target);
    FOREACH level IN ARRAY levels LOOP
        mine := format('%I = (SELECT nullif(current_setting(%L, true), %L)::int)', level || '_id', 'app.' || level || '_id', '');
        EXECUTE format('CREATE POLICY %I ON %s TO %I USING (%s) WITH CHECK (%s)',
            level, target, 'childcare_' || level, mine, mine);
    END LOOP;
    IF (SELECT count(*) FROM pg_attribute WHERE attrelid = target
            AND attname IN ('village_id', 'commune_id', 'district_id', 'province_id')) = 4 THEN
        -- Nearly every row is the own commune's and needs no look at the units. Reading pays nothing for it.
        mine := '(village_id IS NULL AND district_id IS NULL'
            ' AND commune_id = nullif(current_setting(''app.commune_id'', true), '''')::int'
            ' AND province_id = nullif(current_setting(''app.province_id'', true), '''')::int'
            ' OR access.is_one_line(village_id, commune_id, district_id, province_id))';
        EXECUTE format('CREATE POLICY one_line ON %s AS RESTRICTIVE FOR INSERT TO childcare_village, childcare_commune,'
            ' childcare_district, childcare_province, childcare_central, childcare_hotline WITH CHECK %s', target, mine);
        EXECUTE format('CREATE POLICY one_line_still ON %s AS RESTRICTIVE FOR UPDATE TO childcare_village, childcare_commune,'
            ' childcare_district, childcare_province, childcare_central, childcare_hotline USING (true) WITH CHECK %s',
            target, mine);
    END IF;
END
$$
--;
CREATE FUNCTION access.setting_uuid(name text) RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting(name, true), '')::uuid
--;
CREATE FUNCTION access.setting_int(name text) RETURNS int LANGUAGE sql STABLE
    RETURN nullif(current_setting(name, true), '')::int
--;
GRANT EXECUTE ON FUNCTION access.setting_uuid(text), access.setting_int(text) TO PUBLIC
--;
-- Transaction numbers begin anew in a restored database. A feed that follows them counts by eras, so that what is
-- written after a restore comes after all that came with it, and a reader's place in the feed stays true.
CREATE SEQUENCE access.eras MINVALUE 0 MAXVALUE 32767
--;
SELECT setval('access.eras', 0)
--;
GRANT SELECT ON SEQUENCE access.eras TO childcare_hotline, childcare_gate
--;
CREATE FUNCTION access.place_of(transaction xid8) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT e.last_value * 281474976710656 + transaction::text::bigint FROM access.eras e
$$
--;
GRANT EXECUTE ON FUNCTION access.place_of(xid8) TO childcare_hotline, childcare_gate
