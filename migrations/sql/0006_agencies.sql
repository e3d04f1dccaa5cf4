-- The directory. Everyone reads it; a province keeps its own entries, the centre the national ones. Its columns are not
-- holder columns: an entry is nobody's record, and no scope hides it.
CREATE TABLE agencies (
    id uuid NOT NULL,
    name text NOT NULL,
    name_en text,
    search_name text NOT NULL,
    kind text NOT NULL,
    area_unit_id integer NOT NULL,
    keeper_province_id integer,
    phone text,
    email text,
    address text,
    successor_id uuid,
    valid_from date,
    valid_to date,
    source text NOT NULL,
    row_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT agencies_pkey PRIMARY KEY (id),
    CONSTRAINT agencies_area_unit_id_fkey FOREIGN KEY (area_unit_id) REFERENCES units (id),
    CONSTRAINT agencies_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES agencies (id),
    CONSTRAINT agencies_validity_check CHECK (valid_from <= valid_to),
    CONSTRAINT agencies_kind_check CHECK (
        kind IN ('ministry', 'central_department', 'peoples_committee', 'province_department', 'district_office',
            'commune_office', 'police', 'prosecution', 'court', 'mass_organisation', 'health_facility', 'school',
            'service_provider', 'fund', 'committee', 'other')
    )
)
--;
CREATE INDEX agencies_area_unit_id_idx ON agencies (area_unit_id)
--;
CREATE INDEX agencies_successor_id_idx ON agencies (successor_id)
--;
CREATE TABLE hotlines (
    id uuid NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    name_en text,
    area_unit_id integer NOT NULL,
    keeper_province_id integer,
    opening text,
    valid_from date,
    valid_to date,
    verified boolean NOT NULL,
    source text NOT NULL,
    CONSTRAINT hotlines_pkey PRIMARY KEY (id),
    CONSTRAINT hotlines_area_unit_id_fkey FOREIGN KEY (area_unit_id) REFERENCES units (id),
    CONSTRAINT hotlines_validity_check CHECK (valid_from <= valid_to)
)
--;
CREATE INDEX hotlines_area_unit_id_idx ON hotlines (area_unit_id)
--;
CALL access.protect('agencies', ARRAY[]::text[])
--;
CALL access.protect('hotlines', ARRAY[]::text[])
--;
CREATE POLICY directory ON agencies FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY directory ON hotlines FOR SELECT TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker USING (true)
--;
CREATE POLICY keep_province ON agencies FOR INSERT TO childcare_province
    WITH CHECK (keeper_province_id = (SELECT nullif(current_setting('app.province_id', true), '')::int))
--;
CREATE POLICY keep_central ON agencies FOR INSERT TO childcare_central WITH CHECK (keeper_province_id IS NULL)
--;
GRANT SELECT ON agencies, hotlines TO childcare_village, childcare_commune, childcare_commune_granted,
    childcare_district, childcare_province, childcare_central, childcare_hotline, childcare_worker
--;
GRANT INSERT ON agencies TO childcare_province, childcare_central
