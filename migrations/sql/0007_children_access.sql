-- Who reaches the registry, and the three functions that see past one unit's rows and say no more than they must.
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
CREATE FUNCTION near_name_words(words text[])
RETURNS TABLE (near text[], others text[]) LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
-- For each word of a search, the words of real names that may have been meant by it, and the words that then stand
-- as they are: at most one word of a search is mistyped. One letter wrong, missing, too many, or two exchanged; the
-- last word may be unfinished. Where there are no other words, short ones have too many neighbours to be mended.
    SELECT array_agg(k.word), ARRAY(SELECT o.word FROM unnest(words) WITH ORDINALITY o (word, n) WHERE o.n <> w.n)
    FROM unnest(words) WITH ORDINALITY w (word, n)
    JOIN child_name_words k ON k.word = w.word
        OR w.n = cardinality(words) AND length(w.word) > 1 AND starts_with(k.word, w.word)
        OR (cardinality(words) > 1 AND length(w.word) > 1 OR length(w.word) > 2) AND (
            abs(length(k.word) - length(w.word)) < 2 AND levenshtein_less_equal(k.word, w.word, 1) < 2
            OR k.word IN (
                SELECT overlay(w.word PLACING substr(w.word, i + 1, 1) || substr(w.word, i, 1) FROM i FOR 2)
                FROM generate_series(1, length(w.word) - 1) i
            )
        )
    GROUP BY w.n
$$
--;
ALTER FUNCTION near_name_words OWNER TO childcare_gate
--;
CREATE FUNCTION name_rank(name text, name_words text[], words text[]) RETURNS integer LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog AS $$
-- How far a name is from what was searched for: 0 is the name itself. Mended words come behind exact ones, another
-- order of words behind the same, longer names behind shorter.
    SELECT CASE WHEN name_words @> words THEN 0 ELSE 100 END
        + CASE WHEN name = array_to_string(words, ' ') THEN 0
            WHEN strpos(name, array_to_string(words, ' ')) > 0 THEN 10 ELSE 20 END
        + least(abs(cardinality(name_words) - cardinality(words)), 9)
$$
--;
ALTER FUNCTION name_rank OWNER TO childcare_gate
--;
CREATE FUNCTION search_children(
    p_level text, p_unit integer, p_words text[], p_today date, p_village integer, p_born_from date, p_born_until date,
    p_sex text, p_group text, p_kind text, p_without_birth_registration boolean, p_without_health_card boolean,
    p_changed_since timestamptz, p_after_rank integer, p_after_id uuid, p_limit integer
) RETURNS TABLE (child_id uuid, rank integer) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
-- The children of one unit whose names hold all the words, in any order and with at most one typing mistake, best
-- first. It looks past row-level security, under which none of this can use an index: therefore the unit is a
-- parameter, must be the caller's own, and nothing but ids and ranks comes out.
#variable_conflict use_column
BEGIN
    IF access.is_mine(p_level, p_unit) IS NOT TRUE THEN
        RAISE EXCEPTION 'not the unit of the caller' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_level = 'province' THEN
        -- Too many rows to read: the index of words finds the candidates.
        RETURN QUERY
        WITH found AS MATERIALIZED (
            SELECT DISTINCT c.id, name_rank(c.search_name, c.name_words, p_words) AS rank
            FROM near_name_words(p_words) n
            CROSS JOIN LATERAL (
                SELECT c.* FROM children c
                WHERE c.province_id = p_unit AND c.name_words @> n.others AND c.name_words && n.near
                OFFSET 0
            ) c
            WHERE (p_village IS NULL OR c.village_id = p_village)
                AND (p_born_from IS NULL OR c.born_on >= p_born_from)
                AND (p_born_until IS NULL OR c.born_on <= p_born_until)
                AND (p_sex IS NULL OR c.sex = p_sex)
                AND (p_changed_since IS NULL OR c.changed_at >= p_changed_since)
                AND (NOT p_without_birth_registration OR c.birth_registration <> 'registered')
                AND (NOT p_without_health_card OR c.health_card <> 'held' OR c.health_card_until < p_today)
        )
        SELECT f.id, f.rank FROM found f
        WHERE (p_after_id IS NULL OR (f.rank, f.id) > (p_after_rank, p_after_id))
            AND (p_group IS NULL AND p_kind IS NULL OR EXISTS (
                SELECT FROM child_circumstances s
                WHERE s.child_id = f.id AND (p_group IS NULL OR s.group_code = p_group)
                    AND (p_kind IS NULL OR s.kind = p_kind) AND s.entered_in_error_at IS NULL
                    AND s.from_on <= p_today AND (s.ended_on IS NULL OR s.ended_on > p_today)))
        ORDER BY f.rank, f.id LIMIT p_limit;
        RETURN;
    END IF;
    RETURN QUERY
    -- A village, a commune or a district is read whole, by its own index, before names are looked at.
    WITH scope AS MATERIALIZED (
        SELECT c.id, c.search_name, c.name_words FROM children c
        WHERE CASE p_level WHEN 'village' THEN c.village_id WHEN 'commune' THEN c.commune_id ELSE c.district_id END = p_unit
            AND (p_village IS NULL OR c.village_id = p_village)
            AND (p_born_from IS NULL OR c.born_on >= p_born_from)
            AND (p_born_until IS NULL OR c.born_on <= p_born_until)
            AND (p_sex IS NULL OR c.sex = p_sex)
            AND (p_changed_since IS NULL OR c.changed_at >= p_changed_since)
            AND (NOT p_without_birth_registration OR c.birth_registration <> 'registered')
            AND (NOT p_without_health_card OR c.health_card <> 'held' OR c.health_card_until < p_today)
    ), found AS MATERIALIZED (
        SELECT DISTINCT c.id, name_rank(c.search_name, c.name_words, p_words) AS rank
        FROM near_name_words(p_words) n JOIN scope c ON c.name_words @> n.others AND c.name_words && n.near
    )
    SELECT f.id, f.rank FROM found f
    WHERE (p_after_id IS NULL OR (f.rank, f.id) > (p_after_rank, p_after_id))
        AND (p_group IS NULL AND p_kind IS NULL OR EXISTS (
            SELECT FROM child_circumstances s
            WHERE s.child_id = f.id AND (p_group IS NULL OR s.group_code = p_group)
                AND (p_kind IS NULL OR s.kind = p_kind) AND s.entered_in_error_at IS NULL
                AND s.from_on <= p_today AND (s.ended_on IS NULL OR s.ended_on > p_today)))
    ORDER BY f.rank, f.id LIMIT p_limit;
END
$$
--;
ALTER FUNCTION search_children OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION search_children TO childcare_village, childcare_commune, childcare_district,
    childcare_province
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
