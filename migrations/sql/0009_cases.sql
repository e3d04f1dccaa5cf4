-- The case file: one child's case, its steps, the reports and people it is about, and who else may see some of it.
CREATE TABLE cases (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    intake_id UUID NOT NULL,
    intake_child_id UUID NOT NULL,
    sibling_group_id UUID NOT NULL,
    status TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    step_count INTEGER NOT NULL,
    emergency BOOLEAN NOT NULL,
    harm_doer_is_carer BOOLEAN NOT NULL,
    harm_doer_relations TEXT[] NOT NULL,
    harm_kinds TEXT[] NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by UUID NOT NULL,
    child_id UUID,
    child_name TEXT,
    child_name_registered boolean NOT NULL DEFAULT false,
    child_sex TEXT,
    child_born_on DATE,
    child_birth_precision TEXT,
    child_estimated_age INTEGER,
    emergency_measure_at TIMESTAMP WITH TIME ZONE,
    assessment_id UUID,
    meeting_id UUID,
    plan_id UUID,
    plan_approved_at TIMESTAMP WITH TIME ZONE,
    first_plan_approved_at TIMESTAMP WITH TIME ZONE,
    service_begun_at TIMESTAMP WITH TIME ZONE,
    review_id UUID,
    review_outcome TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by UUID,
    close_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    row_version INTEGER NOT NULL,
    CONSTRAINT cases_pkey PRIMARY KEY (id),
    CONSTRAINT cases_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT cases_holder_check CHECK (commune_id IS NOT NULL AND province_id IS NOT NULL),
    CONSTRAINT cases_status_check CHECK (status IN ('opened', 'assessed', 'planning', 'awaiting_decision', 'implementing', 'replanning', 'ready_to_close', 'closed', 'entered_in_error')),
    CONSTRAINT cases_closed_pair_check CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
    CONSTRAINT cases_closed_status_check CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT cases_intake_id_fkey FOREIGN KEY(intake_id) REFERENCES intakes (id),
    CONSTRAINT cases_intake_child_id_fkey FOREIGN KEY(intake_child_id) REFERENCES intake_children (id),
    CONSTRAINT cases_child_id_fkey FOREIGN KEY(child_id) REFERENCES children (id)
)
--;
CREATE INDEX cases_child_id_idx ON cases (child_id)
--;
CREATE INDEX cases_commune_list_idx ON cases (commune_id, opened_at, id)
--;
CREATE INDEX cases_district_list_idx ON cases (district_id, opened_at, id)
--;
CREATE INDEX cases_intake_child_id_idx ON cases (intake_child_id)
--;
CREATE UNIQUE INDEX cases_intake_child_id_key ON cases (intake_child_id) WHERE status <> 'entered_in_error'
--;
CREATE INDEX cases_intake_id_idx ON cases (intake_id)
--;
CREATE INDEX cases_province_list_idx ON cases (province_id, opened_at, id)
--;
CREATE INDEX cases_siblings_idx ON cases (commune_id, sibling_group_id)
--;
CREATE TABLE case_steps (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    case_id UUID NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    about_id UUID,
    outcome TEXT,
    stands_on UUID[] NOT NULL,
    note TEXT,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    assignment_id UUID,
    in_error_at TIMESTAMP WITH TIME ZONE,
    in_error_by UUID,
    in_error_reason TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_steps_pkey PRIMARY KEY (id),
    CONSTRAINT case_steps_case_id_commune_id_fkey FOREIGN KEY(case_id, commune_id) REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_steps_id_commune_id_key UNIQUE (id, commune_id),
    CONSTRAINT case_steps_case_id_position_key UNIQUE (case_id, position),
    CONSTRAINT case_steps_position_check CHECK (position BETWEEN 1 AND 2000),
    CONSTRAINT case_steps_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_steps_kind_check CHECK (kind IN ('opening', 'report_joined', 'report_updated', 'party', 'child_linked', 'emergency_measure', 'handover', 'separation', 'separation_extended', 'separation_cancelled', 'court_request', 'court_granted', 'court_refused', 'court_withdrawn', 'proceeding', 'proceeding_answered', 'release_notice', 'release_prepared', 'care_needs', 'care_papers', 'family_notice', 'placement_requested', 'placement_declined', 'placement_withdrawn', 'placement', 'placement_handover', 'placement_visit', 'carer_report', 'placement_end_requested', 'placement_ended', 'assessment', 'meeting', 'plan_drafted', 'plan_submitted', 'plan_returned', 'plan_approved', 'decision_sent', 'plan_refused', 'plan_refusal_ended', 'service', 'progress_note', 'referral', 'referral_answered', 'referral_withdrawn', 'review', 'closure', 'reopening', 'transfer_offered', 'transfer_accepted', 'transfer_declined', 'transfer_withdrawn', 'child_died', 'turned_sixteen', 'grant', 'grant_revoked')),
    CONSTRAINT case_steps_outcome_check CHECK (outcome IN ('end', 'continue')),
    CONSTRAINT case_steps_outcome_of_review_check CHECK ((outcome IS NOT NULL) = (kind = 'review')),
    CONSTRAINT case_steps_not_in_future_check CHECK (happened_at <= recorded_at),
    CONSTRAINT case_steps_in_error_pair_check CHECK ((in_error_at IS NULL) = (in_error_by IS NULL) AND (in_error_at IS NULL) = (in_error_reason IS NULL))
)
--;
CREATE INDEX case_steps_case_idx ON case_steps (case_id, commune_id)
--;
CREATE TABLE case_reports (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    intake_id UUID NOT NULL,
    channel TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    place_unit_id INTEGER,
    narrative TEXT,
    condition TEXT,
    initial_assessment JSONB NOT NULL,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_reports_pkey PRIMARY KEY (id),
    CONSTRAINT case_reports_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_reports_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_reports_intake_id_fkey FOREIGN KEY(intake_id) REFERENCES intakes (id)
)
--;
CREATE INDEX case_reports_intake_id_idx ON case_reports (intake_id)
--;
CREATE TABLE case_parties (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    relation TEXT NOT NULL,
    full_name TEXT,
    sex TEXT,
    born_year INTEGER,
    phone TEXT,
    address TEXT,
    occupation TEXT,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_parties_pkey PRIMARY KEY (id),
    CONSTRAINT case_parties_id_commune_id_fkey FOREIGN KEY(id, commune_id) REFERENCES case_steps (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_parties_sex_check CHECK (sex IN ('male', 'female', 'unknown')),
    CONSTRAINT case_parties_holder_check CHECK (commune_id IS NOT NULL)
)
--;
CREATE TABLE case_grants (
    id UUID NOT NULL,
    origin_commune_id INTEGER NOT NULL,
    case_id UUID NOT NULL,
    granted_commune_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    end_reason TEXT,
    until_position INTEGER,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    granted_by UUID NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by UUID,
    unit_id INTEGER NOT NULL,
    village_id INTEGER,
    commune_id INTEGER,
    district_id INTEGER,
    province_id INTEGER,
    CONSTRAINT case_grants_pkey PRIMARY KEY (id),
    CONSTRAINT case_grants_case_id_commune_id_fkey FOREIGN KEY(case_id, commune_id) REFERENCES cases (id, commune_id) ON UPDATE CASCADE,
    CONSTRAINT case_grants_holder_check CHECK (commune_id IS NOT NULL),
    CONSTRAINT case_grants_days_check CHECK (valid_to IS NULL OR valid_from <= valid_to),
    CONSTRAINT case_grants_revoked_pair_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
)
--;
CREATE INDEX case_grants_case_idx ON case_grants (case_id, commune_id)
--;
CREATE INDEX case_grants_granted_idx ON case_grants (granted_commune_id, case_id)
--;
-- The children whom a commune follows, of all that was ever opened to it: asked with every list of tasks.
CREATE INDEX case_grants_of_carer_idx ON case_grants (granted_commune_id, case_id) WHERE reason = 'commune_of_carer'
