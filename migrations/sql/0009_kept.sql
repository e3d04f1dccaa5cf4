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
    grant_id uuid,
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
    CONSTRAINT case_recipients_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES case_grants (id),
    CONSTRAINT case_recipients_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_recipients_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL))
)
--;
CREATE INDEX case_recipients_case_idx ON case_recipients (case_id, commune_id)
--;
CREATE INDEX case_recipients_user_id_idx ON case_recipients (user_id)
--;
CREATE INDEX case_recipients_grant_id_idx ON case_recipients (grant_id) WHERE grant_id IS NOT NULL
--;
CREATE UNIQUE INDEX case_recipients_in_force_idx ON case_recipients (case_id, user_id, works_in_id) WHERE ended_at IS NULL
--;
CALL access.protect('case_recipients', ARRAY['commune', 'district', 'province'])
--;
CREATE FUNCTION recipient_works_somewhere() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- In which office somebody is told of a sealed case: the one of their post today, of the caller's own post for the
-- caller, else first of the commune whose leader names them, then of the province above it.
BEGIN
    SELECT coalesce(a.commune_id, a.unit_id) INTO NEW.works_in_id FROM assignments a
    WHERE a.user_id = NEW.user_id AND a.revoked_at IS NULL
        AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date)
    ORDER BY a.id IS NOT DISTINCT FROM access.setting_uuid('app.assignment_id') DESC,
        a.commune_id IS NOT DISTINCT FROM access.setting_int('app.commune_id') DESC,
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
-- Sets, each asked for once in a statement and only when it meets a sealed case: a function asked of each sealed
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
CREATE FUNCTION case_grant_is_in_force(p_grant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- For functions of the gate.
    SELECT EXISTS (SELECT FROM case_grants g WHERE g.id = p_grant AND g.revoked_at IS NULL
        AND g.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (g.valid_to IS NULL OR g.valid_to >= nullif(current_setting('app.today', true), '')::date))
$$
--;
ALTER FUNCTION case_grant_is_in_force OWNER TO childcare_gate
--;
CREATE FUNCTION cases_told_to_me() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- Only where they worked when they were named: whoever moved to another office came as somebody else.
    RETURN ARRAY(SELECT r.case_id FROM case_recipients r
        WHERE r.user_id = access.setting_uuid('app.actor_id') AND r.ended_at IS NULL AND r.grant_id IS NULL
            AND r.works_in_id = coalesce(access.setting_int('app.commune_id'), access.setting_int('app.unit_id')));
END
$$
--;
ALTER FUNCTION cases_told_to_me OWNER TO childcare_gate
--;
CREATE FUNCTION cases_opened_to_me() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    today date := nullif(current_setting('app.today', true), '')::date;
BEGIN
    -- And what others lead whose child is followed here: to the leader of the commune, and to whom that one named.
    RETURN cases_told_to_me() || ARRAY(SELECT r.case_id FROM case_recipients r
        WHERE r.user_id = access.setting_uuid('app.actor_id') AND r.ended_at IS NULL
            AND r.works_in_id = access.setting_int('app.commune_id') AND case_grant_is_in_force(r.grant_id)
        -- A function asked of each of hundreds of children would take longer than all else.
        UNION ALL SELECT g.case_id FROM assignments a JOIN case_grants g ON g.granted_commune_id = a.commune_id
        WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader'
            AND g.reason = 'commune_of_carer' AND g.revoked_at IS NULL
            AND g.valid_from <= today AND (g.valid_to IS NULL OR g.valid_to >= today));
END
$$
--;
ALTER FUNCTION cases_opened_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION sees_all_that_is_sealed, commune_i_lead, cases_told_to_me, cases_opened_to_me
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
    -- Whoever follows the child in care reads of the case what was granted, and no report.
    RETURN files = '{}' OR sees_all_that_is_sealed() OR files && cases_told_to_me()
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
