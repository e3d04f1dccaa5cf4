"""What can go wrong with keeping a case secret."""

from childcare_api.shared.problems import Problem


class AlreadyExcluded(Problem):
    """That person is kept from this report or case already."""

    status = 409
    title_en, title_vi = "That person is kept from it already", "Người này đã không được xem"
    detail_en = "Nothing more is needed: `GET …/exclusions` shows since when."
    detail_vi = "Không cần làm gì thêm: xem `GET …/exclusions` để biết từ khi nào."


class OwnExclusion(Problem):
    """Nobody names or lifts an exclusion of their own here: whoever has an interest declares it."""

    status = 409
    title_en, title_vi = "Declare your own interest instead", "Hãy tự khai báo xung đột lợi ích"
    detail_en = "Declare your own interest with `declare-conflict`; another leader lifts it."
    detail_vi = "Hãy tự khai báo bằng `declare-conflict`; người lãnh đạo khác sẽ gỡ bỏ."


class CaseLedHere(Problem):
    """Your own commune leads this case: who sees it though it is sealed is said with its level."""

    status = 409
    title_en, title_vi = "Your commune leads this case", "Hồ sơ này do xã của bạn quản lý"
    detail_en = "Name who sees it with its level (`PUT /cases/{id}/confidentiality`)."
    detail_vi = "Hãy nêu người được xem cùng với mức bảo mật (`PUT /cases/{id}/confidentiality`)."
