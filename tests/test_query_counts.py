"""A list of twenty costs no more questions to the database than a list of two."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories as make

pytestmark = pytest.mark.django_db

LISTS = (
    ("front_desk", "home", {}),
    ("front_desk", "course_list", {}),
    ("front_desk", "course_list", {"queue": "unauthorized"}),
    ("front_desk", "authorization_list", {}),
    ("therapist", "day_sheet", {"facility": "MAIN", "date": "2026-10-05"}),
    ("therapist", "reconciliation", {"facility": "MAIN", "date": "2026-10-05"}),
    ("physician", "image_review_list", {}),
    ("coder", "charge_list", {}),
    ("coder", "batch_list", {}),
    ("therapist", "return_list", {}),
    ("coder", "changed_list", {}),
    ("coder", "rejudge_run_list", {}),
    ("manager", "dispute_list", {}),
    ("manager", "payer_dashboard", {}),
    ("manager", "payer_dashboard_rows", {"figure": "held"}),
    ("manager", "payer_scorecard", {"key": "aetna"}),
    ("manager", "payer_metrics", {"key": "aetna"}),
    ("therapist", "conflict_list", {}),
    ("coder", "code_list", {}),
    ("coder", "payer_list", {}),
    ("coder", "payer_detail", {"key": "aetna"}),
)


def questions(client, name: str, query: dict[str, str]) -> int:
    arguments = [query[key] for key in ("figure", "key") if key in query]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse(name, args=arguments), query).status_code == 200
    return len(asked)


@pytest.fixture
def grow(facility, plan):
    """More of everything: courses with a request, a session and a charge each."""

    def build(count: int) -> None:
        for _ in range(count):
            course = make.CourseFactory(facility=facility)
            make.CoverageFactory(patient=course.patient, plan=plan)
            request = make.PriorAuthorizationFactory(course=course, plan=plan, facility=facility)
            make.AuthorizedServiceFactory(authorization=request)
            session = make.GuidanceSessionFactory(course=course, facility=facility)
            charge = make.ChargeFactory(
                session=session,
                facility=facility,
                plan=plan,
                status="held",
                returned_to="therapist",
                returned_at=session.started_at,
                returned_by=session.recorded_by,
                return_reason="Shifts",
            )
            make.ChangedVerdictFactory(charge=charge)
            make.ChargeEventFactory(charge=charge, verb="dispute", new_status="held")
            make.RejudgeRunFactory(finished_at=timezone.now())
            make.BatchFactory(facility=facility)
            make.TreatmentRecordFactory(facility=facility, session=session, course=course)
            make.ProcedureCodeFactory(code=f"7{make.npi(course.pk)[-4:]}")

    return build


@pytest.mark.parametrize(("role", "name", "query"), LISTS)
def test_twenty_rows_cost_what_two_cost(client_of, grow, role, name, query):
    client = client_of(role)
    grow(2)
    questions(client, name, query)
    two = questions(client, name, query)
    grow(18)
    questions(client, name, query)  # the first look at new rows opens their tasks
    assert questions(client, name, query) <= two
