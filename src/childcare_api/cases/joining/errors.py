"""What can go wrong with joining a report to a case."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

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


def _waits(waits: list[dict[str, Any]]) -> Spoken:
    said = []
    for one in waits:
        kind, day = label(one["kind"], "case_step_kinds"), date.fromisoformat(one["day"])
        en, vi = [day.isoformat()], [f"{day:%d/%m/%Y}"]
        if one["authority"] is not None:
            en, vi = [*en, one["authority"]], [*vi, one["authority"]]
        if one["due_on"] is not None:
            due = date.fromisoformat(one["due_on"])
            en, vi = [*en, f"due {due.isoformat()}"], [*vi, f"hạn {due:%d/%m/%Y}"]
        said.append(Spoken(f"{kind.en} ({', '.join(en)})", f"{kind.vi} ({', '.join(vi)})"))
    return Spoken("; ".join(one.en for one in said), "; ".join(one.vi for one in said))


class CaseNotSettled(Problem):
    """Something of the case is under way, which nobody would see to any more; `waits` says what, since when.

    Of what an authority asked, and of a release, it says who asked (`authority`) and by when (`due_on`), too.
    """

    status = 409
    title_en, title_vi = "Something of this case is under way", "Hồ sơ này còn việc chưa xong"
    detail_en = (
        "Do, withdraw or end this, or have it answered, before the case is joined, closed or marked, or a grant that it"
        " goes by is revoked: {waits_en}."
    )
    detail_vi = (
        "Trước khi ghép, kết thúc, đánh dấu hồ sơ hoặc thu hồi quyền xem cần cho việc đó, hãy làm, rút, chấm dứt, chờ"
        " trả lời việc sau: {waits_vi}."
    )
    spoken: ClassVar = {"waits": _waits}


def not_settled(steps: Iterable[CaseStep], asked_by: Mapping[UUID, tuple[str, date | None]]) -> CaseNotSettled:
    """Return the problem for the steps that are under way; of some of them it is known who asked, and by when."""
    waits = []
    for step in steps:
        authority, due_on = asked_by.get(step.id, (None, None))
        waits.append(
            {
                "step_id": str(step.id),
                "kind": step.kind,
                "day": clock.day_of(step.happened_at).isoformat(),
                "authority": authority,
                "due_on": None if due_on is None else due_on.isoformat(),
            }
        )
    return CaseNotSettled(step_ids=[one["step_id"] for one in waits], waits=waits)


class CasesOfTwoChildren(Problem):
    """The two cases are linked to two children of the register. Correct the wrong link first."""

    status = 409
    title_en, title_vi = "The cases are of two children", "Hai hồ sơ của hai trẻ em khác nhau"
    detail_en = "Correct the link that is wrong (`POST …/link-child`), then join them."
    detail_vi = "Hãy sửa liên kết sai (`POST …/link-child`) rồi mới ghép."
