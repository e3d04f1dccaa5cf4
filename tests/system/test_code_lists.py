"""What fields take is what the code lists say, so that a client can show every value in words."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from childcare_api.action_plans.measuring.rules import ValueType
from childcare_api.action_plans.reporting import schemas as reporting
from childcare_api.action_plans.reporting.rules import ReportStatus
from childcare_api.activities import schemas as activities
from childcare_api.agencies import schemas as agencies
from childcare_api.agencies.providers import schemas as providers
from childcare_api.agencies.providers.rules import Standing
from childcare_api.alternative_care import schemas as carers
from childcare_api.alternative_care.facility_lists.rules import Status as FacilityChildStatus
from childcare_api.alternative_care.rules import CONDITIONS
from childcare_api.cases.assessing import schemas as assessing
from childcare_api.cases.caring import schemas as caring
from childcare_api.cases.consenting import schemas as consenting
from childcare_api.cases.file import models as case_models
from childcare_api.cases.file import schemas as case_schemas
from childcare_api.cases.following import schemas as following
from childcare_api.cases.gathering.rules import PAPERS
from childcare_api.cases.gathering.schemas import WrittenPaper
from childcare_api.cases.guarding import models as guarding
from childcare_api.cases.people import schemas as people
from childcare_api.cases.placing import needing, offers
from childcare_api.cases.placing import schemas as placing
from childcare_api.cases.planning import schemas as planning
from childcare_api.cases.planning.errors import PlanNotInState
from childcare_api.cases.planning.rules import CONTENTS
from childcare_api.cases.proceeding import schemas as proceeding
from childcare_api.cases.protecting import schemas as protecting
from childcare_api.cases.referring.models import ReferralStatus
from childcare_api.cases.sending import schemas as sending
from childcare_api.cases.separating import schemas as separating
from childcare_api.cases.separating.rules import FOLLOWING
from childcare_api.cases.transferring.models import TransferStatus
from childcare_api.children import schemas as children
from childcare_api.children.households import schemas as households
from childcare_api.children.moving.schemas import MoveStatus
from childcare_api.identity import schemas as identity
from childcare_api.intake import rules as intake_rules
from childcare_api.intake import schemas as intake
from childcare_api.intake.errors import IntakeStatusForbids
from childcare_api.intake.receiving import schemas as receiving
from childcare_api.shared.problems import every_problem
from childcare_api.units import schemas as units
from childcare_api.units.labels import label

SOURCES = Path(__file__).parents[2] / "src"
EQUAL = [
    ("activity_kinds", get_args(activities.ActivityKind)),
    ("emergency_grounds", get_args(intake_rules.Ground)),
    ("evidence_kinds", get_args(activities.EvidenceKind)),
    ("poverty_statuses", get_args(households.Poverty)),
    ("report_kinds", get_args(reporting.ReportKind)),
    ("abuse_types", get_args(receiving.AbuseType)),
    ("agency_kinds", get_args(agencies.AgencyKind)),
    ("alternative_care_grounds", get_args(needing.CareGround)),
    ("care_orders", get_args(offers.CareOrder)),
    ("parent_states", get_args(needing.ParentState)),
    ("facility_grounds", get_args(placing.FacilityGround)),
    ("care_dossier_papers", tuple(PAPERS)),
    ("placement_consent_grounds", get_args(consenting.CareConsentGround)),
    ("placement_destinations", get_args(placing.GoesTo)),
    ("placement_end_grounds", get_args(placing.EndGround)),
    ("placement_visit_occasions", get_args(caring.VisitOccasion)),
    ("attendee_roles", get_args(assessing.AttendeeRole)),
    ("birth_registrations", get_args(children.BirthRegistration)),
    ("carer_findings", get_args(carers.Met)),
    ("carer_conditions", get_args(carers.Condition)),
    ("carer_end_reasons", get_args(carers.EndGround)),
    ("carer_statuses", get_args(carers.CarerStatus)),
    ("facility_child_statuses", get_args(FacilityChildStatus)),
    ("case_statuses", tuple(case_models.CaseStatus)),
    ("case_step_kinds", tuple(case_models.StepKind)),
    ("channels", get_args(receiving.Channel)),
    ("closure_reasons", get_args(case_schemas.CloseReason)),
    ("circumstance_evidence_kinds", get_args(children.EvidenceKind)),
    ("confidentiality_levels", get_args(receiving.Confidentiality)),
    ("date_precisions", get_args(children.BirthPrecision)),
    ("emergency_measures", get_args(protecting.Measure)),
    ("handover_bodies", get_args(protecting.HandoverBody)),
    ("exclusion_grounds", tuple(guarding.ExclusionGround)),
    ("harm_levels", get_args(receiving.Grade)),
    ("harm_levels", get_args(assessing.Level)),
    ("health_cards", get_args(children.HealthCard)),
    ("identifier_kinds", get_args(children.IdentifierKind)),
    ("leader_positions", get_args(identity.LeaderPosition)),
    ("intake_statuses", get_args(intake.Status)),
    ("party_roles", get_args(people.PartyRole)),
    ("protection_levels", get_args(providers.ProtectionLevel)),
    ("provider_licence_kinds", get_args(providers.LicenceKind)),
    ("provider_ownerships", get_args(providers.Ownership)),
    ("provider_restriction_grounds", get_args(providers.RestrictionGround)),
    ("provider_services", get_args(providers.ProviderService)),
    ("provider_specialities", get_args(providers.Speciality)),
    ("relations", get_args(receiving.Relation)),
    ("report_categories", get_args(receiving.Category)),
    ("reporter_kinds", get_args(receiving.ReporterKind)),
    ("review_outcomes", tuple(case_models.ReviewOutcome)),
    ("safety_measures", get_args(intake.SafetyMeasure.model_fields["kind"].annotation)),
    ("schoolings", get_args(children.Schooling)),
    ("court_measures", get_args(separating.CourtMeasure)),
    ("sending_ways", get_args(sending.Way)),
    ("proceeding_matters", get_args(proceeding.Matter)),
    ("proceeding_roles", get_args(proceeding.ChildRole)),
    ("proceeding_requests", get_args(proceeding.Asked)),
    ("served_measures", get_args(proceeding.ServedMeasure)),
    ("separation_grounds", get_args(separating.SeparationGround)),
    ("service_progresses", get_args(following.Progress)),
    ("service_groups", get_args(assessing.NeedGroup)),
    ("stay_kinds", get_args(separating.StayKind)),
    ("sexes", get_args(receiving.Sex)),
    ("intervention_plan_statuses", tuple(case_models.PlanStatus)),
    ("referral_statuses", tuple(ReferralStatus)),
    ("offer_statuses", tuple(TransferStatus)),
    ("offer_statuses", get_args(MoveStatus)),
    ("report_statuses", get_args(ReportStatus)),
    ("target_values", get_args(ValueType)),
    ("separation_followings", [one.what for one in FOLLOWING]),
    ("sexes", get_args(children.Sex)),
]
# Lists that hold more than one field takes.
WIDER = [
    ("care_dossier_papers", get_args(WrittenPaper)),
    ("alternative_care_forms", get_args(placing.CareForm)),
    ("relations", get_args(needing.RelativeRelation)),
    ("date_precisions", get_args(children.DayPrecision)),
    ("protection_levels", get_args(planning.ProtectionLevel)),
    ("relations", get_args(consenting.CareConsentGiver)),
    ("relations", get_args(children.GuardianRelation)),
    # Districts are no longer in force.
    ("unit_levels", [level for level in get_args(units.UnitLevel) if level != "district"]),
]


async def codes_of(client, name):
    answer = await client.get(f"/code-lists/{name}")
    assert answer.status_code == 200, name
    return {entry["code"] for entry in answer.json()["entries"]}


@pytest.mark.parametrize(("name", "accepted"), EQUAL)
async def test_a_field_takes_exactly_the_codes_of_its_list(sa_pa_officer, name, accepted):
    assert accepted
    assert await codes_of(sa_pa_officer, name) == set(accepted)


@pytest.mark.parametrize(("name", "accepted"), WIDER)
async def test_a_field_takes_only_codes_of_its_list(sa_pa_officer, name, accepted):
    assert accepted
    assert set(accepted) <= await codes_of(sa_pa_officer, name)


def test_whatever_is_lacking_has_words():
    """Each thing that the law asks for and that a record lacks is told by code, in both languages, and by article."""
    named = {"Lack": set(), "Missing": set()}
    for file in SOURCES.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(getattr(call, "func", None), "id", "")
            if name in named and isinstance(call.args[0], ast.Constant):
                named[name].add(call.args[0].value)
    assert min(map(len, named.values())) > 10
    standings = {f"provider_{one}" for one in get_args(Standing)} - {"provider_licensed"}
    told = [
        label(code, "placement_obstacles", "carer_conditions") for code in named["Lack"] | standings | set(CONDITIONS)
    ]
    told += [label(code, "dossier_contents") for code in named["Missing"] | set(CONTENTS)]
    assert all(words.vi != words.en for words in told)


def test_a_refusal_says_in_words_where_a_record_stands_and_what_to_do_from_there():
    """A code in a sentence is no sentence; a state alone leaves whoever reads it to guess the way on."""
    spoken = [problem for problem in every_problem() if problem.spoken]
    assert len(spoken) > 8
    for problem in spoken:
        for name in problem.spoken:
            assert f"{{{name}}}" not in problem.detail_en + problem.detail_vi, problem.code
            assert (f"{{{name}_en}}" in problem.detail_en, f"{{{name}_vi}}" in problem.detail_vi) == (True, True)
    for status in get_args(intake.Status):
        told = IntakeStatusForbids(intake_status=status)
        assert f"“{label(status, 'intake_statuses').en}”" in told.detail("en"), status
        assert "`POST /intakes" in told.detail("vi"), status
    for status in case_models.PlanStatus:
        told = PlanNotInState(plan_status=status)
        assert f"“{label(status, 'intervention_plan_statuses').vi}”" in told.detail("vi"), status
        assert "…/" in told.detail("en"), status


def test_what_is_entered_in_error_has_one_name_in_vietnamese():
    """That of the glossary (ghi nhầm): under two names a mark on a paper and its refusal would be two things."""
    texts = {
        file.name: file.read_text(encoding="utf-8").lower()
        for pattern in ("*.py", "code_lists/*.json")
        for file in SOURCES.rglob(pattern)
    }
    assert sum("ghi nhầm" in text for text in texts.values()) > 4
    assert [name for name, text in texts.items() if "nhập sai" in text or "nhập nhầm" in text] == []
