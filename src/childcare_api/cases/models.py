"""Every table of the case file, gathered from the rooms of this module."""

from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.breaking_glass.models import BrokenGlass
from childcare_api.cases.ending.models import CaseDeath
from childcare_api.cases.file.models import Case, CaseGrant, CaseStep
from childcare_api.cases.following.models import CaseReview, CaseService
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.guarding.models import CaseRecipient, Exclusion
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.overseeing.models import CareReport
from childcare_api.cases.overseeing.yearly.models import ProvinceCareReport
from childcare_api.cases.people.models import CaseParty
from childcare_api.cases.placing.models import (
    CaseCareNeeds,
    CaseCarerReport,
    CasePlacement,
    CasePlacementEnd,
    CasePlacementEndRequest,
    CasePlacementHandover,
    CasePlacementRequest,
    CasePlacementVisit,
)
from childcare_api.cases.planning.models import CaseDecision, CasePlan, CasePlanService
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

__all__ = [
    "BrokenGlass",
    "CareReport",
    "Case",
    "CaseAssessment",
    "CaseCareNeeds",
    "CaseCarePapers",
    "CaseCarerReport",
    "CaseCourtAnswer",
    "CaseCourtRequest",
    "CaseDeath",
    "CaseDecision",
    "CaseEmergencyMeasure",
    "CaseFamilyNotice",
    "CaseGrant",
    "CaseHandover",
    "CaseMeeting",
    "CaseParty",
    "CasePlacement",
    "CasePlacementEnd",
    "CasePlacementEndRequest",
    "CasePlacementHandover",
    "CasePlacementRequest",
    "CasePlacementVisit",
    "CasePlan",
    "CasePlanRefusal",
    "CasePlanService",
    "CaseProceeding",
    "CaseRecipient",
    "CaseReferral",
    "CaseReferralAnswer",
    "CaseReleaseNotice",
    "CaseReport",
    "CaseReview",
    "CaseSending",
    "CaseSeparation",
    "CaseSeparationChange",
    "CaseService",
    "CaseStep",
    "CaseTransfer",
    "Exclusion",
    "ProvinceCareReport",
]
