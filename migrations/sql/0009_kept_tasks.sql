-- What no clock speaks of to somebody, what so falls to who stands above them, and to whom a step tells its case.
CREATE FUNCTION kept_from_me() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
-- What no clock may speak of to the caller: reports and cases that name them or are sealed from them, and the steps of
-- those cases. Sealed ones are looked for where the caller's own tasks are: in the cases of its commune or province, and
-- in those of others of which a child is followed there, whose clocks are about the case or about a question.
DECLARE
    me uuid := access.setting_uuid('app.actor_id');
    here integer := access.setting_int('app.commune_id');
    above integer := access.setting_int('app.province_id');
BEGIN
    RETURN (WITH eyes AS MATERIALIZED (
        -- Asked once, and only where something is sealed.
        SELECT commune_i_lead() AS led, cases_opened_to_me() AS opened, sees_all_that_is_sealed() AS every
    ), kept AS (
        SELECT x.subject_id AS id FROM exclusions x WHERE x.lifted_at IS NULL AND x.user_id = me
        UNION SELECT c.id FROM cases c
        WHERE c.confidentiality = 'sealed' AND c.province_id = above AND c.commune_id = coalesce(here, c.commune_id)
            AND (c.commune_id = here AND c.opened_by = me OR c.commune_id = (SELECT e.led FROM eyes e)
                OR c.id = ANY ((SELECT e.opened FROM eyes e)::uuid[]) OR (SELECT e.every FROM eyes e)) IS NOT TRUE
        UNION SELECT i.id FROM intakes i
        WHERE i.confidentiality = 'sealed' AND i.province_id = above AND i.commune_id = coalesce(here, i.commune_id)
            AND NOT intake_is_open_to_me(i.id)
    ), elsewhere AS (
        SELECT c.id FROM case_grants g JOIN cases c ON c.id = g.case_id
        WHERE g.reason = 'commune_of_carer' AND c.confidentiality = 'sealed' AND g.granted_commune_id = ANY (CASE
                WHEN here IS NOT NULL THEN ARRAY[here] ELSE ARRAY(SELECT u.id FROM units u WHERE u.parent_id = above) END)
            AND (c.commune_id = here OR here IS NULL AND c.province_id = above
                OR c.id = ANY ((SELECT e.opened FROM eyes e)::uuid[]) OR (SELECT e.every FROM eyes e)) IS NOT TRUE
    )
    SELECT ARRAY(SELECT k.id FROM kept k UNION ALL SELECT s.id FROM kept k JOIN case_steps s ON s.case_id = k.id
        UNION ALL SELECT e.id FROM elsewhere e UNION ALL SELECT s.id FROM elsewhere e JOIN case_steps s ON s.case_id = e.id
        -- A service of the case that is asked of the same commune is for whoever carries it out.
        WHERE s.kind = 'placement_requested'));
END
$$
--;
ALTER FUNCTION kept_from_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION kept_from_me
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
CREATE OR REPLACE FUNCTION children_kept_from_me() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The children of the cases that name the caller.
    SELECT ARRAY(SELECT DISTINCT c.child_id FROM exclusions x JOIN cases c ON c.id = x.subject_id
        WHERE x.lifted_at IS NULL AND x.user_id = access.setting_uuid('app.actor_id') AND c.child_id IS NOT NULL)
$$
--;
-- Whose tasks are kept from all who should do them is asked with every list of a leader's tasks, and nearly never found.
CREATE INDEX exclusions_province_id_idx ON exclusions (province_id) WHERE lifted_at IS NULL
--;
CREATE FUNCTION left_without(p_roles text[]) RETURNS TABLE (subject_id uuid, commune_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The reports and cases of the caller's commune, or of the communes of its province, with the steps of those cases,
    -- that nobody may see who holds one of these roles in that commune today: they are kept or sealed from each of them.
    -- So, too, the cases of others from which people of such a commune are kept, which follows the child or carries
    -- something out, and the sealed ones whose child the caller's commune follows. Each with the commune whose tasks wait.
    WITH posts AS NOT MATERIALIZED (
        SELECT a.user_id, a.commune_id, a.role FROM assignments a JOIN users u ON u.id = a.user_id AND u.disabled_at IS NULL
        WHERE a.role = ANY (p_roles) AND a.revoked_at IS NULL
            AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
            AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
    ), concerned AS (
        SELECT DISTINCT x.subject_id AS id, x.commune_id FROM exclusions x
        WHERE x.lifted_at IS NULL AND x.province_id = access.setting_int('app.province_id')
            AND x.commune_id = coalesce(access.setting_int('app.commune_id'), x.commune_id)
        UNION SELECT c.id, c.commune_id FROM cases c
        WHERE c.confidentiality = 'sealed' AND c.province_id = access.setting_int('app.province_id')
            AND c.commune_id = coalesce(access.setting_int('app.commune_id'), c.commune_id)
        UNION SELECT c.id, g.granted_commune_id FROM case_grants g JOIN cases c ON c.id = g.case_id
        WHERE g.granted_commune_id = access.setting_int('app.commune_id') AND g.reason = 'commune_of_carer'
            AND c.confidentiality = 'sealed'
        UNION SELECT x.subject_id, a.commune_id
        FROM assignments a JOIN exclusions x ON x.user_id = a.user_id AND x.lifted_at IS NULL
            AND x.subject_kind = 'case' AND x.commune_id IS DISTINCT FROM a.commune_id
        WHERE a.role = ANY (p_roles) AND a.commune_id = ANY (CASE
            WHEN access.setting_int('app.commune_id') IS NOT NULL THEN ARRAY[access.setting_int('app.commune_id')]
            ELSE ARRAY(SELECT u.id FROM units u WHERE u.parent_id = access.setting_int('app.province_id')) END)
        UNION SELECT i.id, i.commune_id FROM intakes i
        WHERE i.confidentiality = 'sealed' AND i.province_id = access.setting_int('app.province_id')
            AND i.commune_id = coalesce(access.setting_int('app.commune_id'), i.commune_id)
    ), files AS (
        -- What is sealed is open to whom a case says: the case itself, or those that stand on the report.
        SELECT k.id, c.id AS case_id, c.opened_by, c.commune_id
        FROM concerned k JOIN cases c ON c.id = k.id AND c.confidentiality = 'sealed'
        UNION SELECT k.id, c.id, c.opened_by, c.commune_id FROM concerned k
        JOIN intakes i ON i.id = k.id AND i.confidentiality = 'sealed'
        JOIN case_reports r ON r.intake_id = i.id JOIN case_steps s ON s.id = r.id JOIN cases c ON c.id = s.case_id
    ), nobody AS (
        SELECT k.id, k.commune_id FROM concerned k WHERE NOT EXISTS (
            SELECT FROM posts a WHERE a.commune_id = k.commune_id
                AND NOT EXISTS (SELECT FROM exclusions x
                    WHERE x.user_id = a.user_id AND x.subject_id = k.id AND x.lifted_at IS NULL)
                AND (a.role = 'commune_leader' OR NOT EXISTS (SELECT FROM files f WHERE f.id = k.id)
                    OR EXISTS (SELECT FROM files f WHERE f.id = k.id
                        -- Whoever opened it sees it where it is led, and not as the commune of the incident.
                        AND (f.opened_by = a.user_id AND f.commune_id = a.commune_id OR EXISTS (SELECT FROM case_recipients r
                            WHERE r.case_id = f.case_id AND r.user_id = a.user_id AND r.ended_at IS NULL
                                AND r.works_in_id = a.commune_id
                                AND (r.grant_id IS NULL OR case_grant_is_in_force(r.grant_id)))))))
    )
    SELECT n.id, n.commune_id FROM nobody n
    UNION SELECT s.id, n.commune_id FROM nobody n JOIN case_steps s ON s.case_id = n.id
    WHERE s.commune_id = n.commune_id OR s.kind = 'placement_requested'
        -- Whoever is asked to carry something out, or to take a case over, sees that of a sealed case, too, but not of one
        -- that they are kept from.
        OR s.kind IN ('referral', 'transfer_offered') AND NOT EXISTS (SELECT FROM posts a WHERE a.commune_id = n.commune_id
            AND NOT EXISTS (SELECT FROM exclusions x
                WHERE x.user_id = a.user_id AND x.subject_id = n.id AND x.lifted_at IS NULL))
$$
--;
ALTER FUNCTION left_without OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION left_without TO childcare_commune, childcare_province
--;
-- A task names a step of a case, and the case is told to whom it is shown to: who leads it, who stands above, and whom
-- something of it was granted. Whoever was asked for a service alone learns of no case.
CREATE FUNCTION case_is_told_to_me(p_commune integer, p_province integer, p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT CASE WHEN access.setting_int('app.commune_id') IS NULL THEN p_province = access.setting_int('app.province_id')
        ELSE p_commune = access.setting_int('app.commune_id') OR EXISTS (SELECT FROM case_grants g
            WHERE g.case_id = p_case AND g.granted_commune_id = access.setting_int('app.commune_id') AND g.revoked_at IS NULL
                AND g.valid_from <= nullif(current_setting('app.today', true), '')::date
                AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date))
        END AND NOT is_kept_from_me(p_case)
$$
--;
CREATE FUNCTION cases_of_steps(p_steps uuid[]) RETURNS TABLE (step_id uuid, case_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT s.id, s.case_id FROM case_steps s
    WHERE s.id = ANY (p_steps) AND case_is_told_to_me(s.commune_id, s.province_id, s.case_id)
$$
--;
CREATE FUNCTION steps_of_case(p_case uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT ARRAY(SELECT s.id FROM cases c JOIN case_steps s ON s.case_id = c.id
        WHERE c.id = p_case AND case_is_told_to_me(c.commune_id, c.province_id, c.id))
$$
--;
ALTER FUNCTION case_is_told_to_me OWNER TO childcare_gate
--;
ALTER FUNCTION cases_of_steps OWNER TO childcare_gate
--;
ALTER FUNCTION steps_of_case OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION cases_of_steps, steps_of_case TO childcare_commune, childcare_district, childcare_province
