-- What is added to a report by who told of it: a hotline, a village, another office.
CREATE FUNCTION report_is_told_more(
    held intakes, p_update uuid, p_event uuid, p_name text, p_said jsonb, p_now timestamptz, p_clocks jsonb
) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
-- Add to a locked report what was learned later by who told of it, and does not have it: `added`, or `no_case_open` where
-- it tells of danger that nobody would look at: every case on the report is closed, or the office marked the report as
-- an error. A report that was put aside is received again by it (NĐ 56/2017, Điều 25.1, 26.1): its office acknowledges
-- and assesses it anew. Where it was heard before the report was put aside and is told now, it is received again when
-- that was done, and not before: the clocks, which are of hours, begin there as well. New danger gives 12 hours of its own
-- (Điều 26.3). For functions of the gate alone.
DECLARE
    told intake_updates := jsonb_populate_record(NULL::intake_updates, p_said || jsonb_build_object('id', p_update,
        'intake_id', held.id, 'recorded_at', p_now, 'recorded_by', access.setting_uuid('app.actor_id'),
        'unit_id', held.unit_id, 'village_id', held.village_id, 'commune_id', held.commune_id,
        'district_id', held.district_id, 'province_id', held.province_id));
    -- That something was an error is no reason to take a report up again.
    anew boolean := held.status = 'dismissed' AND (told.emergency OR NOT told.takes_back);
    heard timestamptz;
    grounds text[];
BEGIN
    INSERT INTO intake_updates SELECT told.*;
    IF told.emergency AND held.status = 'entered_in_error'
            OR held.status = 'case_opened' AND report_was_updated(p_update, p_now) = 0 AND told.emergency THEN
        RETURN 'no_case_open';
    END IF;
    IF anew THEN
        heard := greatest(told.happened_at, held.dismissed_at);
        -- What made it an emergency before, does again until somebody assesses it, also what was added then and this. No
        -- addition goes into reported_grounds: one that is marked as an error later would stay there.
        grounds := held.reported_grounds || ARRAY(SELECT 'told_later' WHERE EXISTS (SELECT FROM intake_updates u
            WHERE u.intake_id = held.id AND u.emergency AND u.entered_in_error_at IS NULL));
        INSERT INTO intake_reexaminations (id, intake_id, dismissed_at, dismissed_by, dismiss_reason, reason, emergency,
            happened_at, recorded_at, recorded_by, unit_id, village_id, commune_id, district_id, province_id)
        VALUES (p_update, held.id, held.dismissed_at, held.dismissed_by, held.dismiss_reason, told.text, told.emergency,
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
    ELSIF told.emergency AND held.status IN ('received', 'acknowledged', 'assessed', 'case_opened') THEN
        UPDATE intakes SET emergency = true,
            emergency_grounds = array_remove(emergency_grounds, 'told_later') || '{told_later}'::text[],
            emergencies = (SELECT array_agg(DISTINCT at ORDER BY at) FROM unnest(emergencies || told.happened_at) at)
        WHERE id = held.id;
    END IF;
    IF anew OR told.emergency AND held.status IN ('received', 'acknowledged', 'assessed') THEN
        -- The earliest emergency that no measure has met runs; where one runs since earlier, the new one waits with it.
        UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'starts_anew', row_version = row_version + 1
        WHERE subject_id = held.id AND rule_code = 'emergency.intervene' AND done_at IS NULL AND cancelled_at IS NULL
            AND starts_at > told.happened_at;
        INSERT INTO tasks SELECT t.* FROM jsonb_array_elements(p_clocks) c
        CROSS JOIN LATERAL (SELECT greatest(heard - (c ->> 'starts_at')::timestamptz, interval '0') AS later) s
        CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, c || jsonb_build_object(
            'starts_at', (c ->> 'starts_at')::timestamptz + s.later, 'due_at', (c ->> 'due_at')::timestamptz + s.later,
            'escalate_at', (c ->> 'escalate_at')::timestamptz + s.later, 'subject_kind', 'intake', 'subject_id', held.id,
            'unit_id', held.unit_id, 'village_id', held.village_id, 'commune_id', held.commune_id,
            'district_id', held.district_id, 'province_id', held.province_id)) t
        WHERE t.rule_code IN ('intake.acknowledge', 'intake.assess') AND anew
            OR t.rule_code = 'emergency.intervene' AND (SELECT i.emergency FROM intakes i WHERE i.id = held.id)
                AND NOT EXISTS (SELECT FROM intake_safety_measures m JOIN intake_assessments a ON a.id = m.assessment_id
                    WHERE a.intake_id = held.id AND a.entered_in_error_at IS NULL AND m.happened_at >= t.starts_at
                        AND NOT anew)
        ON CONFLICT DO NOTHING;
    END IF;
    UPDATE intakes SET row_version = row_version + 1 WHERE id = held.id;
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES (p_name, 'intake', held.id, jsonb_build_object('update_id', p_update, 'emergency', told.emergency),
        held.commune_id, held.province_id);
    INSERT INTO outbox (id, event, payload, unit_id) VALUES (p_event, p_name,
        jsonb_build_object('intake_id', held.id, 'update_id', p_update, 'happened_at', told.happened_at),
        coalesce(held.commune_id, held.province_id));
    RETURN 'added';
END
$$
--;
ALTER FUNCTION report_is_told_more OWNER TO childcare_gate
--;
CREATE FUNCTION hotline_update_referral(
    p_referral uuid, p_update uuid, p_event uuid, p_said jsonb, p_now timestamptz, p_clocks jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What a hotline adds to the report behind its own referral, wherever that stands by now; nothing where it was withdrawn.
DECLARE
    held intakes;
BEGIN
    SELECT i.* INTO held FROM hotline_referrals r JOIN intakes i ON i.id = r.intake_id
    WHERE r.id = p_referral AND r.source_id = access.setting_uuid('app.source_id') AND i.source_id = r.source_id AND r.withdrawn_at IS NULL
    FOR UPDATE OF i;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN report_is_told_more(held, p_update, p_event, 'intake.updated_by_source',
        p_said || jsonb_build_object('source_id', held.source_id), p_now, p_clocks);
END
$$
--;
ALTER FUNCTION hotline_update_referral OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION hotline_update_referral TO childcare_hotline
--;
CREATE FUNCTION intake_is_told_by_me(held intakes) RETURNS boolean LANGUAGE sql STABLE AS $$
    -- Whether the caller may add to a report that others may have by now: whoever made it, as a village does; the commune
    -- that took it in; and the province that it stands in, which sends reports on. For functions of the gate.
    SELECT CASE current_setting('role')
        WHEN 'childcare_village' THEN held.created_by = access.setting_uuid('app.actor_id')
        WHEN 'childcare_commune' THEN access.setting_int('app.unit_id') IN (held.origin_unit_id, held.commune_id)
            AND NOT is_kept_from_me(held.id)
        WHEN 'childcare_province' THEN (held.province_id = access.setting_int('app.province_id')
                OR held.origin_unit_id = access.setting_int('app.unit_id'))
            AND NOT is_kept_from_me(held.id)
        ELSE false
    END
$$
--;
ALTER FUNCTION intake_is_told_by_me OWNER TO childcare_gate
--;
CREATE FUNCTION intake_told_by_me(p_intake uuid)
RETURNS TABLE (id uuid, row_version integer, status text, received_at timestamptz, recorded_at timestamptz,
    acknowledged_at timestamptz, emergency boolean, unit_id integer, village_id integer, commune_id integer,
    province_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- What whoever may add to a report may know of it, wherever it stands: as who made it does by its receipt.
    SELECT i.id, i.row_version, i.status, i.received_at, i.recorded_at, i.acknowledged_at, i.emergency, i.unit_id,
        i.village_id, i.commune_id, i.province_id
    FROM intakes i WHERE i.id = p_intake AND intake_is_told_by_me(i)
$$
--;
ALTER FUNCTION intake_told_by_me OWNER TO childcare_gate
--;
CREATE FUNCTION tell_more_of_intake(
    p_intake uuid, p_update uuid, p_event uuid, p_said jsonb, p_now timestamptz, p_clocks jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What a village, another commune or the province adds to a report that they told of or sent on, wherever it stands by
-- now; `withdrawn` where its hotline took it back, nothing where it is none of theirs.
DECLARE
    held intakes;
BEGIN
    SELECT * INTO held FROM intakes i WHERE i.id = p_intake AND intake_is_told_by_me(i) FOR UPDATE;
    IF NOT FOUND OR held.status = 'withdrawn' THEN
        RETURN held.status;
    END IF;
    RETURN report_is_told_more(held, p_update, p_event, 'intake.updated',
        p_said || jsonb_build_object('told_from_unit_id', nullif(access.setting_int('app.unit_id'), held.commune_id)),
        p_now, p_clocks);
END
$$
--;
ALTER FUNCTION tell_more_of_intake OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION intake_told_by_me, tell_more_of_intake TO childcare_village, childcare_commune, childcare_province
