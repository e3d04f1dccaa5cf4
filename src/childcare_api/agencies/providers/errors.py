"""What goes wrong with service providers."""

from childcare_api.shared.problems import Problem


class ProviderClosed(Problem):
    """The provider's last day has passed; nothing more is written into its entry, and no child is placed there."""

    status = 409
    title_en, title_vi = "The provider is closed", "Cơ sở đã ngừng hoạt động"
    detail_en = "Read its entry: `valid_to` is its last day. Add a new provider if it works again."
    detail_vi = "Hãy đọc thông tin cơ sở: `valid_to` là ngày cuối cùng. Nếu hoạt động lại, hãy thêm cơ sở mới."


class ProviderIsNoFacility(Problem):
    """Only a facility that takes children in sends lists of them; this provider is none."""

    status = 409
    title_en, title_vi = "The provider is no facility", "Đây không phải là cơ sở nuôi dưỡng trẻ em"
    detail_en = "It takes no children in (`is_facility`). Choose a facility: `GET /service-providers?is_facility=true`."
    detail_vi = (
        "Đơn vị này không tiếp nhận, nuôi dưỡng trẻ em (`is_facility`). Hãy chọn cơ sở ở"
        " `GET /service-providers?is_facility=true`."
    )


class LastDescription(Problem):
    """A provider cannot be without a name; write the right description first."""

    status = 409
    title_en, title_vi = "It is the only description", "Đây là mô tả duy nhất"
    detail_en = "Write the right description first, then mark this one."
    detail_vi = "Hãy ghi mô tả đúng trước, rồi mới đánh dấu mô tả này."


class NotSuspended(Problem):
    """Only a suspension that is in force can be lifted, and once."""

    status = 409
    title_en, title_vi = "There is no suspension to lift", "Không có đình chỉ để dỡ bỏ"
    detail_en = "Only a suspension in force is lifted, and once; read the provider again."
    detail_vi = "Chỉ dỡ bỏ đình chỉ đang có hiệu lực, một lần; hãy đọc lại thông tin cơ sở."


class FollowedUp(Problem):
    """The follow-up of this inspection was written down before."""

    status = 409
    title_en, title_vi = "It was followed up before", "Đã ghi kết quả theo dõi sau kiểm tra"
    detail_en = "Read the inspection: what became of it stands there."
    detail_vi = "Hãy đọc lần kiểm tra: kết quả theo dõi đã được ghi ở đó."
