"""Every page × people with two roles at two places: the role table alone predicts each answer."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.past.middleware import KEY
from tests import factories as make
from tests.support.permissions import AD, AU, CO, FD, MA, OPENS, PH, TH, address, things_of
from tests.support.tables import TABLES

pytestmark = pytest.mark.django_db
PEOPLE = {
    "coder here, therapist there": ((CO, "HILL"), (TH, "RIVER")),
    "administrator everywhere, auditor here": ((AD, None), (AU, "HILL")),
    "administrator there, coder here": ((AD, "RIVER"), (CO, "HILL")),
    "manager here, front desk there": ((MA, "HILL"), (FD, "RIVER")),
    "front desk here, therapist there": ((FD, "HILL"), (TH, "RIVER")),
    "auditor here, front desk there": ((AU, "HILL"), (FD, "RIVER")),
    "physician here, coder there": ((PH, "HILL"), (CO, "RIVER")),
}
NAMES = {"HILL": "Hillmann", "RIVER": "Riverton"}
# Answered by who one is, not by the facility of a thing.
# What administrators decide about people and books belongs to no facility.
OF_NO_FACILITY = {
    *("proposed_change_confirm", "proposed_change_decline", "proposed_change_seen"),
    *("directory_report", "directory_answer"),  # telephone numbers of payers
}
OWN = {"view_drop", "logout", "password_change", "theme", "mail_choice", "kept_form_drop"}
# Pages of books for everybody's patients: the patient's name never stands on them.
WINDOWS = {
    "course": frozenset({FD, TH, PH, CO, MA, AU}),
    "priorauthorization": frozenset({FD, TH, PH, CO, MA, AU}),
    "guidancesession": frozenset({FD, TH, PH, CO, MA, AU}),
    "charge": frozenset({CO, MA, AU}),
}


@pytest.fixture
def places(plan, authorize, treat):
    """Two facilities, each with a patient of its own and one thing of every kind."""
    make.ProcedureCodeFactory()
    found = {}
    for number, (code, name) in enumerate(NAMES.items()):
        facility = make.FacilityFactory(code=code, name=f"{code.title()} Center")
        patient = make.PatientFactory(last_name=name, mrn=f"{code}0001")
        course = make.CourseFactory(facility=facility, patient=patient, code=f"{code}-C1")
        make.CoverageFactory(patient=patient, plan=plan)
        approved = authorize(course, number=f"A{number}000001")
        things = things_of(course, approved, treat)
        waiting = treat(course, reviewed=False)[0]
        returned(waiting)
        record(facility, course)
        found[code] = {**things, "facility": facility, "patient": patient.pk, "person": patient}
    return found


def returned(session) -> None:
    """A charge that is out with the therapist."""
    charge = session.charges.get()
    charge.status, charge.returned_to = "held", "therapist"
    charge.returned_at = charge.created_at = timezone.now()
    charge.returned_by, charge.return_reason = session.recorded_by, "Shifts"
    charge.save()


def record(facility, course) -> None:
    make.TreatmentRecordFactory(
        facility=facility, course=course, session=make.GuidanceSessionFactory(
            course=course, facility=facility, fraction=12
        ),
    )  # fmt: skip


@pytest.fixture
def people(places) -> list[Client]:
    """A signed-in browser of each of the people, with the roles at each place."""
    return [browser_of(name, held, places) for name, held in PEOPLE.items()]


def browser_of(name, held, places) -> Client:
    user = make.UserFactory(is_staff=True, username=name.replace(" ", "-").replace(",", ""))
    for role, place in held:
        facility = places[place]["facility"] if place else None
        make.MembershipFactory(user=user, role=role, facility=facility)
    client = Client()
    client.force_login(user)
    client.name = name
    client.roles = {
        place: frozenset(role for role, where in held if where in (None, place)) for place in NAMES
    }
    return client


def is_thing(url: str) -> bool:
    """Whether the address names one thing of one facility."""
    return bool({"pk"} & set(resolve(url).kwargs))


def walk(client, places, look=lambda name: True):
    """Each page that answers to GET and shows a thing, with what the table says of it."""
    for place, things in places.items():
        for name, (readers, _) in OPENS.items():
            url = address(name, things)
            if readers and name not in OWN | OF_NO_FACILITY and is_thing(url) and look(name):
                yield name, place, url, bool(readers & client.roles[place])


@pytest.mark.slow
def test_a_thing_opens_where_a_role_there_opens_it(people, places):
    for somebody in people:
        for name, place, url, may in walk(somebody, places):
            status = somebody.get(url).status_code
            wanted = {200} if may else {403, 404}
            assert status in wanted, f"{name} at {place}: {status}"


@pytest.mark.slow
def test_its_files_open_where_a_role_there_opens_it(people, places):
    for somebody in people:
        for name, place, url, may in walk(somebody, places):
            tables = [table for _, page, _, _, table in TABLES if page == name] or [""]
            for table in tables:
                query = {"export": "csv", "table": table}
                if not may:
                    status = somebody.get(url, query).status_code
                    assert status in (403, 404), f"{name} {table} at {place}: {status}"


@pytest.mark.slow
def test_the_past_opens_where_the_present_does(people, places):
    for somebody in people:
        session = somebody.session
        session[KEY] = timezone.now().isoformat()
        session.save()
        for name, place, url, may in walk(somebody, places):
            if not may:
                status = somebody.get(url).status_code
                assert status in (403, 404), f"{name} at {place}: {status}"


@pytest.mark.slow
def test_a_thing_is_changed_where_a_role_there_changes_it(people, places):
    for somebody in people:
        for place, things in places.items():
            for name, (_, writers) in OPENS.items():
                url = address(name, things)
                if not writers or name in OWN | OF_NO_FACILITY or not is_thing(url):
                    continue
                status = somebody.post(url, {}).status_code
                may = bool(writers & somebody.roles[place])
                assert (status not in (403, 404)) == may, f"{name} at {place}: {status}"


def listed(places):
    """Every list of cases, as page and as each of its files, with who reads it."""
    for name, (readers, _) in OPENS.items():
        url = address(name, places["HILL"])
        if readers and AD not in readers and name not in OWN and not is_thing(url):
            files = [(query, table) for _, page, _, query, table in TABLES if page == name]
            for query, table in files or [({}, "")]:
                asked = {key: value for key, value in query.items() if key != "facility"}
                yield name, url, asked, readers
                yield name, url, {**asked, "export": "csv", "table": table}, readers


def text_of(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


@pytest.mark.slow
def test_a_list_names_nobody_of_a_place_where_no_role_reads_it(people, places):
    for somebody in people:
        for name, url, query, readers in listed(places):
            hidden = [NAMES[p] for p, roles in somebody.roles.items() if not roles & readers]
            if hidden:
                text = text_of(somebody.get(url, query))
                found = [patient for patient in hidden if patient in text]
                assert not found, f"{somebody.name}: {name} {query}"


def test_a_filter_opens_no_place_where_no_role_reads(people, places):
    for somebody in people:
        for name in ("course_list", "authorization_list", "charge_list", "day_sheet"):
            readers, _ = OPENS[name]
            for place, roles in somebody.roles.items():
                if not roles & readers:
                    asked = {"facility": places[place]["facility"].pk, "status": "any"}
                    response = somebody.get(reverse(name), asked)
                    assert NAMES[place] not in text_of(response), f"{somebody.name}: {name}"


@pytest.mark.parametrize("figure", ["open", "held", "approved"])
def test_the_rows_behind_a_figure_are_of_ones_own_places(people, places, figure):
    for somebody in people:
        readers = OPENS["payer_dashboard_rows"][0]
        for query in ({}, {"export": "csv"}, {"facility": places["RIVER"]["facility"].pk}):
            response = somebody.get(reverse("payer_dashboard_rows", args=[figure]), query)
            for place, roles in somebody.roles.items():
                assert roles & readers or NAMES[place] not in text_of(response), place


def test_the_charges_are_those_of_the_places_where_one_reads_charges(people, places):
    for somebody in people:
        readers, _ = OPENS["charge_list"]
        text = text_of(somebody.get(reverse("charge_list"), {"status": "any"}))
        for place, roles in somebody.roles.items():
            assert (NAMES[place] in text) == bool(roles & readers), place


@pytest.mark.slow
def test_a_search_finds_the_patients_of_the_places_where_one_reads_cases(people, places):
    for somebody in people:
        readers, _ = OPENS["search"]
        for place, roles in somebody.roles.items():
            for text in (NAMES[place], f"{place}0001", f"{place}-C1", "A0000001", "A1000001"):
                response = somebody.post(reverse("search"), {"text": text}, follow=True)
                found = text_of(response).replace(f'value="{text}"', "").replace(f"“{text}”", "")
                for other, held in somebody.roles.items():
                    assert held & readers or NAMES[other] not in found.replace(text, ""), text
            course = reverse("course_detail", args=[places[place]["course"]])
            by_number = somebody.post(reverse("search"), {"text": f"{place}-C1"})
            assert (by_number.get("Location") == course) == bool(roles & readers), place


def test_a_window_of_the_admin_shows_the_rows_of_the_same_places(people, places):
    for somebody in people:
        roles_held = frozenset().union(*somebody.roles.values())
        for model, readers in WINDOWS.items():
            table = f"admin:authorizations_{model}"
            for place, roles in somebody.roles.items():
                pk = places[place][{"priorauthorization": "authorization"}.get(
                    model, "session" if model == "guidancesession" else model)]  # fmt: skip
                may = AD in roles_held and bool(roles & readers)
                for page in ("change", "history"):
                    status = somebody.get(reverse(f"{table}_{page}", args=[pk])).status_code
                    assert (status == 200) == may, f"{model} {page} at {place}: {status}"
            for query in ({}, {"export": "csv"}):
                page = somebody.get(reverse(f"{table}_changelist"), query)
                text = text_of(page) if page.status_code == 200 else ""
                for place, roles in somebody.roles.items():
                    assert roles & readers or f"{place}-C1" not in text, f"{model} at {place}"


def test_home_and_the_bar_count_the_work_of_the_right_places(people, places):
    for somebody in people:
        for role_pages in ("home", "course_list"):
            text = text_of(somebody.get(reverse(role_pages)))
            for place, roles in somebody.roles.items():
                assert roles - {AD} or NAMES[place] not in text, f"{role_pages} {place}"
