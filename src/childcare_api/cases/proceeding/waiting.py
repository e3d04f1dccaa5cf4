"""What a file has under way of proceedings: what nobody did that was asked, and a release nobody prepared for."""

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile


def done_for(file: CaseFile, step: CaseStep) -> CaseStep | None:
    """Return the step by which something asked was done, or a release prepared for, if one counts."""
    kinds = (StepKind.PROCEEDING_ANSWERED, StepKind.RELEASE_PREPARED)
    return next((one for kind in kinds for one in file.counting(kind) if one.about_id == step.id), None)


def unanswered(file: CaseFile) -> list[CaseStep]:
    """Return what authorities asked for and nobody did (LQ, Điều 72.2 to 72.4)."""
    return [step for step in file.counting(StepKind.PROCEEDING) if done_for(file, step) is None]


def release_ahead(file: CaseFile) -> CaseStep | None:
    """Return the notice of a release that nobody prepared for; a newer notice takes the place of the older one."""
    newest = max(file.counting(StepKind.RELEASE_NOTICE), key=lambda step: step.position, default=None)
    return None if newest is None or done_for(file, newest) is not None else newest


def of_proceedings(file: CaseFile) -> list[CaseStep]:
    """Return both, in the order they were recorded: what a case is not closed over."""
    ahead = release_ahead(file)
    found = [*unanswered(file), *([] if ahead is None else [ahead])]
    return sorted(found, key=lambda step: step.position)
