-- What a hotline adds to its own referral.
CREATE FUNCTION hotline_update_referral(
    p_referral uuid, p_update uuid, p_event uuid, p_text text, p_emergency boolean, p_place_unit integer, p_place_text text,
    p_happened_at timestamptz, p_now timestamptz, p_clocks jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Add what a hotline learned later to the report behind its own referral, wherever that stands by now: `added`,
-- nothing where it was withdrawn, or `no_case_open` where it tells of danger that nobody would look at: every case on the
-- report is closed, or the office marked the report as an error. A report that was put aside is received again by it
-- (NĐ 56/2017, Điều 25.1, 26.1): its office acknowledges and assesses it anew. Where the hotline heard it before the
-- report was put aside and sends it now, it is received again when that was done, and not before: the clocks, which are
-- of hours, begin there as well. New danger gives 12 hours of its own (Điều 26.3).
DECLARE
    held intakes;
    heard timestamptz;
    grounds text[];
BEGIN
    SELECT i.* INTO held FROM hotline_referrals r JOIN intakes i ON i.id = r.intake_id
    WHERE r.id = p_referral AND r.source_id = access.setting_uuid('app.source_id') AND i.source_id = r.source_id AND r.withdrawn_at IS NULL
    FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO intake_updates (id, intake_id, source_id, text, emergency, place_unit_id, place_text, happened_at,
        recorded_at, recorded_by, unit_id, village_id, commune_id, district_id, province_id)
    VALUES (p_update, held.id, held.source_id, p_text, p_emergency, p_place_unit, p_place_text, p_happened_at, p_now,
        access.setting_uuid('app.actor_id'), held.unit_id, held.village_id, held.commune_id, held.district_id,
        held.province_id);
    IF p_emergency AND held.status = 'entered_in_error'
            OR held.status = 'case_opened' AND report_was_updated(p_update, p_now) = 0 AND p_emergency THEN
        RETURN 'no_case_open';
    END IF;
    IF held.status = 'dismissed' THEN
        heard := greatest(p_happened_at, held.dismissed_at);
        -- What made it an emergency before, does again until somebody assesses it, also what was added then and this. No
        -- addition goes into reported_grounds: one that is marked as an error later would stay there.
        grounds := held.reported_grounds || ARRAY(SELECT 'told_later' WHERE EXISTS (SELECT FROM intake_updates u
            WHERE u.intake_id = held.id AND u.emergency AND u.entered_in_error_at IS NULL));
        INSERT INTO intake_reexaminations (id, intake_id, dismissed_at, dismissed_by, dismiss_reason, reason, emergency,
            happened_at, recorded_at, recorded_by, unit_id, village_id, commune_id, district_id, province_id)
        VALUES (p_update, held.id, held.dismissed_at, held.dismissed_by, held.dismiss_reason, p_text, p_emergency,
            heard, p_now, access.setting_uuid('app.actor_id'), held.unit_id,
            held.village_id, held.commune_id, held.district_id, held.province_id);
        UPDATE intakes SET status = 'received', acknowledged_at = NULL, acknowledged_by = NULL, dismissed_at = NULL,
            dismissed_by = NULL, dismiss_reason = NULL, reexamined_at = heard,
            reexamined_by = access.setting_uuid('app.actor_id'), emergency_grounds = grounds,
            emergency = cardinality(grounds) > 0,
            emergencies = CASE WHEN cardinality(grounds) > 0 THEN ARRAY[heard] ELSE '{}' END
        WHERE id = held.id;
        INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
        VALUES ('intake.reexamined', 'intake', held.id, jsonb_build_object('update_id', p_update), held.commune_id,
            held.province_id);
        -- The feed tells it like any other, in its place between what was told before and after: of the office that has it.
        INSERT INTO outbox (id, event, payload, unit_id) VALUES (gen_random_uuid(), 'intake.reexamined',
            jsonb_build_object('intake_id', held.id, 'happened_at', heard), coalesce(held.commune_id, held.province_id));
    ELSIF p_emergency AND held.status IN ('received', 'acknowledged', 'assessed', 'case_opened') THEN
        UPDATE intakes SET emergency = true,
            emergency_grounds = array_remove(emergency_grounds, 'told_later') || '{told_later}'::text[],
            emergencies = (SELECT array_agg(DISTINCT at ORDER BY at) FROM unnest(emergencies || p_happened_at) at)
        WHERE id = held.id;
    END IF;
    IF held.status = 'dismissed' OR p_emergency AND held.status IN ('received', 'acknowledged', 'assessed') THEN
        -- The earliest emergency that no measure has met runs; where one runs since earlier, the new one waits with it.
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
        WHERE subject_id = held.id AND rule_code = 'emergency.intervene' AND done_at IS NULL AND cancelled_at IS NULL
            AND starts_at > p_happened_at;
        INSERT INTO tasks SELECT t.* FROM jsonb_array_elements(p_clocks) c
        CROSS JOIN LATERAL (SELECT greatest(heard - (c ->> 'starts_at')::timestamptz, interval '0') AS later) s
        CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, c || jsonb_build_object(
            'starts_at', (c ->> 'starts_at')::timestamptz + s.later, 'due_at', (c ->> 'due_at')::timestamptz + s.later,
            'escalate_at', (c ->> 'escalate_at')::timestamptz + s.later, 'subject_kind', 'intake', 'subject_id', held.id,
            'unit_id', held.unit_id, 'village_id', held.village_id, 'commune_id', held.commune_id,
            'district_id', held.district_id, 'province_id', held.province_id)) t
        WHERE t.rule_code IN ('intake.acknowledge', 'intake.assess') AND held.status = 'dismissed'
            OR t.rule_code = 'emergency.intervene' AND (SELECT i.emergency FROM intakes i WHERE i.id = held.id)
                AND NOT EXISTS (SELECT FROM intake_safety_measures m JOIN intake_assessments a ON a.id = m.assessment_id
                    WHERE a.intake_id = held.id AND a.entered_in_error_at IS NULL AND m.happened_at >= t.starts_at
                        AND held.status <> 'dismissed')
        ON CONFLICT DO NOTHING;
    END IF;
    UPDATE intakes SET row_version = row_version + 1 WHERE id = held.id;
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('intake.updated_by_source', 'intake', held.id, jsonb_build_object('update_id', p_update), held.commune_id,
        held.province_id);
    INSERT INTO outbox (id, event, payload) VALUES (p_event, 'intake.updated_by_source',
        jsonb_build_object('intake_id', held.id));
    RETURN 'added';
END
$$
--;
ALTER FUNCTION hotline_update_referral OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_update_referral TO childcare_hotline
