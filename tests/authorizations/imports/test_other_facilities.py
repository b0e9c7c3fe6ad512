"""Imports across facilities: the course's facility decides; no answer tells who is elsewhere."""

from __future__ import annotations

import pytest
from django.urls import reverse

from authorizations.exceptions import NotRecorded
from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.imports.actions import import_treatments
from authorizations.imports.conflicts import keep_ours, take_over
from authorizations.imports.plan import plan_import
from authorizations.models import (
    AuthorizedService,
    GuidanceSession,
    RecordStatus,
    TreatmentRecord,
)
from tests import factories as make
from tests.support.treatment_pages import HEADING, line, preview
from tests.support.treatment_pages import kept as kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def sister(elsewhere):
    elsewhere.machines = ["TB1"]
    elsewhere.save()
    return elsewhere


@pytest.fixture
def sender(sister, person):
    """A therapist of the sister facility only."""
    return person("therapist", sister)


def send(by, *rows: str, allowed=("OTHER",)):
    return import_treatments([(HEADING + "".join(rows)).encode()], by=by, allowed=allowed)


def sent_line(course, record="S1", **changes: str) -> str:
    text = line(course, record, changes.get("fraction", "1"), "OTHER")
    text = text.replace(course.code, changes.get("code", course.code))
    return text.replace(course.patient.mrn, changes.get("mrn", course.patient.mrn))


def nothing_happened() -> bool:
    used = AuthorizedService.objects.exclude(units_used=0)
    return not GuidanceSession.objects.exists() and not used.exists()


def test_a_line_on_a_course_of_another_facility_waits_for_that_facility(
    sender, course, approved, therapist, client_of
):
    plan = send(sender, sent_line(course))
    assert [(row.outcome, row.sentence) for row in plan.rows] == [("refused", NOT_FOUND_HERE)]
    assert nothing_happened()
    record = TreatmentRecord.objects.conflicts().get()
    assert (record.course, record.sent_by, record.session) == (course, sender, None)
    page = therapist.get(reverse("conflict_list")).content.decode()
    assert f"Sent from OTHER by {sender}" in page
    assert course.patient.mrn in page
    assert "Take over what the system says" in page


def test_the_sender_sees_nothing_of_it(client_of, sister, sender, course, approved, client):
    send(sender, sent_line(course))
    client.force_login(sender)
    assert course.patient.mrn not in client.get(reverse("conflict_list")).content.decode()
    record = TreatmentRecord.objects.get()
    url = reverse("conflict_resolve", args=[record.pk])
    answer = client.post(url, {"decision": "take", "reason": "mine"})
    assert answer.status_code == 404
    with pytest.raises(NotRecorded, match="to decide"):
        take_over(record=record, by=sender, reason="mine")
    assert nothing_happened()


def test_accepted_it_is_recorded_at_the_sister_site_and_both_are_named(
    sender, course, approved, front_desk, client
):
    client.force_login(sender)
    send(sender, sent_line(course))
    record = TreatmentRecord.objects.get()
    url = reverse("conflict_resolve", args=[record.pk])
    front_desk.post(url, {"decision": "take", "reason": "treated there on Monday"})
    session = GuidanceSession.objects.get()
    record.refresh_from_db()
    assert (session.facility.code, session.course) == ("OTHER", course)
    assert (record.sent_by, record.resolved_by) == (sender, front_desk.user)
    assert record.standing == RecordStatus.STANDS
    assert session.charges.exists()
    page = client.get(reverse("session_detail", args=[session.pk])).content.decode()
    assert f"sent from OTHER by {sender}" in page


def test_refused_it_is_not_asked_again(sender, course, approved, front_desk):
    send(sender, sent_line(course))
    record = TreatmentRecord.objects.get()
    keep_ours(record=record, by=front_desk.user, reason="not our patient's day")
    again = send(sender, sent_line(course), sent_line(course, "S2", fraction="2"))
    assert {row.sentence for row in again.rows} == {NOT_FOUND_HERE}
    assert [r.record for r in TreatmentRecord.objects.conflicts()] == ["S2"]
    assert nothing_happened()


@pytest.mark.parametrize("fraction", ["1", "500"])
def test_unknown_and_elsewhere_are_told_alike_before_and_after(sender, course, plan, fraction):
    stranger = make.CourseFactory(facility=course.facility)
    rows = [
        sent_line(course, "S1", fraction=fraction),
        sent_line(course, "S2", mrn="NOBODY"),
        sent_line(course, "S3", code="NOCOURSE"),
        sent_line(course, "S4", mrn=stranger.patient.mrn),
    ]
    content = (HEADING + "".join(rows)).encode()
    looked = plan_import([content], allowed=["OTHER"])
    written = send(sender, *rows)
    for plan_ in (looked, written):
        answers = {(row.outcome, row.kind, row.sentence, row.kept) for row in plan_.rows}
        assert answers == {("refused", "unknown_mrn", NOT_FOUND_HERE, "")}
        assert plan_.moved == []


def test_the_same_twice_an_older_state_or_a_twin_tell_no_more(sender, course, plan):
    heading = HEADING.strip() + ",changed_at\n"

    def stamped(course_code: str, at: str) -> str:
        return sent_line(course, code=course_code).strip() + f",2026-10-05 {at}\n"

    def answers(code: str) -> list[tuple[str, str, str]]:
        found = []
        for times in (("12:00",), ("11:00",), ("12:00", "13:00"), ("12:00", "12:00")):
            text = heading + "".join(stamped(code, at) for at in times)
            rows = import_treatments([text.encode()], by=sender, allowed=["OTHER"]).rows
            found += [(row.outcome, row.kind, row.sentence) for row in rows]
        return found

    assert answers(course.code) == answers("NOCOURSE")


def test_a_record_number_of_another_facility_is_told_like_an_unknown_one(
    sender, course, approved, coder, sister, plan
):
    import_treatments([(HEADING + line(course)).encode()], by=coder.user)
    own = make.CourseFactory(facility=sister)
    make.CoverageFactory(patient=own.patient, plan=plan)
    taken = send(sender, line(own, "R1")).rows[0]
    assert (taken.outcome, taken.sentence) == ("refused", NOT_FOUND_HERE)
    heading = HEADING.strip() + ",action\n"
    rows = [line(own, number).strip() + ",delete\n" for number in ("R1", "R9")]
    text = (heading + "".join(rows)).encode()
    plan_ = import_treatments([text], by=sender, allowed=["OTHER"])
    assert len({(row.outcome, row.kind, row.sentence) for row in plan_.rows}) == 1
    assert GuidanceSession.objects.live().get().course == course


def test_naming_a_number_first_does_not_take_it_from_another_facility(
    sender, course, approved, coder
):
    heading = HEADING.strip() + ",action\n"
    text = heading + sent_line(course, "R1").strip() + ",delete\n"
    import_treatments([text.encode()], by=sender, allowed=["OTHER"])
    send(sender, sent_line(course, "R2", fraction="2"))
    rows = line(course, "R1") + line(course, "R2", "2").replace("10-05", "10-06")
    plan_ = import_treatments([(HEADING + rows).encode()], by=coder.user, allowed=["MAIN"])
    assert plan_.recorded == 2


def test_nothing_of_one_facility_gives_way_to_an_earlier_line_of_another(
    course, approved, coder, sister
):
    later = line(course).replace("2026-10-05", "2026-10-06")
    import_treatments([(HEADING + later).encode()], by=coder.user)
    plan_ = import_treatments([(HEADING + sent_line(course)).encode()], by=coder.user)
    assert [row.kind for row in plan_.rows] == ["duplicate_fraction"]
    assert GuidanceSession.objects.live().get().source_record == "R1"


def test_a_shared_patient_elsewhere_at_an_earlier_hour_displaces_nobody(
    sender, course, approved, coder, sister, plan
):
    import_treatments([(HEADING + line(course)).encode()], by=coder.user)
    sister.machines = ["TB1", "TB9"]
    sister.save()
    own = make.CourseFactory(facility=sister, patient=course.patient)
    early = line(own, "S1").replace("TB1", "TB9").replace("09:00,09:15", "08:55,09:10")
    plan_ = send(sender, early)
    assert [row.kind for row in plan_.rows] == ["two_machines"]
    assert plan_.rows[0].sentence.startswith("A machine of another facility claims this patient")
    assert GuidanceSession.objects.live().get().source_record == "R1"


def test_accepting_cannot_displace_what_stands(sender, course, approved, coder, front_desk):
    import_treatments([(HEADING + line(course)).encode()], by=coder.user)
    send(sender, sent_line(course))
    record = TreatmentRecord.objects.conflicts().get()
    with pytest.raises(NotRecorded, match="already recorded as R1"):
        take_over(record=record, by=front_desk.user, reason="seen")
    assert GuidanceSession.objects.live().get().source_record == "R1"


def test_a_correction_of_an_accepted_treatment_asks_the_course_s_facility_again(
    sender, course, approved, front_desk
):
    send(sender, sent_line(course))
    take_over(record=TreatmentRecord.objects.get(), by=front_desk.user, reason="seen")
    send(sender, sent_line(course).replace("1.0,-2.0", "9.0,-2.0"))
    session = GuidanceSession.objects.live().get()
    assert str(session.shift_lr_mm) == "1.0"
    record = TreatmentRecord.objects.conflicts().get()
    take_over(record=record, by=front_desk.user, reason="corrected there")
    session.refresh_from_db()
    assert str(session.shift_lr_mm) == "9.0"


def test_the_page_answers_as_the_import_does(client, sender, course, approved, kept):
    client.force_login(sender)
    page = preview(client, HEADING + sent_line(course)).content.decode()
    assert NOT_FOUND_HERE in page
    assert "for a person to decide" not in page
