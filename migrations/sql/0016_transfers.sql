-- The whole case moves with the child: offered, taken over or declined; and the child's own record with it.
CREATE TABLE case_transfers (
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    from_commune_id INTEGER NOT NULL,
    to_commune_id INTEGER NOT NULL,
    to_village_id INTEGER,
    address TEXT,
    moved_on DATE NOT NULL,
    reason TEXT NOT NULL,
    summary TEXT NOT NULL,
    emergency BOOLEAN NOT NULL,
    case_status TEXT NOT NULL,
    child_name TEXT,
    child_sex TEXT,
    child_born_on DATE,
    child_born_on_precision TEXT,
    child_estimated_age INTEGER,
    consent_by TEXT[] NOT NULL,
    consent_on DATE,
    consent_ground TEXT,
    consent_reason TEXT,
    status TEXT NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    offered_by UUID NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    answer_note TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT case_transfers_pkey PRIMARY KEY (id),
    CONSTRAINT case_transfers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_transfers_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_transfers_case_id_fkey FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT case_transfers_elsewhere_check CHECK (from_commune_id <> to_commune_id),
    CONSTRAINT case_transfers_status_check CHECK (status IN ('offered', 'accepted', 'declined', 'withdrawn')),
    CONSTRAINT case_transfers_answered_check CHECK ((answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (status = 'offered')),
    CONSTRAINT case_transfers_reason_check CHECK (status NOT IN ('declined', 'withdrawn') OR answer_note IS NOT NULL),
    CONSTRAINT case_transfers_consent_check CHECK ((consent_ground IS NULL) = (cardinality(consent_by) > 0) AND (consent_ground IS NULL) = (consent_reason IS NULL) AND (consent_ground IS NULL) = (consent_on IS NOT NULL))
)
--;
CREATE INDEX case_transfers_case_id_idx ON case_transfers (case_id)
--;
CREATE UNIQUE INDEX case_transfers_offered_key ON case_transfers (case_id) WHERE status = 'offered'
--;
CREATE INDEX case_transfers_offered_to_idx ON case_transfers (to_commune_id, offered_at, id) WHERE status = 'offered'
--;
CALL access.protect('case_transfers', ARRAY['commune', 'district', 'province'])
--;
-- Until it accepts, the commune that is offered a case sees the offer and nothing of the case; once it declined, neither.
-- The commune that led before goes on seeing what it offered itself and how that was answered, as long as its grant has
-- that step.
CREATE POLICY granted ON case_transfers FOR SELECT TO childcare_commune_granted
    USING (to_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int) AND status = 'offered'
        OR from_commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int)
            AND EXISTS (SELECT FROM case_steps s WHERE s.id = case_transfers.id))
--;
GRANT SELECT ON case_transfers TO childcare_commune, childcare_district, childcare_province, childcare_commune_granted
--;
GRANT INSERT ON case_transfers TO childcare_commune
--;
-- Keys look past the wall, and functions of the gate move the case that an offer names: it is the one of its own step.
CREATE POLICY of_its_step ON case_transfers AS RESTRICTIVE FOR INSERT TO childcare_commune
    WITH CHECK (from_commune_id = commune_id
        AND EXISTS (SELECT FROM case_steps s WHERE s.id = case_transfers.id AND s.case_id = case_transfers.case_id))
--;
GRANT UPDATE (status, answered_at, answered_by, answer_note, row_version) ON case_transfers TO childcare_commune
--;
CREATE FUNCTION care_is_of_mine(p_step uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Whether a placement is with a carer of the caller's commune, or a question was asked of it.
BEGIN
    RETURN EXISTS (SELECT FROM case_placements p
            WHERE p.id = p_step AND p.carer_commune_id = access.setting_int('app.commune_id'))
        OR EXISTS (SELECT FROM case_placement_requests r
            WHERE r.id = p_step AND r.carer_commune_id = access.setting_int('app.commune_id'));
END
$$
--;
ALTER FUNCTION care_is_of_mine OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION care_is_of_mine TO childcare_commune_granted
--;
DROP POLICY granted ON case_steps
--;
-- What is said of the care of other carers, what other communes answered, and to whom a plan went, is under no grant.
CREATE POLICY granted ON case_steps FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_grants g WHERE g.case_id = case_steps.case_id AND case_steps.kind = ANY (g.kinds)
            AND (g.until_position IS NULL OR case_steps.position <= g.until_position))
        AND (kind NOT IN ('placement_declined', 'placement_withdrawn', 'placement_handover', 'placement_visit',
            'carer_report', 'placement_end_requested', 'decision_sent') OR care_is_of_mine(about_id)))
--;
CREATE OR REPLACE FUNCTION case_step_is_of_my_making(p_step uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whose case went to another commune has made many of its steps, and adds nothing to them any more.
    SELECT EXISTS (
        SELECT FROM case_steps s WHERE s.id = p_step AND s.origin_commune_id = access.setting_int('app.commune_id')
            AND NOT EXISTS (SELECT FROM case_transfers t WHERE t.case_id = s.case_id AND t.status = 'accepted')
    )
$$
