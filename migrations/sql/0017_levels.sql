-- What is sealed is read by nobody else, told by no clock, and changed by nobody from whom it is kept.
CREATE POLICY sealed ON cases AS RESTRICTIVE FOR SELECT TO childcare_commune, childcare_district, childcare_province
    USING (confidentiality <> 'sealed'
        OR commune_id = (SELECT access.setting_int('app.commune_id'))
            AND opened_by = (SELECT access.setting_uuid('app.actor_id'))
        OR commune_id = (SELECT commune_i_lead()) OR id = ANY ((SELECT cases_told_to_me())::uuid[])
        OR (SELECT sees_all_that_is_sealed()))
--;
-- What other communes granted is asked of apart: a list of the own cases does not pay for whose children are followed here.
CREATE POLICY sealed_elsewhere ON cases AS RESTRICTIVE FOR SELECT TO childcare_commune_granted
    USING (confidentiality <> 'sealed' OR id = ANY ((SELECT cases_opened_to_me())::uuid[])
        OR (SELECT sees_all_that_is_sealed()))
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
CREATE POLICY sealed ON case_transfers AS RESTRICTIVE FOR SELECT TO childcare_commune_granted
    USING (offer_is_open_to_me(case_id))
--;
CREATE FUNCTION recipient_works_there(p_user uuid, p_unit integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM assignments a WHERE a.user_id = p_user AND coalesce(a.commune_id, a.unit_id) = p_unit
        AND a.revoked_at IS NULL AND a.valid_from <= nullif(current_setting('app.today', true), '')::date
        AND (a.valid_to IS NULL OR a.valid_to >= nullif(current_setting('app.today', true), '')::date))
$$
--;
ALTER FUNCTION recipient_works_there OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION recipient_works_there
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
