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
GRANT SELECT, INSERT ON case_recipients TO childcare_commune
--;
GRANT UPDATE (ended_at, ended_by) ON case_recipients TO childcare_commune
--;
GRANT SELECT ON case_recipients TO childcare_district, childcare_province
--;
CREATE FUNCTION case_is_open_to_me(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Asked of sealed cases alone, so that the others cost nothing. The worker acts for nobody and forgets nobody.
    SELECT current_setting('app.actor_kind', true) = 'system' OR EXISTS (
        SELECT FROM cases c WHERE c.id = p_case AND (
            EXISTS (SELECT FROM case_recipients r WHERE r.case_id = c.id AND r.ended_at IS NULL
                AND r.user_id = access.setting_uuid('app.actor_id'))
            OR c.commune_id = access.setting_int('app.commune_id')
                AND (c.opened_by = access.setting_uuid('app.actor_id') OR EXISTS (
                    SELECT FROM assignments a
                    WHERE a.id = access.setting_uuid('app.assignment_id') AND a.role = 'commune_leader'))))
$$
--;
ALTER FUNCTION case_is_open_to_me OWNER TO childcare_gate
--;
CREATE FUNCTION intake_is_open_to_me(p_intake uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- A sealed report is handled by its office until a case is opened on it, and then by whom the case is open to; the
    -- leader of the office that holds the report goes on seeing it.
    WITH files AS (SELECT s.case_id AS id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE r.intake_id = p_intake)
    SELECT NOT EXISTS (SELECT FROM files)
        OR EXISTS (SELECT FROM files f WHERE case_is_open_to_me(f.id))
        OR EXISTS (SELECT FROM intakes i JOIN assignments a ON a.id = access.setting_uuid('app.assignment_id')
            WHERE i.id = p_intake AND i.commune_id = a.commune_id AND a.role = 'commune_leader')
$$
--;
ALTER FUNCTION intake_is_open_to_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_is_open_to_me, intake_is_open_to_me
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province, childcare_gate
--;
CREATE FUNCTION is_kept_from_me(p_subject uuid) RETURNS boolean
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
ALTER FUNCTION is_kept_from_me OWNER TO childcare_gate
--;
CREATE POLICY sealed ON cases AS RESTRICTIVE FOR SELECT
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
    USING (confidentiality <> 'sealed' OR case_is_open_to_me(id))
--;
CREATE POLICY sealed ON intakes AS RESTRICTIVE FOR SELECT
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
    USING (confidentiality IS DISTINCT FROM 'sealed' OR intake_is_open_to_me(id))
--;
-- squawk-ignore require-concurrent-index-creation -- nothing was released without it: the table is empty
CREATE INDEX cases_sealed_idx ON cases (province_id) WHERE confidentiality = 'sealed'
--;
-- squawk-ignore require-concurrent-index-creation -- nothing was released without it: the table is empty
CREATE INDEX intakes_sealed_idx ON intakes (province_id) WHERE confidentiality = 'sealed'
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
-- Asked once a statement, so that a list of tasks keeps its index.
CREATE POLICY kept ON tasks AS RESTRICTIVE FOR SELECT
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
    USING (subject_id <> ALL ((SELECT kept_from_me())::uuid[]))
--;
CREATE FUNCTION case_clocks(p_case uuid) RETURNS SETOF tasks
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Every clock that ran or runs for a case the caller leads or stands above, and for the reports behind it, whosever task
-- it was: what was finished before the case came here stays with the office that did it, and belongs to the file.
-- A branch for each of the three indexes, which hold what runs, what was done, and what no longer applied.
    WITH led AS (
        SELECT c.id FROM cases c
        WHERE c.id = p_case AND c.id <> ALL ((SELECT kept_from_me())::uuid[])
            AND (c.confidentiality <> 'sealed' OR case_is_open_to_me(c.id))
            AND CASE
                WHEN access.setting_int('app.commune_id') IS NOT NULL THEN c.commune_id = access.setting_int('app.commune_id')
                WHEN access.setting_int('app.district_id') IS NOT NULL THEN c.district_id = access.setting_int('app.district_id')
                ELSE c.province_id = access.setting_int('app.province_id') END
    ), about AS (
        SELECT l.id FROM led l
        UNION
        SELECT r.intake_id FROM led l JOIN case_steps s ON s.case_id = l.id JOIN case_reports r ON r.id = s.id
        WHERE r.intake_id <> ALL ((SELECT kept_from_me())::uuid[])
    ), ran AS (
        SELECT t.* FROM about a JOIN tasks t ON t.subject_id = a.id AND t.done_at IS NULL AND t.cancelled_at IS NULL
        UNION ALL
        SELECT t.* FROM about a JOIN tasks t ON t.subject_id = a.id AND t.done_at IS NOT NULL
        UNION ALL
        SELECT t.* FROM about a JOIN tasks t ON t.subject_id = a.id AND t.cancelled_at IS NOT NULL
    )
    -- What stood in a hotline's own queue is the hotline's affair.
    SELECT * FROM ran WHERE province_id IS NOT NULL ORDER BY starts_at, id
$$
--;
ALTER FUNCTION case_clocks OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION case_clocks TO childcare_commune, childcare_district, childcare_province
--;
CALL access.conceal_part('case_recipients', 'case_id', 'cases')
--;
-- A statement that asks for no row by what stands in it is judged by no policy for reading: what is kept from somebody
-- is not changed by them unseen, either.
CREATE POLICY kept ON cases AS RESTRICTIVE FOR UPDATE TO childcare_commune
    USING (id <> ALL ((SELECT kept_from_me())::uuid[])) WITH CHECK (true)
--;
CREATE POLICY kept ON intakes AS RESTRICTIVE FOR UPDATE TO childcare_commune, childcare_province
    USING (id <> ALL ((SELECT kept_from_me())::uuid[])) WITH CHECK (true)
--;
CREATE POLICY kept_steps ON case_steps AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (case_id <> ALL ((SELECT kept_from_me())::uuid[]))
--;
CREATE POLICY kept_grants ON case_grants AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (case_id <> ALL ((SELECT kept_from_me())::uuid[]))
--;
-- Nobody tells a sealed case to themselves.
CREATE POLICY kept_recipients ON case_recipients AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (case_id <> ALL ((SELECT kept_from_me())::uuid[]))
--;
GRANT UPDATE (confidentiality) ON cases TO childcare_commune
--;
CREATE FUNCTION case_seals_its_reports() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What a case keeps secret, its reports must not tell, whichever commune holds them: they are as secret as the most
-- secret case that stands on them.
BEGIN
    UPDATE intakes i SET confidentiality = m.level, row_version = i.row_version + 1
    FROM (
        SELECT r.intake_id, (array_agg(c.confidentiality ORDER BY
            CASE c.confidentiality WHEN 'sealed' THEN 0 WHEN 'sensitive' THEN 1 ELSE 2 END))[1] AS level
        FROM case_reports r JOIN case_steps s ON s.id = r.id
        -- One that was entered in error stands on nothing any more.
        JOIN cases c ON c.id = s.case_id AND c.status <> 'entered_in_error'
        WHERE r.intake_id IN (
            SELECT r.intake_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE s.case_id = NEW.id)
        GROUP BY r.intake_id
    ) m WHERE i.id = m.intake_id AND i.confidentiality IS DISTINCT FROM m.level;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION case_seals_its_reports OWNER TO childcare_gate
--;
CREATE TRIGGER seals_its_reports AFTER UPDATE OF confidentiality ON cases
    FOR EACH ROW WHEN (OLD.confidentiality IS DISTINCT FROM NEW.confidentiality) EXECUTE FUNCTION case_seals_its_reports()
--;
CREATE FUNCTION case_seals_what_is_joined() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A report and the case it is joined to become as secret as the more secret of the two; neither less than it was. What
-- that raises in the case goes on to its other reports, by the trigger above.
DECLARE
    file cases;
    report intakes;
    less cases;
    level text;
BEGIN
    SELECT c.* INTO file FROM cases c JOIN case_steps s ON s.case_id = c.id WHERE s.id = NEW.id FOR NO KEY UPDATE OF c;
    SELECT i.* INTO report FROM intakes i WHERE i.id = NEW.intake_id FOR NO KEY UPDATE;
    level := CASE WHEN 'sealed' IN (file.confidentiality, report.confidentiality) THEN 'sealed'
        WHEN 'sensitive' IN (file.confidentiality, report.confidentiality) THEN 'sensitive' ELSE 'normal' END;
    UPDATE intakes i SET confidentiality = level
    WHERE i.id = report.id AND coalesce(i.confidentiality, 'normal') <> level;
    -- A case that was joined to another and is in error by it goes along, since it says the same.
    FOR less IN SELECT c.* FROM cases c
        WHERE level <> 'normal' AND c.confidentiality NOT IN (level, 'sealed')
            AND (c.id = file.id OR c.status = 'entered_in_error' AND c.id IN (
                SELECT s.case_id FROM case_reports r JOIN case_steps s ON s.id = r.id WHERE r.intake_id = report.id))
    LOOP
        -- Whoever joined it knows what stands in both, as whoever opens a sealed case does.
        INSERT INTO case_recipients (id, case_id, user_id, added_at, added_by, unit_id, village_id, commune_id,
            district_id, province_id)
        SELECT gen_random_uuid(), less.id, u.id, now(), u.id, less.unit_id, less.village_id, less.commune_id,
            less.district_id, less.province_id
        FROM users u WHERE u.id = access.setting_uuid('app.actor_id') AND level = 'sealed'
        ON CONFLICT DO NOTHING;
        UPDATE cases SET confidentiality = level WHERE id = less.id;
        INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
        VALUES ('case.confidentiality_raised', 'case', less.id,
            jsonb_build_object('level', level, 'intake_id', report.id), less.commune_id, less.province_id);
    END LOOP;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION case_seals_what_is_joined OWNER TO childcare_gate
--;
CREATE TRIGGER seals_what_is_joined AFTER INSERT ON case_reports
    FOR EACH ROW EXECUTE FUNCTION case_seals_what_is_joined()
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
CREATE POLICY sealed ON case_transfers AS RESTRICTIVE FOR SELECT TO childcare_commune_granted
    USING (offer_is_open_to_me(case_id))
