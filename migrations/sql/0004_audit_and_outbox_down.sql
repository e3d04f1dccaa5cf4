DROP TABLE outbox
--;
DROP PROCEDURE audit.make_partitions
--;
DROP TABLE audit.events
--;
DROP SEQUENCE audit.events_id_seq
