"""What goes wrong, as facts with a code: RFC 9457 problems in Vietnamese and English.

A problem is raised anywhere, by a rule as well as by a route, and knows nothing of HTTP but its status.
Its code is the class name in snake case, is a promise to clients and never changes; its members are facts the
caller may know. What the caller sent is never among them: a problem ends up in logs of clients and proxies.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

TYPE_PREFIX = "urn:childcare-api:problem:"
PROBLEM_REF = "#/components/schemas/Problem"
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class FieldError(NamedTuple):
    """One thing wrong with one place of the body, or with one query parameter."""

    pointer: str
    code: str
    message_en: str
    message_vi: str


class Spoken(NamedTuple):
    """How a code is called in both languages."""

    en: str
    vi: str


class Problem(Exception):  # noqa: N818 - a problem is named after the fact, not after being an error
    """The base of all problems. A subclass states its status and its words; keyword arguments become members.

    `title_*` says what kind of thing happened and never changes from one occurrence to the next. `detail_*` says
    what to do about it and may name members: `"Đợi {retry_after} giây."`. The subclass's docstring stands in the
    catalogue of problems.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "problem"
    title_en: ClassVar[str] = "Something went wrong"
    title_vi: ClassVar[str] = "Đã xảy ra lỗi"
    detail_en: ClassVar[str] = ""
    detail_vi: ClassVar[str] = ""
    constraints: ClassVar[tuple[str, ...]] = ()
    """Names of database constraints that mean this problem when they fail, at the statement or at commit."""
    spoken: ClassVar[Mapping[str, Callable[[Any], Spoken]]] = {}
    """How members that are codes are said: `detail_vi` has the words for `case_status` as `{case_status_vi}`."""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = _WORD.sub("_", cls.__name__).lower()

    def __init__(
        self, *, headers: Mapping[str, str] | None = None, errors: tuple[FieldError, ...] = (), **members: object
    ) -> None:
        super().__init__(self.code)
        self.headers: dict[str, str] = dict(headers or {})
        self.errors = errors
        self.members = members

    def body(self, language: str, request_id: str) -> dict[str, Any]:
        """Return the members of the answer, in that language."""
        content: dict[str, Any] = {
            "type": TYPE_PREFIX + self.code,
            "title": self.title_vi if language == "vi" else self.title_en,
            "status": self.status,
            "detail": self.detail(language),
            "instance": f"urn:childcare-api:request:{request_id}",
            "request_id": request_id,
        }
        if self.errors:
            content["errors"] = [
                {
                    "pointer": error.pointer,
                    "code": error.code,
                    "message": error.message_vi if language == "vi" else error.message_en,
                }
                for error in self.errors
            ]
        return content | self.members

    def detail(self, language: str) -> str:
        """Return what to do about it, in that language."""
        title = self.title_vi if language == "vi" else self.title_en
        detail = (self.detail_vi if language == "vi" else self.detail_en) or title
        return detail.format_map(self.members | self._words()) if self.members else detail

    def _words(self) -> dict[str, str]:
        said = {name: say(self.members[name]) for name, say in self.spoken.items()}
        return {f"{name}_{tongue}": getattr(word, tongue) for name, word in said.items() for tongue in ("en", "vi")}


def every_problem(base: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Yield every problem class that has been imported."""
    for problem in base.__subclasses__():
        yield problem
        yield from every_problem(problem)


def problems(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return what a route writes as `responses=`: its own problems. Those of every route are added to the document."""
    answers: dict[int | str, dict[str, Any]] = {}
    for problem in classes:
        line = f"`{problem.code}`: {problem.title_en}"
        if problem.status in answers:
            answers[problem.status]["description"] += f"; {line}"
        else:
            content = {"application/problem+json": {"schema": {"$ref": PROBLEM_REF}}}
            answers[problem.status] = {"description": line, "content": content}
    return answers


class NotFound(Problem):
    """There is no such record for this caller. A record outside the caller's scope answers exactly the same."""

    status = 404
    title_en, title_vi = "Not found", "Không tìm thấy"
    detail_en, detail_vi = "There is nothing at this address for you.", "Không có nội dung nào ở địa chỉ này."

    def __init__(self, *, headers: Mapping[str, str] | None = None, **about: object) -> None:
        """Take what was looked for, so that the call reads well, and keep silent about it."""
        super().__init__(headers=headers)
        self.about = about


class MethodNotAllowed(Problem):
    """The address exists but does not know this method; `Allow` names those it knows."""

    status = 405
    title_en, title_vi = "Method not allowed", "Phương thức không được phép"
    detail_en = "Use one of the methods that `Allow` names."
    detail_vi = "Hãy dùng phương thức nêu trong `Allow`."


class Unauthenticated(Problem):
    """No valid access token came with the request. Log in or refresh the token."""

    status = 401
    title_en, title_vi = "Not authenticated", "Chưa xác thực"
    detail_en = "Send a valid access token as `Authorization: Bearer`."
    detail_vi = "Hãy gửi mã truy cập còn hiệu lực trong `Authorization: Bearer`."

    def __init__(self, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer", **(headers or {})})


class Forbidden(Problem):
    """The caller is known, and this is not theirs to do; the detail says whose it is, where roles differ in it."""

    status = 403
    title_en, title_vi = "Not permitted", "Không có quyền"
    detail_en = "Your role does not permit this."
    detail_vi = "Vai trò của bạn không được phép thực hiện việc này."

    def __init__(
        self,
        *,
        who_may: Spoken | None = None,
        headers: Mapping[str, str] | None = None,
        errors: tuple[FieldError, ...] = (),
        **members: object,
    ) -> None:
        """Take who may do it, said in both languages."""
        super().__init__(headers=headers, errors=errors, **members)
        self.who_may = who_may

    def detail(self, language: str) -> str:
        """Return that the caller may not, and who may."""
        said = super().detail(language)
        return said if self.who_may is None else f"{said} {getattr(self.who_may, language)}"


class ValidationFailed(Problem):
    """The body is not what this operation takes; `errors` points at each place."""

    status = 422
    title_en, title_vi = "The body is not valid", "Nội dung gửi lên không hợp lệ"
    detail_en, detail_vi = "See `errors` for each place.", "Xem `errors` để biết từng chỗ sai."


class BadQuery(Problem):
    """A query parameter or header is unknown, given twice, or has a value that is not one of those it takes."""

    status = 400
    title_en, title_vi = "The query is not valid", "Tham số truy vấn không hợp lệ"
    detail_en, detail_vi = "See `errors` for each parameter.", "Xem `errors` để biết từng tham số sai."


class BodyTooLarge(Problem):
    """A body has at most 1,000,000 bytes."""

    status = 413
    title_en, title_vi = "The body is too large", "Nội dung gửi lên quá lớn"
    detail_en, detail_vi = "A body has at most 1,000,000 bytes.", "Nội dung có tối đa 1.000.000 byte."


class UnsupportedMediaType(Problem):
    """Bodies are JSON in UTF-8, sent as application/json; those of `/auth/token` are forms. `expected` says which."""

    status = 415
    title_en, title_vi = "Unsupported media type", "Định dạng không được hỗ trợ"
    detail_en, detail_vi = "Send `Content-Type: {expected}`.", "Hãy gửi `Content-Type: {expected}`."

    def __init__(self, *, expected: str = "application/json") -> None:
        super().__init__(expected=expected)


class VersionRequired(Problem):
    """A change of a record needs `If-Match` with the version that was read, so that nobody overwrites unseen work."""

    status = 428
    title_en, title_vi = "If-Match is required", "Cần có If-Match"
    detail_en = 'Read the record and send its ETag, in its quotes: `If-Match: "3"`. `*` names no version.'
    detail_vi = 'Hãy đọc bản ghi và gửi ETag của nó, cả dấu ngoặc kép: `If-Match: "3"`. `*` không chỉ phiên bản nào.'


class StaleVersion(Problem):
    """Somebody changed the record since it was read; `row_version` is the current one."""

    status = 412
    title_en, title_vi = "The record has changed", "Bản ghi đã thay đổi"
    detail_en = "It is now at version {row_version}. Read it again and decide anew."
    detail_vi = "Bản ghi hiện ở phiên bản {row_version}. Hãy đọc lại rồi quyết định."

    def __init__(self, *, row_version: int) -> None:
        super().__init__(headers={"ETag": f'"{row_version}"'}, row_version=row_version)


class IdTaken(Problem):
    """The id sent with a new record cannot be used. Make another one."""

    status = 409
    title_en, title_vi = "This id cannot be used", "Mã này không dùng được"
    detail_en, detail_vi = "Send another `id`, or none.", "Hãy gửi `id` khác hoặc không gửi."


class Conflict(Problem):
    """The change contradicts what is recorded; `constraint` names the rule."""

    status = 409
    title_en, title_vi = "The change contradicts what is recorded", "Thay đổi mâu thuẫn với dữ liệu đã ghi"
    detail_en = "The rule `constraint` stands against it. Read the record again and check what you send."
    detail_vi = "Quy tắc `constraint` không cho phép. Hãy đọc lại bản ghi và kiểm tra nội dung gửi."


class ConcurrentChange(Problem):
    """Others were changing the same records. Nothing was stored; repeat the request."""

    status = 409
    title_en, title_vi = "Others were changing the same records", "Người khác đang thay đổi cùng dữ liệu"
    detail_en, detail_vi = "Nothing was stored. Repeat the request.", "Chưa lưu gì. Hãy gửi lại yêu cầu."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class TooManyRequests(Problem):
    """Too many attempts; `Retry-After` says how many seconds to wait."""

    status = 429
    title_en, title_vi = "Too many attempts", "Quá nhiều lần thử"
    detail_en, detail_vi = "Wait {retry_after} seconds.", "Hãy đợi {retry_after} giây."

    def __init__(self, *, retry_after: int, limit: int) -> None:
        """Take the seconds to wait and the number of attempts allowed in the window."""
        headers = {"Retry-After": str(retry_after), "RateLimit": f'"attempts";r=0;t={retry_after}'}
        headers["RateLimit-Policy"] = f'"attempts";q={limit}'
        super().__init__(headers=headers, retry_after=retry_after)


class InternalError(Problem):
    """Something failed on the server. The request id leads the operators to it."""

    status = 500
    title_en, title_vi = "Internal error", "Lỗi máy chủ"
    detail_en, detail_vi = "Tell the operators the request id.", "Hãy báo mã yêu cầu cho người vận hành."


class Unavailable(Problem):
    """The database cannot answer just now."""

    status = 503
    title_en, title_vi = "Unavailable for the moment", "Tạm thời không phục vụ được"
    detail_en, detail_vi = "Repeat the request in a moment.", "Hãy thử lại sau giây lát."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "5"})
