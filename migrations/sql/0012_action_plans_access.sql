-- Who reaches plans, their parts and their reports. Issued plans are public papers: besides the equality
-- policies of the levels, a commune also reads what was issued above it in its province, and everyone what the country
-- issued. These tables stay small, so the OR of two policies costs nothing here.
DO $$
-- The same wall around each table; the parts of a plan can be changed while it is a draft, whoever asks.
DECLARE
    target text;
    above text := 'commune_id IS NULL AND %s AND (province_id = (SELECT nullif(current_setting(''app.province_id'', true), '''')::int) OR province_id IS NULL)';
    draft text := 'EXISTS (SELECT FROM action_plans p WHERE p.id = plan_id AND p.status = ''draft'')';
    issued text;
BEGIN
    FOREACH target IN ARRAY ARRAY['action_plans', 'plan_legal_bases', 'plan_targets', 'plan_budget_lines', 'plan_staffing_lines', 'report_obligations'] LOOP
        issued := CASE target WHEN 'action_plans' THEN 'status = ''issued'''
            ELSE 'EXISTS (SELECT FROM action_plans p WHERE p.id = plan_id AND p.status = ''issued'')' END;
        EXECUTE format('CALL access.protect(%L, ARRAY[''commune'', ''district'', ''province''])', target);
        EXECUTE format('CREATE POLICY issued_above ON %I FOR SELECT TO childcare_commune, childcare_district, childcare_province USING (%s)', target, format(above, issued));
        EXECUTE format('CREATE POLICY central ON %I TO childcare_central USING (true) WITH CHECK (province_id IS NULL)', target);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO childcare_commune, childcare_province, childcare_central', target);
        EXECUTE format('GRANT SELECT ON %I TO childcare_district', target);
        IF target <> 'action_plans' THEN
            EXECUTE format('GRANT DELETE ON %I TO childcare_commune, childcare_province, childcare_central', target);
            EXECUTE format('CREATE POLICY draft_insert ON %I AS RESTRICTIVE FOR INSERT TO childcare_commune, childcare_province, childcare_central WITH CHECK (%s)', target, draft);
            EXECUTE format('CREATE POLICY draft_update ON %I AS RESTRICTIVE FOR UPDATE TO childcare_commune, childcare_province, childcare_central USING (%s)', target, draft);
            EXECUTE format('CREATE POLICY draft_delete ON %I AS RESTRICTIVE FOR DELETE TO childcare_commune, childcare_province, childcare_central USING (%s)', target, draft);
        END IF;
    END LOOP;
END
$$
--;
-- A plan loaded from its source stays as it was published: a row can neither become one nor stop being one here.
CREATE POLICY source_stays ON action_plans AS RESTRICTIVE FOR UPDATE
    TO childcare_commune, childcare_province, childcare_central USING (true) WITH CHECK (source_key IS NULL)
--;
CREATE POLICY source_is_loaded ON action_plans AS RESTRICTIVE FOR INSERT
    TO childcare_commune, childcare_province, childcare_central WITH CHECK (source_key IS NULL)
--;
REVOKE UPDATE ON action_plans FROM childcare_commune, childcare_province, childcare_central
--;
GRANT UPDATE (parent_plan_id, title, number, number_note, issued_on, issued_on_precision, period_from, period_to,
    objective, status, changed_at, changed_by, issued_at, issued_by, row_version) ON action_plans
    TO childcare_commune, childcare_province, childcare_central
--;
CALL access.protect('plan_measurements', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY issued_above ON plan_measurements FOR SELECT TO childcare_commune, childcare_district, childcare_province
    USING (commune_id IS NULL AND EXISTS (SELECT FROM plan_targets t WHERE t.id = target_id))
--;
CREATE POLICY central ON plan_measurements TO childcare_central USING (true) WITH CHECK (province_id IS NULL)
--;
GRANT SELECT, INSERT, UPDATE ON plan_measurements TO childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON plan_measurements TO childcare_district
--;
CALL access.protect('plan_target_activities', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY central ON plan_target_activities TO childcare_central USING (true) WITH CHECK (province_id IS NULL)
--;
GRANT SELECT, INSERT ON plan_target_activities TO childcare_commune, childcare_province, childcare_central
--;
GRANT SELECT ON plan_target_activities TO childcare_district
--;
CALL access.protect('reports', ARRAY['commune', 'district', 'province'])
--;
CREATE POLICY central ON reports TO childcare_central USING (true) WITH CHECK (true)
--;
GRANT SELECT, INSERT, UPDATE ON reports TO childcare_commune, childcare_province
--;
GRANT SELECT, UPDATE ON reports TO childcare_central
--;
GRANT SELECT ON reports TO childcare_district
