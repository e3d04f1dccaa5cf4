-- A child stands in front of an officer and is another commune's, perhaps another province's. Who knows the child well
-- enough to name it exactly may read for some hours; the commune that holds the child learns of it and looks into it.
CREATE TABLE broken_glasses (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    user_id uuid NOT NULL,
    breaker_unit_id integer NOT NULL,
    known_by text NOT NULL,
    reason text NOT NULL,
    broken_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    reviewed_at timestamptz,
    reviewed_by uuid,
    review_note text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT broken_glasses_pkey PRIMARY KEY (id),
    CONSTRAINT broken_glasses_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id)
        REFERENCES children (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT broken_glasses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT broken_glasses_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT broken_glasses_known_by_check CHECK (known_by IN ('identifier', 'name_and_birthday')),
    CONSTRAINT broken_glasses_reason_check CHECK (reason <> ''),
    CONSTRAINT broken_glasses_hours_check CHECK (broken_at < expires_at),
    CONSTRAINT broken_glasses_reviewed_check CHECK (
        (reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (review_note IS NULL)
    )
)
--;
CREATE INDEX broken_glasses_child_idx ON broken_glasses (child_id, commune_id)
--;
CREATE INDEX broken_glasses_commune_idx ON broken_glasses (commune_id, broken_at, id)
--;
CREATE INDEX broken_glasses_province_idx ON broken_glasses (province_id, broken_at, id)
--;
CREATE INDEX broken_glasses_user_idx ON broken_glasses (user_id, broken_at)
--;
CALL access.protect('broken_glasses', ARRAY['commune', 'district', 'province'])
--;
GRANT SELECT ON broken_glasses TO childcare_commune, childcare_district, childcare_province, childcare_commune_granted
--;
GRANT UPDATE (reviewed_at, reviewed_by, review_note) ON broken_glasses TO childcare_commune
--;
-- Every try of a person counts, also one that found nobody: else a name and a year of birth could be tried day by day.
CREATE TABLE glass_attempts (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT glass_attempts_pkey PRIMARY KEY (id),
    CONSTRAINT glass_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)
--;
CREATE INDEX glass_attempts_user_idx ON glass_attempts (user_id, attempted_at)
--;
CALL access.protect('glass_attempts', ARRAY[]::text[])
--;
GRANT DELETE ON glass_attempts TO childcare_gate
--;
CREATE FUNCTION child_is_kept_from_me(p_child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Who is kept from a case of a child finds the child through no glass either: it may have moved away from them.
    SELECT EXISTS (SELECT FROM cases c JOIN exclusions x ON x.subject_id = c.id AND x.lifted_at IS NULL
            AND x.user_id = access.setting_uuid('app.actor_id')
        WHERE c.child_id = p_child)
$$
--;
ALTER FUNCTION child_is_kept_from_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION child_is_kept_from_me TO childcare_commune_granted
--;
-- The second look of the one person who broke it, until it expires by the database's own time.
CREATE POLICY breaker ON broken_glasses FOR SELECT TO childcare_commune_granted
    USING (user_id = (SELECT nullif(current_setting('app.actor_id', true), '')::uuid) AND expires_at > now()
        AND NOT child_is_kept_from_me(child_id))
--;
-- Why somebody of another commune had to read the child tells of its case, too.
CALL access.conceal_child('broken_glasses', 'user_id = (SELECT nullif(current_setting(''app.actor_id'', true), '''')::uuid)')
--;
CREATE POLICY glass ON children FOR SELECT TO childcare_commune_granted
    USING (id IN (SELECT g.child_id FROM broken_glasses g))
--;
CREATE POLICY glass ON child_circumstances FOR SELECT TO childcare_commune_granted
    USING (child_id IN (SELECT g.child_id FROM broken_glasses g))
--;
CREATE POLICY glass ON child_guardians FOR SELECT TO childcare_commune_granted
    USING (child_id IN (SELECT g.child_id FROM broken_glasses g))
--;
CREATE POLICY glass ON child_identifiers FOR SELECT TO childcare_commune_granted
    USING (child_id IN (SELECT g.child_id FROM broken_glasses g))
--;
CREATE POLICY glass ON cases FOR SELECT TO childcare_commune_granted
    USING (child_id IN (SELECT g.child_id FROM broken_glasses g))
--;
-- Not that a child is in proceedings: nobody needs that to help it, and it is opened to no other commune (Luật Trẻ em,
-- Điều 70.10).
CREATE POLICY glass ON case_steps FOR SELECT TO childcare_commune_granted
    USING (case_id IN (SELECT c.id FROM cases c WHERE c.child_id IN (SELECT g.child_id FROM broken_glasses g))
        AND kind NOT IN ('proceeding', 'proceeding_answered', 'release_notice', 'release_prepared'))
--;
GRANT SELECT ON children, child_circumstances, child_guardians, child_identifiers TO childcare_commune_granted
--;
CREATE FUNCTION glass_tries_a_day() RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public AS $$
    -- How often one person may try within 24 hours: here, and nowhere on the caller's word.
    SELECT 10
$$
--;
ALTER FUNCTION glass_tries_a_day OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION glass_tries_a_day TO childcare_commune
--;
CREATE FUNCTION forget_glass_attempts(p_before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- For the worker. What still counts stays, whatever the caller's clock says.
    DELETE FROM glass_attempts WHERE attempted_at < least(p_before, now() - interval '24 hours')
$$
--;
ALTER FUNCTION forget_glass_attempts OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION forget_glass_attempts TO childcare_worker
--;
CREATE FUNCTION break_the_glass(
    p_id uuid, p_event uuid, p_kind text, p_value text, p_name text, p_born date, p_province integer, p_reason text,
    p_now timestamptz, p_expires timestamptz, p_tasks jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Find the one child that the words fit, write down who reads it and why, and tell the commune that holds it. Words that
-- fit nobody, or more than one, say the same: nothing. Tries of 24 hours are counted by the database's own time; whoever
-- calls commits also where nobody was found, or the try would not have been counted.
DECLARE
    found children;
    fitting integer;
BEGIN
    -- One after the other, or several at once would each count the same.
    PERFORM pg_advisory_xact_lock(hashtextextended('broken_glasses ' || access.setting_uuid('app.actor_id'), 18));
    IF (SELECT count(*) FROM glass_attempts t WHERE t.user_id = access.setting_uuid('app.actor_id')
            AND t.attempted_at > now() - interval '24 hours') >= glass_tries_a_day() THEN
        RETURN 'too_many';
    END IF;
    INSERT INTO glass_attempts (id, user_id) VALUES (p_event, access.setting_uuid('app.actor_id'));
    SELECT count(*) INTO fitting FROM (
        SELECT DISTINCT i.child_id FROM child_identifiers i
        WHERE p_value IS NOT NULL AND i.kind = p_kind AND i.value = p_value AND i.entered_in_error_at IS NULL
        UNION
        SELECT c.id FROM children c
        WHERE p_value IS NULL AND c.province_id = p_province AND c.search_name = p_name COLLATE "C" AND c.born_on = p_born
            AND c.born_on_precision = 'day'
    ) f;
    IF fitting <> 1 THEN
        RETURN 'nobody';
    END IF;
    SELECT c.* INTO found FROM children c WHERE c.id = (
        SELECT i.child_id FROM child_identifiers i
        WHERE p_value IS NOT NULL AND i.kind = p_kind AND i.value = p_value AND i.entered_in_error_at IS NULL
        UNION
        SELECT c.id FROM children c
        WHERE p_value IS NULL AND c.province_id = p_province AND c.search_name = p_name COLLATE "C" AND c.born_on = p_born
            AND c.born_on_precision = 'day')
    -- Where it is held when it has ended moving.
    FOR KEY SHARE;
    -- Of the own register first: what stands there anyway tells nobody that they are kept from anything.
    IF found.commune_id = access.setting_int('app.commune_id') THEN
        RETURN 'own';
    END IF;
    IF child_is_kept_from_me(found.id) THEN
        RETURN 'nobody';
    END IF;
    INSERT INTO broken_glasses (id, child_id, user_id, breaker_unit_id, known_by, reason, broken_at, expires_at,
        unit_id, village_id, commune_id, district_id, province_id)
    VALUES (p_id, found.id, access.setting_uuid('app.actor_id'), access.setting_int('app.unit_id'),
        CASE WHEN p_value IS NULL THEN 'name_and_birthday' ELSE 'identifier' END, p_reason, p_now,
        least(p_expires, now() + interval '72 hours'),
        found.unit_id, found.village_id, found.commune_id, found.district_id, found.province_id);
    -- The clock of whoever looks into it runs where the child is held, and by what that office promises: the caller, who
    -- must not learn where that is, brought it in every length that may be promised.
    INSERT INTO tasks SELECT t.* FROM jsonb_array_elements(p_tasks) c
    CROSS JOIN LATERAL jsonb_populate_record(NULL::tasks, c || jsonb_build_object(
        'rule_code', 'glass.review', 'subject_kind', 'broken_glass', 'subject_id', p_id, 'unit_id', found.commune_id,
        'village_id', NULL, 'commune_id', found.commune_id, 'district_id', NULL, 'province_id', found.province_id)) t
    JOIN clock_rules r ON r.code = t.rule_code AND r.valid_from = t.rule_valid_from
    WHERE t.length IS NOT DISTINCT FROM promised_length(found.commune_id, r.code, r.length)
    LIMIT 1;
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)
    VALUES ('child.glass_broken', 'child', found.id, jsonb_build_object('glass_id', p_id), p_reason,
        found.commune_id, found.province_id);
    INSERT INTO outbox (id, event, payload, unit_id) VALUES (p_event, 'child.glass_broken',
        jsonb_build_object('glass_id', p_id, 'child_id', found.id), found.commune_id);
    RETURN 'broken';
END
$$
--;
ALTER FUNCTION break_the_glass OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION break_the_glass TO childcare_commune
--;
CREATE FUNCTION glass_review_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A child that moves takes along who read it; whoever holds it then looks into that, by the clock that runs.
BEGIN
    UPDATE tasks SET village_id = NULL, commune_id = NEW.commune_id, district_id = NULL, province_id = NEW.province_id,
        row_version = row_version + 1
    WHERE subject_id = NEW.id AND done_at IS NULL AND cancelled_at IS NULL;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION glass_review_follows OWNER TO childcare_gate
--;
CREATE TRIGGER review_follows AFTER UPDATE OF commune_id, province_id ON broken_glasses FOR EACH ROW
    WHEN ((OLD.commune_id, OLD.province_id) IS DISTINCT FROM (NEW.commune_id, NEW.province_id))
    EXECUTE FUNCTION glass_review_follows()
--;
CREATE FUNCTION access.sees(p_name text, p_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
-- Whether the caller, in the role that is put on, sees the record that an address names. What no wall parts is seen. A
-- statement of its own says that the table is closed to the role: what names it in the same one is refused as a whole.
DECLARE
    part text := CASE p_name WHEN 'case_id' THEN 'cases' WHEN 'intake_id' THEN 'intakes' WHEN 'child_id' THEN 'children'
        WHEN 'referral_id' THEN 'case_referrals' WHEN 'transfer_id' THEN 'case_transfers' WHEN 'move_id' THEN 'child_moves'
        WHEN 'task_id' THEN 'tasks' END;
BEGIN
    IF part IS NOT NULL AND NOT has_table_privilege(part, 'SELECT') THEN
        RETURN false;
    END IF;
    CASE p_name
        WHEN 'case_id' THEN RETURN EXISTS (SELECT FROM cases r WHERE r.id = p_id);
        WHEN 'intake_id' THEN RETURN EXISTS (SELECT FROM intakes r WHERE r.id = p_id);
        WHEN 'child_id' THEN RETURN EXISTS (SELECT FROM children r WHERE r.id = p_id);
        WHEN 'referral_id' THEN RETURN EXISTS (SELECT FROM case_referrals r WHERE r.id = p_id);
        WHEN 'transfer_id' THEN RETURN EXISTS (SELECT FROM case_transfers r WHERE r.id = p_id);
        WHEN 'move_id' THEN RETURN EXISTS (SELECT FROM child_moves r WHERE r.id = p_id);
        WHEN 'task_id' THEN RETURN EXISTS (SELECT FROM tasks r WHERE r.id = p_id);
        ELSE RETURN true;
    END CASE;
END
$$
--;
CREATE FUNCTION access.seen_by_me(p_about jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE STRICT SET search_path = pg_catalog, public AS $$
-- The records that an address names, where the caller sees all of them, by the own scope or by what is granted; else
-- NULL. Not SECURITY DEFINER: it looks with the caller's eyes.
DECLARE
    named record;
    seen boolean;
    mine text := current_setting('role');
BEGIN
    FOR named IN SELECT key, value FROM jsonb_each_text(p_about) LOOP
        seen := access.sees(named.key, named.value::uuid);
        IF NOT seen AND mine = 'childcare_commune' THEN
            PERFORM set_config('role', 'childcare_commune_granted', true);
            seen := access.sees(named.key, named.value::uuid);
            PERFORM set_config('role', mine, true);
        END IF;
        IF NOT seen THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RETURN p_about;
END
$$
--;
GRANT EXECUTE ON FUNCTION access.sees(text, uuid), access.seen_by_me(jsonb) TO childcare_village, childcare_commune,
    childcare_commune_granted, childcare_district, childcare_province, childcare_central, childcare_hotline
