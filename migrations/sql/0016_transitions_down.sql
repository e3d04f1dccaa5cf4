CREATE OR REPLACE FUNCTION case_step_says_no(p_step case_steps) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p_step.kind = 'placement_declined'
$$
--;
DROP FUNCTION tell_cases_of_update, mark_update_in_cases, steps_of_update, updates_missed, words_for_case
--;
CREATE OR REPLACE FUNCTION report_was_updated(p_update uuid, p_now timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
-- Write what was added to a report into the open cases it stands in, and say how many: there are none yet, and what
-- brings cases replaces this. For functions of the gate alone.
BEGIN
    RETURN 0;
END
$$
--;
DROP FUNCTION child_move_answer, child_move_clock, open_cases_of_child, child_has_open_case
--;
DROP TABLE child_moves
--;
DROP FUNCTION case_take_over, case_transfer_decline, case_transfer_answered, case_transfer_locked, offer_is_open_to_me, child_moves_over, child_parts_follow, access.parts_follow
--;
CREATE OR REPLACE FUNCTION case_step_is_of_my_making(p_step uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (
        SELECT FROM case_steps s WHERE s.id = p_step AND s.origin_commune_id = access.setting_int('app.commune_id')
    )
$$
--;
DROP POLICY granted ON case_steps
--;
CREATE POLICY granted ON case_steps FOR SELECT TO childcare_commune_granted
    USING (EXISTS (SELECT FROM case_grants g WHERE g.case_id = case_steps.case_id AND case_steps.kind = ANY (g.kinds)))
--;
DROP FUNCTION care_is_of_mine
--;
DROP TABLE case_transfers
--;
DROP FUNCTION case_tasks_of_step_end, case_referral_answer, case_told_from_elsewhere, case_step_from_elsewhere
--;
DROP POLICY granted ON case_plan_services
--;
REVOKE SELECT ON case_plan_services FROM childcare_commune_granted
--;
DROP TABLE case_referral_answers
--;
DROP TABLE case_referrals
