-- Children in facilities who need a family: the list that a facility sends its province, and what becomes of each child.
CREATE TABLE facility_lists (
    id UUID NOT NULL,
    provider_id UUID NOT NULL,
    received_on DATE NOT NULL,
    note TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT facility_lists_pkey PRIMARY KEY (id),
    CONSTRAINT facility_lists_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT facility_lists_holder_check CHECK (commune_id IS NULL AND province_id IS NOT NULL)
)
--;
CREATE INDEX facility_lists_provider_id_idx ON facility_lists (provider_id)
--;
CREATE INDEX facility_lists_province_id_idx ON facility_lists (province_id, id)
--;
CREATE TABLE facility_children (
    id UUID NOT NULL,
    list_id UUID NOT NULL,
    provider_id UUID NOT NULL,
    received_on DATE NOT NULL,
    full_name TEXT NOT NULL,
    sex TEXT NOT NULL,
    born_on DATE,
    born_on_precision TEXT NOT NULL,
    circumstances TEXT,
    wishes TEXT,
    dossier TEXT,
    appraisal TEXT,
    appraisal_reason TEXT,
    carer_id UUID,
    appraised_at TIMESTAMP WITH TIME ZONE,
    appraised_by UUID,
    answer TEXT,
    answer_reason TEXT,
    decision_number TEXT,
    decided_on DATE,
    placement_id UUID,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    end_decision_number TEXT,
    ended_on DATE,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    ends_in_error JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    entered_in_error_at TIMESTAMP WITH TIME ZONE,
    entered_in_error_by UUID,
    entered_in_error_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT facility_children_pkey PRIMARY KEY (id),
    CONSTRAINT facility_children_list_id_fkey FOREIGN KEY (list_id) REFERENCES facility_lists (id),
    CONSTRAINT facility_children_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT facility_children_carer_id_fkey FOREIGN KEY (carer_id) REFERENCES carers (id),
    CONSTRAINT facility_children_holder_check CHECK (province_id IS NOT NULL),
    CONSTRAINT facility_children_appraisal_check CHECK (appraisal IN ('sent', 'no_carer', 'not_eligible')),
    CONSTRAINT facility_children_appraised_check CHECK ((appraised_at IS NULL) = (appraised_by IS NULL) AND (appraised_at IS NULL) = (appraisal IS NULL)),
    CONSTRAINT facility_children_carer_check CHECK ((appraisal IS NOT DISTINCT FROM 'sent') = (carer_id IS NOT NULL)),
    CONSTRAINT facility_children_sent_check CHECK (commune_id IS NOT NULL OR appraisal IS DISTINCT FROM 'sent'),
    CONSTRAINT facility_children_answer_check CHECK (answer IN ('placed', 'declined')),
    CONSTRAINT facility_children_answered_check CHECK ((answered_at IS NULL) = (answered_by IS NULL) AND (answered_at IS NULL) = (answer IS NULL)),
    CONSTRAINT facility_children_placement_check CHECK ((answer IS NOT DISTINCT FROM 'placed') = (placement_id IS NOT NULL)),
    CONSTRAINT facility_children_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_on IS NULL)),
    CONSTRAINT facility_children_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX facility_children_list_id_idx ON facility_children (list_id)
--;
CREATE INDEX facility_children_provider_id_idx ON facility_children (provider_id)
--;
CREATE INDEX facility_children_carer_id_idx ON facility_children (carer_id)
--;
CREATE INDEX facility_children_placement_id_idx ON facility_children (placement_id)
--;
CREATE INDEX facility_children_commune_id_idx ON facility_children (commune_id, id)
--;
CREATE INDEX facility_children_province_id_idx ON facility_children (province_id, id)
--;
-- No commune holds a list: whoever asks there finds none.
CALL access.protect('facility_lists', ARRAY['commune', 'district', 'province'])
--;
CALL access.protect('facility_children', ARRAY['commune', 'district', 'province'])
--;
-- At the second look, in another's case, the commune still sees that the child it took in came from a facility.
CREATE POLICY sent_to_me ON facility_children FOR SELECT TO childcare_commune_granted
    USING (commune_id = (SELECT nullif(current_setting('app.commune_id', true), '')::int))
--;
-- Keys look past the wall: a list is of a facility that its province keeps, a child is sent to a carer of its communes.
CREATE POLICY of_own_facility ON facility_lists AS RESTRICTIVE FOR INSERT TO childcare_province
    WITH CHECK (EXISTS (SELECT FROM service_providers p
        WHERE p.id = provider_id AND p.is_facility AND p.keeper_province_id = facility_lists.province_id))
--;
CREATE POLICY of_own_list ON facility_children AS RESTRICTIVE FOR INSERT TO childcare_province
    WITH CHECK (commune_id IS NULL AND EXISTS (SELECT FROM facility_lists l
        WHERE l.id = list_id AND l.provider_id = facility_children.provider_id))
--;
CREATE POLICY of_own_carer ON facility_children AS RESTRICTIVE FOR UPDATE TO childcare_province USING (true)
    WITH CHECK (carer_id IS NULL OR EXISTS (SELECT FROM carers c
        WHERE c.id = carer_id AND c.commune_id = facility_children.commune_id))
--;
GRANT SELECT ON facility_lists TO childcare_commune, childcare_district, childcare_province
--;
GRANT SELECT ON facility_children
    TO childcare_commune, childcare_commune_granted, childcare_district, childcare_province
--;
GRANT INSERT ON facility_lists, facility_children TO childcare_province
--;
-- The province appraises and ends, the commune answers; what the facility wrote is never written over.
GRANT UPDATE (appraisal, appraisal_reason, carer_id, appraised_at, appraised_by, commune_id, answer, answer_reason,
    decision_number, decided_on, placement_id, answered_at, answered_by, end_decision_number, ended_on, ended_at,
    ended_by, ends_in_error, entered_in_error_at, entered_in_error_by, entered_in_error_reason, row_version)
    ON facility_children TO childcare_province
--;
GRANT UPDATE (answer, answer_reason, decision_number, decided_on, placement_id, answered_at, answered_by, row_version)
    ON facility_children TO childcare_commune
--;
CREATE FUNCTION facility_child_handed_over(p_child uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Whether the carer received a child of the caller's lists by the decision that took it: nothing else of its case.
    SELECT EXISTS (SELECT FROM facility_children c JOIN case_steps p ON p.id = c.placement_id
        JOIN case_steps s ON s.case_id = p.case_id AND s.about_id = p.id
        WHERE c.id = p_child AND c.province_id = access.setting_int('app.province_id')
            AND s.kind = 'placement_handover' AND case_step_holds(s))
$$
--;
ALTER FUNCTION facility_child_handed_over OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION facility_child_handed_over TO childcare_province
--;
-- What a commune told its province of each child in family care, every half year.
CREATE TABLE care_reports (
    id UUID NOT NULL,
    year INTEGER NOT NULL,
    half INTEGER NOT NULL,
    note TEXT,
    entries JSONB NOT NULL,
    measures TEXT,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    acknowledged_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT care_reports_pkey PRIMARY KEY (id),
    CONSTRAINT care_reports_holder_check CHECK (commune_id IS NOT NULL AND province_id IS NOT NULL),
    CONSTRAINT care_reports_half_check CHECK (half BETWEEN 1 AND 2),
    CONSTRAINT care_reports_acknowledged_check CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CONSTRAINT care_reports_commune_id_year_half_key UNIQUE (commune_id, year, half)
)
--;
CREATE INDEX care_reports_province_id_idx ON care_reports (province_id, id)
--;
CALL access.protect('care_reports', ARRAY['commune', 'district', 'province'])
--;
GRANT SELECT ON care_reports TO childcare_commune, childcare_district, childcare_province
--;
GRANT INSERT ON care_reports TO childcare_commune
--;
-- What was sent stays as it was sent; the province writes beside it what it does.
GRANT UPDATE (measures, acknowledged_at, acknowledged_by, row_version) ON care_reports TO childcare_province
--;
-- squawk-ignore require-concurrent-index-creation -- nothing was released without it: the table is empty
CREATE INDEX case_placements_carer_commune_id_idx ON case_placements (carer_commune_id)
--;
CREATE FUNCTION care_by_families(p_communes integer[], p_day date) RETURNS TABLE (placement_id uuid, case_id uuid,
    commune_id integer, form text, temporary boolean, received_on date, assessed_on date, occasion text, proposal text,
    due_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The children in the care of families of some communes on a day, each with its last assessment until then and the day
    -- of the next half-yearly one (NĐ 56/2017, Điều 43.2), whoever leads the case; and those whom a family is to receive,
    -- who have neither. For functions of the gate alone.
    SELECT p.id, s.case_id, p.carer_commune_id, p.form, p.temporary, r.received_on,
        v.assessed_on, v.occasion, v.proposal,
        (r.received_on + make_interval(months => 6 * (v.halves + 1)))::date
    FROM case_placements p JOIN case_steps s ON s.id = p.id
    -- Lasting care that goes on from what was given at once: the child was received, and visited, in that.
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT b.id FROM case_steps b
        WHERE b.id IN (p.id, s.about_id) AND case_step_counts(b)) AS ids) stay
    CROSS JOIN LATERAL (SELECT min((h.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS received_on
        FROM case_steps h WHERE h.case_id = s.case_id AND h.kind = 'placement_handover' AND h.in_error_at IS NULL
            AND h.about_id = ANY (stay.ids)) r
    CROSS JOIN LATERAL (SELECT max((t.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS assessed_on,
            (array_agg(d.occasion ORDER BY t.position DESC))[1] AS occasion,
            (array_agg(d.proposal ORDER BY t.position DESC))[1] AS proposal,
            (count(*) FILTER (WHERE d.occasion = 'half_year'))::int AS halves
        FROM case_steps t JOIN case_placement_visits d ON d.id = t.id
        WHERE t.case_id = s.case_id AND t.kind = 'placement_visit' AND t.in_error_at IS NULL
            AND t.about_id = ANY (stay.ids) AND (t.happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= p_day) v
    WHERE p.carer_commune_id = ANY (p_communes) AND placement_holds(p.id, p_day)
$$
--;
ALTER FUNCTION care_by_families OWNER TO childcare_gate
--;
CREATE FUNCTION children_in_care(p_day date) RETURNS TABLE (placement_id uuid, case_id uuid, commune_id integer, form text,
    temporary boolean, received_on date, assessed_on date, occasion text, proposal text, due_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- The children in the care of families of the caller's commune or province on a day, without a name; none whose case is
-- kept or sealed from the caller.
#variable_conflict use_column
DECLARE
    mine integer[] := CASE current_setting('role')
        WHEN 'childcare_commune' THEN ARRAY[access.setting_int('app.commune_id')]
        WHEN 'childcare_province' THEN ARRAY(SELECT u.id FROM units u WHERE u.parent_id = access.setting_int('app.province_id'))
        WHEN 'childcare_district' THEN ARRAY(SELECT u.id FROM units u WHERE u.parent_id = access.setting_int('app.district_id'))
        END;
BEGIN
    RETURN QUERY SELECT c.* FROM care_by_families(mine, p_day) c WHERE NOT is_kept_from_me(c.case_id);
END
$$
--;
ALTER FUNCTION children_in_care OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION children_in_care TO childcare_commune, childcare_district, childcare_province
--;
CREATE FUNCTION cases_kept_of(p_cases uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- Of the cases that reports on children in care speak of, those that are kept or sealed from the caller: the leader
    -- who sent a report was shown more than everybody who reads it, and a case may be sealed since.
    SELECT ARRAY(SELECT c FROM unnest(p_cases) c WHERE is_kept_from_me(c))
$$
--;
ALTER FUNCTION cases_kept_of OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION cases_kept_of TO childcare_commune, childcare_district, childcare_province
--;
CREATE OR REPLACE FUNCTION task_is_of_mine(p_kind text, p_subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- As before, and a facility, its lists and the children on them: of the province, and of the commune they were sent to;
-- and the reports on children in care of a commune, and of a province, whose communes begin its clock: the id of the next
-- one is made of the unit.
DECLARE
    mine text := current_setting('role');
BEGIN
    -- A statement for each kind: as one expression it costs a row 0.3 ms instead of 0.02.
    CASE p_kind
        WHEN 'intake' THEN RETURN NOT EXISTS (SELECT FROM intakes i WHERE i.id = p_subject AND intake_is_mine(i) IS NOT TRUE);
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM cases c WHERE c.id = p_subject
                AND mine = 'childcare_commune' AND c.commune_id = access.setting_int('app.commune_id'))
            OR case_is_newly_of_my_making(p_subject) OR case_asked_me(p_subject);
        WHEN 'carer_list' THEN RETURN mine = 'childcare_commune' AND p_subject =
            ('018f6f2e-0016-7000-8000-' || lpad(to_hex(access.setting_int('app.commune_id')), 12, '0'))::uuid;
        WHEN 'carer' THEN RETURN mine = 'childcare_commune' AND EXISTS (SELECT FROM carers c
            WHERE c.id = p_subject AND c.commune_id = access.setting_int('app.commune_id'));
        WHEN 'facility' THEN RETURN mine = 'childcare_province' AND EXISTS (SELECT FROM service_providers p
            WHERE p.id = p_subject AND p.is_facility AND p.keeper_province_id = access.setting_int('app.province_id'));
        WHEN 'facility_list' THEN RETURN mine = 'childcare_province' AND EXISTS (SELECT FROM facility_lists l
            WHERE l.id = p_subject AND l.province_id = access.setting_int('app.province_id'));
        WHEN 'facility_child' THEN RETURN EXISTS (SELECT FROM facility_children c WHERE c.id = p_subject AND CASE mine
            WHEN 'childcare_commune' THEN c.commune_id = access.setting_int('app.commune_id')
            WHEN 'childcare_province' THEN c.province_id = access.setting_int('app.province_id')
            ELSE false END);
        WHEN 'care_report' THEN RETURN mine = 'childcare_commune' AND (p_subject =
            ('018f6f2e-0020-7000-8000-' || lpad(to_hex(access.setting_int('app.commune_id')), 12, '0'))::uuid
            OR EXISTS (SELECT FROM care_reports r
                WHERE r.id = p_subject AND r.commune_id = access.setting_int('app.commune_id')));
        WHEN 'province_care_report' THEN RETURN mine IN ('childcare_commune', 'childcare_province') AND p_subject =
            ('018f6f2e-0021-7000-8000-' || lpad(to_hex(access.setting_int('app.province_id')), 12, '0'))::uuid;
        -- Anything else that a clock can be about is a step of a case.
        ELSE RETURN EXISTS (SELECT FROM case_steps s WHERE s.id = p_subject
            AND mine = 'childcare_commune' AND s.commune_id = access.setting_int('app.commune_id'));
    END CASE;
END
$$
