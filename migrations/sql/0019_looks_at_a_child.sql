-- Who looked at a child looked at its record, or at one of those that tell of it.
CREATE FUNCTION records_of_child(p_child uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The ids under which the audit has what is told of a child: its record, household and moves, its cases with what was
    -- sent of them, and the reports behind them, in whatever commune. An inspector misses none; of what is kept or sealed
    -- from anybody else, or led where they have no business, the log does not speak to them: that a child who came here
    -- had a case elsewhere is not theirs to know.
    WITH reader AS (
        SELECT EXISTS (SELECT FROM assignments a
            WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'inspector') AS inspects
    ), cases_of AS (
        SELECT c.id FROM cases c
        WHERE c.child_id = p_child AND ((SELECT r.inspects FROM reader r)
            OR NOT is_kept_from_me(c.id) AND CASE current_setting('role')
                WHEN 'childcare_commune' THEN c.commune_id = access.setting_int('app.commune_id')
                WHEN 'childcare_province' THEN c.province_id = access.setting_int('app.province_id')
                ELSE true END)
    ), told (id) AS (
        SELECT p_child::text
        UNION SELECT c.household_id::text FROM children c WHERE c.id = p_child
        UNION SELECT h.fields #>> '{household_id,old}' FROM child_changes h WHERE h.child_id = p_child AND h.part = 'child'
        UNION SELECT m.id::text FROM child_moves m WHERE m.child_id = p_child
        UNION SELECT c.id::text FROM cases_of c
        UNION SELECT r.id::text FROM cases_of c JOIN case_referrals r ON r.case_id = c.id
        UNION SELECT t.id::text FROM cases_of c JOIN case_transfers t ON t.case_id = c.id
        UNION SELECT r.intake_id::text FROM cases_of c JOIN case_steps s ON s.case_id = c.id
            JOIN case_reports r ON r.id = s.id
            -- A report is as secret as the most secret case on it, such as that of a brother.
            WHERE (SELECT e.inspects FROM reader e) OR NOT is_kept_from_me(r.intake_id)
    )
    SELECT array_agg(t.id) FROM told t WHERE t.id IS NOT NULL
$$
--;
ALTER FUNCTION records_of_child OWNER TO childcare_gate
--;
CREATE FUNCTION offices_of_child(p_child uuid) RETURNS TABLE (commune_id integer, province_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Where records of a child can have stood in a list: the communes that held it or its cases, or were shown a part.
    WITH cases_of AS (SELECT c.id, c.commune_id, c.unit_id FROM cases c WHERE c.child_id = p_child), shown (id) AS (
        SELECT c.commune_id FROM children c WHERE c.id = p_child
        UNION SELECT unnest(ARRAY[m.from_commune_id, m.to_commune_id]) FROM child_moves m WHERE m.child_id = p_child
        UNION SELECT c.commune_id FROM cases_of c
        UNION SELECT g.granted_commune_id FROM cases_of c JOIN case_grants g ON g.case_id = c.id
        UNION SELECT r.to_commune_id FROM cases_of c JOIN case_referrals r ON r.case_id = c.id
        UNION SELECT unnest(ARRAY[t.from_commune_id, t.to_commune_id])
            FROM cases_of c JOIN case_transfers t ON t.case_id = c.id
    )
    SELECT u.id, u.parent_id FROM shown s JOIN units u ON u.id = s.id
$$
--;
ALTER FUNCTION offices_of_child OWNER TO childcare_gate
--;
CREATE FUNCTION looks_at_child(
    p_child uuid, kind text, done text, actor uuid, first timestamptz, last timestamptz, before_id bigint, most integer
) RETURNS TABLE (
    id bigint, recorded_at timestamptz, action text, subject_kind text, subject_id text, actor_id uuid, actor_kind text,
    assignment_id uuid, actor_unit_id integer, request_id text, detail jsonb, reason text, holder_commune_id integer,
    holder_province_id integer, actor_name text, actor_role text, actor_unit_name text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The newest events in which data of a child was opened, changed or listed, with who it was. Whoever answers for the child,
-- its commune or its province, finds them all, wherever they happened, and of lists that others were shown the child's ids
-- alone; for others they are those of their own people and of what they hold themselves.
#variable_conflict use_column
DECLARE
    records text[] := records_of_child(p_child);
    communes integer[];
    provinces integer[];
    found audit.events[];
BEGIN
    -- Whoever is kept from a case of the child, whatever their role, does not read here who works on it.
    IF p_child = ANY (children_kept_from_me()) THEN
        actor := access.setting_uuid('app.actor_id');
    END IF;
    IF EXISTS (SELECT FROM children c WHERE c.id = p_child AND CASE current_setting('role')
            WHEN 'childcare_commune' THEN c.commune_id = access.setting_int('app.commune_id')
            WHEN 'childcare_province' THEN c.province_id = access.setting_int('app.province_id')
            ELSE false END) THEN
        SELECT array_agg(o.commune_id), array_agg(DISTINCT o.province_id) INTO communes, provinces
        FROM offices_of_child(p_child) o;
        SELECT array_agg(e) INTO found FROM (
            SELECT e FROM (
                SELECT e FROM audit.events e
                WHERE e.subject_id = ANY (records) AND e.recorded_at >= first AND e.recorded_at < last
                    AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
                UNION ALL
                -- A list is held by whoever was shown it. One that was kept under its reader's province has no commune.
                SELECT jsonb_populate_record(e, jsonb_build_object('detail', jsonb_build_object('ids',
                    (SELECT jsonb_agg(i) FROM jsonb_array_elements_text(e.detail -> 'ids') i WHERE i = ANY (records)))))
                FROM audit.events e
                WHERE e.subject_id IS NULL AND e.holder_commune_id = ANY (communes) AND e.recorded_at >= first
                    AND e.recorded_at < last AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
                UNION ALL
                SELECT jsonb_populate_record(e, jsonb_build_object('detail', jsonb_build_object('ids',
                    (SELECT jsonb_agg(i) FROM jsonb_array_elements_text(e.detail -> 'ids') i WHERE i = ANY (records)))))
                FROM audit.events e
                WHERE e.subject_id IS NULL AND e.holder_commune_id IS NULL AND e.holder_province_id = ANY (provinces)
                    AND e.recorded_at >= first AND e.recorded_at < last AND e.id < before_id
                    AND audit.is_about(e, records, kind, done, actor)
            ) every ORDER BY (e).id DESC LIMIT most
        ) newest;
    ELSE
        SELECT array_agg(e) INTO found
        FROM audit.events_about(records, kind, done, actor, first, last, before_id, most) e;
    END IF;
    RETURN QUERY
        SELECT e.id, e.recorded_at, e.action, e.subject_kind, e.subject_id, e.actor_id, e.actor_kind, e.assignment_id,
            e.actor_unit_id, e.request_id, e.detail, e.reason, e.holder_commune_id, e.holder_province_id,
            coalesce(u.display_name, m.name), a.role, n.name
        FROM unnest(found) e
        LEFT JOIN users u ON u.id = e.actor_id
        LEFT JOIN machine_clients m ON m.id = e.actor_id
        LEFT JOIN assignments a ON a.id = e.assignment_id
        LEFT JOIN units n ON n.id = e.actor_unit_id
        ORDER BY e.id DESC;
END
$$
--;
ALTER FUNCTION looks_at_child OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION looks_at_child TO childcare_commune, childcare_province, childcare_central
--;
CREATE OR REPLACE FUNCTION audit.was_shown_to_me(p_action text, p_kind text, p_subject uuid, p_detail jsonb, p_reason text,
    p_commune integer, p_province integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whether a commune was asked, offered or shown what it says it read: of the holder's record, and without a word more.
DECLARE
    me integer := access.setting_int('app.commune_id');
BEGIN
    IF p_action = 'child.read_through_glass' THEN
        RETURN p_kind = 'child' AND p_detail - 'glass_id' = '{}' AND EXISTS (SELECT FROM broken_glasses g
            WHERE g.id = (p_detail ->> 'glass_id')::uuid AND g.child_id = p_subject
                AND g.user_id = access.setting_uuid('app.actor_id') AND g.reason = p_reason
                AND g.commune_id = p_commune AND g.province_id = p_province);
    ELSIF p_detail <> '{}' OR p_reason IS NOT NULL
            OR p_kind <> split_part(p_action, '.', 1) THEN
        RETURN false;
    END IF;
    CASE p_action
        WHEN 'case.referral_read' THEN
            RETURN EXISTS (SELECT FROM case_referrals r WHERE r.case_id = p_subject AND r.to_commune_id = me
                AND r.commune_id = p_commune AND r.province_id = p_province);
        WHEN 'case.transfer_read' THEN
            RETURN EXISTS (SELECT FROM case_transfers t WHERE t.case_id = p_subject AND t.to_commune_id = me
                AND t.commune_id = p_commune AND t.province_id = p_province);
        ELSE
            RETURN EXISTS (SELECT FROM child_moves m WHERE m.child_id = p_subject AND m.to_commune_id = me
                AND m.commune_id = p_commune AND m.province_id = p_province);
    END CASE;
END
$$
