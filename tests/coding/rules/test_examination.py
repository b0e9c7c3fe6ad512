"""The cases by which a domain examiner tried the rulebook, each with the right verdict.

Cases 6, 8, 12, 18, 21, 22, 33, 35, 42, 44, 46, 51 and 52 were withheld: these are ours, of the same
kinds.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coding.rules.examples.base import clean, insured
from coding.rules.examples.marks import SECOND
from coding.rules.facts import UnitLimitFacts
from tests.coding.rules.examined import day, judged, pairs, proposal

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


def test_case_06_x_ray_guidance_beside_the_old_ct_code():
    facts = {"code": "G6002", "modalities": ("kv_pair",), **day("77407", "77014"),
             **pairs(("77014", "G6002", 1))}  # fmt: skip
    assert judged(clean(EVE), **facts) == ("HOLD", {"R69"})
    assert judged(clean(EVE), **facts, modifiers=("26", "59")) == CLEAN


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


def test_case_12_the_global_service_of_medicare_advantage_and_in_an_office():
    advantage = {**AETNA, "line_of_business": "medicare_advantage"}
    assert judged(**advantage, modifiers=()) == ("STOP", {"R10"})
    assert judged(modifiers=(), place_of_service="11") == ("WARN", {"R11"})
    assert judged(**AETNA, modifiers=(), place_of_service="11") == CLEAN


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
