-- The registry of households and children. A part of a child carries the child's holder columns and refers to it by
-- (child_id, commune_id) ON UPDATE CASCADE, so that it can belong to no child of another commune and follows its own.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch
--;
CREATE TABLE households (
    id uuid NOT NULL,
    code text,
    head_name text,
    address text,
    phone text,
    poverty text NOT NULL,
    note text,
    search_names text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT households_pkey PRIMARY KEY (id),
    CONSTRAINT households_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT households_holder_check CHECK (commune_id IS NOT NULL AND province_id IS NOT NULL),
    CONSTRAINT households_poverty_check CHECK (poverty IN ('poor', 'near_poor', 'none', 'unknown'))
)
--;
CREATE INDEX households_commune_id_idx ON households (commune_id, id)
--;
CREATE INDEX households_province_id_idx ON households (province_id, id)
--;
CREATE INDEX households_village_id_idx ON households (village_id, id)
--;
CREATE TABLE household_members (
    id uuid NOT NULL,
    household_id uuid NOT NULL,
    full_name text NOT NULL,
    relation text NOT NULL,
    sex text NOT NULL,
    born_year integer,
    ethnicity text,
    occupation text,
    joined_on date,
    left_on date,
    left_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT household_members_pkey PRIMARY KEY (id),
    CONSTRAINT household_members_household_id_commune_id_fkey FOREIGN KEY (household_id, commune_id) REFERENCES households (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT household_members_sex_check CHECK (sex IN ('male', 'female', 'unknown')),
    CONSTRAINT household_members_period_check CHECK (left_on >= joined_on),
    CONSTRAINT household_members_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX household_members_household_id_idx ON household_members (household_id, commune_id)
--;
CREATE TABLE children (
    id uuid NOT NULL,
    household_id uuid,
    full_name text NOT NULL,
    search_name text COLLATE "C" NOT NULL,
    name_words text[] NOT NULL,
    sex text NOT NULL,
    born_on date NOT NULL,
    born_on_precision text NOT NULL,
    ethnicity text,
    nationality text,
    religion text,
    address text,
    birth_registration text NOT NULL,
    birth_certificate_number text,
    birth_certificate_book text,
    birth_registered_on date,
    birth_registered_at_place text,
    health_card text NOT NULL,
    health_card_number text,
    health_card_until date,
    schooling text NOT NULL,
    school text,
    grade text,
    died_on date,
    note text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    CONSTRAINT children_pkey PRIMARY KEY (id),
    CONSTRAINT children_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT children_household_id_commune_id_fkey FOREIGN KEY (household_id, commune_id) REFERENCES households (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT children_holder_check CHECK (commune_id IS NOT NULL AND province_id IS NOT NULL),
    CONSTRAINT children_sex_check CHECK (sex IN ('male', 'female', 'unknown')),
    CONSTRAINT children_born_on_precision_check CHECK (born_on_precision IN ('day', 'month', 'year', 'estimated')),
    CONSTRAINT children_birth_registration_check CHECK (birth_registration IN ('registered', 'not_registered', 'unknown')),
    CONSTRAINT children_health_card_check CHECK (health_card IN ('held', 'none', 'unknown')),
    CONSTRAINT children_schooling_check CHECK (schooling IN ('not_yet', 'attending', 'out_of_school', 'completed', 'unknown'))
)
--;
CREATE INDEX children_commune_changed_idx ON children (commune_id, changed_at, id)
--;
CREATE INDEX children_commune_id_idx ON children (commune_id, id)
--;
CREATE INDEX children_commune_name_idx ON children (commune_id, search_name, id)
--;
CREATE INDEX children_household_id_idx ON children (household_id, commune_id)
--;
CREATE INDEX children_province_changed_idx ON children (province_id, changed_at, id)
--;
CREATE INDEX children_province_id_idx ON children (province_id, id)
--;
CREATE INDEX children_province_name_idx ON children (province_id, search_name, id)
--;
CREATE INDEX children_village_id_idx ON children (village_id, id)
--;
CREATE TABLE child_circumstances (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    group_code text NOT NULL,
    subgroup_code text,
    sensitive boolean NOT NULL DEFAULT false,
    from_on date NOT NULL,
    from_on_precision text NOT NULL,
    ended_on date,
    ended_at timestamptz,
    ended_by uuid,
    end_reason text,
    evidence_kind text,
    evidence_number text,
    evidence_on date,
    evidence_issuer text,
    evidence_note text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT child_circumstances_pkey PRIMARY KEY (id),
    CONSTRAINT child_circumstances_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT child_circumstances_kind_check CHECK (kind IN ('special', 'at_risk', 'other_difficult')),
    CONSTRAINT child_circumstances_from_on_precision_check CHECK (from_on_precision IN ('day', 'month', 'year')),
    CONSTRAINT child_circumstances_period_check CHECK (ended_on >= from_on),
    CONSTRAINT child_circumstances_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_on IS NULL)),
    CONSTRAINT child_circumstances_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX child_circumstances_child_id_idx ON child_circumstances (child_id, commune_id)
--;
CREATE INDEX child_circumstances_commune_group_idx ON child_circumstances (commune_id, group_code, child_id) WHERE entered_in_error_at IS NULL
--;
CREATE INDEX child_circumstances_province_group_idx ON child_circumstances (province_id, group_code, child_id) WHERE entered_in_error_at IS NULL
--;
CREATE TABLE child_guardians (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    full_name text NOT NULL,
    relation text NOT NULL,
    is_main_carer boolean NOT NULL,
    born_year integer,
    ethnicity text,
    occupation text,
    phone text,
    address text,
    from_on date,
    ended_on date,
    ended_at timestamptz,
    ended_by uuid,
    end_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT child_guardians_pkey PRIMARY KEY (id),
    CONSTRAINT child_guardians_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT child_guardians_period_check CHECK (ended_on >= from_on),
    CONSTRAINT child_guardians_ended_check CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (ended_on IS NULL)),
    CONSTRAINT child_guardians_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX child_guardians_child_id_idx ON child_guardians (child_id, commune_id)
--;
CREATE TABLE child_identifiers (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    issued_on date,
    issuer text,
    note text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    CONSTRAINT child_identifiers_pkey PRIMARY KEY (id),
    CONSTRAINT child_identifiers_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT child_identifiers_kind_check CHECK (kind IN ('personal_id', 'passport', 'social_insurance', 'school', 'other')),
    CONSTRAINT child_identifiers_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX child_identifiers_child_id_idx ON child_identifiers (child_id, commune_id)
--;
CREATE INDEX child_identifiers_value_idx ON child_identifiers (value, kind)
--;
CREATE TABLE child_changes (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    row_version integer NOT NULL,
    action text NOT NULL,
    part text NOT NULL,
    part_id uuid,
    fields jsonb NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    CONSTRAINT child_changes_pkey PRIMARY KEY (id),
    CONSTRAINT child_changes_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE UNIQUE INDEX child_changes_child_id_idx ON child_changes (child_id, commune_id, row_version)
--;
CREATE TABLE possible_doubles (
    id uuid NOT NULL,
    child_id uuid NOT NULL,
    other_child_id uuid NOT NULL,
    other_province_id integer NOT NULL,
    reason text NOT NULL,
    noticed_at timestamptz NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT possible_doubles_pkey PRIMARY KEY (id),
    CONSTRAINT possible_doubles_child_id_commune_id_fkey FOREIGN KEY (child_id, commune_id) REFERENCES children (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE UNIQUE INDEX possible_doubles_child_id_idx ON possible_doubles (child_id, commune_id, other_child_id)
--;
CREATE INDEX possible_doubles_province_id_idx ON possible_doubles (province_id, id)
--;
CREATE TABLE child_name_words (
    word text COLLATE "C" NOT NULL,
    CONSTRAINT child_name_words_pkey PRIMARY KEY (word)
)
--;
CREATE FUNCTION children_kept_from_me() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- The children of the cases that name the caller: there are no cases yet, which replace this with one that looks.
    SELECT '{}'::uuid[]
$$
--;
ALTER FUNCTION children_kept_from_me OWNER TO childcare_gate
--;
GRANT EXECUTE ON FUNCTION children_kept_from_me
    TO childcare_village, childcare_commune, childcare_commune_granted, childcare_district, childcare_province
