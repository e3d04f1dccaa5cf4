DROP FUNCTION access.enter
--;
DROP TABLE revoked_tokens, sessions, machine_clients, assignments, users
