"""Facts that stand in the way of logging in, and of keeping users and machine clients."""

from typing import ClassVar

from childcare_api.shared.problems import Conflict, FieldError, Forbidden, Problem


class OAuthProblem(Problem):
    """A refusal of the token endpoint: the members of RFC 6749 beside those of every problem."""

    status = 400
    error: ClassVar[str] = "invalid_request"

    def __init__(self, *, headers: dict[str, str] | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        """Add what OAuth clients look for."""
        said = " ".join([self.detail_en, *(f"{one.pointer}: {one.message_en}" for one in errors)])
        super().__init__(
            headers={"Cache-Control": "no-store", **(headers or {})},
            errors=errors,
            error=self.error,
            error_description=said,
        )


class InvalidRequest(OAuthProblem):
    """The form misses a field that this grant needs, or a field makes no sense."""

    title_en, title_vi = "The request is not complete", "Yêu cầu chưa đầy đủ"
    detail_en = "Send grant_type and the fields of that grant, each once."
    detail_vi = "Hãy gửi grant_type và các trường của loại đó, mỗi trường một lần."

    def __init__(self, *, missing: tuple[str, ...] = ()) -> None:
        """Take which fields of the form are missing, as far as that is what is wrong."""
        english, vietnamese = "This field is required.", "Trường này là bắt buộc."
        super().__init__(errors=tuple(FieldError(name, "missing", english, vietnamese) for name in missing))


class UnsupportedGrantType(OAuthProblem):
    """There are three grants: password, refresh_token and client_credentials."""

    error = "unsupported_grant_type"
    title_en, title_vi = "Unknown grant type", "Loại cấp quyền không được hỗ trợ"
    detail_en = "grant_type is password, refresh_token or client_credentials."
    detail_vi = "grant_type là password, refresh_token hoặc client_credentials."


class InvalidGrant(OAuthProblem):
    """User name and password do not belong together, or the refresh token has ended. Which it was is not told."""

    error = "invalid_grant"
    title_en, title_vi = "Not accepted", "Không được chấp nhận"
    detail_en = "The user name, password, assignment or refresh token is not valid."
    detail_vi = "Tên đăng nhập, mật khẩu, phân công hoặc mã làm mới không hợp lệ."


class InvalidClient(OAuthProblem):
    """The machine client is not known by this id and secret."""

    status = 401
    error = "invalid_client"
    title_en, title_vi = "Client not accepted", "Hệ thống không được chấp nhận"
    detail_en = "The client id and secret do not belong together."
    detail_vi = "Mã hệ thống và khoá bí mật không khớp."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Basic"})


class InvalidScope(OAuthProblem):
    """The machine client asked for a scope that it does not have."""

    error = "invalid_scope"
    title_en, title_vi = "Scope not granted", "Phạm vi không được cấp"
    detail_en = "Ask for scopes that this client has, or for none to get all of them."
    detail_vi = "Hãy yêu cầu các phạm vi đã cấp, hoặc để trống để nhận tất cả."


class AssignmentRequired(OAuthProblem):
    """The person has several assignments in force and no default one; `assignments` names them."""

    title_en, title_vi = "Choose an assignment", "Hãy chọn phân công"
    detail_en = "Send assignment_id with one of the assignments listed."
    detail_vi = "Hãy gửi assignment_id của một phân công trong danh sách."

    def __init__(self, *, assignments: list[dict[str, object]]) -> None:
        """Take the assignments to choose from."""
        super().__init__()
        self.members["assignments"] = assignments


class NoAssignment(OAuthProblem):
    """User name and password are right, and the person has no assignment in force today."""

    error = "invalid_grant"
    title_en, title_vi = "No assignment in force", "Không có phân công còn hiệu lực"
    detail_en = "There is no assignment in force today. Ask your administrator."
    detail_vi = "Hôm nay không có phân công còn hiệu lực. Hãy hỏi quản trị viên."


class WrongPassword(Problem):
    """The current password that was sent is not the one stored."""

    status = 409
    title_en, title_vi = "The current password is not right", "Mật khẩu hiện tại không đúng"
    detail_en, detail_vi = "Nothing was changed.", "Chưa thay đổi gì."


class PersonsOnly(Forbidden):
    """Only a person has a password to change; a machine client has secrets."""

    detail_en, detail_vi = "Only a person can do this.", "Chỉ người dùng mới thực hiện được."


class UsernameTaken(Conflict):
    """Another person logs in by this name."""

    title_en, title_vi = "The user name is taken", "Tên đăng nhập đã được dùng"
    detail_en, detail_vi = "Choose another user name.", "Hãy chọn tên đăng nhập khác."
    constraints = ("users_username_key",)


class ClientIdTaken(Conflict):
    """Another machine client has this client id."""

    title_en, title_vi = "The client id is taken", "Mã hệ thống đã được dùng"
    detail_en, detail_vi = "Choose another client id.", "Hãy chọn mã khác."
    constraints = ("machine_clients_client_id_key",)


class UnitEnded(Conflict):
    """Nobody can be assigned to a unit that has ended, or that ends before the assignment does."""

    title_en, title_vi = "The unit has ended", "Đơn vị đã chấm dứt"
    detail_en, detail_vi = "Choose a unit of today.", "Hãy chọn đơn vị hiện hành."


class UnitOutsideScope(Conflict):
    """An administrator keeps users and assignments at or below the own unit. An unknown unit answers the same."""

    title_en, title_vi = "Not one of your units", "Không thuộc phạm vi của bạn"
    detail_en, detail_vi = "Choose your unit or one below it.", "Hãy chọn đơn vị của bạn hoặc cấp dưới."


class RoleDoesNotFit(Conflict):
    """The role does not exist in units of that level."""

    title_en, title_vi = "The role does not fit the unit", "Vai trò không phù hợp với cấp đơn vị"
    detail_en = "Choose a role that units of this level have."
    detail_vi = "Hãy chọn vai trò có ở cấp đơn vị này."


class PositionDoesNotFit(Conflict):
    """Chair, acting chair and deputy chair are leaders of a People's Committee, and nobody else is."""

    title_en, title_vi = "The position does not fit the role", "Chức vụ không phù hợp với vai trò"
    detail_en = "Give the position to a leader, or leave it out."
    detail_vi = "Chỉ nêu chức vụ cho lãnh đạo; nếu không, hãy bỏ trống."


class HotlineDoesNotFit(Conflict):
    """A hotline belongs to a province or to the whole country: its referrals go to any commune."""

    title_en, title_vi = "A hotline does not fit the unit", "Tổng đài không phù hợp với cấp đơn vị"
    detail_en = "Give the machine client a province or the whole country as its unit."
    detail_vi = "Hãy gắn hệ thống tổng đài với cấp tỉnh hoặc toàn quốc."


class OwnAccount(Conflict):
    """Nobody gives themselves an assignment, disables themselves or resets their own password."""

    title_en, title_vi = "Not for yourself", "Không thể tự thực hiện cho mình"
    detail_en, detail_vi = "Ask another administrator.", "Hãy nhờ quản trị viên khác."


class AssignedElsewhere(Conflict):
    """The person also works in units that you do not administer: somebody above both resets the password."""

    title_en, title_vi = "Assigned elsewhere too", "Còn được phân công ở đơn vị khác"
    detail_en, detail_vi = "Ask the administrator of the unit above.", "Hãy nhờ quản trị viên cấp trên."


class SourceNeeded(Conflict):
    """Hotline operators, and they alone, have a source: that of a machine client of your units."""

    title_en, title_vi = "The source does not fit", "Nguồn không phù hợp"
    detail_en = "For a hotline operator name a machine client of your units in `source_id`; for others leave it out."
    detail_vi = "Với nhân viên tổng đài, hãy nêu hệ thống tổng đài ở `source_id`; với người khác thì bỏ trống."


class ActingForNobody(Conflict):
    """Who acts for someone has that person's role and unit, for a period with both ends inside that assignment."""

    title_en, title_vi = "Not the assignment acted for", "Không đúng phân công được thay mặt"
    detail_en = "Role and unit are those of the assignment acted for, and valid_to is needed."
    detail_vi = "Vai trò và đơn vị phải trùng với phân công được thay mặt, và cần có valid_to."


class DefaultTaken(Conflict):
    """The person has a default assignment already."""

    title_en, title_vi = "There is a default assignment", "Đã có phân công mặc định"
    detail_en = "Send `is_default` as false, or end the default assignment first."
    detail_vi = "Hãy gửi `is_default` là false, hoặc chấm dứt phân công mặc định trước."
    constraints = ("assignments_default_key",)


class TooManySecrets(Conflict):
    """Two secrets are valid at once, one in use and one to change over to: end one first."""

    title_en, title_vi = "Two secrets are valid already", "Đã có hai khoá còn hiệu lực"
    detail_en, detail_vi = "End one of them first.", "Hãy huỷ một khoá trước."


class LastSecret(Conflict):
    """The only valid secret is not ended alone: make its successor first, or disable the client."""

    title_en, title_vi = "This is the only secret", "Đây là khoá duy nhất"
    detail_en, detail_vi = "Make another one first, or disable the client.", "Hãy tạo khoá mới hoặc khoá hệ thống."
