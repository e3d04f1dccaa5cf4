-- What the steps of alternative care say beyond their heads (NĐ 56/2017, Điều 38-48).
CREATE TABLE case_care_needs (
    ground TEXT NOT NULL,
    found_abandoned BOOLEAN NOT NULL,
    circumstances TEXT NOT NULL,
    physical_health TEXT,
    mental_health TEXT,
    learning TEXT,
    current_care TEXT,
    risks TEXT,
    causes TEXT,
    family TEXT,
    relatives JSONB NOT NULL,
    needs JSONB NOT NULL,
    child_was_asked BOOLEAN NOT NULL,
    child_wishes TEXT,
    child_not_asked_reason TEXT,
    papers JSONB NOT NULL,
    father TEXT,
    mother TEXT,
    parents_reason TEXT,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_care_needs_pkey PRIMARY KEY (id),
    CONSTRAINT case_care_needs_father_check CHECK (father IN ('left', 'dead', 'missing', 'never_known', 'rights_restricted')),
    CONSTRAINT case_care_needs_mother_check CHECK (mother IN ('left', 'dead', 'missing', 'never_known', 'rights_restricted')),
    CONSTRAINT case_care_needs_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_care_needs_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_care_papers (
    papers JSONB NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_care_papers_pkey PRIMARY KEY (id),
    CONSTRAINT case_care_papers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_care_papers_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_family_notices (
    posted_on DATE,
    until_on DATE,
    places TEXT[] NOT NULL,
    number TEXT,
    words TEXT,
    not_posted_reason TEXT,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_family_notices_pkey PRIMARY KEY (id),
    CONSTRAINT case_family_notices_posted_check CHECK ((posted_on IS NULL) = (not_posted_reason IS NOT NULL)),
    CONSTRAINT case_family_notices_days_check CHECK (posted_on <= until_on),
    CONSTRAINT case_family_notices_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_family_notices_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_placement_requests (
    carer_commune_id INTEGER NOT NULL,
    carer_id UUID,
    relation TEXT,
    message TEXT NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placement_requests_pkey PRIMARY KEY (id),
    CONSTRAINT case_placement_requests_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placement_requests_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_placement_requests_carer_id_fkey FOREIGN KEY(carer_id) REFERENCES carers (id)
)
--;
CREATE INDEX case_placement_requests_carer_id_idx ON case_placement_requests (carer_id)
--;
CREATE TABLE case_placements (
    form TEXT NOT NULL,
    temporary BOOLEAN NOT NULL,
    carer_id UUID,
    carer_commune_id INTEGER,
    provider_id UUID,
    facility_ground TEXT,
    over_places_reason TEXT,
    facility_agreed_on DATE,
    same_child_reason TEXT,
    relation TEXT,
    decided_by TEXT NOT NULL,
    issuer TEXT,
    decision_number TEXT NOT NULL,
    decided_on DATE NOT NULL,
    starts_on DATE NOT NULL,
    guardian_appointed BOOLEAN NOT NULL,
    guardian_agreed_on DATE,
    court_order_id UUID,
    left_open JSONB NOT NULL,
    child_was_asked BOOLEAN NOT NULL,
    child_opinion TEXT,
    consent_by TEXT[] NOT NULL,
    consent_on DATE,
    consent_ground TEXT,
    consent_reason TEXT,
    acting_for_id UUID,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placements_pkey PRIMARY KEY (id),
    CONSTRAINT case_placements_form_check CHECK (form IN ('relative', 'non_relative', 'facility')),
    CONSTRAINT case_placements_provider_check CHECK ((form = 'facility') = (provider_id IS NOT NULL)),
    CONSTRAINT case_placements_carer_check CHECK ((form = 'facility') = (carer_id IS NULL)),
    CONSTRAINT case_placements_carer_commune_check CHECK ((carer_id IS NULL) = (carer_commune_id IS NULL)),
    CONSTRAINT case_placements_guardian_agreed_check CHECK (guardian_appointed = (guardian_agreed_on IS NOT NULL)),
    CONSTRAINT case_placements_guardian_is_carer_check CHECK (NOT guardian_appointed OR carer_id IS NOT NULL),
    CONSTRAINT case_placements_decided_by_check CHECK (decided_by IN ('commune_chair', 'facility_authority', 'court')),
    CONSTRAINT case_placements_consent_check CHECK ((consent_ground IS NULL) = (cardinality(consent_by) > 0) AND (consent_ground IS NULL) = (consent_reason IS NULL) AND (consent_ground IS NULL) = (consent_on IS NOT NULL) OR cardinality(consent_by) = 0 AND num_nonnulls(consent_on, consent_ground, consent_reason) = 0),
    CONSTRAINT case_placements_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placements_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_placements_carer_id_fkey FOREIGN KEY(carer_id) REFERENCES carers (id),
    CONSTRAINT case_placements_provider_id_fkey FOREIGN KEY(provider_id) REFERENCES service_providers (id)
)
--;
CREATE INDEX case_placements_carer_id_idx ON case_placements (carer_id)
--;
CREATE INDEX case_placements_provider_id_idx ON case_placements (provider_id)
--;
CREATE INDEX case_placements_number_idx ON case_placements (decision_number)
--;
CREATE TABLE case_placement_handovers (
    handed_over_by TEXT NOT NULL,
    received_by TEXT NOT NULL,
    met_on DATE[] NOT NULL,
    minutes TEXT,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placement_handovers_pkey PRIMARY KEY (id),
    CONSTRAINT case_placement_handovers_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placement_handovers_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_placement_visits (
    occasion TEXT NOT NULL,
    living_conditions TEXT NOT NULL,
    health TEXT NOT NULL,
    physical TEXT,
    mental TEXT NOT NULL,
    integration TEXT NOT NULL,
    child_seen BOOLEAN NOT NULL,
    child_words TEXT,
    facility_representative TEXT,
    others_present TEXT[] NOT NULL,
    carer_harmed_child BOOLEAN NOT NULL,
    harm TEXT,
    moved_out_at TIMESTAMP WITH TIME ZONE,
    moved_to TEXT,
    proposal TEXT NOT NULL,
    proposal_note TEXT,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placement_visits_pkey PRIMARY KEY (id),
    CONSTRAINT case_placement_visits_harm_check CHECK (carer_harmed_child = (harm IS NOT NULL)),
    CONSTRAINT case_placement_visits_moved_check CHECK ((moved_out_at IS NULL) = (moved_to IS NULL)),
    CONSTRAINT case_placement_visits_moved_from_harm_check CHECK (carer_harmed_child OR moved_out_at IS NULL),
    CONSTRAINT case_placement_visits_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placement_visits_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_carer_reports (
    occasion TEXT NOT NULL,
    physical TEXT NOT NULL,
    mental TEXT NOT NULL,
    integration TEXT NOT NULL,
    other TEXT,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_carer_reports_pkey PRIMARY KEY (id),
    CONSTRAINT case_carer_reports_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_carer_reports_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_placement_end_requests (
    asked_by TEXT NOT NULL,
    ground TEXT NOT NULL,
    reason TEXT NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placement_end_requests_pkey PRIMARY KEY (id),
    CONSTRAINT case_placement_end_requests_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placement_end_requests_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_placement_ends (
    placement_id UUID NOT NULL,
    ground TEXT NOT NULL,
    decision_number TEXT,
    ended_on DATE NOT NULL,
    goes_to TEXT NOT NULL,
    reason TEXT,
    child_opinion TEXT,
    acting_for_id UUID,
    origin_commune_id INTEGER NOT NULL,
    id UUID NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_placement_ends_pkey PRIMARY KEY (id),
    CONSTRAINT case_placement_ends_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_placement_ends_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE INDEX case_placement_ends_placement_id_idx ON case_placement_ends (placement_id)
--;
CREATE INDEX case_placement_ends_number_idx ON case_placement_ends (decision_number)
