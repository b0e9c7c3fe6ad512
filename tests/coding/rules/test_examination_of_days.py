"""The cases of the examination from the 29th on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coding.rules import review
from coding.rules.examples.base import at, authorized, changed, clean, insured
from coding.rules.facts import OtherLine
from payers.clocks import FilingLimit, filing_deadline
from payers.lines_of_business import LINES
from tests.coding.rules.examined import day, judged, pairs, proposal, sentence

CLEAN: tuple[str, set[str]] = ("pass", set())
EVE, DAY = date(2025, 12, 31), date(2026, 6, 1)


def test_case_29_protons():
    assert judged(**day("77523")) == ("HOLD", {"R25"})


@pytest.mark.parametrize("code", ["77770", "77761", "77762", "77763", "77789"])
def test_case_30_brachytherapy(code):
    assert judged(**day(code)) == ("HOLD", {"R24"})


def test_case_31_superficial_treatment_placed_by_ultrasound():
    facts = {**day("77437"), "modalities": ("ultrasound",)}
    assert judged(**facts) == ("STOP", {"R23"})
    assert proposal(**facts) == "77439-26"


def test_case_32_planning_of_superficial_treatment_is_no_delivery():
    assert judged(**day("77407", "77436")) == ("pass", set())


def test_case_33_ultrasound_placement_needs_ultrasound_and_its_delivery():
    assert judged(code="77439", **day("77437"), modalities=("ultrasound",)) == ("pass", set())
    assert judged(code="77439", **day("77437"), modalities=("cbct",)) == ("STOP", {"R61"})
    assert judged(code="77439", **day("77407"), modalities=("ultrasound",)) == ("STOP", {"R61"})
    skin = {"code": "77439", **day("77438"), "modalities": ("ultrasound",)}
    assert judged(**skin, modifiers=("TC",)) == ("STOP", {"R08"})
    assert judged(**skin, modifiers=()) == ("STOP", {"R10"})


def test_case_34_what_took_the_place_of_deleted_delivery_codes():
    assert "77437 up to 150 kV and 77438" in said_of("77401")
    assert "the centre" in said_of("G6015", place_of_service="11")


def said_of(code: str, **changes: Any) -> str:
    """What R07 says of a code."""
    found = review(changed(clean(), code=code, modifiers=(), **changes)).findings
    return next(f.sentence for f in found if f.number == "R07")


def test_case_35_level_three_and_a_port_image():
    assert judged(**day("77412")) == ("WARN", {"R58"})
    assert judged(code="77417", modifiers=()) == ("WARN", {"R40"})


def test_case_36_management_and_physics_the_same_day():
    assert judged(**day("77407", "77427", "77336")) == ("pass", set())
    assert judged(**day("77412", "77431"), diagnoses=("C79.51",), fractions_planned=1,
                  modalities=("kv_pair",), has_motion_management=None) == CLEAN  # fmt: skip


def test_case_37_a_day_of_markers_without_a_beam():
    lines = (OtherLine("55876"), OtherLine("A4648"))
    assert judged(is_delivered=False, other_lines=lines) == ("STOP", {"R26"})


@pytest.mark.parametrize(
    ("modalities", "expected"),
    [
        (("surface",), ("HOLD", {"R38"})),
        (("surface", "kv_pair"), ("pass", set())),
        (("fluoroscopy",), ("HOLD", {"R38"})),
        (("port_film",), ("STOP", {"R39"})),
    ],
)
def test_case_38_what_was_imaged(modalities, expected):
    assert judged(modalities=modalities) == expected


@pytest.mark.parametrize("code", ["M72.2", "M17.0", "H11.00", "N62", "G50.0", "D34"])
def test_case_39_benign_disease(code):
    assert judged(diagnoses=(code,), modalities=("kv_pair",)) == ("HOLD", {"R57"})
    assert judged(diagnoses=("Z51.0",)) == ("STOP", {"R57"})
    assert judged(diagnoses=()) == ("STOP", {"R57"})


def test_case_40_a_hospitals_own_claim():
    assert judged(claim_type="837I", modifiers=()) == ("WARN", {"R16"})
    assert "critical access" in sentence(claim_type="837I")
    assert judged(claim_type="85X") == CLEAN
    assert judged(claim_type="85X", modifiers=()) == ("STOP", {"R10"})
    assert judged(clean(EVE), claim_type="85X") == ("STOP", {"R02"})


def test_case_41_review_and_units():
    assert judged(reviewed_at=None, reviewer_role="", reviewer_npi="") == ("STOP", {"R42"})
    assert judged(reviewed_at=at(date(2026, 6, 2), 11)) == ("STOP", {"R43"})
    assert judged(reviewer_role="therapist") == ("STOP", {"R45"})
    assert judged(units=2) == ("STOP", {"R27"})


def test_case_42_places_that_are_neither_office_nor_hospital():
    for place in ("02", "10", "12", "31", "99"):
        assert judged(place_of_service=place) == ("HOLD", {"R76"})


def test_case_43_a_physician_who_stood_in():
    assert judged(modifiers=("26", "Q6")) == ("pass", set())
    assert judged(modifiers=("26", "Q5", "Q6")) == ("HOLD", {"R36"})


def test_case_44_a_visit_of_the_same_physician():
    visit = {**day("77407", "99213"), **pairs(("77387", "99213", 1))}
    assert judged(**visit) == ("WARN", {"R70"})
    assert judged(insured(), **visit) == ("WARN", {"R70", "R72"})


def test_case_45_an_authorization_in_an_old_code_and_a_denied_line():
    monday = date(2026, 1, 5)
    old = authorized(monday, code="77014", modifier="")
    assert judged(insured(monday), lines=(old,), holds_unit=False) == ("HOLD", {"R49"})
    denied = authorized(decision="denied")
    assert judged(insured(), lines=(denied,), holds_unit=False) == ("STOP", {"R48"})


def test_case_46_medicare_advantage_after_the_dates_of_the_letter():
    ended = {"lines": (authorized(valid_through=date(2026, 5, 31)),), "holds_unit": False}
    advantage = {"line_of_business": "medicare_advantage"}
    assert judged(insured(), **ended, **advantage) == ("HOLD", {"R51"})
    assert judged(insured(), **ended) == ("STOP", {"R51"})


def test_case_47_medicare_a_year_and_a_day_later():
    november = clean(date(2026, 1, 24))
    found = judged(november, deadline=date(2027, 1, 24), judged_on=date(2027, 1, 25))
    assert found == ("STOP", {"R54"})


def test_case_48_a_secondary_insurer_counts_from_the_primarys_answer():
    limit, primary = FilingLimit.parse("90 days"), date(2026, 10, 1)
    last = filing_deadline(DAY, limit, primary_answered_on=primary)
    assert last == date(2026, 12, 30)
    assert judged(insured(), deadline=last, judged_on=date(2026, 10, 2)) == CLEAN
    assert judged(insured(), deadline=filing_deadline(DAY, limit),
                  judged_on=date(2026, 10, 2)) == ("STOP", {"R54"})  # fmt: skip


def test_case_49_nobody_pays_but_the_patient():
    verdict = review(changed(clean(), payer="", line_of_business="", modifier_26=None))
    assert (verdict.disposition, verdict.numbers) == ("pass", ())


@pytest.mark.parametrize("line", ["tricare", "va", "workers_compensation"])
def test_case_50_programs_besides_the_five_payers(line):
    program = {"payer": "tricare", "line_of_business": line, "modifier_26": None}
    assert line in LINES
    assert judged(**program) == CLEAN
    assert judged(**program, modifiers=()) == ("HOLD", {"R15"})


def test_case_51_simulation_on_a_treatment_day():
    assert judged(**day("77407", "77290")) == ("WARN", {"R71"})


def test_case_52_a_leap_day_is_filed_by_the_end_of_february():
    last = filing_deadline(date(2028, 2, 29), FilingLimit.parse("12 calendar months"))
    assert last == date(2029, 2, 28)
    assert judged(clean(date(2026, 2, 28)), deadline=date(2027, 2, 28),
                  judged_on=date(2027, 2, 13)) == ("WARN", {"R55"})  # fmt: skip


def test_case_53_a_day_of_2027():
    assert judged(clean(date(2027, 1, 4))) == ("WARN", {"R56"})
