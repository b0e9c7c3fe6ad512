"""The database refuses nonsense, whoever writes it and however."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction

from accounts.models import AccessEvent, Facility
from authorizations.models import AuthorizationEvent, Charge, ChargeEvent, CodingReview
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db


def test_policies_of_one_scope_never_overlap(plan):
    clash = make.CodingPolicyFactory.build(plan=plan, payer=plan.payer, value="90 days")
    with pytest.raises(ValidationError, match="already answers"):
        clash.full_clean()
    name = refused(lambda: make.CodingPolicyFactory(plan=plan, value="90 days"))
    assert name == "coding_policy_never_overlaps"


def test_policies_of_one_scope_may_follow_each_other_to_the_day(plan):
    first = plan.codingpolicy_rows.get()
    first.effective_through = date(2026, 6, 30)
    first.save()
    assert make.CodingPolicyFactory(plan=plan, effective_from=date(2026, 7, 1)).pk
    assert "overlaps" in refused(
        lambda: make.CodingPolicyFactory(plan=plan, effective_from=date(2026, 6, 30))
    )


def test_a_policy_without_source_is_refused(plan):
    row = make.CodingPolicyFactory.build(
        plan=plan, payer=plan.payer, topic="modifier_26", value="required", source=""
    )
    with pytest.raises(ValidationError, match=r"[Ss]ource|blank"):
        row.full_clean()
    name = refused(
        lambda: make.CodingPolicyFactory(
            plan=plan, topic="modifier_26", value="required", source=""
        )
    )
    assert name == "coding_policy_has_source"


@pytest.mark.parametrize(
    ("topic", "value"),
    [
        ("modifier_26", "sometimes"),
        ("timely_filing", "90"),
        ("timely_filing", "0 days"),
        ("last_fraction_review_hours", "-1"),
        ("surface_guidance", "76_77"),
    ],
)
def test_a_policy_answers_its_own_topic(plan, topic, value):
    plan.codingpolicy_rows.all().delete()
    name = refused(lambda: make.CodingPolicyFactory(plan=plan, topic=topic, value=value))
    assert name == "coding_policy_value_fits_topic"


def test_a_fraction_is_recorded_once(course):
    make.GuidanceSessionFactory(course=course)
    assert (
        refused(lambda: make.GuidanceSessionFactory(course=course)) == "session_once_per_fraction"
    )


def test_a_session_has_one_live_charge_per_code(course):
    charge = make.ChargeFactory(session=make.GuidanceSessionFactory(course=course))
    name = refused(lambda: make.ChargeFactory(session=charge.session))
    assert name == "charge_once_per_session_and_code"
    Charge.objects.filter(pk=charge.pk).update(status="void")
    assert make.ChargeFactory(session=charge.session).pk


def test_units_used_never_exceed_units_approved(approved):
    line = approved.lines.get(code="77387")
    line.units_used = line.units_approved + 1
    assert refused(line.save) == "authorized_service_used_within_approved"


@pytest.mark.parametrize(
    ("changes", "guard"),
    [
        ({"units_requested": 0}, "authorized_service_requests_units"),
        ({"units_approved": 0}, "authorized_service_approves_units"),
        (
            {"valid_from": date(2026, 2, 2), "valid_through": date(2026, 2, 1)},
            "authorized_service_dates_in_order",
        ),
        ({"decision": "approved"}, "authorized_service_approved_is_complete"),
        ({"decision": "maybe"}, "authorized_service_decision_known"),
    ],
)
def test_a_line_that_no_letter_can_say_is_refused(course, plan, changes, guard):
    request = make.PriorAuthorizationFactory(course=course, plan=plan)
    assert refused(lambda: make.AuthorizedServiceFactory(authorization=request, **changes)) == guard


def test_a_moment_without_its_person_is_refused(course, plan):
    request = make.PriorAuthorizationFactory(course=course, plan=plan)
    request.submitted_at = request.created_at
    assert refused(request.save) == "authorization_submitted_pair"


@pytest.mark.parametrize("column", ["shift_lr_mm", "shift_si_mm", "shift_ap_mm"])
def test_a_shift_beyond_reason_is_refused(course, column):
    assert "plausible" in refused(
        lambda: make.GuidanceSessionFactory(course=course, **{column: Decimal("50.1")})
    )


def test_a_stopped_charge_is_not_released_without_an_override(course, person):
    charge = make.ChargeFactory(
        session=make.GuidanceSessionFactory(course=course), disposition="STOP", status="held"
    )
    charge.status, charge.released_at, charge.released_by = (
        "released",
        charge.captured_at,
        charge.session.recorded_by,
    )
    assert refused(charge.save) == "charge_stopped_needs_override"


def test_coverages_of_one_rank_never_overlap(course):
    first = course.patient.coverages.get()
    name = refused(
        lambda: make.CoverageFactory(
            patient=course.patient,
            plan=first.plan,
            effective_from=first.effective_from + timedelta(days=10),
        )
    )
    assert name == "coverage_never_overlaps"


@pytest.mark.parametrize(
    "factory",
    [
        make.AuthorizationEventFactory,
        make.ChargeEventFactory,
        make.CodingReviewFactory,
        make.AccessEventFactory,
        make.ImportedRowFactory,
        make.BatchFactory,
    ],
)
def test_what_is_written_once_is_never_changed_or_deleted(factory):
    row = factory()
    table = row._meta.db_table
    for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with (
            pytest.raises(ProgrammingError, match="Cannot"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_history_sees_bulk_writes_and_raw_sql_and_cannot_be_rewritten(course):
    Facility.objects.filter(pk=course.facility_id).update(name="Renamed in bulk")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_facility SET name = 'Renamed in SQL'")
    names = list(course.facility.history.order_by("pgh_id").values_list("name", flat=True))
    assert names[-2:] == ["Renamed in bulk", "Renamed in SQL"]
    with pytest.raises(ProgrammingError), transaction.atomic():
        course.facility.history.update(name="Never happened")


def test_the_append_only_tables_are_the_ones_we_think():
    tables = {
        model
        for model in (AccessEvent, AuthorizationEvent, ChargeEvent, CodingReview)
        if any("append_only" in trigger.name for trigger in model._meta.triggers)
    }
    assert len(tables) == 4


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("draft", "approved"),
        ("approved", "draft"),
        ("denied", "submitted"),
        ("rejected", "approved"),
    ],
)
def test_the_database_refuses_a_move_that_is_not_in_the_table(course, plan, start, end):
    request = make.PriorAuthorizationFactory(
        course=course,
        plan=plan,
        status=start,
        number="A9",
        decided_on=course.first_fraction_on,
        who_acts="us",
    )
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        type(request).objects.filter(pk=request.pk).update(status=end)


def test_the_database_refuses_to_bring_a_void_charge_back(course):
    charge = make.ChargeFactory(session=make.GuidanceSessionFactory(course=course), status="void")
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        type(charge).objects.filter(pk=charge.pk).update(status="ready")


def test_a_denied_line_holds_no_units(approved):
    """Units used with none approved is refused too: nothing is no number to compare with."""
    line = approved.lines.get(code="77387")
    type(line).objects.filter(pk=line.pk).update(units_used=3)
    name = refused(lambda: type(line).objects.filter(pk=line.pk).update(units_approved=None))
    assert name in (
        "authorized_service_used_within_approved",
        "authorized_service_approved_is_complete",
    )
    denied = {"decision": "denied", "units_approved": None}
    name = refused(lambda: type(line).objects.filter(pk=line.pk).update(**denied))
    assert name == "authorized_service_used_within_approved"


def test_a_line_has_no_last_day_without_a_first(approved):
    line = approved.lines.get(code="77387")
    change = {"decision": "denied", "units_approved": None, "valid_from": None}
    name = refused(lambda: type(line).objects.filter(pk=line.pk).update(**change))
    assert name == "authorized_service_dates_in_order"


@pytest.mark.parametrize("zone", ["America/Chicag0", "america/chicago", "CST", "Nowhere", ""])
def test_a_facility_keeps_a_time_zone_that_exists(facility, zone):
    work = Facility.objects.filter(pk=facility.pk).update
    assert refused(lambda: work(time_zone=zone)) == "facility_time_zone_known"


@pytest.mark.parametrize("zone", ["America/Indiana/Knox", "Pacific/Kiritimati", "Etc/GMT+5"])
def test_every_time_zone_of_the_world_is_taken(facility, zone):
    assert Facility.objects.filter(pk=facility.pk).update(time_zone=zone) == 1


@pytest.fixture
def released(course, person):
    charge = make.ChargeFactory(session=make.GuidanceSessionFactory(course=course), status="ready")
    charge.status, charge.released_at = "released", charge.captured_at
    charge.released_by = person("coder")
    charge.save()
    return Charge.objects.filter(pk=charge.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("9999.00")},
        {"units": 7},
        {"modifiers": ["26", "76"]},
        {"date_of_service": date(2026, 1, 2)},
        {"released_at": None, "released_by": None, "status": "void"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_released_charge_is_never_edited(released, change):
    with pytest.raises(ProgrammingError, match="released charge"), transaction.atomic():
        released.update(**change)


def test_a_released_charge_is_never_deleted_but_may_be_voided(released):
    with pytest.raises(ProgrammingError, match="released charge"), transaction.atomic():
        released._raw_delete(released.db)
    assert released.update(status="void") == 1
