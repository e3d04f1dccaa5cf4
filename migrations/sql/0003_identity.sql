-- People, machines, what they are assigned to, and how they prove who they are.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL CONSTRAINT users_username_key UNIQUE,
    display_name text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    disabled_by uuid,
    row_version integer NOT NULL DEFAULT 1,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT users_disabled_check CHECK ((disabled_at IS NULL) = (disabled_by IS NULL)),
    CONSTRAINT users_username_lower_check CHECK (username = lower(username))
)
--;
CREATE INDEX users_commune_id_idx ON users (commune_id, id)
--;
CREATE INDEX users_province_id_idx ON users (province_id, id)
--;
-- A table of its own, so that no role but one can read a hash, not even by selecting every column of a person.
CREATE TABLE credentials (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    password_hash text NOT NULL,
    changed_at timestamptz NOT NULL
)
--;
CREATE TABLE assignments (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    role text NOT NULL,
    level text NOT NULL,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    source_id uuid,
    -- What stands under a leader's signature; empty where nobody has said it.
    position text,
    acting_for_assignment_id uuid REFERENCES assignments (id),
    valid_from date NOT NULL,
    valid_to date,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by uuid,
    row_version integer NOT NULL DEFAULT 1,
    CONSTRAINT assignments_period_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT assignments_revoked_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL)),
    CONSTRAINT assignments_position_check CHECK (position IN ('chair', 'acting_chair', 'deputy_chair')),
    CONSTRAINT assignments_position_role_check CHECK (position IS NULL OR role IN ('commune_leader', 'province_leader')),
    CONSTRAINT assignments_role_check CHECK (CASE role
        WHEN 'village_collaborator' THEN level = 'village'
        WHEN 'commune_officer' THEN level = 'commune' WHEN 'commune_leader' THEN level = 'commune'
        WHEN 'district_officer' THEN level = 'district'
        WHEN 'province_officer' THEN level = 'province' WHEN 'province_leader' THEN level = 'province'
        WHEN 'central_analyst' THEN level = 'central' WHEN 'hotline_operator' THEN level IN ('central', 'province')
        WHEN 'inspector' THEN level IN ('central', 'province', 'district', 'commune')
        WHEN 'administrator' THEN level IN ('central', 'province', 'district', 'commune') ELSE false END),
    -- The level draws the wall and these columns say where: one that sees a province is no row of a commune.
    CONSTRAINT assignments_holder_check CHECK (CASE level
        WHEN 'village' THEN village_id = unit_id AND commune_id IS NOT NULL AND province_id IS NOT NULL
        WHEN 'commune' THEN village_id IS NULL AND commune_id IS NOT NULL AND province_id IS NOT NULL
        WHEN 'district' THEN num_nonnulls(village_id, commune_id) = 0 AND num_nonnulls(district_id, province_id) = 2
        WHEN 'province' THEN num_nonnulls(village_id, commune_id, district_id) = 0 AND province_id IS NOT NULL
        WHEN 'central' THEN num_nonnulls(village_id, commune_id, district_id, province_id) = 0 ELSE false END),
    CONSTRAINT assignments_acting_check CHECK (acting_for_assignment_id IS NULL OR valid_to IS NOT NULL)
)
--;
CREATE INDEX assignments_user_id_idx ON assignments (user_id)
--;
CREATE INDEX assignments_commune_id_idx ON assignments (commune_id)
--;
CREATE INDEX assignments_acting_for_assignment_id_idx ON assignments (acting_for_assignment_id)
--;
CREATE UNIQUE INDEX assignments_default_key ON assignments (user_id) WHERE is_default AND revoked_at IS NULL
--;
CREATE TABLE machine_clients (
    id uuid PRIMARY KEY,
    client_id text NOT NULL CONSTRAINT machine_clients_client_id_key UNIQUE,
    name text NOT NULL,
    scopes text[] NOT NULL,
    source_id uuid CONSTRAINT machine_clients_source_id_key UNIQUE,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    disabled_by uuid,
    row_version integer NOT NULL DEFAULT 1,
    unit_id integer NOT NULL,
    village_id integer,
    commune_id integer,
    district_id integer,
    province_id integer,
    CONSTRAINT machine_clients_disabled_check CHECK ((disabled_at IS NULL) = (disabled_by IS NULL))
)
--;
CREATE INDEX machine_clients_province_id_idx ON machine_clients (province_id, id)
--;
CREATE TABLE machine_secrets (
    id uuid PRIMARY KEY,
    machine_client_id uuid NOT NULL REFERENCES machine_clients (id),
    secret_digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by uuid,
    CONSTRAINT machine_secrets_revoked_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
)
--;
CREATE INDEX machine_secrets_machine_client_id_idx ON machine_secrets (machine_client_id)
--;
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users (id),
    machine_client_id uuid REFERENCES machine_clients (id),
    assignment_id uuid REFERENCES assignments (id),
    refresh_seed bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT sessions_subject_check CHECK (num_nonnulls(user_id, machine_client_id) = 1)
)
--;
CREATE INDEX sessions_user_id_idx ON sessions (user_id)
--;
CREATE INDEX sessions_machine_client_id_idx ON sessions (machine_client_id)
--;
CREATE INDEX sessions_assignment_id_idx ON sessions (assignment_id)
--;
CREATE TABLE refresh_tokens (
    token_digest bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id),
    successor_digest bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
)
--;
CREATE INDEX refresh_tokens_session_id_idx ON refresh_tokens (session_id)
--;
CREATE TABLE revoked_tokens (
    id uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
)
--;
CREATE TABLE login_attempts (
    id uuid PRIMARY KEY,
    account_digest bytea NOT NULL,
    address inet NOT NULL,
    attempted_at timestamptz NOT NULL,
    outcome text NOT NULL,
    CONSTRAINT login_attempts_outcome_check CHECK (outcome IN ('failed', 'succeeded', 'limited'))
)
--;
CREATE INDEX login_attempts_account_digest_idx ON login_attempts (account_digest, attempted_at)
--;
CREATE INDEX login_attempts_address_idx ON login_attempts (address, attempted_at)
