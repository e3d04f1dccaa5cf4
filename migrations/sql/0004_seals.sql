-- Seals over the audit: who changes, deletes, swaps or adds an event afterwards, even as superuser, is found.
-- A seal covers whole transactions that have ended, so writers never wait for it and none is missed. It holds the
-- digest of each event and the hash of the seal before; a copy of each seal's hash is kept outside the database.
CREATE TABLE audit.seals (
    no bigint NOT NULL,
    -- Transaction numbers begin anew in a restored database: an era is a stretch in which they only grow, and its
    -- events have ids above `after_event_id`.
    era integer NOT NULL,
    after_event_id bigint NOT NULL,
    from_transaction xid8 NOT NULL,
    until_transaction xid8 NOT NULL,
    event_ids bigint[] NOT NULL,
    digests bytea NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT seals_pkey PRIMARY KEY (no)
)
--;
CREATE INDEX ix_seals_era ON audit.seals (era, after_event_id)
--;
CALL access.protect('audit.seals', ARRAY[]::text[])
--;
-- The gate writes events and seals once, like everyone.
REVOKE UPDATE ON audit.events, audit.seals FROM childcare_gate
--;
CREATE FUNCTION audit.digest(event audit.events) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        event.id, (extract(epoch FROM event.recorded_at) * 1000000)::bigint, event.transaction_id::text,
        event.actor_id, event.actor_kind, event.assignment_id, event.actor_unit_id, event.actor_commune_id,
        event.actor_province_id, event.request_id, event.action, event.subject_kind, event.subject_id, event.detail,
        event.reason, event.holder_commune_id, event.holder_province_id)::text, 'UTF8'))
$$
--;
CREATE FUNCTION audit.seal_hash(seal audit.seals) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(seal.previous_hash || convert_to(concat_ws('|', seal.no, seal.era, seal.after_event_id,
        seal.from_transaction, seal.until_transaction, array_to_string(seal.event_ids, ',')), 'UTF8') || seal.digests)
$$
--;
CREATE FUNCTION audit.seal(at timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
-- Make one seal over what was not sealed yet, about `most` events; returns its number, or nothing if there was nothing
-- to seal or another sealer is at it.
DECLARE
    before audit.seals;
    made audit.seals;
    bound xid8;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7102018) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO before FROM audit.seals s ORDER BY s.no DESC LIMIT 1;
    made.no := coalesce(before.no, 0) + 1;
    made.era := coalesce(before.era, 1);
    made.after_event_id := coalesce(before.after_event_id, 0);
    made.from_transaction := coalesce(before.until_transaction, '0'::xid8);
    -- Below it every transaction has ended, so nothing can still arrive there.
    made.until_transaction := pg_snapshot_xmin(pg_current_snapshot());
    made.previous_hash := coalesce(before.hash, decode(repeat('00', 32), 'hex'));
    made.sealed_at := at;
    IF pg_snapshot_xmax(pg_current_snapshot()) < before.until_transaction THEN
        -- Restored: what the old database had not sealed has higher numbers than any transaction here.
        made.era := before.era + 1;
        made.from_transaction := '0'::xid8;
        SELECT greatest(
                (SELECT max(i) FROM audit.seals s, unnest(s.event_ids) i),
                (SELECT max(e.id) FROM audit.events e WHERE e.transaction_id >= before.until_transaction), 0)
            INTO made.after_event_id;
        SELECT coalesce(array_agg(e.id ORDER BY e.id), '{}'), coalesce(string_agg(audit.digest(e), '' ORDER BY e.id), '')
            INTO made.event_ids, made.digests
            FROM audit.events e
            WHERE (e.transaction_id < made.until_transaction OR e.transaction_id >= before.until_transaction)
                AND e.id NOT IN (SELECT i FROM audit.seals s, unnest(s.event_ids) i);
    ELSE
        SELECT e.transaction_id INTO bound FROM audit.events e
            WHERE e.transaction_id >= made.from_transaction AND e.transaction_id < made.until_transaction
                AND e.id > made.after_event_id
            ORDER BY e.transaction_id OFFSET most LIMIT 1;
        -- A transaction is sealed whole, however large it is.
        IF bound > made.from_transaction AND EXISTS (SELECT FROM audit.events e
                WHERE e.transaction_id >= made.from_transaction AND e.transaction_id < bound
                    AND e.id > made.after_event_id) THEN
            made.until_transaction := bound;
        END IF;
        SELECT array_agg(e.id ORDER BY e.transaction_id, e.id),
                string_agg(audit.digest(e), '' ORDER BY e.transaction_id, e.id)
            INTO made.event_ids, made.digests
            FROM audit.events e
            WHERE e.transaction_id >= made.from_transaction AND e.transaction_id < made.until_transaction
                AND e.id > made.after_event_id;
        IF made.event_ids IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    made.hash := audit.seal_hash(made);
    INSERT INTO audit.seals SELECT made.*;
    RETURN made.no;
END
$$
--;
CREATE FUNCTION audit.seals_after(number bigint, most integer)
RETURNS TABLE (no bigint, hash text, first_event_id bigint, last_event_id bigint, events integer, sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
-- What is kept of each seal outside the database.
    SELECT s.no, encode(s.hash, 'hex'), s.event_ids[1], s.event_ids[cardinality(s.event_ids)],
        cardinality(s.event_ids), s.sealed_at
    FROM audit.seals s WHERE s.no > number ORDER BY s.no LIMIT most
$$
--;
CREATE FUNCTION audit.seal_fault(seal audit.seals, OUT event_id bigint, OUT fault text)
LANGUAGE sql STABLE AS $$
-- The first event of a seal that is not as it was sealed; empty when all are.
    WITH listed AS (
        SELECT u.id, u.place, substr(seal.digests, ((u.place - 1) * 32 + 1)::integer, 32) AS digest
        FROM unnest(seal.event_ids) WITH ORDINALITY u (id, place)
    ), present AS (
        SELECT e.id, audit.digest(e) AS digest FROM audit.events e
        WHERE e.transaction_id >= seal.from_transaction AND e.transaction_id < seal.until_transaction
            AND e.id > seal.after_event_id
            -- Later eras use the same transaction numbers again, with ids above all of this one.
            AND e.id <= coalesce((SELECT l.after_event_id FROM audit.seals l WHERE l.era > seal.era
                ORDER BY l.era, l.after_event_id LIMIT 1), 9223372036854775807)
        UNION
        -- The first seal of a later era also holds what the database it was restored from had left unsealed.
        SELECT e.id, audit.digest(e) FROM audit.events e
        WHERE seal.from_transaction = '0'::xid8 AND seal.no > 1 AND e.id = ANY (seal.event_ids)
    )
    SELECT coalesce(l.id, p.id), CASE WHEN p.id IS NULL THEN 'event_missing' WHEN l.id IS NULL THEN 'event_added'
        ELSE 'event_changed' END
    FROM listed l FULL JOIN present p ON p.id = l.id
    WHERE l.digest IS DISTINCT FROM p.digest
    ORDER BY l.place NULLS LAST, p.id
    LIMIT 1
$$
--;
CREATE FUNCTION audit.verify(first_no bigint, most integer)
RETURNS TABLE (no bigint, previous_hash text, hash text, computed_hash text, first_event_id bigint, events integer,
    event_id bigint, fault text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
-- Recompute seals from the events as they stand now: from a number on, about `most` events and at most 5,000 seals.
    WITH stretch AS (
        SELECT s FROM audit.seals s WHERE s.no >= first_no ORDER BY s.no LIMIT 5000
    ), counted AS (
        SELECT s, sum(cardinality((s).event_ids)) OVER (ORDER BY (s).no) - cardinality((s).event_ids) AS before
        FROM stretch
    )
    SELECT (s).no, encode((s).previous_hash, 'hex'), encode((s).hash, 'hex'), encode(audit.seal_hash(s), 'hex'),
        (s).event_ids[1], cardinality((s).event_ids), f.event_id, f.fault
    FROM counted LEFT JOIN LATERAL audit.seal_fault(s) f ON true
    WHERE before < most
    ORDER BY (s).no
$$
--;
CREATE FUNCTION audit.standing(OUT newest_no bigint, OUT newest_hash text, OUT sealed_at timestamptz,
    OUT unsealed_events bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
-- How far the seals reach.
    SELECT s.no, encode(s.hash, 'hex'), s.sealed_at,
        (SELECT count(*) FROM audit.events e
            WHERE e.transaction_id >= coalesce(s.until_transaction, '0'::xid8)
                AND e.id > coalesce(s.after_event_id, 0))
    FROM (SELECT) nothing LEFT JOIN LATERAL (SELECT * FROM audit.seals ORDER BY no DESC LIMIT 1) s ON true
$$
--;
CREATE FUNCTION audit.is_about(event audit.events, records text[], kind text, done text, actor uuid) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT (event.subject_id = ANY (records) OR event.detail -> 'ids' ?| records)
        AND (kind IS NULL OR event.subject_kind = kind) AND (done IS NULL OR event.action = done)
        AND (actor IS NULL OR event.actor_id = actor)
$$
--;
CREATE FUNCTION audit.events_about(records text[], kind text, done text, actor uuid, first timestamptz, last timestamptz,
    before_id bigint, most integer)
RETURNS SETOF audit.events LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
-- The newest events in which one of some records was opened, changed, or shown in a list, as far as the caller's level shows
-- them. As a function of the gate with the scope spelled out, because containment is not leakproof: under a policy it
-- would be tested row by row over the whole month.
DECLARE
    mine integer;
BEGIN
    IF current_setting('role') = 'childcare_commune' THEN
        mine := access.setting_int('app.commune_id');
        RETURN QUERY
            SELECT * FROM (
                SELECT e.* FROM audit.events e
                WHERE e.holder_commune_id = mine AND e.recorded_at >= first AND e.recorded_at < last
                    AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
                UNION ALL
                SELECT e.* FROM audit.events e
                WHERE e.actor_commune_id = mine AND e.actor_commune_id IS DISTINCT FROM e.holder_commune_id
                    AND e.recorded_at >= first AND e.recorded_at < last
                    AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
            ) found ORDER BY found.id DESC LIMIT most;
    ELSIF current_setting('role') = 'childcare_province' THEN
        mine := access.setting_int('app.province_id');
        RETURN QUERY
            SELECT * FROM (
                SELECT e.* FROM audit.events e
                WHERE e.holder_province_id = mine AND e.recorded_at >= first AND e.recorded_at < last
                    AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
                UNION ALL
                SELECT e.* FROM audit.events e
                WHERE e.actor_province_id = mine AND e.actor_province_id IS DISTINCT FROM e.holder_province_id
                    AND e.recorded_at >= first AND e.recorded_at < last
                    AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
            ) found ORDER BY found.id DESC LIMIT most;
    ELSIF current_setting('role') = 'childcare_central' THEN
        RETURN QUERY
            SELECT e.* FROM audit.events e
            WHERE e.recorded_at >= first AND e.recorded_at < last
                AND e.id < before_id AND audit.is_about(e, records, kind, done, actor)
            ORDER BY e.id DESC LIMIT most;
    END IF;
END
$$
--;
CREATE FUNCTION audit.actors_of(wanted bigint[])
RETURNS TABLE (event_id bigint, actor_name text, actor_role text, actor_unit_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Who did it: the name of today, the role and the unit of then. The accounts of other units are closed to an inspector;
-- so this tells only of events that the caller's level shows, and nothing of anybody who did nothing.
    SELECT e.id, coalesce(u.display_name, m.name), a.role, n.name
    FROM audit.events e
    LEFT JOIN users u ON u.id = e.actor_id
    LEFT JOIN machine_clients m ON m.id = e.actor_id
    LEFT JOIN assignments a ON a.id = e.assignment_id
    LEFT JOIN units n ON n.id = e.actor_unit_id
    WHERE e.id = ANY (wanted) AND CASE current_setting('role')
        WHEN 'childcare_commune' THEN
            access.setting_int('app.commune_id') IN (e.holder_commune_id, e.actor_commune_id)
        WHEN 'childcare_province' THEN
            access.setting_int('app.province_id') IN (e.holder_province_id, e.actor_province_id)
        ELSE current_setting('role') = 'childcare_central' END
$$
--;
ALTER FUNCTION audit.actors_of(bigint[]) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.digest(audit.events) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.seal_hash(audit.seals) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.seal_fault(audit.seals) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.seal(timestamptz, integer) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.seals_after(bigint, integer) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.verify(bigint, integer) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.standing() OWNER TO childcare_gate
--;
ALTER FUNCTION audit.is_about(audit.events, text[], text, text, uuid) OWNER TO childcare_gate
--;
ALTER FUNCTION audit.events_about(text[], text, text, uuid, timestamptz, timestamptz, bigint, integer) OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION audit.seal(timestamptz, integer), audit.seals_after(bigint, integer) TO childcare_worker
--;
GRANT EXECUTE ON FUNCTION audit.verify(bigint, integer), audit.standing(), audit.actors_of(bigint[]),
    audit.events_about(text[], text, text, uuid, timestamptz, timestamptz, bigint, integer)
    TO childcare_commune, childcare_province, childcare_central
