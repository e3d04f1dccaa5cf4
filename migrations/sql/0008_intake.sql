-- Reports of concern: the report and its parts.
CREATE TABLE intakes (
    id uuid NOT NULL,
    origin_unit_id integer NOT NULL,
    source_id uuid,
    created_by uuid NOT NULL,
    channel text NOT NULL,
    external_ref text,
    received_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    arrived_at timestamptz NOT NULL,
    place_unit_id integer,
    place_divided boolean NOT NULL,
    place_text text,
    occurred_on date,
    occurred_text text,
    category text,
    harm_kinds text[] NOT NULL,
    harm_level text,
    harm_doers jsonb NOT NULL,
    emergency boolean NOT NULL,
    reported_grounds text[] NOT NULL,
    emergency_grounds text[] NOT NULL,
    -- From when each of its emergencies runs: when the information came that each of them rests on, the earliest first.
    emergencies timestamptz[] NOT NULL,
    narrative text,
    presumed_consequences text,
    father jsonb,
    mother jsonb,
    family_circumstances text,
    current_carer text,
    help_given text,
    requested_action text,
    confidentiality text,
    allowed_recipients text,
    reporter_known boolean NOT NULL,
    note text,
    status text NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    case_opened_at timestamptz,
    case_opened_by uuid,
    dismissed_at timestamptz,
    dismissed_by uuid,
    dismiss_reason text,
    reexamined_at timestamptz,
    reexamined_by uuid,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    withdraw_reason text,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    -- Of a report that was taken in twice, the one that stayed.
    same_as_id uuid,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    row_version integer NOT NULL,
    CONSTRAINT intakes_pkey PRIMARY KEY (id),
    CONSTRAINT intakes_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT intakes_status_check CHECK (
        status IN ('received', 'acknowledged', 'assessed', 'case_opened', 'dismissed', 'withdrawn', 'entered_in_error')
    ),
    CONSTRAINT intakes_category_check CHECK (category IN ('abused', 'at_risk', 'special_circumstances')),
    CONSTRAINT intakes_harm_level_check CHECK (harm_level IN ('high', 'medium', 'low')),
    CONSTRAINT intakes_emergency_grounds_check CHECK (emergency = (cardinality(emergency_grounds) > 0)),
    CONSTRAINT intakes_emergencies_check CHECK (emergency = (cardinality(emergencies) > 0)),
    CONSTRAINT intakes_acknowledged_check CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CONSTRAINT intakes_case_opened_check CHECK ((case_opened_at IS NULL) = (case_opened_by IS NULL)),
    CONSTRAINT intakes_dismissed_check CHECK ((dismissed_at IS NULL) = (dismissed_by IS NULL)),
    CONSTRAINT intakes_reexamined_check CHECK ((reexamined_at IS NULL) = (reexamined_by IS NULL)),
    CONSTRAINT intakes_withdrawn_check CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
    CONSTRAINT intakes_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX intakes_commune_id_received_at_idx ON intakes (commune_id, received_at, id)
--;
CREATE INDEX intakes_province_id_received_at_idx ON intakes (province_id, received_at, id)
--;
CREATE TABLE intake_assessments (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    harm_level text NOT NULL,
    perpetrator_access text NOT NULL,
    care_obstacles text NOT NULL,
    self_protection text NOT NULL,
    emergency boolean NOT NULL,
    conclusion text NOT NULL,
    entered_in_error_at timestamptz,
    entered_in_error_by uuid,
    entered_in_error_reason text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_assessments_pkey PRIMARY KEY (id),
    CONSTRAINT intake_assessments_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT intake_assessments_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT intake_assessments_harm_level_check CHECK (harm_level IN ('high', 'medium', 'low')),
    CONSTRAINT intake_assessments_perpetrator_access_check CHECK (perpetrator_access IN ('high', 'medium', 'low')),
    CONSTRAINT intake_assessments_care_obstacles_check CHECK (care_obstacles IN ('high', 'medium', 'low')),
    CONSTRAINT intake_assessments_self_protection_check CHECK (self_protection IN ('high', 'medium', 'low')),
    CONSTRAINT intake_assessments_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL))
)
--;
CREATE INDEX intake_assessments_intake_id_commune_id_idx ON intake_assessments (intake_id, commune_id)
--;
CREATE TABLE intake_children (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    origin_unit_id integer NOT NULL,
    source_id uuid,
    position integer NOT NULL,
    full_name text,
    born_on date,
    birth_precision text,
    estimated_age integer,
    sex text,
    ethnicity text,
    residence text,
    condition text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_children_pkey PRIMARY KEY (id),
    CONSTRAINT intake_children_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT intake_children_sex_check CHECK (sex IN ('male', 'female', 'unknown')),
    CONSTRAINT intake_children_birth_precision_check CHECK (birth_precision IN ('day', 'month', 'year')),
    CONSTRAINT intake_children_born_on_check CHECK ((born_on IS NULL) = (birth_precision IS NULL))
)
--;
CREATE INDEX intake_children_intake_id_commune_id_idx ON intake_children (intake_id, commune_id)
--;
CREATE TABLE intake_updates (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    -- The hotline that sent it, or the unit that told of it from elsewhere; both are empty where the office that has the
    -- report wrote it down itself.
    source_id uuid,
    told_from_unit_id integer,
    -- Whether they say by it that what they told before was an error.
    takes_back boolean NOT NULL,
    channel text,
    told_by text,
    text text NOT NULL,
    emergency boolean NOT NULL,
    place_unit_id integer,
    place_text text,
    happened_at timestamptz NOT NULL,
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
    CONSTRAINT intake_updates_pkey PRIMARY KEY (id),
    CONSTRAINT intake_updates_entered_in_error_check CHECK ((entered_in_error_at IS NULL) = (entered_in_error_by IS NULL)),
    CONSTRAINT intake_updates_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE INDEX intake_updates_intake_id_commune_id_idx ON intake_updates (intake_id, commune_id)
--;
CREATE TABLE intake_reexaminations (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    dismissed_at timestamptz NOT NULL,
    dismissed_by uuid NOT NULL,
    dismiss_reason text NOT NULL,
    reason text NOT NULL,
    emergency boolean NOT NULL,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_reexaminations_pkey PRIMARY KEY (id),
    CONSTRAINT intake_reexaminations_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE INDEX intake_reexaminations_intake_id_commune_id_idx ON intake_reexaminations (intake_id, commune_id)
--;
CREATE TABLE intake_grants (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    origin_unit_id integer NOT NULL,
    grantee_commune_id integer NOT NULL,
    kind text NOT NULL,
    granted_at timestamptz NOT NULL,
    granted_by uuid NOT NULL,
    ended_at timestamptz,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_grants_pkey PRIMARY KEY (id),
    CONSTRAINT intake_grants_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT intake_grants_kind_check CHECK (kind IN ('handed_over', 'reported', 'leads_case'))
)
--;
CREATE INDEX intake_grants_grantee_commune_id_idx ON intake_grants (grantee_commune_id, intake_id)
--;
CREATE INDEX intake_grants_intake_id_commune_id_idx ON intake_grants (intake_id, commune_id)
--;
CREATE TABLE intake_reporters (
    intake_id uuid NOT NULL,
    origin_unit_id integer NOT NULL,
    source_id uuid,
    kind text,
    full_name text,
    phone text,
    address text,
    relation text,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_reporters_pkey PRIMARY KEY (intake_id),
    CONSTRAINT intake_reporters_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE INDEX intake_reporters_intake_id_commune_id_idx ON intake_reporters (intake_id, commune_id)
--;
CREATE TABLE intake_transfers (
    id uuid NOT NULL,
    intake_id uuid NOT NULL,
    from_unit_id integer NOT NULL,
    to_unit_id integer NOT NULL,
    reason text NOT NULL,
    happened_at timestamptz NOT NULL,
    transferred_at timestamptz NOT NULL,
    transferred_by uuid NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_transfers_pkey PRIMARY KEY (id),
    CONSTRAINT intake_transfers_intake_id_commune_id_fkey FOREIGN KEY(intake_id, commune_id) REFERENCES intakes (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE INDEX intake_transfers_intake_id_commune_id_idx ON intake_transfers (intake_id, commune_id)
--;
CREATE TABLE intake_safety_measures (
    id uuid NOT NULL,
    assessment_id uuid NOT NULL,
    intake_id uuid NOT NULL,
    kind text NOT NULL,
    description text NOT NULL,
    responsible text,
    happened_at timestamptz NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT intake_safety_measures_pkey PRIMARY KEY (id),
    CONSTRAINT intake_safety_measures_assessment_id_commune_id_fkey FOREIGN KEY(assessment_id, commune_id) REFERENCES intake_assessments (id, commune_id) ON UPDATE CASCADE
)
--;
CREATE INDEX intake_safety_measures_assessment_id_commune_id_idx ON intake_safety_measures (assessment_id, commune_id)
--;
CREATE INDEX intake_safety_measures_intake_id_idx ON intake_safety_measures (intake_id, commune_id)
