DROP POLICY sealed ON case_transfers
--;
DROP TRIGGER seals_what_is_joined ON case_reports
--;
DROP FUNCTION case_seals_what_is_joined
--;
DROP TRIGGER seals_its_reports ON cases
--;
DROP FUNCTION case_seals_its_reports
--;
DROP FUNCTION recipient_works_there, case_clocks
--;
DROP POLICY kept ON tasks
--;
DROP POLICY kept ON cases
--;
DROP POLICY kept ON intakes
--;
DROP POLICY kept_steps ON case_steps
--;
DROP POLICY kept_grants ON case_grants
--;
DROP POLICY kept_recipients ON case_recipients
--;
DROP POLICY offered ON tasks
--;
DROP FUNCTION case_tell_here, case_is_seen_there, offered_task_is_open_to_me
--;
DROP POLICY granted ON case_recipients
--;
DROP INDEX intakes_sealed_idx, cases_sealed_idx
--;
DROP POLICY sealed ON intakes
--;
DROP POLICY sealed ON cases
--;
DROP POLICY sealed_elsewhere ON cases
--;
ALTER TABLE case_parties DROP COLUMN user_id
--;
DROP TRIGGER exclusions_follow ON case_reports
--;
DROP FUNCTION exclusions_follow
--;
DROP FUNCTION lift_exclusion, end_exclusion
--;
DROP FUNCTION exclude_person, exclude_elsewhere, keep_from_all, exclusions_named_here, lift_exclusion_elsewhere,
    works_where_granted, case_is_granted_to_me
--;
DROP FUNCTION works_here
--;
DROP FUNCTION hanging_together
--;
DO $$
DECLARE
    wall record;
BEGIN
    FOR wall IN SELECT policyname, schemaname, tablename FROM pg_policies WHERE policyname IN ('excluded', 'concealed', 'of_a_case') LOOP
        EXECUTE format('DROP POLICY %I ON %I.%I', wall.policyname, wall.schemaname, wall.tablename);
    END LOOP;
END
$$
--;
DROP PROCEDURE access.conceal_child
--;
DROP PROCEDURE access.conceal_part
--;
DROP PROCEDURE access.conceal
