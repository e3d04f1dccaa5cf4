"""Bodies and answers of a consent, or of the ground on which something goes ahead without it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from childcare_api.cases.consenting.models import Consented
from childcare_api.cases.consenting.rules import ARTICLE_OF_GROUND
from childcare_api.shared.schemas import Answer, Command, PastDay, Reason, unfit

ConsentGiver = Literal["child", "father", "mother", "guardian", "carer"]
ConsentGround = Literal[
    "necessary_to_protect", "harm_doer_is_carer", "nobody_to_ask", "plan_decided", "residence_leads"
]
CareConsentGiver = Literal["father", "mother", "guardian"]
CareConsentGround = Literal["protection_measure", "rights_restricted", "no_natural_guardian"]


class AnyOverride(Command):
    """Why it goes ahead without consent: the ground of the law, and what makes it one here."""

    ground: str
    reason: Annotated[Reason, Field(max_length=1000)]


class AnyConsent(Command):
    """Who consented and when, or the ground of the law without. Silence is no consent."""

    given_by: Sequence[str] = Field(default=[], max_length=5)
    given_on: PastDay | None = None
    override: AnyOverride | None = None

    @model_validator(mode="after")
    def _is_given_or_overridden(self) -> Self:
        stated = (bool(self.given_by), self.given_on is not None, self.override is None)
        if stated not in ((True, True, True), (False, False, False)):
            raise unfit(
                "consent_or_override",
                "State who consented and on which day, or the ground on which it goes ahead without.",
                "Nêu người đồng ý và ngày đồng ý, hoặc căn cứ để thực hiện khi không có sự đồng ý.",
            )
        return self


class Override(AnyOverride):
    """Why it goes ahead without consent: the ground of the law, and what makes it one here."""

    ground: ConsentGround = Field(
        description="`necessary_to_protect`, `nobody_to_ask`: NĐ 56/2017, Điều 24.2, 25.2; `harm_doer_is_carer`: NĐ"
        " 56/2017, Điều 31.1; `plan_decided`: the carers are bound by the plan, Điều 29.3; `residence_leads`: the"
        " commune of residence leads by law, Luật Trẻ em, Điều 52.2."
    )


class Consent(AnyConsent):
    """What the child or its guardian agreed to; where they did not, the lawful ground. Silence is no consent."""

    given_by: list[ConsentGiver] = Field(default=[], max_length=5)
    override: Override | None = None


class CareOverride(AnyOverride):
    """Why a child is given into care without consent: the ground of the law, and what makes it one here."""

    ground: CareConsentGround = Field(
        description="`protection_measure`, `rights_restricted`: Luật Trẻ em, Điều 63.1 b; `no_natural_guardian`: the"
        " chair of the commune makes the carer guardian by the same decision, if they agree (Điều 66.1): state"
        " `guardian_appointed` and `guardian_agreed_on`. Where not, the decision stands and"
        " `guardian_not_appointed` is told in `notices`, and so is each parent who is left and did not consent."
    )


class CareConsent(AnyConsent):
    """The written consent to alternative care (Luật Trẻ em, Điều 63.1), or the ground on which none is needed."""

    given_by: list[CareConsentGiver] = Field(default=[], max_length=3)
    override: CareOverride | None = None


class ConsentOut(Answer):
    """Who consented and when, or on which ground of the law it went ahead without."""

    given_by: list[ConsentGiver]
    given_on: date | None
    ground: ConsentGround | None
    article: str | None
    reason: str | None


class CareConsentOut(Answer):
    """Who consented to alternative care and when, or on which ground of the law none was needed."""

    given_by: list[CareConsentGiver]
    given_on: date | None
    ground: CareConsentGround | None
    article: str | None
    reason: str | None


def columns_of(consent: AnyConsent | None) -> dict[str, object]:
    """Return a consent as the columns it is kept in; none is kept as nobody's, without a ground."""
    override = None if consent is None else consent.override
    return {
        "consent_by": [] if consent is None else sorted(set(consent.given_by)),
        "consent_on": None if consent is None else consent.given_on,
        "consent_ground": None if override is None else override.ground,
        "consent_reason": None if override is None else override.reason,
    }


def told_consent(row: Consented) -> dict[str, object] | None:
    """Return what an answer says of a consent, with the article of the ground where there was none."""
    if not row.consent_by and row.consent_ground is None:
        return None
    return {
        "given_by": row.consent_by,
        "given_on": row.consent_on,
        "ground": row.consent_ground,
        "article": None if row.consent_ground is None else ARTICLE_OF_GROUND[row.consent_ground],
        "reason": row.consent_reason,
    }
