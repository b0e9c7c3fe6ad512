"""Who may not do what, having done what: one table, asked by every path to a decision.

A page, a bulk verb, an import, the admin and a command ask `separation_refusal` before they act;
the answer is a sentence that says who can. A small practice may switch single rows off for some
days (DutySetting), with a reason that the audit shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import DutySetting, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One row: whoever has done one thing leaves the other to a second person."""

    key: str
    having: str
    may_not: str
    second_person: str
    can_be_switched_off: bool = True

    @property
    def sentence(self) -> str:
        """What a person reads who has done the first and asks for the second."""
        return f"You {self.having}: {self.second_person} has to {self.may_not}."


CODER = "another coder or manager"
ADMINISTRATOR = "another administrator"
DUTIES: tuple[Duty, ...] = (
    Duty(
        key="release-own-session",
        having="recorded or uploaded this session yourself",
        may_not="release its charge",
        second_person=CODER,
    ),
    Duty(
        key="release-own-correction",
        having="corrected this session yourself",
        may_not="release its charge",
        second_person=CODER,
    ),
    Duty(
        key="release-own-image-approval",
        having="entered or uploaded the approval of these images yourself",
        may_not="release the charge",
        second_person=CODER,
    ),
    Duty(
        key="release-own-authorization",
        having="recorded the payer's decision on this authorization yourself",
        may_not="release a charge that rests on it",
        second_person=CODER,
    ),
    Duty(
        key="release-own-coverage",
        having="entered or changed the coverage of this day yourself",
        may_not="release a charge that it pays",
        second_person=CODER,
    ),
    Duty(
        key="confirm-own-override",
        having="proposed this override yourself",
        may_not="confirm it",
        second_person="another manager",
    ),
    Duty(
        key="publish-own-policy",
        having="proposed this policy, or its change, yourself",
        may_not="publish it",
        second_person=ADMINISTRATOR,
    ),
    Duty(
        key="confirm-own-book-row",
        having="changed this plan or facility yourself",
        may_not="put the change in effect",
        second_person=ADMINISTRATOR,
    ),
    Duty(
        key="confirm-own-person",
        having="entered this person or role yourself",
        may_not="confirm it",
        second_person=ADMINISTRATOR,
    ),
    Duty(
        key="confirm-own-password-reset",
        having="asked for this password reset yourself",
        may_not="confirm it",
        second_person=ADMINISTRATOR,
    ),
    Duty(
        key="confirm-own-physician-link",
        having="linked this login to the physician yourself",
        may_not="confirm it",
        second_person=ADMINISTRATOR,
    ),
    Duty(
        key="change-own-roles",
        having="are the person whose roles these are",
        may_not="change them",
        second_person=ADMINISTRATOR,
        can_be_switched_off=False,
    ),
    Duty(
        key="confirm-about-oneself",
        having="are the person whom this change concerns",
        may_not="confirm it",
        second_person=ADMINISTRATOR,
        can_be_switched_off=False,
    ),
    Duty(
        key="confirm-own-duty-setting",
        having="proposed to switch off this rule of two people yourself",
        may_not="confirm it",
        second_person=ADMINISTRATOR,
        can_be_switched_off=False,
    ),
)
DUTY = {duty.key: duty for duty in DUTIES}


def separation_refusal(
    key: str, *, by: User, doers: Iterable[User | int | None], on: date
) -> str | None:
    """Why this person may not, having been one of the doers; None where another did it all.

    Doers are people or their numbers. ``on`` is the day on which the second thing is done.
    """
    numbers = {doer.pk if isinstance(doer, User) else doer for doer in doers}
    if by.pk not in numbers or is_switched_off(key, on):
        return None
    return DUTY[key].sentence


def is_switched_off(key: str, on: date) -> bool:
    """Whether a dated setting with its reason switches this row off on the day."""
    if not DUTY[key].can_be_switched_off:
        return False
    return DutySetting.objects.filter(
        Q(effective_through__isnull=True) | Q(effective_through__gte=on),
        duty=key,
        effective_from__lte=on,
    ).exists()
