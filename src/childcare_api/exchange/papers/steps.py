"""What the kinds of step that papers are made from say beyond their heads."""

from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.file.models import StepDetail, StepKind
from childcare_api.cases.following.models import CaseReview, CaseService
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.people.models import CaseParty
from childcare_api.cases.placing.models import (
    CaseCareNeeds,
    CasePlacement,
    CasePlacementEnd,
    CasePlacementEndRequest,
    CasePlacementVisit,
)
from childcare_api.cases.planning.models import CaseDecision
from childcare_api.cases.proceeding.models import CaseProceeding, CaseReleaseNotice
from childcare_api.cases.protecting.models import CaseEmergencyMeasure, CaseHandover
from childcare_api.cases.referring.models import CaseReferral, CaseReferralAnswer
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.separating.models import (
    CaseCourtAnswer,
    CaseCourtRequest,
    CaseSeparation,
    CaseSeparationChange,
)
from childcare_api.cases.transferring.models import CaseTransfer

DETAILS: tuple[tuple[StepKind, type[StepDetail]], ...] = (
    (StepKind.OPENING, CaseReport),
    (StepKind.PARTY, CaseParty),
    (StepKind.EMERGENCY_MEASURE, CaseEmergencyMeasure),
    (StepKind.HANDOVER, CaseHandover),
    (StepKind.ASSESSMENT, CaseAssessment),
    (StepKind.MEETING, CaseMeeting),
    (StepKind.PLAN_APPROVED, CaseDecision),
    (StepKind.SERVICE, CaseService),
    (StepKind.REVIEW, CaseReview),
    (StepKind.SEPARATION, CaseSeparation),
    (StepKind.SEPARATION_EXTENDED, CaseSeparationChange),
    (StepKind.SEPARATION_CANCELLED, CaseSeparationChange),
    (StepKind.CARE_NEEDS, CaseCareNeeds),
    (StepKind.CARE_PAPERS, CaseCarePapers),
    (StepKind.FAMILY_NOTICE, CaseFamilyNotice),
    (StepKind.PLACEMENT, CasePlacement),
    (StepKind.PLACEMENT_VISIT, CasePlacementVisit),
    (StepKind.PLACEMENT_END_REQUESTED, CasePlacementEndRequest),
    (StepKind.PLACEMENT_ENDED, CasePlacementEnd),
    (StepKind.TRANSFER_OFFERED, CaseTransfer),
    (StepKind.REPORT_JOINED, CaseReport),
    (StepKind.COURT_REQUEST, CaseCourtRequest),
    (StepKind.COURT_GRANTED, CaseCourtAnswer),
    (StepKind.COURT_REFUSED, CaseCourtAnswer),
    (StepKind.COURT_WITHDRAWN, CaseCourtAnswer),
    (StepKind.PROCEEDING, CaseProceeding),
    (StepKind.RELEASE_NOTICE, CaseReleaseNotice),
    (StepKind.DECISION_SENT, CaseSending),
    (StepKind.PLAN_REFUSED, CasePlanRefusal),
    (StepKind.REFERRAL, CaseReferral),
    (StepKind.REFERRAL_ANSWERED, CaseReferralAnswer),
)
"""Which table holds it."""
