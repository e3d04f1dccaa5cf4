"""What can go wrong in the registry."""

from childcare_api.shared.problems import FieldError, Problem, ValidationFailed


class CircumstanceInForce(Problem):
    """The child already is in this group and sub-group during that time. End that entry first, or leave it."""

    status = 409
    title_en, title_vi = "The child already is in this group", "Trẻ em đã thuộc nhóm này"
    detail_en = "End the entry `circumstance_id` first, or leave this one out."
    detail_vi = "Hãy chấm dứt mục `circumstance_id` trước, hoặc không ghi mục này."


class GroupKeptByCommune(Problem):
    """A group such as HIV or sexual abuse is kept by the commune alone. Report the concern; its officer records it."""

    status = 409
    title_en, title_vi = "The commune keeps this group", "Nhóm này do cấp xã ghi nhận"
    detail_en = "Send what you know as a report of concern (`POST /intakes`); the officer of the commune records it."
    detail_vi = "Hãy gửi điều anh chị biết qua `POST /intakes`; người làm công tác bảo vệ trẻ em cấp xã sẽ ghi nhận."


def not_a_child(pointer: str = "/born_on") -> ValidationFailed:
    """Return the problem of somebody who is not under 16 (Luật Trẻ em, Điều 1): only a child can be registered."""
    error = FieldError(pointer, "not_under_16", "The child must be under 16.", "Trẻ em phải dưới 16 tuổi.")
    return ValidationFailed(errors=(error,))


def half_a_birthday(pointer: str) -> ValidationFailed:
    """Return the problem of a half-known birthday that is changed without saying both the day and what is known."""
    error = FieldError(
        pointer,
        "half_a_birthday",
        "State born_on and born_on_precision together, unless the birthday is and stays known to the day.",
        "Cần nêu cả born_on và born_on_precision, trừ khi ngày sinh đã và vẫn được biết chính xác.",
    )
    return ValidationFailed(errors=(error,))


def unknown_code(pointer: str) -> ValidationFailed:
    """Return the problem of a code that its list does not have on that day."""
    error = FieldError(pointer, "unknown_code", "The list has no such code.", "Danh mục không có mã này.")
    return ValidationFailed(errors=(error,))


def required(pointer: str) -> ValidationFailed:
    """Return the problem of a field that is needed here."""
    return ValidationFailed(errors=(FieldError(pointer, "missing", "This is needed.", "Trường này là bắt buộc."),))


def not_a_personal_id(pointer: str) -> ValidationFailed:
    """Return the problem of a personal id that has not twelve digits."""
    error = FieldError(pointer, "not_a_personal_id", "A personal id has 12 digits.", "Số định danh có 12 chữ số.")
    return ValidationFailed(errors=(error,))


def only_alone(pointer: str) -> ValidationFailed:
    """Return the problem of a field that excludes all others."""
    error = FieldError(pointer, "only_alone", "Give nothing else with it.", "Không gửi kèm trường khác.")
    return ValidationFailed(errors=(error,))
