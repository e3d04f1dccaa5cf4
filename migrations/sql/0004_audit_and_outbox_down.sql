DROP FUNCTION access.stored_answer
--;
DROP TABLE idempotency_keys
--;
DROP TABLE outbox
--;
DROP PROCEDURE audit.make_partitions
--;
DROP TABLE audit.events
--;
DROP SEQUENCE audit.events_id_seq
