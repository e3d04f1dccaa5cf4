"""The timeline as a page: every clock of the law as a bar over the acts, and the acts in a list below.

Twelve hours and four months stand on one page, so the axis is compressed: every stretch between two moments that
matter keeps their order and grows with the logarithm of its length.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import log1p
from typing import Literal

from childcare_api.cases.file.models import CaseStep
from childcare_api.deadlines.models import Task
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.parts import Asked, child_name, head, made
from childcare_api.exchange.papers.paper import Bar, Block, Column, Field, Heading, Mark, Paper, Picture, Table, Tick
from childcare_api.exchange.papers.queries import Material
from childcare_api.shared import clock

State = Literal["kept", "late", "running", "overdue", "cancelled"]
_HOUR = timedelta(hours=1)
_LEAST, _HARDLY = 0.35, 0.05
"""What a stretch gets beside the logarithm of its hours: from an hour on, and a moment, so that a burst stays small."""
_TICKS_APART = 0.022
_TOGETHER = tuple(0.004 * step for step in range(1, 60))
"""How close acts have to lie to share a point: as little as leaves room for all the numbers."""
_ROWS, _LETTER = 4, 0.011
"""How many rows of numbers stand above the axis, and how much of it a figure takes."""
_NOT_DONE = {"separation.place": "chưa giao chăm sóc thay thế"}
"""What a clock waited for, where "not done" alone would not say it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A compressed axis: the moments that matter, and where each lies between 0 and 1."""

    moments: tuple[datetime, ...]
    places: tuple[float, ...]

    @classmethod
    def over(cls, moments: Iterable[datetime]) -> "Axis":
        """Return the axis over moments, in whatever order."""
        ordered = sorted(set(moments))
        hours = [(after - before) / _HOUR for before, after in pairwise(ordered)]
        gaps = [_HARDLY + (_LEAST - _HARDLY) * min(hour, 1.0) + log1p(hour) for hour in hours]
        whole = sum(gaps) or 1.0
        places = [0.0]
        for gap in gaps:
            places.append(places[-1] + gap / whole)
        return cls(tuple(ordered), tuple(round(place, 5) for place in places))

    def at(self, moment: datetime) -> float:
        """Return where one of its moments lies."""
        return self.places[bisect_left(self.moments, moment)]


def state_of(task: Task, now: datetime) -> State:
    """Return how a clock stands."""
    if task.cancelled_at is not None:
        return "cancelled"
    if task.done_at is not None:
        return "kept" if task.done_at <= task.due_at else "late"
    return "overdue" if task.due_at < now else "running"


def timeline(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the picture and, below it, everything that was recorded, what was entered in error included."""
    case = material.file.case
    now = clock.now()
    picture = picture_of(material, now)
    steps = ordered(material)
    blocks: list[Block] = [
        Field("Họ và tên trẻ em", child_name(material)),
        Field("Hồ sơ mở lúc", f"{wording.moment(case.opened_at)}; tính đến {wording.moment(now)}"),
        Heading("1. Các thời hạn theo quy định"),
        picture,
        Heading("2. Các việc đã ghi nhận (theo số trên trục)"),
        Table(
            (
                Column("Số", 0.8, "centre"),
                Column("Thời gian", 2.6, "centre"),
                Column("Việc", 4),
                Column("Người ghi", 3.4),
                Column("Ghi chú", 5),
            ),
            tuple(_row(material, number, step) for number, step in enumerate(steps, start=1)),
        ),
    ]
    paper = made(
        material,
        asked,
        head=head(material.unit(case.commune_id), None, clock.day_of(now)),
        blocks=blocks,
        landscape=True,
    )
    return [paper]


def ordered(material: Material) -> list[CaseStep]:
    """Return the steps as they happened; of two at one moment the one recorded first."""
    return sorted(material.file.steps, key=lambda step: (step.happened_at, step.position))


def picture_of(material: Material, now: datetime) -> Picture:
    """Return the picture of a case's clocks."""
    steps = ordered(material)
    moments = [material.file.case.received_at, now, *(step.happened_at for step in steps)]
    for task, _ in material.tasks:
        moments += [one for one in (task.starts_at, task.due_at, _ended(task)) if one is not None]
    axis = Axis.over(moments)
    acts = [(axis.at(step.happened_at), material.holds(step)) for step in steps]
    return Picture(
        bars=tuple(_bar(axis, task, title, now) for task, title in material.tasks),
        marks=marks_of(acts),
        ticks=_ticks(axis),
        now=axis.at(now),
    )


def marks_of(acts: Sequence[tuple[float, bool]]) -> tuple[Mark, ...]:
    """Return the points of acts, given in their order as where they lie and whether they count.

    Acts of nearly one moment share a point with all their numbers; numbers that would meet stand one above the other.
    Where there is no room for that either, more acts share a point.
    """
    for together in _TOGETHER:
        marks, has_room = _marked(acts, together)
        if has_room:
            break
    return marks


def _marked(acts: Sequence[tuple[float, bool]], together: float) -> tuple[tuple[Mark, ...], bool]:
    """Return the points where acts so close share one, and whether each number has room."""
    points: list[list[int]] = []
    for number, (at, _) in enumerate(acts):
        if points and at - acts[points[-1][0]][0] < together:
            points[-1].append(number)
        else:
            points.append([number])
    ends = [-1.0] * _ROWS
    marks, has_room = [], True
    for point in points:
        at, first, last = acts[point[0]][0], point[0] + 1, point[-1] + 1
        numbers = str(first) if first == last else f"{first}–{last}"
        half = _LETTER * (len(numbers) + 1) / 2
        row = next((row for row in range(_ROWS) if ends[row] <= at - half), None)
        if row is None:
            has_room, row = False, ends.index(min(ends))
        ends[row] = at + half
        marks.append(Mark(at, numbers, any(acts[number][1] for number in point), row))
    return tuple(marks), has_room


def _ticks(axis: Axis) -> tuple[Tick, ...]:
    """Return the days under the axis: each day once, where it first occurs, and never one over another."""
    ticks: list[Tick] = []
    written: set[str] = set()
    for moment, place in zip(axis.moments, axis.places, strict=True):
        day = wording.short_day(clock.day_of(moment)) or ""
        if day not in written and (not ticks or place - ticks[-1].at >= _TICKS_APART):
            ticks.append(Tick(place, day))
            written.add(day)
    return tuple(ticks)


def _bar(axis: Axis, task: Task, title: str, now: datetime) -> Bar:
    state = state_of(task, now)
    verdict = _verdict(task, state)
    start = axis.at(task.starts_at)
    end = _ended(task) or now
    return Bar(
        title=title,
        article=task.article,
        verdict=f"{verdict} (tạm tính)" if task.provisional else verdict,
        start=start,
        due=max(axis.at(task.due_at), start),
        end=max(axis.at(end), start),
        state=state,
    )


def _ended(task: Task) -> datetime | None:
    return task.done_at or task.cancelled_at


def _verdict(task: Task, state: State) -> str:
    """Return in words how a clock stands. What nobody met and nobody wants any more was not done, and says so."""
    due = f"hạn {wording.short_moment(task.due_at)}"
    ended = _ended(task)
    at = "" if ended is None else wording.short_moment(ended)
    match state:
        case "kept":
            return f"{due}; xong {at}: trong hạn"
        case "late":
            return f"{due}; xong {at}: QUÁ HẠN"
        case "running":
            return f"{due}; đang chạy"
        case "overdue":
            return f"{due}; QUÁ HẠN, chưa xong"
        case "cancelled":
            missed = _NOT_DONE.get(task.rule_code, "chưa xong")
            late = ", lúc đó ĐÃ QUÁ HẠN" if ended is not None and ended > task.due_at else ""
            return f"{due}; {missed}; thôi áp dụng {at}{late}"


def _row(material: Material, number: int, step: CaseStep) -> tuple[str | None, ...]:
    signer = material.signers.get(step.id)
    remark = step.note
    if step.in_error_at is not None:
        remark = f"GHI NHẦM, không tính: {step.in_error_reason}"
    elif not material.holds(step):
        remark = "Không tính: căn cứ của việc này là ghi nhầm"
    act = material.words.of("case_step_kinds", step.kind)
    return (str(number), wording.short_moment(step.happened_at), act, None if signer is None else signer.name, remark)
