DROP TRIGGER given_once ON case_steps
--;
DROP FUNCTION care_is_given_once
--;
DROP FUNCTION decision_numbers_used
--;
CREATE OR REPLACE FUNCTION task_is_of_mine(p_kind text, p_subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- A statement for each kind: as one expression it costs a row 0.3 ms instead of 0.02.
    CASE p_kind
        WHEN 'intake' THEN RETURN NOT EXISTS (SELECT FROM intakes i WHERE i.id = p_subject AND intake_is_mine(i) IS NOT TRUE);
        WHEN 'case' THEN RETURN EXISTS (SELECT FROM cases c WHERE c.id = p_subject
                AND current_setting('role') = 'childcare_commune' AND c.commune_id = access.setting_int('app.commune_id'))
            OR case_is_newly_of_my_making(p_subject);
        -- Anything else that a clock can be about is a step of a case.
        ELSE RETURN EXISTS (SELECT FROM case_steps s WHERE s.id = p_subject
            AND current_setting('role') = 'childcare_commune' AND s.commune_id = access.setting_int('app.commune_id'));
    END CASE;
END
$$
--;
DROP FUNCTION care_to_see, is_to_be_seen, children_to_see_with, carer_seen_here, case_seen_here, case_carers_are_seen_to, carer_is_seen_to,
    children_were_seen, children_to_see
--;
DROP FUNCTION carers_found_harming, children_with_carers
--;
DROP FUNCTION facility_places_taken, lasting_placements
--;
DROP FUNCTION case_care_kept_by
--;
DROP FUNCTION placement_holds
--;
DROP FUNCTION placement_end_counts
--;
DROP FUNCTION case_mark_placing_from_elsewhere
--;
DROP FUNCTION case_place_from_elsewhere
--;
DROP FUNCTION case_act_from_incident, case_kept_apart_by_court, case_child_died_here, case_separated_here, case_moved_out, case_care_follows, case_temporary_follows
--;
DROP FUNCTION case_left_since, case_leaves_facility, case_looks_for_care, case_declined_follows, case_step_says_no, case_goes_on, case_clock_agrees, clock_stops_at
--;
DROP FUNCTION case_care_is_left
--;
DROP FUNCTION case_asked_me
--;
DROP FUNCTION placing_table_of
--;
DROP FUNCTION case_emergency_follows
--;
DROP FUNCTION case_emergencies, case_protections
--;
DROP TABLE case_placement_ends
--;
DROP TABLE case_placement_end_requests
--;
DROP TABLE case_carer_reports
--;
DROP TABLE case_placement_visits
--;
DROP TABLE case_placement_handovers
--;
DROP TABLE case_placements
--;
DROP FUNCTION facility_has_a_place
--;
DROP TABLE case_placement_requests
--;
DROP TABLE case_family_notices
--;
DROP TABLE case_care_papers
--;
DROP TABLE case_care_needs
--;
DROP FUNCTION carer_is_offered
--;
DROP FUNCTION carers_offered
--;
DROP TABLE carer_lists
--;
DROP TABLE carer_verifications
--;
DROP TABLE carer_members
--;
DROP TABLE carers
--;
DROP TABLE service_provider_inspections
--;
DROP TABLE service_provider_price_lists
--;
DROP TABLE service_provider_restrictions
--;
DROP TABLE service_provider_licences
--;
DROP TABLE service_provider_descriptions
--;
DROP TABLE service_providers
