-- Who reaches the registry, and the functions that see past one unit's rows and say no more than they must.
CALL access.protect('households', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('household_members', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('children', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('child_circumstances', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('child_guardians', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('child_identifiers', ARRAY['village', 'commune', 'district', 'province'])
--;
CALL access.protect('child_changes', ARRAY['village', 'commune', 'district', 'province'])
--;
-- Only the province may look into possible doubles: a commune would learn of children that are not its own.
CALL access.protect('possible_doubles', ARRAY['province'])
--;
-- What a village does not keep: HIV, sexual abuse and the like (code_list_entries.sensitive_by). Whether a row says such
-- a thing is the database's own to write, so that the wall is one comparison with a column.
CREATE FUNCTION circumstance_is_sensitive(p_group text, p_subgroup text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM code_list_entries e WHERE e.list_name = 'special_circumstances'
        AND e.code IN (p_group, p_subgroup) AND e.sensitive_by IS NOT NULL)
$$
--;
GRANT EXECUTE ON FUNCTION circumstance_is_sensitive TO childcare_village, childcare_commune, childcare_gate
--;
CREATE FUNCTION mark_sensitive_circumstance() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.sensitive := circumstance_is_sensitive(NEW.group_code, NEW.subgroup_code);
    RETURN NEW;
END
$$
--;
CREATE TRIGGER mark_sensitive BEFORE INSERT OR UPDATE OF group_code, subgroup_code, sensitive ON child_circumstances
    FOR EACH ROW EXECUTE FUNCTION mark_sensitive_circumstance()
--;
CREATE POLICY not_for_villages ON child_circumstances AS RESTRICTIVE TO childcare_village
    USING (NOT sensitive) WITH CHECK (NOT sensitive)
--;
CREATE POLICY not_for_villages ON child_changes AS RESTRICTIVE FOR SELECT TO childcare_village
    USING (part <> 'circumstance' OR EXISTS (SELECT FROM child_circumstances p WHERE p.id = part_id))
--;
GRANT SELECT, INSERT, UPDATE ON households, household_members, children, child_circumstances, child_guardians,
    child_identifiers TO childcare_village, childcare_commune
--;
GRANT SELECT, INSERT, UPDATE (village_id) ON child_changes TO childcare_village, childcare_commune
--;
GRANT SELECT ON households, household_members, children, child_circumstances, child_guardians, child_identifiers,
    child_changes TO childcare_district, childcare_province
--;
GRANT SELECT ON possible_doubles TO childcare_province
--;
-- The words of names stand in no role's reach: only the functions below read and write them.
GRANT SELECT, INSERT ON child_name_words TO childcare_gate
--;
CREATE FUNCTION access.is_mine(level text, unit integer) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog AS $$
-- Whether a unit is the one that bounds the caller's rows: the level by the role that was put on, the unit by its
-- setting. A commune's people have their province in the settings too, and must not search it.
    SELECT current_setting('role') = 'childcare_' || level
        AND unit = nullif(current_setting('app.' || level || '_id', true), '')::int
$$
--;
ALTER FUNCTION access.is_mine OWNER TO childcare_gate
--;
CREATE FUNCTION learn_name_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
-- Keep every word of every name, once. Sorted, so that two writers of the same new words wait and do not deadlock.
BEGIN
    INSERT INTO child_name_words (word)
    SELECT DISTINCT w FROM written c CROSS JOIN unnest(c.name_words) w
    WHERE NOT EXISTS (SELECT FROM child_name_words k WHERE k.word = w)
    ORDER BY w
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
--;
ALTER FUNCTION learn_name_words OWNER TO childcare_gate
--;
CREATE TRIGGER learn_words_of_new AFTER INSERT ON children
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learn_name_words()
--;
CREATE TRIGGER learn_words_of_changed AFTER UPDATE ON children
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learn_name_words()
--;
CREATE FUNCTION near_name_words(words text[], may_be_unfinished boolean)
RETURNS TABLE (place integer, near text[], others text[]) LANGUAGE sql STABLE ROWS 4 SET search_path = pg_catalog, public AS $$
-- For each word of a search, the words of real names that may have been meant by it, and the words that then stand
-- as they are: at most one word of a search is mistyped. One letter wrong, missing, too many, or two exchanged; the
-- last word may be unfinished. Where there are no other words, short ones have too many neighbours to be mended.
    SELECT w.n::integer, array_agg(k.word), ARRAY(SELECT o.word FROM unnest(words) WITH ORDINALITY o (word, n) WHERE o.n <> w.n)
    FROM unnest(words) WITH ORDINALITY w (word, n)
    CROSS JOIN LATERAL (
        SELECT ARRAY(
            SELECT overlay(w.word PLACING substr(w.word, i + 1, 1) || substr(w.word, i, 1) FROM i FOR 2)
            FROM generate_series(1, length(w.word) - 1) i
        ) AS exchanged,
        length(w.word) > 2 OR length(w.word) = 2 AND cardinality(words) > 1 AS can_be_mended,
        may_be_unfinished AND length(w.word) > 1 AND w.n = cardinality(words) AS can_be_unfinished
        OFFSET 0
    ) t
    JOIN child_name_words k ON k.word <> ALL (words) AND (
        t.can_be_unfinished AND starts_with(k.word, w.word)
        OR t.can_be_mended AND abs(length(k.word) - length(w.word)) < 2
            AND (levenshtein_less_equal(k.word, w.word, 1) < 2 OR k.word = ANY (t.exchanged))
    )
    GROUP BY w.n
$$
--;
ALTER FUNCTION near_name_words OWNER TO childcare_gate
--;
CREATE FUNCTION turned_names(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    -- The names of the same words in every other order; of more than five words, whose orders are many, none.
    WITH RECURSIVE turned (name, used) AS (
        SELECT w.word, ARRAY[w.n] FROM unnest(words) WITH ORDINALITY w (word, n) WHERE cardinality(words) <= 5
        UNION ALL
        SELECT t.name || ' ' || w.word, t.used || w.n
        FROM turned t JOIN unnest(words) WITH ORDINALITY w (word, n) ON w.n <> ALL (t.used)
    )
    SELECT array_agg(DISTINCT t.name) FROM turned t
    WHERE cardinality(t.used) = cardinality(words) AND t.name <> array_to_string(words, ' ')
$$
--;
CREATE FUNCTION mended_names(words text[]) RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    -- The names that may have been meant, one word of them mistyped: the others as they are, in their order.
    SELECT array_agg(array_to_string(words[1:m.place - 1] || k || words[m.place + 1:], ' '))
    FROM near_name_words(words, false) m CROSS JOIN unnest(m.near) k
$$
--;
ALTER FUNCTION mended_names OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION turned_names TO childcare_gate
--;
CREATE FUNCTION search_children(
    p_level text, p_unit integer, p_words text[], p_spelled text[], p_today date, p_village integer, p_born_from date, p_born_until date,
    p_sex text, p_group text, p_kind text, p_without_birth_registration boolean, p_without_health_card boolean,
    p_changed_since timestamptz, p_after_rank integer, p_after_id uuid, p_limit integer
) RETURNS TABLE (child_id uuid, rank integer) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
-- The children of one unit whose names hold all the words, in any order and with at most one typing mistake, best
-- first: rank -1 is the name as it was typed, 0 with other accents, 1 the words in this order with others around them, 2 in another order, 3 with one
-- word mended or unfinished; within a rank by id.
-- Above the commune, where lists show initials, a child is found by its whole name alone, in any order or with a mistake:
-- parts of names would be told letter by letter to whoever tries them.
-- It looks past row-level security, under which none of this can use an index: the unit is a parameter and must be the
-- caller's own; nothing but ids and ranks comes out.
#variable_conflict use_column
DECLARE
    whole text := array_to_string(p_words, ' ');
    phrase text := ' ' || whole || ' ';
    wanted integer := p_limit;
    step integer := coalesce(p_after_rank, -1);
    after_id uuid := p_after_id;
    names text[];
    ids uuid[];
    kept uuid[] := '{}';
BEGIN
    IF access.is_mine(p_level, p_unit) IS NOT TRUE THEN
        RAISE EXCEPTION 'not the unit of the caller' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_group IS NOT NULL OR p_kind IS NOT NULL THEN
        kept := children_kept_from_me();
    END IF;
    IF p_level IN ('village', 'commune') THEN
        -- Read whole, once, by its own index.
        RETURN QUERY
        WITH scope AS MATERIALIZED (
            SELECT c.id, c.full_name, c.search_name, c.name_words FROM children c
            WHERE (p_level = 'village' AND c.village_id = p_unit OR p_level = 'commune' AND c.commune_id = p_unit)
                AND (p_village IS NULL OR c.village_id = p_village)
                AND (p_born_from IS NULL OR c.born_on >= p_born_from)
                AND (p_born_until IS NULL OR c.born_on <= p_born_until)
                AND (p_sex IS NULL OR c.sex = p_sex)
                AND (p_changed_since IS NULL OR c.changed_at >= p_changed_since)
                AND (NOT p_without_birth_registration OR c.birth_registration <> 'registered')
                AND (NOT p_without_health_card OR c.health_card <> 'held' OR c.health_card_until < p_today)
                AND (p_group IS NULL AND p_kind IS NULL OR EXISTS (SELECT FROM child_circumstances s
                    WHERE s.child_id = c.id AND s.commune_id = c.commune_id AND s.entered_in_error_at IS NULL
                        AND NOT (s.sensitive AND p_level = 'village') AND s.child_id <> ALL (kept)
                        AND (p_group IS NULL OR s.group_code = p_group) AND (p_kind IS NULL OR s.kind = p_kind)
                        AND s.from_on <= p_today AND (s.ended_on IS NULL OR s.ended_on > p_today)))
        ), meant AS MATERIALIZED (SELECT m.near, m.others FROM near_name_words(p_words, true) m
        ), fitting AS (
            SELECT c.id, CASE WHEN c.full_name = ANY (p_spelled) THEN -1 WHEN c.search_name = whole THEN 0 WHEN NOT c.name_words @> p_words THEN 3
                WHEN strpos(' ' || c.search_name || ' ', phrase) > 0 THEN 1 ELSE 2 END AS rank
            FROM scope c
            WHERE c.name_words @> p_words
                OR EXISTS (SELECT FROM meant m WHERE c.name_words @> m.others AND c.name_words && m.near)
        )
        SELECT f.id, f.rank FROM fitting f WHERE after_id IS NULL OR (f.rank, f.id) > (step, after_id)
        ORDER BY f.rank, f.id LIMIT wanted;
        RETURN;
    END IF;
    -- Above it every name that may have been meant is written out and looked up. Rank after rank, until the page is full;
    -- each statement is planned anew, so that what is not asked for falls out.
    WHILE step < 4 AND wanted > 0 LOOP
        names := CASE WHEN step < 1 THEN ARRAY[whole] WHEN step = 2 THEN turned_names(p_words)
            WHEN step = 3 THEN mended_names(p_words) END;
        ids := ARRAY(
            SELECT c.id FROM children c
            WHERE (p_level = 'province' AND c.province_id = p_unit OR p_level = 'district' AND c.district_id = p_unit)
                AND c.search_name = ANY (names) AND (step > 0 OR (c.full_name = ANY (p_spelled)) = (step = -1))
                AND (after_id IS NULL OR c.id > after_id)
                AND (p_village IS NULL OR c.village_id = p_village)
                AND (p_born_from IS NULL OR c.born_on >= p_born_from)
                AND (p_born_until IS NULL OR c.born_on <= p_born_until)
                AND (p_sex IS NULL OR c.sex = p_sex)
                AND (p_changed_since IS NULL OR c.changed_at >= p_changed_since)
                AND (NOT p_without_birth_registration OR c.birth_registration <> 'registered')
                AND (NOT p_without_health_card OR c.health_card <> 'held' OR c.health_card_until < p_today)
                AND (p_group IS NULL AND p_kind IS NULL OR EXISTS (SELECT FROM child_circumstances s
                    WHERE s.child_id = c.id AND s.commune_id = c.commune_id AND s.entered_in_error_at IS NULL
                        AND s.child_id <> ALL (kept) AND (p_group IS NULL OR s.group_code = p_group)
                        AND (p_kind IS NULL OR s.kind = p_kind)
                        AND s.from_on <= p_today AND (s.ended_on IS NULL OR s.ended_on > p_today)))
            ORDER BY c.id LIMIT wanted);
        RETURN QUERY SELECT i, step FROM unnest(ids) i;
        wanted := wanted - cardinality(ids);
        step := step + 1;
        after_id := NULL;
    END LOOP;
END
$$
--;
ALTER FUNCTION search_children OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION search_children TO childcare_village, childcare_commune, childcare_district, childcare_province
--;
CREATE FUNCTION note_personal_id(p_child uuid, p_value text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- A personal id was written on a child of the caller. Whoever else carries it outside the caller's sight goes into the
-- queue of both provinces; the caller learns nothing, not even whether there was anybody.
DECLARE
    mine children;
    level text := replace(current_setting('role'), 'childcare_', '');
BEGIN
    SELECT * INTO mine FROM children c WHERE c.id = p_child;
    IF NOT FOUND OR access.is_mine(level, CASE level WHEN 'village' THEN mine.village_id
            WHEN 'commune' THEN mine.commune_id END) IS NOT TRUE THEN
        RAISE EXCEPTION 'not a child of the caller' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO possible_doubles (id, child_id, other_child_id, other_province_id, reason, noticed_at,
        unit_id, village_id, commune_id, district_id, province_id)
    SELECT gen_random_uuid(), a.id, b.id, b.province_id, 'personal_id', p_now,
        a.province_id, a.village_id, a.commune_id, a.district_id, a.province_id
    FROM child_identifiers i
    JOIN children o ON o.id = i.child_id
    -- One row where one province answers for both, else one for each.
    CROSS JOIN LATERAL (VALUES (true), (false)) side (first)
    JOIN children a ON a.id = CASE WHEN side.first THEN mine.id ELSE o.id END
    JOIN children b ON b.id = CASE WHEN side.first THEN o.id ELSE mine.id END
    WHERE i.kind = 'personal_id' AND i.value = p_value AND i.entered_in_error_at IS NULL AND o.id <> mine.id
        AND access.is_mine(level, CASE level WHEN 'village' THEN o.village_id ELSE o.commune_id END) IS NOT TRUE
        AND (side.first OR o.province_id <> mine.province_id)
    ON CONFLICT DO NOTHING;
END
$$
--;
ALTER FUNCTION note_personal_id OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION note_personal_id TO childcare_village, childcare_commune
--;
CREATE FUNCTION announce_sixteenth_birthdays(p_day date, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whoever turned 16 on a day or in the weeks before it is announced to the own commune, once: the record stays, and
-- what happens with it is that commune's to do.
DECLARE
    announced integer;
BEGIN
    INSERT INTO outbox (id, event, payload, unit_id)
    SELECT gen_random_uuid(), 'child.turning_16', jsonb_build_object('child_id', c.id), c.commune_id
    FROM children c
    WHERE c.born_on <= (p_day - interval '16 years')::date AND c.born_on > (p_day - interval '16 years 31 days')::date
        AND c.died_on IS NULL
        AND NOT EXISTS (SELECT FROM child_changes h
            WHERE h.child_id = c.id AND h.commune_id = c.commune_id AND h.action = 'turned_16')
        AND NOT EXISTS (SELECT FROM outbox o WHERE o.done_at IS NULL AND o.event = 'child.turning_16'
            AND o.payload = jsonb_build_object('child_id', c.id));
    GET DIAGNOSTICS announced = ROW_COUNT;
    RETURN announced;
END
$$
--;
ALTER FUNCTION announce_sixteenth_birthdays OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION announce_sixteenth_birthdays TO childcare_worker
