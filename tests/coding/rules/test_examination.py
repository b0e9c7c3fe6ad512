"""The cases by which a domain examiner tried the rulebook, each with the right verdict."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coding.rules import review
from coding.rules.examples.base import at, authorized, changed, clean, insured
from coding.rules.examples.marks import SECOND
from coding.rules.facts import OtherLine, UnitLimitFacts
from tests.coding.rules.examined import day, judged, pairs, proposal, sentence

CLEAN: tuple[str, set[str]] = ("pass", set())
EVE, DAY = date(2025, 12, 31), date(2026, 6, 1)
AETNA: dict[str, Any] = {
    "payer": "aetna",
    "line_of_business": "commercial_fully_insured",
    "modifier_26": None,
}


def test_case_01_the_usual_session():
    assert judged() == ("pass", set())


def test_case_02_the_last_day_of_the_old_codes():
    assert judged(clean(EVE)) == ("STOP", {"R02"})
    assert proposal(clean(EVE)) == "77014-26"


def test_case_03_an_old_code_in_a_course_that_crosses_the_new_year():
    assert proposal(clean(date(2026, 1, 2)), code="77014") == "77387-26"


def test_case_04_a_freestanding_center_in_2025():
    lines = {"code": "G6002", "modifiers": (), "place_of_service": "11"}
    assert judged(clean(date(2025, 12, 30)), **lines, modalities=("kv_pair",), **day("G6015")) == (
        "pass",
        set(),
    )


def test_case_05_tracking_beside_the_old_ct_code():
    lines = {"code": "G6017", "modifiers": (), "place_of_service": "11"}
    found = judged(clean(date(2025, 12, 30)), **lines, **day("G6015", "77014"),
                   **pairs(("77014", "G6017", 1)))  # fmt: skip
    assert found == ("HOLD", {"R69"})


def test_case_07_the_old_ct_code_on_a_simulation_day():
    found = judged(clean(EVE), code="77014", **day("77407", "77290"),
                   **pairs(("77290", "77014", 0)))  # fmt: skip
    assert found == ("STOP", {"R68"})


def test_case_08_the_old_ct_code_beside_stereotactic_delivery_goes_where_distinct():
    facts = {"code": "77014", **day("77373"), **pairs(("77373", "77014", 1))}
    assert judged(clean(EVE), **facts) == ("HOLD", {"R18"})
    assert judged(clean(EVE), **facts, modifiers=("26", "59")) == ("pass", set())


def test_case_09_a_hospitals_guidance_beside_imrt_in_2025():
    found = judged(clean(EVE), claim_type="837I", code="77014", modifiers=(), **day("77386"))
    assert found == ("STOP", {"R06"})


def test_case_10_no_modifier_in_a_hospital():
    assert judged(modifiers=()) == ("STOP", {"R10"})
    assert judged(modifiers=(), line_of_business="medicare_advantage", modifier_26=None) == (
        "STOP",
        {"R10"},
    )


def test_case_11_the_global_service_in_a_hospital_without_a_policy():
    assert judged(**AETNA, modifiers=()) == ("HOLD", {"R15"})
    assert proposal(**AETNA, modifiers=()) == "77387-26"


def test_case_13_unitedhealthcare_from_march():
    assert judged(insured(date(2026, 3, 1)), modifiers=()) == ("STOP", {"R12"})


def test_case_14_the_form_that_unitedhealthcare_denied_wrongly():
    assert judged(insured(date(2026, 2, 10)), modifier_26="either") == ("WARN", {"R13"})


def test_case_15_a_payer_that_rejects_26():
    assert judged(insured(), modifier_26="rejected") == ("WARN", {"R14"})
    assert proposal(insured(), modifier_26="rejected") == "77387"


def test_case_16_the_technical_component_in_an_office():
    assert judged(modifiers=("TC",), place_of_service="11") == ("STOP", {"R08"})


@pytest.mark.parametrize("mark", ["PO", "PN"])
def test_case_17_hospital_modifiers_on_a_physicians_claim(mark):
    assert judged(modifiers=("26", mark), place_of_service="19") == ("STOP", {"R35"})


@pytest.mark.parametrize("mark", ["CT", "FX", "FY"])
def test_case_18_reductions_of_diagnostic_imaging(mark):
    assert judged(modifiers=("26", mark)) == ("STOP", {"R35"})


@pytest.mark.parametrize("mark", ["59", "XE", "XP"])
def test_case_19_distinct_from_nothing(mark):
    assert judged(modifiers=("26", mark)) == ("HOLD", {"R73"})


def test_case_20_twice_a_day_as_ordered():
    assert judged(modifiers=("26", "76"), **SECOND) == ("HOLD", {"R28"})


def test_case_21_a_repeat_without_a_first():
    assert judged(modifiers=("26", "76")) == ("HOLD", {"R74"})


def test_case_22_another_physicians_repeat_by_the_same_physician():
    twice = {**SECOND, "unit_limit": UnitLimitFacts(2, 3, "2026 Q2")}
    assert judged(modifiers=("26", "77"), **twice) == ("HOLD", {"R74"})
    assert judged(modifiers=("76", "26"), **twice) == ("WARN", {"R75"})


def test_case_23_excluded_by_law_and_denial_expected():
    assert judged(modifiers=("26", "GY")) == ("STOP", {"R37"})
    assert judged(modifiers=("26", "GZ")) == ("WARN", {"R37"})


def test_case_24_a_resident_and_gc_forgotten():
    found = judged(has_resident=True, has_attending_statement=True)
    assert found == ("STOP", {"R47"})
    assert proposal(has_resident=True, has_attending_statement=True) == "77387-26-GC"


def test_case_25_body_radiosurgery():
    assert judged(**day("77373"), technique="SBRT") == ("STOP", {"R18", "R19"})


@pytest.mark.parametrize(("code", "on"), [("G0563", DAY), ("C9795", date(2024, 6, 3))])
def test_case_26_radiosurgery_guided_by_emissions(code, on):
    disposition, numbers = judged(clean(on), **day(code), technique="")
    assert disposition == "STOP"
    assert "R18" in numbers


def test_case_27_radiosurgery_of_the_head():
    found = judged(**day("77372", "77432"), technique="SRS", **pairs(("77387", "77432", 0)))
    assert found == ("STOP", {"R18", "R19"})


def test_case_28_ten_gated_fractions():
    assert judged(**day("77412"), has_motion_management=True, fractions_planned=10) == (
        "pass",
        set(),
    )


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


def test_case_49_nobody_pays_but_the_patient():
    verdict = review(changed(clean(), payer="", line_of_business="", modifier_26=None))
    assert (verdict.disposition, verdict.numbers) == ("pass", ())


def test_case_51_simulation_on_a_treatment_day():
    assert judged(**day("77407", "77290")) == ("WARN", {"R71"})


def test_case_53_a_day_of_2027():
    assert judged(clean(date(2027, 1, 4))) == ("WARN", {"R56"})
