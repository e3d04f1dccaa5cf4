"""What can go wrong with joining a report to a case."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from childcare_api.cases.file.models import CaseStep
from childcare_api.shared import clock
from childcare_api.shared.problems import Problem, Spoken
from childcare_api.units.labels import label


class ReportJoined(Problem):
    """The report on that child is in the case already."""

    status = 409
    title_en, title_vi = "The report is in this case", "Thông tin này đã có trong hồ sơ"
    detail_en = "Nothing more is needed: the case has this report."
    detail_vi = "Không cần làm gì thêm: hồ sơ đã có thông tin này."


def _waits(waits: list[dict[str, str]]) -> Spoken:
    said = [(label(one["kind"], "case_step_kinds"), date.fromisoformat(one["day"])) for one in waits]
    return Spoken(
        "; ".join(f"{kind.en} ({day.isoformat()})" for kind, day in said),
        "; ".join(f"{kind.vi} ({day:%d/%m/%Y})" for kind, day in said),
    )


class CaseNotSettled(Problem):
    """Something of the case is under way, which nobody would see to any more; `waits` says what, since when."""

    status = 409
    title_en, title_vi = "Something of this case is under way", "Hồ sơ này còn việc chưa xong"
    detail_en = (
        "Do, withdraw or end this, or have it answered, before the case is joined, closed or marked: {waits_en}."
    )
    detail_vi = "Trước khi ghép, kết thúc, đánh dấu hồ sơ, hãy làm, rút, chấm dứt, chờ trả lời việc sau: {waits_vi}."
    spoken: ClassVar = {"waits": _waits}


def not_settled(steps: Iterable[CaseStep]) -> CaseNotSettled:
    """Return the problem for the steps that are under way."""
    waits = [
        {"step_id": str(step.id), "kind": step.kind, "day": clock.day_of(step.happened_at).isoformat()}
        for step in steps
    ]
    return CaseNotSettled(step_ids=[one["step_id"] for one in waits], waits=waits)


class CasesOfTwoChildren(Problem):
    """The two cases are linked to two children of the register. Correct the wrong link first."""

    status = 409
    title_en, title_vi = "The cases are of two children", "Hai hồ sơ của hai trẻ em khác nhau"
    detail_en = "Correct the link that is wrong (`POST …/link-child`), then join them."
    detail_vi = "Hãy sửa liên kết sai (`POST …/link-child`) rồi mới ghép."
