-- The walls that keep what names somebody, or is sealed from them, out of everything they read; who is named, and how
-- that ends. What is kept from whom stands in 0009.
CREATE PROCEDURE access.conceal(target regclass, key text) LANGUAGE plpgsql AS $$
-- Keep rows from whoever is excluded from their subject. Restrictive: it takes away from what another policy opens, and
-- the list of one's own exclusions is made once a statement, so that a list keeps its index.
BEGIN
    EXECUTE format('CREATE POLICY excluded ON %s AS RESTRICTIVE FOR SELECT'
        ' TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province'
        ' USING (%I <> ALL (ARRAY(SELECT x.subject_id FROM exclusions x WHERE x.lifted_at IS NULL'
        ' AND x.user_id = (SELECT nullif(current_setting(%L, true), %L)::uuid))))', target, key, 'app.actor_id', '');
END
$$
--;
CALL access.conceal('cases', 'id')
--;
CALL access.conceal('intakes', 'id')
--;
CREATE PROCEDURE access.conceal_part(
    target regclass, key text, parent regclass,
    roles text DEFAULT 'childcare_commune, childcare_commune_granted, childcare_district, childcare_province'
) LANGUAGE plpgsql AS $$
-- A part is seen where what it hangs on is seen.
BEGIN
    EXECUTE format('CREATE POLICY concealed ON %s AS RESTRICTIVE FOR SELECT TO %s'
        ' USING (EXISTS (SELECT FROM %s p WHERE p.id = %s.%I))', target, roles, parent, target, key);
END
$$
--;
DO $$
-- Every part of a report or a case, however far down, by the keys that hang it there.
DECLARE
    part record;
BEGIN
    FOR part IN
        WITH RECURSIVE hanging AS (
            SELECT k.conrelid, k.confrelid, k.conkey[1] AS key FROM pg_constraint k
            WHERE k.contype = 'f' AND k.confrelid IN ('cases'::regclass, 'intakes'::regclass)
                AND cardinality(k.conkey) = 2 AND k.conrelid NOT IN ('cases'::regclass, 'intakes'::regclass)
            UNION
            SELECT k.conrelid, k.confrelid, k.conkey[1] FROM hanging h
            JOIN pg_constraint k ON k.confrelid = h.conrelid AND k.contype = 'f' AND cardinality(k.conkey) = 2
                AND k.conrelid NOT IN ('cases'::regclass, 'intakes'::regclass)
        )
        SELECT DISTINCT ON (h.conrelid) h.conrelid::regclass AS target, h.confrelid::regclass AS parent, a.attname AS key
        FROM hanging h JOIN pg_attribute a ON a.attrelid = h.conrelid AND a.attnum = h.key
        -- What a part may also point at, such as the assessment that a decision rests on, is not what it hangs on.
        ORDER BY h.conrelid, NOT a.attnotnull, a.attname NOT IN ('id', 'case_id', 'intake_id'), h.confrelid
    LOOP
        -- Policies of reports and cases look at the grants, which so cannot look back.
        IF part.target IN ('case_grants'::regclass, 'intake_grants'::regclass) THEN
            CALL access.conceal(part.target, part.key);
        ELSIF part.target::text IN ('case_referrals', 'case_transfers', 'case_plan_services') THEN
            -- Sent to another commune, which sees it without the case; those who hold the case see it with the case.
            CALL access.conceal_part(part.target, part.key, part.parent,
                'childcare_commune, childcare_district, childcare_province');
            IF part.target <> 'case_plan_services'::regclass THEN
                CALL access.conceal(part.target, 'case_id');
            END IF;
        ELSE
            CALL access.conceal_part(part.target, part.key, part.parent);
        END IF;
    END LOOP;
END
$$
--;
CREATE PROCEDURE access.conceal_child(target regclass, unless text) LANGUAGE plpgsql AS $$
-- Of the record of a child whose case names somebody, that person reads what any register says, and nothing that the
-- case would have put there. Asked once a statement; who is kept from nothing pays for one look at an index.
BEGIN
    EXECUTE format('CREATE POLICY of_a_case ON %s AS RESTRICTIVE FOR SELECT'
        ' TO childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province'
        ' USING (%s OR child_id <> ALL ((SELECT CASE WHEN EXISTS (SELECT FROM exclusions x WHERE x.lifted_at IS NULL'
        ' AND x.user_id = (SELECT nullif(current_setting(%L, true), %L)::uuid))'
        ' THEN children_kept_from_me() ELSE %L END)::uuid[]))', target, unless, 'app.actor_id', '', '{}');
END
$$
--;
CALL access.conceal_child('child_circumstances', 'false')
--;
CALL access.conceal_child('child_changes', 'part <> ''circumstance''')
--;
-- Where somebody sent a record themselves they know already.
CALL access.conceal_child('child_moves', 'offered_by = (SELECT nullif(current_setting(''app.actor_id'', true), '''')::uuid)')
--;
CREATE FUNCTION hanging_together(p_subject uuid) RETURNS TABLE (subject_kind text, subject_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 5 SET search_path = pg_catalog, public AS $$
    -- A report with its cases, or a case with the reports behind it and their other cases.
    WITH reports AS (
        SELECT p_subject AS id
        UNION SELECT r.intake_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE s.case_id = p_subject
    )
    SELECT 'intake', i.id FROM intakes i WHERE i.id IN (SELECT id FROM reports)
    UNION SELECT 'case', s.case_id FROM case_reports r JOIN case_steps s ON s.id = r.id
        WHERE r.intake_id IN (SELECT id FROM reports)
$$
--;
ALTER FUNCTION hanging_together OWNER TO childcare_gate
--;
CREATE FUNCTION works_here(p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether a person has a post today in the caller's commune, or in the province above it.
    SELECT EXISTS (SELECT FROM assignments a WHERE a.user_id = p_user AND a.revoked_at IS NULL
        AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
        AND (a.commune_id = access.setting_int('app.commune_id')
            OR a.commune_id IS NULL AND a.province_id = access.setting_int('app.province_id')))
$$
--;
ALTER FUNCTION works_here OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION works_here TO childcare_commune
--;
CREATE FUNCTION keep_from_all(p_id uuid, p_subject uuid, p_user uuid, p_ground text, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Keep a person from a report or a case and from all that hangs together with it, also where another commune leads. For
-- functions of the gate, which have asked whether they may. False where the person is kept from it already, also by who
-- said so at the same moment: the caller takes back what it wrote.
BEGIN
    -- Whoever writes there now ends first, and what is opened or joined meanwhile is found below.
    -- Reports before cases, as everybody locks them.
    PERFORM FROM intakes i WHERE i.id IN (SELECT h.subject_id FROM hanging_together(p_subject) h)
    ORDER BY i.id FOR NO KEY UPDATE;
    PERFORM FROM cases c WHERE c.id IN (SELECT h.subject_id FROM hanging_together(p_subject) h)
    ORDER BY c.id FOR NO KEY UPDATE;
    INSERT INTO exclusions (id, subject_id, subject_kind, user_id, ground, reason, named_at, named_by,
        unit_id, village_id, commune_id, district_id, province_id)
    SELECT p_id, s.id, s.kind, p_user, p_ground, p_reason, p_now, access.setting_uuid('app.actor_id'),
        s.unit_id, s.village_id, s.commune_id, s.district_id, s.province_id
    FROM (SELECT 'case' AS kind, c.id, c.unit_id, c.village_id, c.commune_id, c.district_id, c.province_id FROM cases c
        UNION ALL SELECT 'intake', i.id, i.unit_id, i.village_id, i.commune_id, i.district_id, i.province_id
        FROM intakes i) s
    WHERE s.id IN (SELECT h.subject_id FROM hanging_together(p_subject) h)
    ON CONFLICT DO NOTHING;
    RETURN EXISTS (SELECT FROM exclusions x WHERE x.id = p_id AND x.subject_id = p_subject);
END
$$
--;
ALTER FUNCTION keep_from_all OWNER TO childcare_gate
--;
CREATE FUNCTION exclude_person(p_id uuid, p_subject uuid, p_user uuid, p_ground text, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Keep a person from a report or a case of the caller's own unit, and from all that hangs together with it, also where
-- another commune leads. False where the person is kept from it already.
BEGIN
    IF NOT EXISTS (
            SELECT FROM (SELECT c.id, c.commune_id, c.district_id, c.province_id FROM cases c
                UNION ALL SELECT i.id, i.commune_id, i.district_id, i.province_id FROM intakes i) s
            WHERE s.id = p_subject AND (s.commune_id = access.setting_int('app.commune_id')
                OR access.setting_int('app.commune_id') IS NULL AND s.district_id = access.setting_int('app.district_id')
                OR coalesce(access.setting_int('app.commune_id'), access.setting_int('app.district_id')) IS NULL
                    AND s.province_id = access.setting_int('app.province_id'))) THEN
        RETURN false;
    END IF;
    RETURN keep_from_all(p_id, p_subject, p_user, p_ground, p_reason, p_now);
END
$$
--;
ALTER FUNCTION exclude_person OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION exclude_person TO childcare_commune, childcare_district, childcare_province
--;
CREATE FUNCTION end_exclusion(p_id uuid, p_case uuid, p_reason text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whoever is a party besides, and was kept from the case already when that was said, stays so when the naming ends. For
-- functions of the gate, which have asked whether they may.
BEGIN
    -- Whoever is adding a party there ends first.
    PERFORM FROM cases c WHERE c.id = p_case FOR NO KEY UPDATE;
    UPDATE exclusions SET lifted_at = p_now, lifted_by = access.setting_uuid('app.actor_id'), lift_reason = p_reason
    WHERE id = p_id AND lifted_at IS NULL;
    PERFORM keep_from_all(s.id, s.case_id, p.user_id, 'party', 'party', p_now)
    FROM exclusions x JOIN case_steps s ON s.case_id = x.subject_id AND s.in_error_at IS NULL
    JOIN case_parties p ON p.id = s.id AND p.user_id = x.user_id
    WHERE x.id = p_id AND x.ground <> 'party';
END
$$
--;
ALTER FUNCTION end_exclusion OWNER TO childcare_gate
--;
CREATE FUNCTION lift_exclusion(p_id uuid, p_subject uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Let a person see again what the naming kept from them; never oneself.
BEGIN
    IF NOT EXISTS (SELECT FROM exclusions x WHERE x.id = p_id AND x.subject_id = p_subject AND x.lifted_at IS NULL
            AND x.commune_id = access.setting_int('app.commune_id')
            AND x.user_id <> access.setting_uuid('app.actor_id')) THEN
        RETURN false;
    END IF;
    PERFORM end_exclusion(p_id, p_subject, p_reason, p_now);
    RETURN true;
END
$$
--;
ALTER FUNCTION lift_exclusion OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION lift_exclusion TO childcare_commune
--;
CREATE FUNCTION exclusions_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A report that becomes part of a case brings its exclusions along, and meets those of the case; so does all that hangs
-- together by it from now on, such as the other cases of that report.
DECLARE
    file uuid := (SELECT s.case_id FROM case_steps s WHERE s.id = NEW.id);
BEGIN
    -- Nearly always there are none.
    IF NOT EXISTS (SELECT FROM exclusions x
            WHERE x.subject_id = ANY (ARRAY[file, NEW.intake_id]) AND x.lifted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO exclusions (id, subject_id, subject_kind, user_id, ground, reason, named_at, named_by,
        unit_id, village_id, commune_id, district_id, province_id)
    SELECT x.id, s.id, s.kind, x.user_id, x.ground, x.reason, x.named_at, x.named_by,
        s.unit_id, s.village_id, s.commune_id, s.district_id, s.province_id
    FROM exclusions x CROSS JOIN hanging_together(file) h
    JOIN (SELECT 'case' AS kind, c.id, c.unit_id, c.village_id, c.commune_id, c.district_id, c.province_id FROM cases c
        UNION ALL SELECT 'intake', i.id, i.unit_id, i.village_id, i.commune_id, i.district_id, i.province_id
        FROM intakes i) s ON s.id = h.subject_id
    WHERE x.subject_id = ANY (ARRAY[file, NEW.intake_id]) AND x.lifted_at IS NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION exclusions_follow OWNER TO childcare_gate
--;
CREATE TRIGGER exclusions_follow AFTER INSERT ON case_reports FOR EACH ROW EXECUTE FUNCTION exclusions_follow()
--;
ALTER TABLE case_parties ADD COLUMN user_id uuid
