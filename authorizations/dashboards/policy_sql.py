"""Whether a plan wanted to be asked about a charge, as SQL: as the policy book answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Left, Length, Lower, NullIf, Upper
from django.db.models.lookups import Exact, GreaterThanOrEqual, IsNull, LessThanOrEqual

from authorizations.models import Charge
from coding.amounts import COMPONENTS
from payers.models import AuthorizationPolicy
from payers.models.scopes import OTHER_PLACE, PLACES
from payers.policies.scope import GLOBAL

Requirement = AuthorizationPolicy.Requirement
Column = Callable[[str], Any]
NAMED = ("component", "state", "technique", "facility_type")  # conditions that are equal or not
MOST_MODIFIERS = 4
EMPTY = Value("")


class Words(Func):
    """The words of a text, without capitals and punctuation."""

    template = "regexp_split_to_array(%(expressions)s, '[^a-z0-9]+')"
    output_field = CharField()

    def __init__(self, text: Any) -> None:
        super().__init__(Lower(text))


class AreAmong(Func):
    """Whether all words of the first text are among those of the second."""

    template = "(%(expressions)s)"
    arg_joiner = " <@ "
    conditional = True

    def __init__(self, mine: Any, other: Any) -> None:
        super().__init__(Words(mine), Words(other))


def with_service(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Charges with what a policy may depend on, under the names of the policy's columns."""
    places = [When(place_of_service=code, then=Value(str(kind))) for code, kind in PLACES.items()]
    parts = [
        When(**{f"modifiers__{n}__in": COMPONENTS}, then=F(f"modifiers__{n}"))
        for n in range(MOST_MODIFIERS)
    ]
    found: QuerySet[Charge] = charges.alias(
        asked_component=Case(*parts, default=Value(GLOBAL), output_field=CharField()),
        asked_state=Upper("facility__state"),
        asked_technique=F("session__course__technique"),
        asked_body_site=F("session__course__body_site"),
        asked_diagnosis=F("session__course__diagnosis"),
        asked_facility_type=Case(*places, default=Value(OTHER_PLACE), output_field=CharField()),
    )
    return found


def policy_answer() -> Subquery:
    """What the narrowest published policy says about the charge; unknown where that depends on
    what is not known, and where two that are equally narrow contradict.
    """
    narrower = AuthorizationPolicy.objects.filter(
        speaks(lambda name: OuterRef(OuterRef(name))),
        is_known(lambda name: OuterRef(OuterRef(name))),
        is_within(F, OuterRef) & ~is_within(OuterRef, F),
    )
    left = AuthorizationPolicy.objects.filter(speaks(OuterRef)).exclude(Exists(narrower))
    known = Max(Case(When(is_known(OuterRef), then=1), default=0, output_field=IntegerField()))
    rows = (
        left.order_by()
        .values("payer")
        .annotate(low=Min("requirement"), high=Max("requirement"), known=known)
    )
    answer = Case(
        When(low=F("high"), known=1, then=F("low")), default=Value(Requirement.UNKNOWN.value)
    )
    return Subquery(rows.annotate(answer=answer).values("answer"))


def speaks(charge: Column) -> Q:
    """Policies in force on the day of the charge whose conditions it does not fail."""
    on = charge("date_of_service")
    return (
        Q(Q(effective_through__isnull=True) | Q(effective_through__gte=on))
        & Q(payer=charge("plan__payer"), effective_from__lte=on, is_published=True)
        & Q(Q(plan__isnull=True) | Q(plan=charge("plan")))
        & Q(line_of_business__in=("", charge("plan__line_of_business")))
        & Q(Q(issuer__isnull=True) | Q(issuer=charge("plan__issuer")) | no_issuer(charge))
        & Q(Q(code_from="") | holds_code(charge("code")))
        & reduce(and_, (holds_name(name, charge) for name in NAMED))
        & Q(Q(body_site="") | no_site(charge) | Q(AreAmong("body_site", charge("asked_body_site"))))
        & Q(Exact(Left(charge("asked_diagnosis"), Length("diagnosis")), F("diagnosis")))
    )


def holds_code(code: Any) -> Q:
    return Q(code_from__lte=code) & Q(GreaterThanOrEqual(last_code(F), code))


def last_code(row: Column) -> Coalesce:
    return Coalesce(NullIf(row("code_through"), EMPTY), row("code_from"))


def holds_name(name: str, charge: Column) -> Q:
    fact = charge(f"asked_{name}")
    return Q(**{f"{name}__in": ("", fact)}) | Q(Exact(fact, EMPTY))


def no_site(charge: Column) -> Q:
    return Q(Exact(charge("asked_body_site"), EMPTY))


def no_issuer(charge: Column) -> Q:
    return Q(IsNull(charge("plan__issuer"), True))


def is_known(charge: Column) -> Q:
    """Whether every fact is known on which the policy depends: a facility may have no state."""
    has_issuer = Q(issuer__isnull=True) | ~no_issuer(charge)
    has_state = Q(state="") | ~Q(Exact(charge("asked_state"), EMPTY))
    return has_issuer & has_state & (Q(body_site="") | ~no_site(charge))


def is_within(mine: Column, other: Column) -> Q:
    """Whether one policy about a charge lies within the scope of another about the same charge."""

    def is_asked(row: Column, name: str) -> Q:
        return ~Q(Exact(row(name), EMPTY))

    has_plan, other_has_plan = (Q(IsNull(row("plan"), False)) for row in (mine, other))
    wholes = (
        has_plan | ~other_has_plan,
        has_plan | Q(IsNull(mine("issuer"), False)) | Q(IsNull(other("issuer"), True)),
        has_plan | is_asked(mine, "line_of_business") | ~is_asked(other, "line_of_business"),
        *(is_asked(mine, name) | ~is_asked(other, name) for name in NAMED),
        Q(GreaterThanOrEqual(Length(mine("diagnosis")), Length(other("diagnosis")))),
        ~is_asked(other, "body_site")
        | is_asked(mine, "body_site") & Q(AreAmong(other("body_site"), mine("body_site"))),
        ~is_asked(other, "code_from")
        | Q(GreaterThanOrEqual(mine("code_from"), other("code_from")))
        & is_asked(mine, "code_from")
        & Q(LessThanOrEqual(last_code(mine), last_code(other))),
    )
    return reduce(and_, wholes)
