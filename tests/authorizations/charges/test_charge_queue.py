"""The charge queue: groups that tie to their rows, filters remembered, work given and seen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccessEvent
from authorizations.charges.queue.filters import ChargeFilter, QueueBook
from authorizations.charges.queue.groups import DIMENSIONS, group_charges, total_of_groups
from authorizations.models import (
    Charge,
    ChargeAssignment,
    ChargeVisit,
    RememberedView,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/charges/"


def page(client, query: str = "") -> str:
    response = client.get(URL + query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def in_view(text: str) -> tuple[int, int, Decimal]:
    """Charges, units and dollars above the list."""
    found = re.search(r"([\d,]+) in view, ([\d,]+) units, \$([\d,.]+) expected", text)
    count, units, dollars = (part.replace(",", "") for part in found.groups())
    return int(count), int(units), Decimal(dollars)


def group_rows(text: str) -> list[tuple[str, int, int, Decimal]]:
    """Each group as shown: its address, charges, units, dollars."""
    pattern = (
        r'<li class="group[^>]*>\s*<a [^>]*href="([^"]+)".*?<strong>([\d,]+)</strong>'
        r".*?>([\d,]+) units?<.*?\$([\d,.]+)<"
    )
    return [
        (unescape(url), *(Decimal(n.replace(",", "")) for n in numbers))
        for url, *numbers in re.findall(pattern, text, re.S)
    ]


def charge(facility, **values) -> Charge:
    course = make.CourseFactory(facility=facility)
    on = values.pop("on", date(2026, 11, 2))
    session = make.GuidanceSessionFactory(course=course, facility=facility, date_of_service=on)
    return make.ChargeFactory(session=session, facility=facility, **values)


@pytest.fixture
def mixed(facility, plan) -> list[Charge]:
    """Charges that differ in everything the queue groups by."""
    today = timezone.localdate()
    days = [today, today - timedelta(5), today - timedelta(12), today - timedelta(40)]
    limits = [today - timedelta(1), today + timedelta(15), today + timedelta(16), None]
    other = make.PlanFactory()
    return [
        charge(
            facility,
            on=days[n % 4],
            filing_deadline=limits[(n + n // 4) % 4],
            plan=[plan, other, None][n % 3],
            status=["held", "ready", "held", "captured"][n % 4],
            disposition=["STOP", "WARN", "HOLD", ""][n % 4],
            leading_rule=["R43", "R15", "R46", ""][n % 4],
            units=1 + n % 2,
            amount=[Decimal("36.41"), None, Decimal("40.05")][n % 3],
        )
        for n in range(12)
    ]


@pytest.mark.parametrize("key", [dimension.key for dimension in DIMENSIONS])
def test_each_group_opens_exactly_its_rows(coder, mixed, key):
    text = page(coder, f"?group={key}")
    groups = group_rows(text)
    assert len(groups) > (0 if key == "facility" else 1)
    assert tuple(sum(column) for column in list(zip(*groups, strict=True))[1:]) == in_view(text)
    for url, *figures in groups:
        assert in_view(page(coder, url)) == tuple(figures)
        rows = re.findall(r'id="charge-\d+"', page(coder, url))
        assert len(rows) == figures[0]


values = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["captured", "held", "ready"]),
        "disposition": st.sampled_from(["", "pass", "WARN", "HOLD", "STOP"]),
        "leading_rule": st.sampled_from(["", "R15", "R43", "R46"]),
        "units": st.integers(1, 3),
        "amount": st.none() | st.decimals(0, 999, places=2),
    }
)
ages = st.integers(-3, 60)
deadlines = st.none() | st.integers(-40, 200)


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(values, ages, deadlines), min_size=1, max_size=8))
def test_groups_hold_every_charge_once_whatever_the_charges(rf, coder, facility, drawn):
    today = timezone.localdate()
    Charge.objects.all().delete()
    for facts, age, limit in drawn:
        due = None if limit is None else today + timedelta(limit)
        charge(facility, on=today - timedelta(age), filing_deadline=due, **facts)
    request = rf.get(URL)
    request.user = coder.user
    book = QueueBook(request.user)

    def rows(**query):
        return ChargeFilter(query, queryset=Charge.objects.all(), request=request, book=book).qs

    for dimension in DIMENSIONS:
        groups = group_charges(rows(), dimension, today, book.labels(dimension))
        sums = total_of_groups(groups)
        assert sums.count == len(drawn)
        assert sums.units == sum(facts["units"] for facts, _, _ in drawn)
        assert sums.dollars == sum(facts["amount"] or 0 for facts, _, _ in drawn)
        for group in groups:
            assert rows(**{dimension.key: group.value}).count() == group.sums.count


def test_the_queue_shows_open_charges_until_a_standing_is_chosen(coder, facility):
    charge(facility, status="held")
    charge(facility, status="not_billable")
    assert in_view(page(coder))[0] == 1
    assert in_view(page(coder, "?status=not_billable"))[0] == 1
    assert in_view(page(coder, "?status=any"))[0] == 2


def test_the_sentence_of_the_finding_stands_in_the_row(coder, course, approved, treat):
    treat(course, 1, reviewed=False)
    assert "approv" in re.search(r'<td class="said">.*?</td>', page(coder), re.S).group().lower()


def test_the_last_filters_come_back_also_after_signing_in_again(coder, mixed):
    page(coder, "?rule=R43&group=payer&page=1")
    assert coder.get(URL)["Location"] == f"{URL}?rule=R43&group=payer"
    coder.logout()
    coder.force_login(coder.user)
    text = page(coder)
    assert in_view(text)[0] == 3
    assert "Show all open" in text
    assert in_view(page(coder, "?all=1"))[0] == 12
    assert in_view(page(coder))[0] == 12
    assert RememberedView.objects.get(owner=coder.user).query == ""


def test_nobody_gets_the_filters_of_another_person(coder, client_of, mixed):
    page(coder, "?rule=R43")
    assert in_view(page(client_of("coder")))[0] == 12


def test_a_look_at_one_course_is_not_remembered(coder, mixed):
    page(coder, "?rule=R43")
    only = mixed[0].session.course_id
    assert in_view(page(coder, f"?course={only}"))[0] == 1
    assert coder.get(URL)["Location"].endswith("?rule=R43")


def test_a_shared_view_stands_on_the_queue(coder, client_of, mixed, facility):
    data = {"name": "Late images", "page": "charge_list", "query": "rule=R43"}
    data["facility"] = facility.pk
    coder.post(reverse("view_save"), data)
    text = page(client_of("coder"))
    assert '<a href="/charges/?rule=R43">Late images</a>' in text


def give(client, charges, to) -> None:
    data = {"charge": [c.pk for c in charges], "assigned_to": to, "next": URL}
    assert client.post(reverse("charge_assign"), data)["Location"] == URL


def test_charges_are_given_to_a_coder_who_finds_them_under_mine(coder, client_of, mixed):
    other = client_of("coder")
    give(coder, mixed[:3], other.user.pk)
    assert f"for {other.user}" in page(coder)
    assert in_view(page(other, "?assigned=me"))[0] == 3
    assert in_view(page(coder, f"?assigned={other.user.pk}"))[0] == 3
    assert in_view(page(coder, "?assigned=nobody"))[0] == 9
    give(other, mixed[:1], "nobody")
    assert ChargeAssignment.objects.count() == 2


def test_work_goes_only_to_those_who_work_charges_there(coder, client_of, person, elsewhere, mixed):
    for stranger in (client_of("therapist").user, person("coder", elsewhere)):
        give(coder, mixed[:1], stranger.pk)
    assert not ChargeAssignment.objects.exists()
    assert "does not work charges" in page(coder)


def test_charges_of_another_facility_cannot_be_given(coder, elsewhere):
    hidden = charge(elsewhere)
    give(coder, [hidden], coder.user.pk)
    assert not ChargeAssignment.objects.exists()


def test_others_see_who_has_a_charge_open_for_some_minutes(coder, client_of, mixed):
    coder.get(reverse("charge_detail", args=[mixed[0].pk]))
    other = client_of("coder")
    said = f"being worked by {coder.user}"
    assert said in page(other)
    assert said not in page(coder)
    assert f"B{said[1:]}" in page(other, f"?charge={mixed[0].pk}")
    ChargeVisit.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert said not in page(other)


def test_looking_as_an_auditor_is_not_working(auditor, coder, mixed):
    auditor.get(reverse("charge_detail", args=[mixed[0].pk]))
    assert not ChargeVisit.objects.exists()
    assert "Give ticked" not in page(auditor)


def test_a_charge_stands_beside_the_list_without_scripts(coder, mixed):
    text = page(coder, f"?rule=R43&charge={mixed[4].pk}")
    assert len(re.findall(r'id="charge-\d+"', text)) == 3
    assert f'data-open="{mixed[4].pk}"' in text
    assert f'charge={mixed[4].pk}" aria-current="true"' in text
    assert AccessEvent.objects.filter(patient_number=mixed[4].session.course.patient_id).exists()


def test_after_a_decision_beside_the_list_the_next_charge_is_open(coder, course, approved, treat):
    treat(course, 3)
    first, second, _ = Charge.objects.order_by("date_of_service")
    text = page(coder, f"?status=ready&charge={first.pk}")
    then = unescape(re.search(r'name="next" value="([^"]+)">\s*<button[^>]*>Release', text)[1])
    assert then == f"/charges/?status=ready&charge={second.pk}"
    answer = coder.post(reverse("charge_move", args=[first.pk, "release"]), {"next": then})
    assert answer["Location"] == then
    first.refresh_from_db()
    assert first.status == "released"


def test_nobody_is_led_away_from_this_site(coder, mixed):
    data = {"charge": mixed[0].pk, "assigned_to": "nobody", "next": "https://evil.example/"}
    assert coder.post(reverse("charge_assign"), data)["Location"] == URL


def test_a_charge_of_another_facility_is_not_beside_the_list(coder, elsewhere):
    assert coder.get(URL, {"charge": charge(elsewhere).pk}).status_code == 404


def test_htmx_is_answered_with_the_charge_alone(coder, mixed):
    headers = {"HX-Request": "true", "HX-Target": "pane"}
    answer = coder.get(URL, {"charge": mixed[0].pk}, headers=headers).content.decode()
    assert answer.lstrip().startswith("<section")
    assert 'id="charge-' not in answer


@pytest.mark.parametrize(
    "query",
    [
        "?charge=x",
        "?charge=",
        "?page=99",
        "?page=x",
        "?group=zz&sort=zz",
    ],
)
def test_nonsense_in_the_address_does_no_harm(coder, mixed, query):
    assert in_view(page(coder, query))[0] == 12


def test_a_page_of_the_queue_costs_six_questions_and_sixty_kibibytes(coder, mixed, facility):
    for _ in range(50):
        charge(facility, status="held", leading_rule="R43")
    page(coder, "?status=held")
    with CaptureQueriesContext(connection) as asked:
        response = coder.get(URL, {"status": "held"})
    assert len(re.findall(r'id="charge-\d+"', response.content.decode())) == 50
    assert len(response.content) <= 60 * 1024
    # two more belong to every page: the session and the person
    assert len(asked) <= 8, [query["sql"][:90] for query in asked]
