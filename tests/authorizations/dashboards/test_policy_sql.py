"""The figures find the same policy in SQL as the policy book finds for the rules."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from authorizations.dashboards.policy_sql import with_service
from authorizations.dashboards.sql import plan_requires_authorization, whether_unknown
from authorizations.models import Charge
from authorizations.verdicts.services import service_of_charge
from payers.models import AuthorizationPolicy
from payers.policies.lookup import PolicyBook
from tests import factories as make
from tests.support.figure_cases import cell
from tests.support.figure_cases import period as period

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 5)
CONDITIONS: dict[str, tuple[Any, ...]] = {
    "code_from": ("77385", "77387", "77014"),
    "component": ("26", "TC", "global"),
    "state": ("TX", "IA"),
    "technique": ("IMRT", "SBRT"),
    "body_site": ("breast", "left breast", "prostate"),
    "diagnosis": ("C", "C50", "C50.4", "C61"),
    "facility_type": ("office", "hospital"),
}


def some_charges() -> list[Charge]:
    """Charges of two plans, in three facilities of which one has no state."""
    issuer = make.IssuerFactory()
    plans = [
        make.PlanFactory(code="A1", line_of_business="exchange", issuer=issuer),
        make.PlanFactory(code="A2", line_of_business="medicare_advantage"),
    ]
    places = [
        make.FacilityFactory(code=f"F{state}", state=state, place_of_service=place)
        for state, place in (("TX", "22"), ("IA", "11"), ("", "31"))
    ]
    kinds = (("IMRT", "C50.412", "Breast, left"), ("3D", "C61", "prostate"), ("SBRT", "D05.1", ""))
    made = []
    for number, (technique, diagnosis, site) in enumerate(kinds * 2):
        course = make.CourseFactory(
            technique=technique, diagnosis=diagnosis, body_site=site, facility=places[number // 2]
        )
        for fraction, (code, modifiers) in enumerate(
            (("77387", ["26"]), ("77387", []), ("77014", ["TC", "59"])), 1
        ):
            session = make.GuidanceSessionFactory(course=course, fraction=fraction)
            made.append(
                make.ChargeFactory(
                    session=session,
                    plan=plans[(number + fraction) % 2],
                    code=code,
                    modifiers=modifiers,
                    place_of_service=course.facility.place_of_service,
                )
            )
    return made


def some_policies(dice: random.Random, plans: list[Any]) -> None:
    """Up to six policies of the payer, published, with conditions by the dice."""
    for _ in range(dice.randint(1, 6)):
        names = dice.sample(sorted(CONDITIONS), dice.choice((0, 1, 1, 2, 3)))
        scope = {name: dice.choice(CONDITIONS[name]) for name in names}
        if scope.get("code_from") == "77385" and dice.random() < 0.7:
            scope["code_through"] = dice.choice(("77386", "77389"))
        whom = dice.choice(
            (
                {},
                {"line_of_business": "exchange"},
                {"plan": dice.choice(plans)},
                {"issuer": plans[0].issuer or plans[1].issuer},
            )
        )
        try:
            with transaction.atomic():
                make.AuthorizationPolicyFactory(
                    **{"plan": None, "payer": plans[0].payer} | whom | scope,
                    requirement=dice.choice(("required", "not_required", "unknown")),
                )
        except IntegrityError:
            continue  # the same scope twice


def test_sql_and_policy_book_answer_alike():
    charges, seen = some_charges(), set()
    plans = [charges[0].plan, charges[1].plan]
    for number in range(40):
        AuthorizationPolicy.objects.all().delete()
        some_policies(random.Random(number), plans)
        book = PolicyBook()
        rows = with_service(Charge.objects.all())
        required = set(rows.filter(plan_requires_authorization()).values_list("pk", flat=True))
        unknown = set(rows.filter(whether_unknown()).values_list("pk", flat=True))
        for charge in charges:
            service = service_of_charge(charge.session.course, charge)
            answer = book.is_required(charge.plan, DAY, service)
            found = True if charge.pk in required else None if charge.pk in unknown else False
            policies = [str(row) for row in AuthorizationPolicy.objects.all()]
            assert found is answer, (number, service, policies)
            seen.add((answer, bool(book.requirement_doubt(charge.plan, DAY, service))))
    assert seen == {(True, False), (False, False), (None, False), (None, True)}


def test_a_policy_for_some_services_is_counted_from_the_rows(course, plan, period):
    plan.payer.authorizationpolicy_rows.update(requirement="not_required")
    session = make.GuidanceSessionFactory(course=course, facility=course.facility)
    make.ChargeFactory(session=session, facility=course.facility, plan=plan)
    assert cell(period, "uncovered").out_of == 0
    narrow = make.AuthorizationPolicyFactory(plan=plan, technique=course.technique)
    assert cell(period, "uncovered").out_of == 1
    AuthorizationPolicy.objects.filter(pk=narrow.pk).update(technique="SRS")
    assert cell(period, "uncovered").out_of == 0
