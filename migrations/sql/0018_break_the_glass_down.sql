DROP FUNCTION access.seen_by_me, access.sees
--;
DROP FUNCTION break_the_glass, forget_glass_attempts, glass_tries_a_day
--;
DROP TABLE glass_attempts
--;
REVOKE SELECT ON children, child_circumstances, child_guardians, child_identifiers FROM childcare_commune_granted
--;
DROP POLICY glass ON case_steps
--;
DROP POLICY glass ON cases
--;
DROP POLICY glass ON child_identifiers
--;
DROP POLICY glass ON child_guardians
--;
DROP POLICY glass ON child_circumstances
--;
DROP POLICY glass ON children
--;
DROP TABLE broken_glasses
--;
DROP FUNCTION glass_review_follows
--;
DROP FUNCTION child_is_kept_from_me
