-- What was done, written once; and what is still to be done.
CREATE SEQUENCE audit.events_id_seq
--;
CREATE TABLE audit.events (
    id bigint NOT NULL DEFAULT nextval('audit.events_id_seq'),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor_id uuid DEFAULT access.setting_uuid('app.actor_id'),
    actor_kind text DEFAULT nullif(current_setting('app.actor_kind', true), ''),
    assignment_id uuid DEFAULT access.setting_uuid('app.assignment_id'),
    actor_unit_id integer DEFAULT access.setting_int('app.unit_id'),
    actor_commune_id integer DEFAULT access.setting_int('app.commune_id'),
    actor_province_id integer DEFAULT access.setting_int('app.province_id'),
    request_id text DEFAULT nullif(current_setting('app.request_id', true), ''),
    action text NOT NULL,
    subject_kind text NOT NULL,
    subject_id text,
    detail jsonb NOT NULL DEFAULT '{}',
    reason text,
    holder_commune_id integer DEFAULT access.setting_int('app.commune_id'),
    holder_province_id integer DEFAULT access.setting_int('app.province_id'),
    PRIMARY KEY (id, recorded_at)
) PARTITION BY RANGE (recorded_at)
--;
CREATE INDEX events_subject_id_idx ON audit.events (subject_id, id)
--;
CREATE INDEX events_holder_commune_id_idx ON audit.events (holder_commune_id, id)
--;
CREATE INDEX events_holder_province_id_idx ON audit.events (holder_province_id, id)
--;
-- What a unit's people did to records that others answer for: rare, so these cost an ordinary event nothing.
CREATE INDEX events_actor_commune_id_idx ON audit.events (actor_commune_id, id)
    WHERE actor_commune_id IS DISTINCT FROM holder_commune_id
--;
CREATE INDEX events_actor_province_id_idx ON audit.events (actor_province_id, id)
    WHERE actor_province_id IS DISTINCT FROM holder_province_id
--;
-- For the sealer, which follows transactions: ids are drawn before a transaction ends, so a reader of ids misses some.
CREATE INDEX events_transaction_id_idx ON audit.events (transaction_id)
--;
-- Nothing is lost when the month's own partition was not made in time.
CREATE TABLE audit.events_default PARTITION OF audit.events DEFAULT
--;
CREATE PROCEDURE audit.make_partitions(first_month date, months integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
-- One partition a month, named after it. Called by every migrate and by the worker.
DECLARE
    month date;
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', first_month), date_trunc('month', first_month)
            + make_interval(months => months - 1), interval '1 month')::date LOOP
        IF to_regclass(format('audit.events_p%s', to_char(month, 'YYYYMM'))) IS NULL THEN
            EXECUTE format('CREATE TABLE audit.events_p%s PARTITION OF audit.events FOR VALUES FROM (%L) TO (%L)',
                to_char(month, 'YYYYMM'), month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
        END IF;
    END LOOP;
END
$$
--;
GRANT EXECUTE ON PROCEDURE audit.make_partitions(date, integer) TO childcare_worker
--;
CALL access.protect('audit.events', ARRAY[]::text[])
--;
CREATE FUNCTION audit.may_tell_elsewhere(p_action text, p_kind text, p_subject text, p_detail jsonb, p_reason text,
    p_commune integer, p_province integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- What goes into another commune's log: nothing, before there are cases, which replace this with what they need.
BEGIN
    RETURN false;
END
$$
--;
ALTER FUNCTION audit.may_tell_elsewhere OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION audit.may_tell_elsewhere TO childcare_village, childcare_commune
--;
-- Who did it, when and from where the database fills in; here is judged in whose log it stands.
CREATE POLICY record ON audit.events FOR INSERT TO childcare_central, childcare_hotline, childcare_auth, childcare_worker
    WITH CHECK (true)
--;
CREATE POLICY record_own ON audit.events FOR INSERT TO childcare_village, childcare_commune
    WITH CHECK (holder_commune_id = nullif(current_setting('app.commune_id', true), '')::int
            AND holder_province_id = nullif(current_setting('app.province_id', true), '')::int
        OR audit.may_tell_elsewhere(action, subject_kind, subject_id, detail, reason, holder_commune_id,
            holder_province_id))
--;
-- At the second look nothing is done but reading, and what is read in another commune is a case. Whether it is granted is
-- not asked here: the statement that writes this has just found it so, and asking twice costs a quarter of reading it.
CREATE POLICY record_look ON audit.events FOR INSERT TO childcare_commune_granted
    WITH CHECK (holder_commune_id = nullif(current_setting('app.commune_id', true), '')::int
            AND holder_province_id = nullif(current_setting('app.province_id', true), '')::int
        OR action = 'case.opened_to_read' AND subject_kind = 'case' AND detail = '{}' AND reason IS NULL)
--;
CREATE POLICY record_below ON audit.events FOR INSERT TO childcare_district, childcare_province
    WITH CHECK (holder_province_id = nullif(current_setting('app.province_id', true), '')::int)
--;
-- The inspector of either side finds it: of the unit that answers for the record, and of the unit whose people acted.
CREATE POLICY commune ON audit.events FOR SELECT TO childcare_commune
    USING (holder_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
        OR actor_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
CREATE POLICY district ON audit.events FOR SELECT TO childcare_district USING (false)
--;
CREATE POLICY province ON audit.events FOR SELECT TO childcare_province
    USING (holder_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        OR actor_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY central ON audit.events FOR SELECT TO childcare_central USING (true)
--;
GRANT INSERT (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id) ON audit.events TO
    childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province,
    childcare_central, childcare_hotline, childcare_auth, childcare_worker
--;
GRANT SELECT ON audit.events TO childcare_commune, childcare_district, childcare_province, childcare_central
--;
GRANT USAGE ON SEQUENCE audit.events_id_seq TO
    childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province,
    childcare_central, childcare_hotline, childcare_auth, childcare_worker, childcare_gate
--;
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    event text NOT NULL,
    payload jsonb NOT NULL,
    unit_id integer DEFAULT access.setting_int('app.unit_id'),
    created_at timestamptz NOT NULL DEFAULT now(),
    available_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    failure text
)
--;
CREATE INDEX outbox_waiting_idx ON outbox (available_at) WHERE done_at IS NULL
--;
CALL access.protect('outbox', ARRAY[]::text[])
--;
-- What the gate announces nobody else does, and an event is handled inside the unit of whoever wrote it: the column's
-- default, which no caller fills in.
CREATE POLICY publish ON outbox FOR INSERT TO childcare_village, childcare_commune, childcare_province, childcare_central,
    childcare_hotline WITH CHECK (event NOT IN ('intake.transferred', 'intake.updated_by_source', 'intake.withdrawn',
        'child.moved', 'child.move_declined', 'child.glass_broken', 'child.turning_16', 'case.child_turning_16',
        'task.escalated'))
--;
CREATE POLICY work ON outbox TO childcare_worker USING (true) WITH CHECK (true)
--;
GRANT INSERT (id, event, payload) ON outbox TO childcare_village, childcare_commune, childcare_province,
    childcare_central, childcare_hotline
--;
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO childcare_worker

--;
-- What a command answered, so that the same post again gets the same answer. A caller sees its own keys only.
CREATE TABLE idempotency_keys (
    caller uuid NOT NULL DEFAULT coalesce(access.setting_uuid('app.assignment_id'), access.setting_uuid('app.actor_id')),
    address text NOT NULL,
    key text NOT NULL,
    body_digest bytea NOT NULL,
    answer_status integer NOT NULL,
    answer_headers text NOT NULL,
    answer bytea NOT NULL,
    -- Which records its address names that the caller could see once it was answered: who sees one no more is not
    -- told the answer again.
    about jsonb,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (caller, address, key)
)
--;
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at)
--;
CALL access.protect('idempotency_keys', ARRAY[]::text[])
--;
CREATE POLICY own_keys ON idempotency_keys TO childcare_village, childcare_commune, childcare_district,
    childcare_province, childcare_central, childcare_hotline
    USING (caller = (SELECT coalesce(access.setting_uuid('app.assignment_id'), access.setting_uuid('app.actor_id'))))
    WITH CHECK (caller = (SELECT coalesce(access.setting_uuid('app.assignment_id'), access.setting_uuid('app.actor_id'))))
--;
CREATE POLICY forget ON idempotency_keys TO childcare_worker USING (true)
--;
GRANT SELECT, INSERT (address, key, body_digest, answer_status, answer_headers, answer, about, created_at,
    expires_at), UPDATE (body_digest, answer_status, answer_headers, answer, about, created_at, expires_at) ON idempotency_keys
    TO childcare_village, childcare_commune, childcare_district, childcare_province, childcare_central, childcare_hotline
--;
GRANT SELECT (expires_at), DELETE ON idempotency_keys TO childcare_worker
--;
CREATE FUNCTION access.stored_answer(wanted_address text, wanted_key text, at timestamptz,
    OUT running boolean, OUT body_digest bytea, OUT answer_status integer, OUT answer_headers text, OUT answer bytea,
    OUT about text)
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_catalog AS $$
-- Lock first, look second, in two statements: one statement would look with a snapshot taken before the lock, and
-- miss the answer of a twin that committed in between. A try-lock, so that a running twin is told and not waited for.
DECLARE
    me uuid := coalesce(access.setting_uuid('app.assignment_id'), access.setting_uuid('app.actor_id'));
BEGIN
    running := NOT pg_try_advisory_xact_lock(hashtextextended(me::text || ' ' || wanted_address || ' ' || wanted_key, 56));
    IF NOT running THEN
        SELECT k.body_digest, k.answer_status, k.answer_headers, k.answer, k.about::text
        INTO body_digest, answer_status, answer_headers, answer, about
        FROM idempotency_keys k
        WHERE k.caller = me AND k.address = wanted_address AND k.key = wanted_key AND k.expires_at > at;
    END IF;
END
$$
--;
GRANT EXECUTE ON FUNCTION access.stored_answer(text, text, timestamptz) TO childcare_village, childcare_commune,
    childcare_district, childcare_province, childcare_central, childcare_hotline
