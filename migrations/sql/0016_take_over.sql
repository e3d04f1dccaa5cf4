-- What moves when a case or a child's record goes over the border of a commune: its parts, its clocks, who reads on.
CREATE FUNCTION access.parts_follow(parent regclass, ids uuid[], village integer, province integer) RETURNS void
LANGUAGE plpgsql AS $$
-- What hangs on a record that moved, however far down, gets its holder: the commune comes by ON UPDATE CASCADE, and
-- these keys say what hangs there, so that no list of tables can be forgotten. For functions of the gate alone.
DECLARE
    part record;
    moved uuid[];
BEGIN
    FOR part IN
        SELECT DISTINCT k.conrelid::regclass AS name, a.attname AS key
        FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.confrelid = parent AND cardinality(k.conkey) = 2 AND k.confupdtype = 'c'
    LOOP
        EXECUTE format('WITH moved AS (UPDATE %s SET village_id = $2, district_id = NULL, province_id = $3'
            ' WHERE %I = ANY ($1) RETURNING id) SELECT array_agg(id) FROM moved', part.name, part.key)
        INTO moved USING ids, village, province;
        IF moved IS NOT NULL AND part.name <> parent THEN
            PERFORM access.parts_follow(part.name, moved, village, province);
        END IF;
    END LOOP;
END
$$
--;
ALTER FUNCTION access.parts_follow OWNER TO childcare_gate
--;
CREATE FUNCTION child_parts_follow(p_child uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Give the parts of a child the village it is in now, also those that are kept from whoever says so.
    SELECT access.parts_follow('children', ARRAY[c.id], c.village_id, c.province_id)
    FROM children c WHERE c.id = p_child AND c.commune_id = access.setting_int('app.commune_id')
$$
--;
ALTER FUNCTION child_parts_follow OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION child_parts_follow TO childcare_village, childcare_commune
--;
CREATE FUNCTION child_moves_over(
    p_child uuid, p_from integer, p_village integer, p_commune integer, p_province integer, p_address text,
    p_moved_on date, p_change uuid, p_event uuid, p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Move a child's record to the register of another commune; its household stays behind, its history comes along, and
-- the address it left is not written into the new book: unknown is not the old one. For functions of the gate alone,
-- which checked that the one gives it and the other takes it.
DECLARE
    before children;
    child children;
BEGIN
    SELECT * INTO before FROM children c WHERE c.id = p_child AND c.commune_id = p_from FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE children SET household_id = NULL, village_id = p_village, commune_id = p_commune, district_id = NULL,
        province_id = p_province, address = p_address, row_version = row_version + 1,
        changed_at = p_now, changed_by = access.setting_uuid('app.actor_id')
    WHERE id = p_child RETURNING * INTO child;
    PERFORM access.parts_follow('children', ARRAY[p_child], p_village, p_province);
    INSERT INTO child_changes (id, child_id, row_version, action, part, fields, unit_id, village_id, commune_id,
        district_id, province_id, recorded_at, recorded_by)
    SELECT p_change, child.id, child.row_version, 'moved', 'child',
        jsonb_object_agg(f.name, jsonb_build_object('old', f.old, 'new', f.new)), child.unit_id, child.village_id,
        child.commune_id, child.district_id, child.province_id, p_now, access.setting_uuid('app.actor_id')
    FROM (VALUES ('commune_id', to_jsonb(before.commune_id), to_jsonb(child.commune_id)),
        ('village_id', to_jsonb(before.village_id), to_jsonb(child.village_id)),
        ('household_id', to_jsonb(before.household_id), to_jsonb(child.household_id)),
        ('address', to_jsonb(before.address), to_jsonb(child.address)),
        ('moved_on', NULL, to_jsonb(p_moved_on))) f (name, old, new)
    WHERE f.old IS DISTINCT FROM f.new;
    -- What else was offered of it is settled by this, and so is what its cases waited for.
    WITH settled AS (
        UPDATE child_moves SET status = CASE WHEN to_commune_id = p_commune THEN 'accepted' ELSE 'withdrawn' END,
            answered_at = p_now, answered_by = access.setting_uuid('app.actor_id'), row_version = row_version + 1
        WHERE child_id = p_child AND status = 'offered' RETURNING id
    )
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'moved', row_version = row_version + 1
    WHERE subject_id IN (SELECT id FROM settled) AND done_at IS NULL AND cancelled_at IS NULL;
    UPDATE tasks SET done_at = p_now, done_recorded_at = p_now, row_version = row_version + 1
    WHERE rule_code = 'case.follow_child' AND subject_id IN (SELECT c.id FROM cases c WHERE c.child_id = p_child)
        AND done_at IS NULL AND cancelled_at IS NULL;
    UPDATE possible_doubles SET other_province_id = p_province WHERE other_child_id = p_child;
    -- Two events, so that the inspectors of both communes find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('child.moved_away', 'child', p_child, jsonb_build_object('to_commune_id', p_commune), before.commune_id,
            before.province_id),
        ('child.arrived', 'child', p_child, jsonb_build_object('from_commune_id', before.commune_id), p_commune, p_province);
    INSERT INTO outbox (id, event, payload) VALUES (p_event, 'child.moved',
        jsonb_build_object('child_id', p_child, 'from_commune_id', before.commune_id, 'to_commune_id', p_commune));
    RETURN true;
END
$$
--;
ALTER FUNCTION child_moves_over OWNER TO childcare_gate
--;
CREATE FUNCTION offer_is_open_to_me(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A sealed case is offered from leader to leader: nobody else of the commune that is asked learns of it.
    -- Whoever is kept from the case does not learn where it went.
    SELECT current_setting('app.actor_kind', true) = 'system' OR NOT EXISTS (SELECT FROM exclusions x
            WHERE x.subject_id = p_case AND x.lifted_at IS NULL AND x.user_id = access.setting_uuid('app.actor_id'))
        AND (EXISTS (SELECT FROM cases c WHERE c.id = p_case AND c.confidentiality <> 'sealed')
            OR EXISTS (SELECT FROM assignments a
                WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader'))
$$
--;
ALTER FUNCTION offer_is_open_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION offer_is_open_to_me TO childcare_commune_granted
--;
CREATE FUNCTION case_transfer_locked(p_transfer uuid, p_version integer, p_happened_at timestamptz, p_now timestamptz)
RETURNS case_transfers LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- An offer to the caller's commune as the caller saw it, its case locked first, as every writer of a case does it; of
-- two leaders at once the second finds it answered, and gets nothing.
DECLARE
    offer case_transfers;
BEGIN
    PERFORM FROM cases c JOIN case_transfers t ON t.case_id = c.id
    WHERE t.id = p_transfer AND t.to_commune_id = access.setting_int('app.commune_id') FOR UPDATE OF c;
    SELECT * INTO offer FROM case_transfers t
    WHERE t.id = p_transfer AND t.to_commune_id = access.setting_int('app.commune_id') AND t.status = 'offered'
        AND offer_is_open_to_me(t.case_id) AND EXISTS (SELECT FROM assignments a
            WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader')
        AND t.row_version = p_version AND p_happened_at BETWEEN t.offered_at AND p_now
    FOR UPDATE;
    RETURN offer;
END
$$
--;
ALTER FUNCTION case_transfer_locked OWNER TO childcare_gate
--;
CREATE FUNCTION case_transfer_answered(p_transfer uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- How the caller's commune answered an offer; nothing of one to another commune, one that waits, or one taken back.
BEGIN
    RETURN (SELECT t.status FROM case_transfers t
        WHERE t.id = p_transfer AND t.to_commune_id = access.setting_int('app.commune_id')
            AND t.status IN ('accepted', 'declined') AND offer_is_open_to_me(t.case_id));
END
$$
--;
ALTER FUNCTION case_transfer_answered OWNER TO childcare_gate
--;
CREATE FUNCTION case_transfer_decline(
    p_transfer uuid, p_version integer, p_step uuid, p_event uuid, p_note text, p_happened_at timestamptz,
    p_now timestamptz
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Decline a case that was offered to the caller's commune: it stays where it is, with all its clocks.
DECLARE
    offer case_transfers := case_transfer_locked(p_transfer, p_version, p_happened_at, p_now);
BEGIN
    IF offer.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE case_transfers SET status = 'declined', answered_at = p_happened_at, answer_note = p_note,
        answered_by = access.setting_uuid('app.actor_id'), row_version = row_version + 1 WHERE id = p_transfer;
    PERFORM case_step_from_elsewhere(offer.case_id, p_step, 'transfer_declined', p_transfer, p_note, p_happened_at, p_now);
    UPDATE tasks SET done_at = p_happened_at, done_recorded_at = p_now, row_version = row_version + 1
    WHERE subject_id = p_transfer AND done_at IS NULL AND cancelled_at IS NULL;
    PERFORM case_declined_follows(offer.case_id, NULL, p_happened_at, p_now);
    PERFORM case_told_from_elsewhere(offer.case_id, p_step, p_event, 'case.transfer_declined', p_happened_at);
    RETURN true;
END
$$
--;
ALTER FUNCTION case_transfer_decline OWNER TO childcare_gate
--;
CREATE FUNCTION case_take_over(
    p_transfer uuid, p_version integer, p_step uuid, p_event uuid, p_village integer, p_grant uuid, p_kinds jsonb,
    p_until date, p_child_change uuid, p_child_event uuid, p_note text, p_happened_at timestamptz, p_now timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Take over a case that was offered to the caller's commune, where the child lives now (Luật Trẻ em, Điều 52.2): the
-- only statement that moves one across a border. All at once: the case with its parts, its clocks, who is kept from it,
-- the child's record; and the commune that gave it goes on reading, for a time, what was there. Where one of its carers
-- has the child it goes on following it (NĐ 56/2017, Điều 43.2). The commune of the incident, which may separate a child
-- (Điều 32.2), reads separations for that time; of all else it was shown, what was there.
DECLARE
    me integer := access.setting_int('app.commune_id');
    my_province integer := access.setting_int('app.province_id');
    offer case_transfers := case_transfer_locked(p_transfer, p_version, p_happened_at, p_now);
    held cases;
    follows boolean;
    endless boolean;
BEGIN
    IF offer.id IS NULL THEN
        RETURN 'changed';
    END IF;
    SELECT * INTO held FROM cases c WHERE c.id = offer.case_id;
    IF held.status IN ('closed', 'entered_in_error') THEN
        RETURN held.status;
    END IF;
    follows := case_care_kept_by(held.id, held.commune_id);
    UPDATE case_transfers SET status = 'accepted', answered_at = p_happened_at, answer_note = p_note,
        answered_by = access.setting_uuid('app.actor_id'), row_version = row_version + 1 WHERE id = p_transfer;
    UPDATE cases SET village_id = p_village, commune_id = me, district_id = NULL, province_id = my_province
    WHERE id = held.id;
    PERFORM access.parts_follow('cases', ARRAY[held.id], p_village, my_province);
    PERFORM case_step_from_elsewhere(held.id, p_step, 'transfer_accepted', p_transfer, p_note, p_happened_at, p_now);
    UPDATE tasks SET done_at = p_happened_at, done_recorded_at = p_now, row_version = row_version + 1
    WHERE subject_id = p_transfer AND done_at IS NULL AND cancelled_at IS NULL;
    -- The clocks run on as they ran, with the new office's own receipt beside them; those of the care stay with whoever
    -- follows it, but for what is asked of who leads the case.
    UPDATE tasks SET village_id = p_village, commune_id = me, district_id = NULL, province_id = my_province,
        receipt_at = p_now, receipt_due_at = p_now + (due_at - starts_at), row_version = row_version + 1
    WHERE commune_id = held.commune_id AND done_at IS NULL AND cancelled_at IS NULL
        AND (subject_id = held.id OR subject_id IN (SELECT s.id FROM case_steps s WHERE s.case_id = held.id))
        AND NOT (follows AND rule_code LIKE 'placement.%'
            AND rule_code NOT IN ('placement.end_at_facility', 'placement.end_temporary'));
    UPDATE exclusions SET village_id = p_village, commune_id = me, district_id = NULL, province_id = my_province
    WHERE subject_id = held.id;
    UPDATE case_grants SET revoked_at = p_now, revoked_by = access.setting_uuid('app.actor_id'), end_reason = 'case_moved'
    WHERE case_id = held.id AND granted_commune_id = me AND revoked_at IS NULL;
    UPDATE case_grants SET revoked_at = p_now, revoked_by = access.setting_uuid('app.actor_id'), end_reason = 'case_moved'
    WHERE case_id = held.id AND reason = 'commune_of_incident' AND valid_to IS NULL AND revoked_at IS NULL;
    endless := FOUND;
    INSERT INTO case_grants (id, origin_commune_id, case_id, granted_commune_id, reason, kinds, valid_from, valid_to,
        until_position, granted_at, granted_by, unit_id, village_id, commune_id, province_id)
    SELECT g.id, me, held.id, g.commune, g.reason, ARRAY(SELECT k FROM jsonb_array_elements_text(p_kinds -> g.reason) k
            WHERE g.reason <> 'commune_of_incident' OR starts_with(k, 'separation') = (g.position IS NULL)),
        nullif(current_setting('app.today', true), '')::date, g.until, g.position, p_now,
        access.setting_uuid('app.actor_id'), held.unit_id, p_village, me, my_province
    FROM (VALUES (p_grant, held.commune_id, 'led_before', p_until, held.step_count, true),
        (gen_random_uuid(), held.commune_id, 'commune_of_carer', NULL, NULL, follows),
        (gen_random_uuid(), held.origin_commune_id, 'commune_of_incident', p_until, NULL, held.origin_commune_id <> me),
        -- Where it led until now it reads all that was there, as whoever gave the case away.
        (gen_random_uuid(), held.origin_commune_id, 'commune_of_incident', p_until, held.step_count,
            endless AND held.origin_commune_id <> me))
        g (id, commune, reason, until, position, wanted)
    WHERE g.wanted AND (g.reason = 'led_before' OR g.position IS NOT NULL OR NOT EXISTS (SELECT FROM case_grants o WHERE o.case_id = held.id
        AND o.granted_commune_id = g.commune AND o.reason = g.reason AND o.revoked_at IS NULL));
    -- Whom the leader here named while the child was only followed are this case's own now; whom the leader there had
    -- told go on with the care, if it is kept there.
    UPDATE case_recipients r SET grant_id = CASE WHEN r.works_in_id <> me THEN g.id END
    FROM case_grants g
    WHERE r.case_id = held.id AND r.ended_at IS NULL AND g.case_id = held.id AND g.reason = 'commune_of_carer'
        AND g.granted_commune_id = r.works_in_id
        AND CASE WHEN r.works_in_id = me THEN g.id = r.grant_id AND g.revoked_at = p_now
                AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date)
            ELSE r.works_in_id = held.commune_id AND r.grant_id IS NULL AND case_grant_is_in_force(g.id) END;
    -- Who was named here for care that is over is named no longer, and may be named anew.
    UPDATE case_recipients r SET ended_at = p_now, ended_by = access.setting_uuid('app.actor_id')
    WHERE r.case_id = held.id AND r.works_in_id = me AND r.ended_at IS NULL AND r.grant_id IS NOT NULL;
    -- Who leads reads the reports behind the case; who leads none of their cases any more has no such reason.
    UPDATE intake_grants g SET ended_at = p_now
    WHERE g.grantee_commune_id = held.commune_id AND g.kind = 'leads_case' AND g.ended_at IS NULL
        AND g.intake_id IN (SELECT r.intake_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE s.case_id = held.id)
        AND NOT EXISTS (SELECT FROM case_reports r WHERE r.intake_id = g.intake_id AND r.commune_id = held.commune_id);
    INSERT INTO intake_grants (id, intake_id, origin_unit_id, grantee_commune_id, kind, granted_at, granted_by, unit_id,
        village_id, commune_id, district_id, province_id)
    SELECT gen_random_uuid(), i.id, access.setting_int('app.unit_id'), me, 'leads_case', p_now,
        access.setting_uuid('app.actor_id'), i.unit_id, i.village_id, i.commune_id, i.district_id, i.province_id
    FROM intakes i
    WHERE i.id IN (SELECT r.intake_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE s.case_id = held.id)
        AND i.commune_id IS DISTINCT FROM me
        AND NOT EXISTS (SELECT FROM intake_grants g
            WHERE g.intake_id = i.id AND g.grantee_commune_id = me AND g.ended_at IS NULL);
    PERFORM child_moves_over(held.child_id, held.commune_id, p_village, me, my_province, offer.address, offer.moved_on,
        p_child_change, p_child_event, p_now);
    -- Two events, so that the inspectors of both communes find it.
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('case.moved_away', 'case', held.id, jsonb_build_object('step_id', p_step, 'to_commune_id', me),
        held.commune_id, held.province_id);
    PERFORM case_told_from_elsewhere(held.id, p_step, p_event, 'case.transferred', p_happened_at);
    RETURN 'moved';
END
$$
--;
ALTER FUNCTION case_take_over OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_transfer_answered, case_transfer_decline, case_take_over TO childcare_commune
