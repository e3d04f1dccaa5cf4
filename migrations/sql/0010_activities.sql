-- What was done for children. A commune sees its own, its province all of them; the country counts them.
CREATE TABLE activities (
    id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text,
    result text,
    place_text text,
    started_on date NOT NULL,
    ended_on date NOT NULL,
    session_count integer NOT NULL,
    participant_count integer NOT NULL,
    audiences jsonb NOT NULL,
    cost_vnd bigint,
    evidence jsonb,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT activities_pkey PRIMARY KEY (id),
    CONSTRAINT activities_id_unit_id_key UNIQUE (id, unit_id),
    CONSTRAINT activities_days_check CHECK (started_on <= ended_on),
    CONSTRAINT activities_session_count_check CHECK (session_count >= 1),
    CONSTRAINT activities_participant_count_check CHECK (participant_count >= 0),
    CONSTRAINT activities_cost_vnd_check CHECK (cost_vnd >= 0),
    CONSTRAINT activities_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL) AND (entered_in_error_at IS NULL) = (entered_in_error_reason IS NULL))
)
--;
CREATE INDEX activities_commune_id_started_on_idx ON activities (commune_id, started_on, id)
--;
CREATE INDEX activities_district_id_started_on_idx ON activities (district_id, started_on, id)
--;
CREATE INDEX activities_province_id_started_on_idx ON activities (province_id, started_on, id)
--;
CALL access.protect('activities', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY central ON activities TO childcare_central USING (true) WITH CHECK (province_id IS NULL)
--;
GRANT SELECT, INSERT, UPDATE ON activities TO childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON activities TO childcare_district
