"""Bodies and answers about who is kept from a case."""

from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from childcare_api.cases.file.models import Confidentiality
from childcare_api.cases.guarding.models import ExclusionGround
from childcare_api.shared.schemas import Answer, Command, Instant, Reason, Versioned, unfit

Why = Annotated[Reason, Field(max_length=1000)]
RECIPIENTS_UNSEALED: Final = (
    "recipients_unsealed",
    "Only a sealed case has recipients: seal it, or name none.",
    "Chỉ hồ sơ niêm phong mới có người nhận: hãy niêm phong hoặc không nêu ai.",
)


class ExcludePerson(Command):
    """Name a person of your office, or of the province above it, who is related to somebody in the case.

    Of a case that you lead also one who works in a commune that reads it by a grant.
    """

    user_id: UUID = Field(
        description="Whom to keep from it, as `GET /colleagues` has them, or a step of the case that they took."
    )
    reason: Why = Field(description="How the person is related, or what else stands between.")


class DeclareConflict(Command):
    """Say that you are a party yourself, or related to one. You see nothing of it from then on."""

    reason: Why


class LiftExclusion(Command):
    """Let a person see it again."""

    reason: Why


class ExclusionOut(Versioned):
    """That a person sees nothing of a report or a case."""

    id: UUID
    ground: ExclusionGround
    user_id: UUID | None = Field(
        description="Null of a party: the people of the case tell who it is, and who did the harm for a stated reason."
    )
    reason: str
    named_at: Instant
    named_by: UUID
    lifted_at: Instant | None
    lifted_by: UUID | None
    lift_reason: str | None

    @field_validator("user_id")
    @classmethod
    def _names_no_party(cls, user_id: UUID | None, told: ValidationInfo) -> UUID | None:
        return None if told.data.get("ground") is ExclusionGround.PARTY else user_id


class SetConfidentiality(Command):
    """Say how secret a case is and, where it is sealed, who alone may open it."""

    level: Confidentiality
    recipients: Annotated[tuple[UUID, ...], Field(max_length=50)] = Field(
        default=(),
        description="Users of your office or your province, as `GET /colleagues` has them, and all of them: who is not "
        "named loses it. The leader of the commune and whoever opened the case there see it in any case; with nobody "
        "named they alone do. Only a sealed case has recipients. Whom the leader of a commune named that follows the "
        "child stays as named there, until the case is no longer sealed.",
    )
    reason: Why

    @model_validator(mode="after")
    def _names_nobody_in_vain(self) -> Self:
        if self.recipients and self.level is not Confidentiality.SEALED:
            raise unfit(*RECIPIENTS_UNSEALED, at="recipients")
        return self


class SetRecipientsHere(Command):
    """Say who else of your commune sees a sealed case of another, whose child your commune follows in care."""

    recipients: Annotated[tuple[UUID, ...], Field(max_length=50)] = Field(
        description="Users of your own office, as `GET /colleagues` has them, and all of them: who is not named loses "
        "it. The officer who visits the child has to be one. With nobody named you alone see the case."
    )
    reason: Why


class RecipientHereOut(Answer):
    """Somebody of the own office who sees a sealed case because a leader named them."""

    user_id: UUID
    added_at: Instant
    added_by: UUID
    still_works_there: bool = Field(description="False once they left that office: they see it no more.")


class RecipientsHereOut(Versioned):
    """Who of the own office sees a sealed case, beside its leader. `row_version` is the case's."""

    case_id: UUID
    level: Confidentiality
    recipients: list[RecipientHereOut]


class RecipientOut(Answer):
    """Somebody who may open the case though it is sealed."""

    user_id: UUID
    added_at: Instant
    added_by: UUID
    works_in_id: int = Field(
        description="The office they were named in: they see the case in a post there, and only so."
    )
    still_works_there: bool = Field(description="False once they left that office; name them again to tell them.")
    grant_id: UUID | None = Field(
        description="Not named by you, but by the leader of the commune that follows the child by this grant: they see "
        "the case as far as it goes, and as long as it does."
    )


class SecrecyNoticeOut(Answer):
    """What to think of where a case is kept secret; nothing was refused for it."""

    code: Literal["no_recipients", "siblings_tell_it", "followed_elsewhere", "unseen_elsewhere"]
    pointer: str
    case_ids: list[UUID] = Field(
        description="The less secret cases that stand on the same report, for `siblings_tell_it`."
    )
    commune_ids: list[int] = Field(
        description="The communes that have the child in care or are to answer, for `followed_elsewhere`; those of "
        "them where nobody sees the case, for `unseen_elsewhere`."
    )
    message_vi: str
    message_en: str


class ConfidentialityOut(Versioned):
    """How secret a case is. `row_version` is the case's; `warnings` says what to think of, and refuses nothing."""

    case_id: UUID
    level: Confidentiality
    recipients: list[RecipientOut]
    warnings: list[SecrecyNoticeOut]
