-- Who reaches a report, who may see it elsewhere, and the two ways it crosses a border.
CALL access.protect('intakes', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_children', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_reporters', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_assessments', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_safety_measures', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_transfers', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_updates', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_reexaminations', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('intake_grants', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY origin ON intakes FOR INSERT TO childcare_village, childcare_commune, childcare_province
    WITH CHECK (origin_unit_id = (SELECT nullif(current_setting('app.unit_id', true), '')::int))
--;
-- Parts come with their report, in the statement that makes it, when nobody sees it yet: into a report that stands
-- somewhere already, nobody puts a child or a reporter from elsewhere.
CREATE FUNCTION intake_is_new(p_intake uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT NOT EXISTS (SELECT FROM intakes i WHERE i.id = p_intake)
$$
--;
ALTER FUNCTION intake_is_new OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_is_new TO childcare_village, childcare_commune, childcare_province, childcare_hotline
--;
CREATE POLICY origin ON intake_children FOR INSERT TO childcare_village, childcare_commune, childcare_province
    WITH CHECK (origin_unit_id = (SELECT nullif(current_setting('app.unit_id', true), '')::int) AND intake_is_new(intake_id))
--;
CREATE POLICY origin ON intake_reporters FOR INSERT TO childcare_village, childcare_commune, childcare_province
    WITH CHECK (origin_unit_id = (SELECT nullif(current_setting('app.unit_id', true), '')::int) AND intake_is_new(intake_id))
--;
-- A commune keeps reading what it reported elsewhere itself, and gives itself nothing else: looked up by the gate, since
-- it may not read what it made there.
CREATE FUNCTION intake_is_from_here(p_intake uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM intakes i
        WHERE i.id = p_intake AND i.origin_unit_id = access.setting_int('app.unit_id'))
$$
--;
ALTER FUNCTION intake_is_from_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_is_from_here TO childcare_commune
--;
CREATE POLICY origin ON intake_grants FOR INSERT TO childcare_commune
    WITH CHECK (origin_unit_id = (SELECT nullif(current_setting('app.unit_id', true), '')::int)
        AND grantee_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        AND intake_is_from_here(intake_id))
--;
CREATE FUNCTION intake_was_received() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- That a report was received stands in the log of the office that gets it, wherever its maker is: the database writes
-- it, once for each, so that nobody writes it there of a report that is none.
BEGIN
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('intake.received', 'intake', NEW.id, jsonb_build_object('emergency', NEW.emergency), NEW.commune_id, NEW.province_id);
    RETURN NULL;
END
$$
--;
ALTER FUNCTION intake_was_received OWNER TO childcare_gate
--;
CREATE TRIGGER received AFTER INSERT ON intakes FOR EACH ROW
    WHEN (current_setting('app.actor_id', true) <> '') EXECUTE FUNCTION intake_was_received()
--;
CREATE POLICY origin_hotline ON intakes FOR INSERT TO childcare_hotline
    WITH CHECK (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid))
--;
CREATE POLICY origin_hotline ON intake_children FOR INSERT TO childcare_hotline
    WITH CHECK (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid) AND intake_is_new(intake_id))
--;
CREATE POLICY origin_hotline ON intake_reporters FOR INSERT TO childcare_hotline
    WITH CHECK (source_id = (SELECT nullif(current_setting('app.source_id', true), '')::uuid) AND intake_is_new(intake_id))
--;
CREATE POLICY grantee ON intake_grants FOR SELECT TO childcare_commune_granted
    USING (grantee_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND ended_at IS NULL)
--;
CREATE POLICY granted ON intakes FOR SELECT TO childcare_commune_granted
    USING (id IN (SELECT g.intake_id FROM intake_grants g))
--;
CREATE POLICY granted ON intake_children FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
CREATE POLICY granted ON intake_assessments FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
CREATE POLICY granted ON intake_safety_measures FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
CREATE POLICY granted ON intake_transfers FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
CREATE POLICY granted ON intake_reexaminations FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
GRANT SELECT ON intake_reexaminations
    TO childcare_commune, childcare_district, childcare_province, childcare_commune_granted
--;
GRANT INSERT ON intake_reexaminations TO childcare_commune
--;
CREATE POLICY granted ON intake_updates FOR SELECT TO childcare_commune_granted
    USING (intake_id IN (SELECT g.intake_id FROM intake_grants g))
--;
GRANT SELECT ON intake_updates TO childcare_commune, childcare_district, childcare_province, childcare_commune_granted
--;
-- What a hotline said it says itself, and so does another office; one adds in the name of who writes it, and takes nothing
-- back but by a mark.
CREATE POLICY by_whom ON intake_updates AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (source_id IS NULL AND told_from_unit_id IS NULL AND NOT takes_back AND entered_in_error_at IS NULL
        AND recorded_by = (SELECT nullif(current_setting('app.actor_id', true), '')::uuid))
--;
GRANT INSERT ON intake_updates TO childcare_commune
--;
CREATE FUNCTION teller_took_back(p_update uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether who told of something from elsewhere has said since that it was an error.
    SELECT EXISTS (SELECT FROM intake_updates u JOIN intake_updates w ON w.intake_id = u.intake_id AND w.takes_back
            AND (w.source_id, w.told_from_unit_id) IS NOT DISTINCT FROM (u.source_id, u.told_from_unit_id)
            AND (w.recorded_at, w.id) > (u.recorded_at, u.id)
        WHERE u.id = p_update)
$$
--;
ALTER FUNCTION teller_took_back OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION teller_took_back TO childcare_commune
--;
-- An office does not unsay what others told it: that they take back themselves.
CREATE POLICY by_whom_marked ON intake_updates AS RESTRICTIVE FOR UPDATE TO childcare_commune
    USING (source_id IS NULL AND told_from_unit_id IS NULL OR teller_took_back(id))
--;
GRANT UPDATE (entered_in_error_at, entered_in_error_by, entered_in_error_reason) ON intake_updates TO childcare_commune
--;
CREATE FUNCTION report_was_updated(p_update uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Write what was added to a report into the open cases it stands in, and say how many: there are none yet, and what
-- brings cases replaces this. For functions of the gate alone.
BEGIN
    RETURN 0;
END
$$
--;
ALTER FUNCTION report_was_updated OWNER TO childcare_gate
--;
GRANT INSERT ON intakes, intake_children, intake_reporters TO childcare_village, childcare_hotline
--;
GRANT SELECT, INSERT, UPDATE ON intakes, intake_assessments TO childcare_commune
--;
GRANT SELECT, INSERT ON intake_children, intake_safety_measures, intake_grants TO childcare_commune
--;
GRANT UPDATE (ended_at) ON intake_grants TO childcare_commune
--;
GRANT SELECT ON intake_transfers TO childcare_commune
--;
GRANT SELECT, INSERT ON intakes, intake_children TO childcare_province
--;
-- A row lock needs a privilege to update; nothing but the version is ever written from there.
GRANT UPDATE (row_version) ON intakes TO childcare_province
--;
GRANT SELECT ON intake_assessments, intake_safety_measures, intake_transfers, intake_grants TO childcare_province
--;
-- The reporter is sealed: written by whoever was told, read through intake_reporter_revealed alone.
GRANT INSERT ON intake_reporters TO childcare_commune, childcare_province
--;
GRANT SELECT ON intakes, intake_children, intake_assessments, intake_safety_measures, intake_transfers
    TO childcare_district, childcare_commune_granted
--;
GRANT SELECT ON intake_grants TO childcare_commune_granted
--;
CREATE FUNCTION is_kept_from_me(p_subject uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT false -- Whether a report names the caller, or is sealed from them: cases replace this.
$$
--;
ALTER FUNCTION is_kept_from_me OWNER TO childcare_gate
--;
CREATE FUNCTION intake_receipt(p_intake uuid) RETURNS TABLE (id uuid, row_version integer, status text,
    received_at timestamptz, recorded_at timestamptz, acknowledged_at timestamptz, emergency boolean, unit_id integer,
    village_id integer, commune_id integer, province_id integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What whoever made a report may know of it, wherever it stands: that it arrived, where, and how far it is.
BEGIN
    RETURN QUERY SELECT i.id, i.row_version, i.status, i.received_at, i.recorded_at, i.acknowledged_at, i.emergency, i.unit_id,
        i.village_id, i.commune_id, i.province_id
    FROM intakes i WHERE i.id = p_intake AND i.created_by = access.setting_uuid('app.actor_id')
        -- Of what an office keeps from one of its people it keeps the receipt, too; a villager's own word stands.
        AND (current_setting('role') NOT IN ('childcare_commune', 'childcare_province') OR NOT is_kept_from_me(i.id));
END
$$
--;
ALTER FUNCTION intake_receipt OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_receipt TO childcare_village, childcare_commune, childcare_province, childcare_hotline
--;
CREATE FUNCTION intake_reporter_revealed(p_intake uuid, p_reason text)
RETURNS TABLE (kind text, full_name text, phone text, address text, relation text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Break the seal over who reported: only for a report that the caller's commune holds, and never without an event.
DECLARE
    held intakes;
BEGIN
    SELECT * INTO held FROM intakes i WHERE i.id = p_intake AND i.commune_id = access.setting_int('app.commune_id');
    IF NOT FOUND OR is_kept_from_me(p_intake) OR coalesce(p_reason, '') = '' THEN
        RETURN;
    END IF;
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)
    VALUES ('intake.reporter_revealed', 'intake', p_intake, '{}', p_reason, held.commune_id, held.province_id);
    RETURN QUERY SELECT r.kind, r.full_name, r.phone, r.address, r.relation FROM intake_reporters r WHERE r.intake_id = p_intake;
END
$$
--;
ALTER FUNCTION intake_reporter_revealed OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_reporter_revealed TO childcare_commune
--;
CREATE FUNCTION intake_is_mine(held intakes) RETURNS boolean LANGUAGE sql STABLE AS $$
    -- Whether a report is the caller's own to act on, by the role it came in: its commune's, its province's, or in its
    -- hotline's queue. Inside functions of the gate, which see every row.
    SELECT CASE current_setting('role')
        WHEN 'childcare_commune' THEN held.commune_id = access.setting_int('app.commune_id')
        WHEN 'childcare_province' THEN held.province_id = access.setting_int('app.province_id')
        WHEN 'childcare_hotline' THEN held.source_id = access.setting_uuid('app.source_id') AND held.province_id IS NULL
        ELSE false
    END
$$
--;
ALTER FUNCTION intake_is_mine OWNER TO childcare_gate
--;
CREATE FUNCTION intake_hand_over(
    p_intake uuid, p_transfer uuid, p_grant uuid, p_event uuid, p_unit integer, p_village integer, p_commune integer,
    p_province integer, p_reason text, p_happened_at timestamptz, p_now timestamptz, p_clocks jsonb
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Hand a report over to another office: the only statement that moves one across a border (NĐ 56/2017, Điều 26.1).
-- It must be the caller's own: its commune's, else its province's, else in its hotline's queue. The commune that
-- gives it away keeps reading it; the tasks that run go along, with the new office's own receipt beside them, and
-- the clocks of the new office start: here, because the report is no longer the caller's afterwards.
DECLARE
    held intakes;
BEGIN
    SELECT * INTO held FROM intakes i WHERE i.id = p_intake AND intake_is_mine(i) FOR UPDATE;
    IF NOT FOUND OR is_kept_from_me(p_intake) THEN
        RETURN false;
    END IF;
    -- The copies of commune_id in the parts follow by ON UPDATE CASCADE, but not out of an empty one.
    UPDATE intakes SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province,
        arrived_at = p_now, status = 'received', acknowledged_at = NULL, acknowledged_by = NULL,
        row_version = row_version + 1
    WHERE id = p_intake;
    UPDATE intake_children SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province
    WHERE intake_id = p_intake;
    UPDATE intake_reporters SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province
    WHERE intake_id = p_intake;
    UPDATE intake_assessments SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province
    WHERE intake_id = p_intake;
    UPDATE intake_safety_measures SET village_id = p_village, commune_id = p_commune, district_id = NULL,
        province_id = p_province WHERE intake_id = p_intake;
    UPDATE intake_updates SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province
    WHERE intake_id = p_intake;
    UPDATE intake_reexaminations SET village_id = p_village, commune_id = p_commune, district_id = NULL,
        province_id = p_province WHERE intake_id = p_intake;
    UPDATE intake_transfers SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province
    WHERE intake_id = p_intake;
    UPDATE intake_grants SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province,
        ended_at = CASE WHEN grantee_commune_id = p_commune THEN coalesce(ended_at, p_now) ELSE ended_at END
    WHERE intake_id = p_intake;
    UPDATE tasks SET village_id = p_village, commune_id = p_commune, district_id = NULL, province_id = p_province,
        receipt_at = p_now, receipt_due_at = p_now + (due_at - starts_at), row_version = row_version + 1
    WHERE subject_id = p_intake AND done_at IS NULL AND cancelled_at IS NULL;
    INSERT INTO tasks SELECT c.* FROM jsonb_populate_recordset(NULL::tasks, p_clocks) c
    WHERE c.subject_id = p_intake AND c.commune_id IS NOT DISTINCT FROM p_commune AND c.province_id = p_province;
    INSERT INTO intake_transfers (id, intake_id, from_unit_id, to_unit_id, reason, happened_at, transferred_at,
        transferred_by, unit_id, village_id, commune_id, province_id)
    VALUES (p_transfer, p_intake, access.setting_int('app.unit_id'), p_unit, p_reason, p_happened_at, p_now,
        access.setting_uuid('app.actor_id'), held.unit_id, p_village, p_commune, p_province);
    IF held.commune_id IS NOT NULL AND held.commune_id IS DISTINCT FROM p_commune THEN
        INSERT INTO intake_grants (id, intake_id, origin_unit_id, grantee_commune_id, kind, granted_at, granted_by,
            unit_id, village_id, commune_id, province_id)
        VALUES (p_grant, p_intake, access.setting_int('app.unit_id'), held.commune_id, 'handed_over', p_now,
            access.setting_uuid('app.actor_id'), held.unit_id, p_village, p_commune, p_province);
    END IF;
    -- Two events, so that the inspectors of both offices find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('intake.handed_over', 'intake', p_intake, jsonb_build_object('to_unit_id', p_unit), held.commune_id, held.province_id),
        ('intake.arrived', 'intake', p_intake, jsonb_build_object('from_unit_id', access.setting_int('app.unit_id')),
            p_commune, p_province);
    INSERT INTO outbox (id, event, payload) VALUES (p_event, 'intake.transferred',
        jsonb_build_object('intake_id', p_intake, 'to_unit_id', p_unit, 'happened_at', p_happened_at));
    RETURN true;
END
$$
--;
ALTER FUNCTION intake_hand_over OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_hand_over TO childcare_commune, childcare_province, childcare_hotline
