-- Conflict of interest: who is a party to a report or a case, or is named as related, sees nothing of it, whatever
-- the role. One naming is one id over all that hangs together: the report, its cases, and what is joined to them later.
CREATE TABLE exclusions (
    id uuid NOT NULL,
    subject_id uuid NOT NULL,
    subject_kind text NOT NULL,
    user_id uuid NOT NULL,
    ground text NOT NULL,
    reason text NOT NULL,
    named_at timestamptz NOT NULL,
    named_by uuid NOT NULL,
    lifted_at timestamptz,
    lifted_by uuid,
    lift_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT exclusions_pkey PRIMARY KEY (id, subject_id),
    CONSTRAINT exclusions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT exclusions_subject_kind_check CHECK (subject_kind IN ('case', 'intake')),
    CONSTRAINT exclusions_ground_check CHECK (ground IN ('party', 'related', 'declared')),
    CONSTRAINT exclusions_lifted_check CHECK (
        (lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)
    )
)
--;
-- Asked by every read of a report, a case or a task: who am I kept from. Also keeps one naming at a time.
CREATE UNIQUE INDEX exclusions_in_force_idx ON exclusions (user_id, subject_id) WHERE lifted_at IS NULL
--;
CREATE INDEX exclusions_user_id_idx ON exclusions (user_id)
--;
CREATE INDEX exclusions_subject_id_idx ON exclusions (subject_id)
--;
CALL access.protect('exclusions', ARRAY['commune', 'district', 'province'])
--;
-- Everybody is kept from what names them, also where another unit holds it: the wall below reads these rows.
CREATE POLICY own ON exclusions FOR SELECT
    TO childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province
    USING (user_id = (SELECT nullif(current_setting('app.actor_id', true), '')::uuid))
--;
GRANT SELECT ON exclusions TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
-- Only asked whether there are any: a collaborator can be a party, too.
GRANT SELECT (user_id, subject_id, lifted_at) ON exclusions TO childcare_village
--;
-- How secret a report and its case are (NĐ 56/2017, Điều 24.3): normal, sensitive, sealed. What is sealed exists for its
-- recipients, for the leader of the commune that holds it, and for whoever opened the case there; for nobody else.
ALTER TABLE cases ADD COLUMN confidentiality text NOT NULL DEFAULT 'normal'
    CONSTRAINT cases_confidentiality_check CHECK (confidentiality IN ('normal', 'sensitive', 'sealed'))
--;
CREATE TABLE case_recipients (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    user_id uuid NOT NULL,
    added_at timestamptz NOT NULL,
    added_by uuid NOT NULL,
    works_in_id integer NOT NULL,
    ended_at timestamptz,
    ended_by uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT case_recipients_pkey PRIMARY KEY (id),
    CONSTRAINT case_recipients_case_id_commune_id_fkey FOREIGN KEY (case_id, commune_id)
        REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_recipients_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT case_recipients_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_recipients_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL))
)
--;
CREATE INDEX case_recipients_case_idx ON case_recipients (case_id, commune_id)
--;
CREATE INDEX case_recipients_user_id_idx ON case_recipients (user_id)
--;
CREATE UNIQUE INDEX case_recipients_in_force_idx ON case_recipients (case_id, user_id) WHERE ended_at IS NULL
--;
CALL access.protect('case_recipients', ARRAY['commune', 'district', 'province'])
--;
CREATE FUNCTION recipient_works_somewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- In which office somebody is told of a sealed case: the one of their post today, of the caller's own post for the
-- caller, else first of the commune that holds the case, then of the province above it.
BEGIN
    SELECT coalesce(a.commune_id, a.unit_id) INTO NEW.works_in_id FROM assignments a
    WHERE a.user_id = NEW.user_id AND a.revoked_at IS NULL
        AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
    ORDER BY a.id IS NOT DISTINCT FROM access.setting_uuid('app.assignment_id') DESC,
        a.commune_id IS NOT DISTINCT FROM NEW.commune_id DESC,
        a.commune_id IS NULL AND a.province_id IS NOT DISTINCT FROM NEW.province_id DESC, a.id
    LIMIT 1;
    RETURN NEW;
END
$$
--;
ALTER FUNCTION recipient_works_somewhere OWNER TO childcare_gate
--;
CREATE TRIGGER works_somewhere BEFORE INSERT ON case_recipients
    FOR EACH ROW EXECUTE FUNCTION recipient_works_somewhere()
--;
GRANT SELECT, INSERT ON case_recipients TO childcare_commune
--;
GRANT UPDATE (ended_at, ended_by) ON case_recipients TO childcare_commune
--;
GRANT SELECT ON case_recipients TO childcare_district, childcare_province
--;
GRANT UPDATE (confidentiality) ON cases TO childcare_commune
--;
-- Three sets, each asked for once in a statement and only when it meets a sealed case: a function asked of each sealed
-- row took longer than all other rows of a list together. In PL/pgSQL, which plans once a session and not at each call.
CREATE FUNCTION sees_all_that_is_sealed() RETURNS boolean LANGUAGE sql STABLE AS $$
    -- The worker acts for nobody and forgets nobody.
    SELECT current_setting('app.actor_kind', true) IS NOT DISTINCT FROM 'system'
$$
--;
CREATE FUNCTION commune_i_lead() RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT a.commune_id FROM assignments a
        WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader');
END
$$
--;
ALTER FUNCTION commune_i_lead OWNER TO childcare_gate
--;
CREATE FUNCTION cases_opened_to_me() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- Only where they worked when they were named: whoever moved to another office came as somebody else.
    RETURN ARRAY(SELECT r.case_id FROM case_recipients r
        WHERE r.user_id = access.setting_uuid('app.actor_id') AND r.ended_at IS NULL
            AND r.works_in_id = coalesce(access.setting_int('app.commune_id'), access.setting_int('app.unit_id')));
END
$$
--;
ALTER FUNCTION cases_opened_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION sees_all_that_is_sealed, commune_i_lead, cases_opened_to_me
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province, childcare_gate
--;
CREATE FUNCTION case_is_open_to_me(p_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
-- What the policy of cases says, for the functions of the gate, which see past it. Asked of sealed cases alone.
BEGIN
    RETURN sees_all_that_is_sealed() OR EXISTS (SELECT FROM cases c WHERE c.id = p_case AND (
        c.commune_id = access.setting_int('app.commune_id') AND c.opened_by = access.setting_uuid('app.actor_id')
        OR c.commune_id = commune_i_lead() OR c.id = ANY (cases_opened_to_me())));
END
$$
--;
ALTER FUNCTION case_is_open_to_me OWNER TO childcare_gate
--;
CREATE FUNCTION intake_is_open_to_me(p_intake uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan AS $$
-- A sealed report is handled by its office until a case is opened on it, and then by whom the case is open to; the
-- leader of the office that holds the report goes on seeing it.
DECLARE
    files uuid[] := ARRAY(SELECT s.case_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE r.intake_id = p_intake);
    led integer := commune_i_lead();
BEGIN
    RETURN files = '{}' OR sees_all_that_is_sealed() OR files && cases_opened_to_me()
        OR EXISTS (SELECT FROM cases c WHERE c.id = ANY (files) AND (c.commune_id = led
            OR c.commune_id = access.setting_int('app.commune_id') AND c.opened_by = access.setting_uuid('app.actor_id')))
        OR led IS NOT NULL AND EXISTS (SELECT FROM intakes i WHERE i.id = p_intake AND i.commune_id = led);
END
$$
--;
ALTER FUNCTION intake_is_open_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_is_open_to_me, intake_is_open_to_me
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province, childcare_gate
--;
-- Known to the reports before there were cases, when nothing was kept from anybody; so is the one below to the register.
CREATE OR REPLACE FUNCTION is_kept_from_me(p_subject uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Of one report or case: whether it names the caller, or is sealed from them. For functions of the gate, which see
    -- past the policies that say the same.
    SELECT EXISTS (SELECT FROM exclusions x WHERE x.subject_id = p_subject AND x.lifted_at IS NULL
            AND x.user_id = access.setting_uuid('app.actor_id'))
        OR EXISTS (SELECT FROM cases c
            WHERE c.id = p_subject AND c.confidentiality = 'sealed' AND NOT case_is_open_to_me(c.id))
        OR EXISTS (SELECT FROM intakes i
            WHERE i.id = p_subject AND i.confidentiality = 'sealed' AND NOT intake_is_open_to_me(i.id))
$$
--;
CREATE FUNCTION kept_from_me() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- What no clock may speak of to the caller: reports and cases that name them or are sealed from them, and the steps
    -- of those cases. Sealed ones are looked for where the caller's own tasks are.
    WITH kept AS (
        SELECT x.subject_id AS id FROM exclusions x
        WHERE x.lifted_at IS NULL AND x.user_id = access.setting_uuid('app.actor_id')
        UNION SELECT c.id FROM cases c
        WHERE c.confidentiality = 'sealed' AND c.province_id = access.setting_int('app.province_id')
            AND c.commune_id = coalesce(access.setting_int('app.commune_id'), c.commune_id) AND NOT case_is_open_to_me(c.id)
        UNION SELECT i.id FROM intakes i
        WHERE i.confidentiality = 'sealed' AND i.province_id = access.setting_int('app.province_id')
            AND i.commune_id = coalesce(access.setting_int('app.commune_id'), i.commune_id)
            AND NOT intake_is_open_to_me(i.id)
    )
    SELECT ARRAY(SELECT k.id FROM kept k UNION ALL SELECT s.id FROM kept k JOIN case_steps s ON s.case_id = k.id)
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
CREATE FUNCTION left_without(p_roles text[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The reports and cases of the caller's commune, or of the communes of its province, with the steps of those cases,
    -- that nobody may see who holds one of these roles in that commune today: they are kept or sealed from each of them.
    WITH concerned AS (
        SELECT DISTINCT x.subject_id AS id, x.commune_id FROM exclusions x
        WHERE x.lifted_at IS NULL AND x.province_id = access.setting_int('app.province_id')
            AND x.commune_id = coalesce(access.setting_int('app.commune_id'), x.commune_id)
        UNION SELECT c.id, c.commune_id FROM cases c
        WHERE c.confidentiality = 'sealed' AND c.province_id = access.setting_int('app.province_id')
            AND c.commune_id = coalesce(access.setting_int('app.commune_id'), c.commune_id)
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
        SELECT k.id FROM concerned k WHERE NOT EXISTS (
            SELECT FROM assignments a JOIN users u ON u.id = a.user_id AND u.disabled_at IS NULL
            WHERE a.commune_id = k.commune_id AND a.role = ANY (p_roles) AND a.revoked_at IS NULL
                AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
                AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
                AND NOT EXISTS (SELECT FROM exclusions x
                    WHERE x.user_id = a.user_id AND x.subject_id = k.id AND x.lifted_at IS NULL)
                AND (a.role = 'commune_leader' OR NOT EXISTS (SELECT FROM files f WHERE f.id = k.id)
                    OR EXISTS (SELECT FROM files f WHERE f.id = k.id
                        -- Whoever opened it sees it where it is led, and not as the commune of the incident.
                        AND (f.opened_by = a.user_id AND f.commune_id = a.commune_id OR EXISTS (SELECT FROM case_recipients r
                            WHERE r.case_id = f.case_id AND r.user_id = a.user_id AND r.ended_at IS NULL
                                AND r.works_in_id = a.commune_id)))))
    )
    SELECT ARRAY(SELECT n.id FROM nobody n UNION SELECT s.id FROM nobody n JOIN case_steps s ON s.case_id = n.id)
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
