"""Whatever order files, messages and hands come in: the same sessions, charges and units."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizations.exceptions import NotRecorded
from authorizations.imports.actions import import_treatments
from authorizations.models import AuthorizedService, Charge, GuidanceSession
from authorizations.treatments.actions import record_session
from tests.support.record_versions import TODAY, Word, as_files, typed
from tests.support.treatment_pages import HEADING, line

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def final_state(course) -> tuple:
    """What is billed and why; not how it came about."""
    sessions = GuidanceSession.objects.live().filter(course=course)
    values = ("source_record", "date_of_service", "fraction", "machine", "started_at")
    values += ("is_delivered", "shift_lr_mm", "authorized_service_id")
    charges = Charge.objects.live().filter(session__course=course)
    standing = ("session__source_record", "code", "units", "status", "disposition", "leading_rule")
    return (
        sorted(map(str, sessions.values_list(*values))),
        sorted(map(str, charges.values_list(*standing))),
        list(AuthorizedService.objects.order_by("pk").values_list("units_used", flat=True)),
        sorted(map(str, sessions.filter(reviews__isnull=False).values_list("source_record"))),
    )


class Undone(Exception):
    """Ends an example; what it wrote is taken back."""


def outcome(course, by, sendings) -> tuple:
    """The final state after these sendings, each words or a session typed by hand."""
    state: tuple = ()
    with suppress(Undone), transaction.atomic():
        for sending in sendings:
            if isinstance(sending, Word):
                with suppress(NotRecorded):
                    record_session(course=course, by=by, **typed(course, sending))
            else:
                import_treatments(as_files(sending, course), by=by, on=TODAY)
        state = final_state(course)
        raise Undone
    return state


WORD = st.builds(
    Word,
    record=st.integers(1, 3),
    minute=st.integers(0, 5),
    day=st.integers(0, 1),
    fraction=st.integers(1, 2),
    hour=st.sampled_from((9, 10)),
    machine=st.sampled_from(("TB1", "TB2")),
    shift=st.sampled_from((None, "1.2", "2.5")),
    delivered=st.sampled_from(("yes", "no")),
    reviewed=st.booleans(),
    as_csv=st.booleans(),
)


@st.composite
def two_orders(draw) -> tuple[list, list]:
    """The same words in two orders, cut into sendings anyhow, some of them sent again."""
    words = draw(st.lists(WORD, min_size=2, max_size=6))
    return cut(draw, words), cut(draw, words)


def cut(draw, words: list[Word]) -> list[list[Word]]:
    order = draw(st.permutations(words))
    again = draw(st.lists(st.sampled_from(words), max_size=2))
    sendings: list[list[Word]] = [[]]
    for word in (*order, *again):
        if draw(st.booleans()):
            sendings.append([])
        sendings[-1].append(word)
    return [sending for sending in sendings if sending]


@pytest.fixture
def busy(course, authorize, coder):
    """A course whose two units are the last ones."""
    course.facility.machines = ["TB1", "TB2"]
    course.facility.save()
    authorize(course, units=2)
    return course, coder.user


@pytest.mark.slow
@pytest.mark.django_db
@FEW
@given(orders=two_orders())
def test_any_order_of_records_corrections_and_deletions_ends_alike(busy, orders):
    course, by = busy
    first, second = (outcome(course, by, order) for order in orders)
    assert first == second


@pytest.mark.django_db
def test_a_record_that_gave_way_stands_again_when_its_place_is_freed_by_others(busy):
    """Its own number is not in the file that frees its place."""
    early, late = Word(1, 0, 0, 2), replace(Word(1, 0, 0, 2), minute=4, hour=10, shift="2.5")
    takes, moves = replace(Word(2, 0, 0, 2), shift="2.5"), replace(Word(2, 0, 0, 1), minute=1)
    course, by = busy
    apart = outcome(course, by, [[early, late], [takes], [moves]])
    assert apart == outcome(course, by, [[early, late, takes, moves]])


@st.composite
def with_hands(draw) -> tuple[list, list]:
    """Records of fractions of their own, corrected anyhow, some typed by hand as well."""
    words = []
    for record in range(1, draw(st.integers(2, 4)) + 1):
        first = Word(record, 0, day=record - 1, fraction=record, as_csv=draw(st.booleans()))
        later = [
            replace(first, minute=minute, shift=draw(st.sampled_from(("1.2", "2.5", "-3.0"))))
            for minute in range(1, draw(st.integers(1, 3)))
        ]
        words += [first, *later]
    hands = [w for w in words if w.minute == 0 and draw(st.booleans())]
    return interleave(draw, words, hands), interleave(draw, words, hands)


def interleave(draw, words: list[Word], hands: list[Word]) -> list:
    sendings: list = [*cut(draw, words), *hands]
    return draw(st.permutations(sendings))


@pytest.mark.slow
@pytest.mark.django_db
@FEW
@given(orders=with_hands())
def test_hands_messages_and_files_in_any_order_end_alike(busy, orders):
    course, by = busy
    first, second = (outcome(course, by, order) for order in orders)
    assert first == second


def run_together(*works) -> list[BaseException]:
    """Real threads, started at once; what they raised."""
    barrier, raised = threading.Barrier(len(works)), []

    def run(work) -> None:
        try:
            barrier.wait()
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_the_same_day_imported_twice_at_once_is_recorded_once(course, approved, coder):
    rows = [line(course, f"R{n}", str(n)).replace("09:", f"{9 + n:02d}:") for n in range(1, 6)]
    one, other = (HEADING + "".join(order) for order in (rows, reversed(rows)))

    def take(text: str):
        return lambda: import_treatments([text.encode()], by=coder.user, on=TODAY)

    assert run_together(take(one), take(other)) == []
    assert GuidanceSession.objects.count() == 5
    assert Charge.objects.live().count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_import_against_a_hand_at_the_same_session_makes_one(course, approved, coder):
    words = [Word(n, 0, day=n - 1, fraction=n) for n in range(1, 5)]

    def by_hand() -> None:
        for word in words:
            with suppress(NotRecorded):
                record_session(course=course, by=coder.user, **typed(course, word))

    def by_import() -> None:
        import_treatments(as_files(words, course), by=coder.user, on=TODAY)

    assert run_together(by_hand, by_import) == []
    live = GuidanceSession.objects.live()
    assert sorted(live.values_list("fraction", flat=True)) == [1, 2, 3, 4]
    assert set(live.values_list("source_record", flat=True)) == {"R1", "R2", "R3", "R4"}
    assert Charge.objects.live().count() == 4
