"""What goes wrong with service providers."""

from childcare_api.shared.problems import Problem


class ProviderClosed(Problem):
    """The provider was closed in the directory; nothing more is written into its entry."""

    status = 409
    title_en, title_vi = "The provider is closed", "Cơ sở đã ngừng hoạt động"


class LastDescription(Problem):
    """A provider cannot be without a name; write the right description first."""

    status = 409
    title_en, title_vi = "It is the only description", "Đây là mô tả duy nhất"


class NotSuspended(Problem):
    """Only a suspension that is in force can be lifted, and once."""

    status = 409
    title_en, title_vi = "There is no suspension to lift", "Không có đình chỉ để dỡ bỏ"


class FollowedUp(Problem):
    """The follow-up of this inspection was written down before."""

    status = 409
    title_en, title_vi = "It was followed up before", "Đã ghi kết quả theo dõi sau kiểm tra"
