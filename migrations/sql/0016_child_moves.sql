-- A child moves to another commune: its record is offered, and moves when that commune takes it.
CREATE TABLE child_moves (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    from_commune_id integer NOT NULL,
    to_commune_id integer NOT NULL,
    to_village_id integer,
    address text,
    moved_on date NOT NULL,
    reason text,
    child_name text NOT NULL,
    child_sex text NOT NULL,
    child_born_on date NOT NULL,
    child_born_on_precision text NOT NULL,
    status text NOT NULL,
    offered_at timestamptz NOT NULL,
    offered_by uuid NOT NULL,
    answered_at timestamptz,
    answered_by uuid,
    answer_note text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT child_moves_pkey PRIMARY KEY (id),
    CONSTRAINT child_moves_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT child_moves_elsewhere_check CHECK (from_commune_id <> to_commune_id),
    CONSTRAINT child_moves_status_check CHECK (status IN ('offered', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT child_moves_answered_check CHECK ((answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (status = 'offered')),
    CONSTRAINT child_moves_reason_check CHECK (status <> 'declined' OR answer_note IS NOT NULL)
)
--;
CREATE INDEX child_moves_child_id_idx ON child_moves (child_id, commune_id)
--;
CREATE UNIQUE INDEX child_moves_offered_key ON child_moves (child_id) WHERE status = 'offered'
--;
CREATE INDEX child_moves_offered_to_idx ON child_moves (to_commune_id, offered_at, id) WHERE status = 'offered'
--;
CREATE INDEX child_moves_sent_idx ON child_moves (from_commune_id, offered_at, id)
--;
CALL access.protect('child_moves', ARRAY['village', 'commune', 'district', 'province'])
--;
-- The commune a record is offered to sees the offer until it answers. The one that gave a record away goes on seeing
-- where it sent it: its own book says that the child moved out, when, and where to.
CREATE POLICY offered ON child_moves FOR SELECT TO childcare_commune_granted
    USING (to_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND status = 'offered')
--;
CREATE POLICY sent ON child_moves FOR SELECT TO childcare_commune_granted
    USING (from_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
GRANT SELECT ON child_moves TO childcare_village, childcare_commune, childcare_district, childcare_province,
    childcare_commune_granted
--;
GRANT INSERT ON child_moves TO childcare_commune
--;
CREATE POLICY of_its_holder ON child_moves AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (from_commune_id = commune_id)
--;
GRANT UPDATE (status, answered_at, answered_by, answer_note, row_version) ON child_moves TO childcare_commune
--;
-- A collaborator who moves a child to another village of the commune takes what hangs on it along.
GRANT UPDATE (village_id) ON child_moves TO childcare_village, childcare_commune
--;
CREATE FUNCTION child_has_open_case(p_child uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    -- With the caller's own eyes: whoever is kept from a case learns nothing of it here.
    SELECT EXISTS (SELECT FROM cases c WHERE c.child_id = p_child AND c.commune_id = access.setting_int('app.commune_id')
        AND c.status NOT IN ('closed', 'entered_in_error'))
$$
--;
GRANT EXECUTE ON FUNCTION child_has_open_case TO childcare_commune
--;
CREATE FUNCTION open_cases_of_child(p_child uuid, p_commune integer) RETURNS SETOF cases
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Also those that nobody here may see. For functions of the gate alone.
    SELECT c.* FROM cases c WHERE c.child_id = p_child AND c.commune_id = p_commune
        AND c.status NOT IN ('closed', 'entered_in_error')
$$
--;
ALTER FUNCTION open_cases_of_child OWNER TO childcare_gate
--;
CREATE FUNCTION child_move_clock(p_move uuid, p_clock jsonb, p_follow jsonb, p_now timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Start the clock of an offer with the commune it is made to; without one, end what runs, since it was withdrawn.
    -- Whoever offers a record may be kept from an open case of the child: its leader is asked to see to it.
    INSERT INTO tasks SELECT c.* FROM child_moves m CROSS JOIN jsonb_populate_record(NULL::tasks, p_clock) c
    WHERE m.id = p_move AND m.commune_id = access.setting_int('app.commune_id') AND m.status = 'offered'
        AND c.subject_id = p_move AND c.commune_id = m.to_commune_id AND p_clock IS NOT NULL;
    INSERT INTO tasks SELECT t.* FROM child_moves m CROSS JOIN LATERAL open_cases_of_child(m.child_id, m.commune_id) c
        CROSS JOIN jsonb_populate_record(NULL::tasks, p_follow || jsonb_build_object('id', gen_random_uuid(),
            'rule_code', 'case.follow_child', 'subject_kind', 'case', 'subject_id', c.id, 'unit_id', c.unit_id,
            'village_id', c.village_id, 'commune_id', c.commune_id, 'district_id', c.district_id,
            'province_id', c.province_id)) t
    WHERE m.id = p_move AND m.commune_id = access.setting_int('app.commune_id') AND m.status = 'offered'
        AND p_clock IS NOT NULL
    ON CONFLICT DO NOTHING;
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'withdrawn', row_version = row_version + 1
    WHERE p_clock IS NULL AND done_at IS NULL AND cancelled_at IS NULL
        AND (subject_id = p_move OR rule_code = 'case.follow_child' AND subject_id IN (
            SELECT c.id FROM child_moves m CROSS JOIN LATERAL open_cases_of_child(m.child_id, m.commune_id) c
            WHERE m.id = p_move))
        AND EXISTS (SELECT FROM child_moves m WHERE m.id = p_move AND m.commune_id = access.setting_int('app.commune_id'))
$$
--;
ALTER FUNCTION child_move_clock OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION child_move_clock TO childcare_commune
--;
CREATE FUNCTION child_move_answer(
    p_move uuid, p_version integer, p_accepts boolean, p_village integer, p_note text, p_change uuid, p_event uuid,
    p_now timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Take over the record of a child that moved here, or decline it: then it stays where it is. While a case of the child
-- is open there it waits, whoever offered it and whatever they could see: a record goes where its case goes.
DECLARE
    me integer := access.setting_int('app.commune_id');
    offer child_moves;
BEGIN
    -- The child first, as whoever withdraws the offer has it.
    PERFORM FROM children c JOIN child_moves m ON m.child_id = c.id
    WHERE m.id = p_move AND m.to_commune_id = me FOR UPDATE OF c;
    SELECT * INTO offer FROM child_moves m
    WHERE m.id = p_move AND m.to_commune_id = me AND m.status = 'offered' AND m.row_version = p_version FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'changed';
    END IF;
    IF p_accepts AND EXISTS (SELECT FROM open_cases_of_child(offer.child_id, offer.commune_id)) THEN
        RETURN 'waits';
    END IF;
    UPDATE child_moves SET status = CASE WHEN p_accepts THEN 'accepted' ELSE 'declined' END, answered_at = p_now,
        answered_by = access.setting_uuid('app.actor_id'), answer_note = p_note, row_version = row_version + 1
    WHERE id = p_move;
    UPDATE tasks SET done_at = p_now, done_recorded_at = p_now, row_version = row_version + 1
    WHERE subject_id = p_move AND done_at IS NULL AND cancelled_at IS NULL;
    IF p_accepts THEN
        PERFORM child_moves_over(offer.child_id, offer.commune_id, p_village, me, access.setting_int('app.province_id'),
            offer.address, offer.moved_on, p_change, p_event, p_now);
        RETURN 'answered';
    END IF;
    UPDATE tasks SET cancelled_at = p_now, cancel_reason = 'declined', row_version = row_version + 1
    WHERE rule_code = 'case.follow_child' AND done_at IS NULL AND cancelled_at IS NULL
        AND subject_id IN (SELECT c.id FROM open_cases_of_child(offer.child_id, offer.commune_id) c);
    INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
    VALUES ('child.move_declined', 'child', offer.child_id, jsonb_build_object('move_id', p_move), offer.commune_id,
        offer.province_id);
    INSERT INTO outbox (id, event, payload)
    VALUES (p_event, 'child.move_declined', jsonb_build_object('child_id', offer.child_id, 'move_id', p_move));
    RETURN 'answered';
END
$$
--;
ALTER FUNCTION child_move_answer OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION child_move_answer TO childcare_commune
