"""What is wrong with a place that a body names: 422 that names the field."""

from childcare_api.shared.problems import ValidationFailed
from childcare_api.shared.refusals import refused

_OWN = "own_commune"


def own_commune(pointer: str) -> ValidationFailed:
    """Return the problem of one's own commune, where only another can be asked, granted or sent something."""
    return refused(pointer, _OWN, "This is your own commune: name another one.", "Đây là xã của bạn: hãy nêu xã khác.")


def still_own_commune(pointer: str) -> ValidationFailed:
    """Return the problem of a move to another commune that ends in the same one."""
    return refused(
        pointer,
        _OWN,
        "This is your own commune: for a move inside it change the village and the address of the child's record.",
        "Đây là xã của bạn: nếu trẻ chuyển nhà trong xã, hãy sửa thôn và địa chỉ trong hồ sơ trẻ em.",
    )
