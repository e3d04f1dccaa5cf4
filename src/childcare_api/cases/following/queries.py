"""Reading reviews."""

from childcare_api.cases.assessing.rules import totals
from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.file.queries import CaseFile, told
from childcare_api.cases.following.models import CaseReview
from childcare_api.cases.following.rules import doubts
from childcare_api.cases.following.schemas import ReviewNoticeOut, ReviewOut


def review_out(file: CaseFile, step: CaseStep, review: CaseReview) -> ReviewOut:
    """Return the answer for a review, with the grid added up."""
    grid = (review.harm_remaining, review.harm_doer_access, review.care_obstacles, review.self_protection)
    return told(ReviewOut, file, step, review, outcome=step.outcome, totals=totals(grid), warnings=warnings_of(review))


def warnings_of(review: CaseReview) -> list[ReviewNoticeOut]:
    """Return where the grid of a review says otherwise than its conclusion."""
    return [ReviewNoticeOut.model_validate(one._asdict()) for one in doubts(review)]
