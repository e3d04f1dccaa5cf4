DROP FUNCTION colleagues
--;
DROP PROCEDURE access.let_in
--;
DROP FUNCTION access.enter
--;
DROP TABLE login_attempts, revoked_tokens, refresh_tokens, sessions, machine_secrets, machine_clients, assignments,
    credentials, users
--;
DROP FUNCTION access.is_administrator
