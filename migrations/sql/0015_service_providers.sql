-- Service providers: a head, and dated parts that are never written over. Everyone reads them; the province of the unit
-- keeps its own, the centre the national ones. As in the directory of agencies, no column here is a holder.
CREATE TABLE service_providers (
    id uuid NOT NULL,
    area_unit_id integer NOT NULL,
    keeper_province_id integer,
    ownership text NOT NULL,
    speciality text NOT NULL,
    is_facility boolean NOT NULL,
    valid_from date,
    valid_to date,
    source text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    row_version integer NOT NULL,
    CONSTRAINT service_providers_pkey PRIMARY KEY (id),
    CONSTRAINT service_providers_area_unit_id_fkey FOREIGN KEY (area_unit_id) REFERENCES units (id),
    CONSTRAINT service_providers_ownership_check CHECK (ownership IN ('public', 'non_public')),
    CONSTRAINT service_providers_speciality_check CHECK (speciality IN ('specialised', 'partly')),
    CONSTRAINT service_providers_validity_check CHECK (valid_from <= valid_to)
)
--;
CREATE INDEX service_providers_area_unit_id_idx ON service_providers (area_unit_id)
--;
CREATE TABLE service_provider_descriptions (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    keeper_province_id integer,
    from_on date NOT NULL,
    name text NOT NULL,
    name_en text,
    search_name text NOT NULL,
    address text,
    phone text,
    email text,
    services text[] NOT NULL,
    levels text[] NOT NULL,
    places integer,
    terms text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT service_provider_descriptions_pkey PRIMARY KEY (id),
    CONSTRAINT service_provider_descriptions_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT service_provider_descriptions_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)),
    CONSTRAINT service_provider_descriptions_places_check CHECK (places >= 0)
)
--;
CREATE INDEX service_provider_descriptions_provider_id_idx ON service_provider_descriptions (provider_id)
--;
CREATE TABLE service_provider_licences (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    keeper_province_id integer,
    kind text NOT NULL,
    number text NOT NULL,
    issued_on date NOT NULL,
    issuer text NOT NULL,
    scope text NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT service_provider_licences_pkey PRIMARY KEY (id),
    CONSTRAINT service_provider_licences_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT service_provider_licences_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)),
    CONSTRAINT service_provider_licences_kind_check CHECK (kind IN ('establishment_decision', 'registration')),
    CONSTRAINT service_provider_licences_days_check CHECK (issued_on <= valid_to)
)
--;
CREATE INDEX service_provider_licences_provider_id_idx ON service_provider_licences (provider_id)
--;
CREATE TABLE service_provider_restrictions (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    keeper_province_id integer,
    kind text NOT NULL,
    whole boolean NOT NULL,
    affected text,
    ground text NOT NULL,
    decision_number text NOT NULL,
    decided_on date NOT NULL,
    issuer text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    lifted_on date,
    lifted_decision text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT service_provider_restrictions_pkey PRIMARY KEY (id),
    CONSTRAINT service_provider_restrictions_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT service_provider_restrictions_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)),
    CONSTRAINT service_provider_restrictions_kind_check CHECK (kind IN ('suspended', 'ended')),
    CONSTRAINT service_provider_restrictions_affected_check CHECK ((affected IS NULL) OR (NOT whole)),
    CONSTRAINT service_provider_restrictions_days_check CHECK (from_on <= until_on AND (until_on IS NULL OR kind = 'suspended')),
    CONSTRAINT service_provider_restrictions_lifted_check CHECK (lifted_on >= from_on AND (lifted_on IS NULL OR kind = 'suspended'))
)
--;
CREATE INDEX service_provider_restrictions_provider_id_idx ON service_provider_restrictions (provider_id)
--;
CREATE TABLE service_provider_price_lists (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    keeper_province_id integer,
    from_on date NOT NULL,
    document text,
    items jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT service_provider_price_lists_pkey PRIMARY KEY (id),
    CONSTRAINT service_provider_price_lists_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT service_provider_price_lists_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX service_provider_price_lists_provider_id_idx ON service_provider_price_lists (provider_id)
--;
CREATE TABLE service_provider_inspections (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    keeper_province_id integer,
    inspected_on date NOT NULL,
    body_name text NOT NULL,
    document text,
    findings text NOT NULL,
    recommendation text,
    follow_up_due_on date,
    followed_up_on date,
    follow_up text,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT service_provider_inspections_pkey PRIMARY KEY (id),
    CONSTRAINT service_provider_inspections_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES service_providers (id),
    CONSTRAINT service_provider_inspections_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)),
    CONSTRAINT service_provider_inspections_follow_up_check CHECK ((followed_up_on IS NULL) = (follow_up IS NULL))
)
--;
CREATE INDEX service_provider_inspections_provider_id_idx ON service_provider_inspections (provider_id)
--;
CALL access.protect('service_providers', ARRAY[]::text[])
--;
CALL access.protect('service_provider_descriptions', ARRAY[]::text[])
--;
CALL access.protect('service_provider_licences', ARRAY[]::text[])
--;
CALL access.protect('service_provider_restrictions', ARRAY[]::text[])
--;
CALL access.protect('service_provider_price_lists', ARRAY[]::text[])
--;
CALL access.protect('service_provider_inspections', ARRAY[]::text[])
--;
CREATE POLICY directory ON service_providers FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY directory ON service_provider_descriptions FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY directory ON service_provider_licences FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY directory ON service_provider_restrictions FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY directory ON service_provider_price_lists FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
-- What an inspection found is not for everybody: the keeper's own area reads it, and the centre.
CREATE POLICY of_area ON service_provider_inspections FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_hotline
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY of_country ON service_provider_inspections FOR SELECT TO childcare_central USING (true)
--;
CREATE POLICY keep_province ON service_providers FOR ALL TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central ON service_providers FOR ALL TO childcare_central USING (keeper_province_id IS NULL)
--;
CREATE POLICY keep_province_add ON service_provider_descriptions FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id = service_provider_descriptions.keeper_province_id))
--;
CREATE POLICY keep_province ON service_provider_descriptions FOR UPDATE TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central_add ON service_provider_descriptions FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id IS NULL))
--;
CREATE POLICY keep_central ON service_provider_descriptions FOR UPDATE TO childcare_central USING (keeper_province_id IS NULL)
--;
CREATE POLICY keep_province_add ON service_provider_licences FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id = service_provider_licences.keeper_province_id))
--;
CREATE POLICY keep_province ON service_provider_licences FOR UPDATE TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central_add ON service_provider_licences FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id IS NULL))
--;
CREATE POLICY keep_central ON service_provider_licences FOR UPDATE TO childcare_central USING (keeper_province_id IS NULL)
--;
CREATE POLICY keep_province_add ON service_provider_restrictions FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id = service_provider_restrictions.keeper_province_id))
--;
CREATE POLICY keep_province ON service_provider_restrictions FOR UPDATE TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central_add ON service_provider_restrictions FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id IS NULL))
--;
CREATE POLICY keep_central ON service_provider_restrictions FOR UPDATE TO childcare_central USING (keeper_province_id IS NULL)
--;
CREATE POLICY keep_province_add ON service_provider_price_lists FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id = service_provider_price_lists.keeper_province_id))
--;
CREATE POLICY keep_province ON service_provider_price_lists FOR UPDATE TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central_add ON service_provider_price_lists FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id IS NULL))
--;
CREATE POLICY keep_central ON service_provider_price_lists FOR UPDATE TO childcare_central USING (keeper_province_id IS NULL)
--;
CREATE POLICY keep_province_add ON service_provider_inspections FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int)
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id = service_provider_inspections.keeper_province_id))
--;
CREATE POLICY keep_province ON service_provider_inspections FOR UPDATE TO childcare_province
    USING (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central_add ON service_provider_inspections FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL
        AND EXISTS (SELECT FROM service_providers p WHERE p.id = provider_id AND p.keeper_province_id IS NULL))
--;
CREATE POLICY keep_central ON service_provider_inspections FOR UPDATE TO childcare_central USING (keeper_province_id IS NULL)
--;
GRANT SELECT ON service_providers, service_provider_descriptions, service_provider_licences,
    service_provider_restrictions, service_provider_price_lists
    TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker
--;
GRANT SELECT ON service_provider_inspections TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline
--;
GRANT INSERT ON service_providers, service_provider_descriptions, service_provider_licences,
    service_provider_restrictions, service_provider_price_lists,
    service_provider_inspections TO childcare_province, childcare_central
--;
GRANT UPDATE (row_version, valid_to) ON service_providers TO childcare_province, childcare_central
--;
-- A part is marked, lifted or followed up; what it said is never written over.
GRANT UPDATE (entered_in_error_at, entered_in_error_by, entered_in_error_reason)
    ON service_provider_descriptions, service_provider_licences,
    service_provider_restrictions, service_provider_price_lists,
    service_provider_inspections TO childcare_province, childcare_central
--;
GRANT UPDATE (lifted_on, lifted_decision) ON service_provider_restrictions TO childcare_province, childcare_central
--;
GRANT UPDATE (followed_up_on, follow_up) ON service_provider_inspections TO childcare_province, childcare_central
