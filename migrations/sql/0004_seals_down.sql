DROP FUNCTION audit.actors_of(bigint[]), audit.events_about(text[], text, text, uuid, timestamptz, timestamptz, bigint, integer), audit.is_about(audit.events, text[], text, text, uuid),
    audit.standing(),
    audit.verify(bigint, integer), audit.seal_fault(audit.seals), audit.seals_after(bigint, integer),
    audit.seal(timestamptz, integer), audit.seal_hash(audit.seals), audit.digest(audit.events)
--;
DROP TABLE audit.seals
