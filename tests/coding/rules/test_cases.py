"""The forty cases the rulebook was ordered by, each under its number."""

from __future__ import annotations

from datetime import date

import pytest

from coding.amounts import CENT
from coding.denials import NOT_A_DENIAL, PAYER_ERROR, cause
from coding.rules import review
from coding.rules.examples.base import DOCTOR, at, authorized, changed, clean, insured
from coding.rules.facts import ClaimFacts, OtherLine, UnitLimitFacts

NEW_YEAR_EVE, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)
JUNE = date(2026, 6, 1)
FRIDAY, MONDAY = date(2026, 6, 5), date(2026, 6, 8)


def judged(base=None, **changes):
    """Disposition, the rules that spoke, and the line the gravest of them proposes."""
    facts = changed(base or clean(), **changes)
    verdict = review(facts)
    leading = verdict.leading
    correction = leading.correction if leading else None
    line = ""
    if correction:
        modifiers = facts.line.modifiers if correction.modifiers is None else correction.modifiers
        line = "-".join((correction.code or facts.line.code, *modifiers))
    return verdict.disposition, set(verdict.numbers), line


def second(day: date = JUNE, first_hour: int = 8, **changes):
    """The second session of a day at 15:00, marked 76."""
    return {
        "modifiers": ("26", "76"),
        "session_of_day": 2,
        "earlier_units": 1,
        "earlier_started_at": at(day, first_hour),
        "earlier_reviewer_npi": DOCTOR,
        "fractions_per_day_ordered": 2,
        "started_at": at(day, 15),
        "image_at": at(day, 14, 55),
        "reviewed_at": at(day, 17),
        **changes,
    }


def test_t01_medicare_hospital_on_the_last_day_of_2025():
    assert judged(clean(NEW_YEAR_EVE)) == ("STOP", {"R02"}, "77014-26")


def test_t02_the_same_on_the_first_day_of_2026():
    from decimal import Decimal

    assert judged(clean(NEW_YEAR)) == ("pass", set(), "")
    rvu = Decimal("0.68") + Decimal("0.38") + Decimal("0.03")
    assert (rvu * Decimal("33.4009")).quantize(CENT) == Decimal("36.41")


def test_t03_an_office_with_a_pair_of_x_rays_in_2025():
    found = judged(
        clean(NEW_YEAR_EVE), place_of_service="11", modalities=("kv_pair",), modifiers=()
    )
    assert found == ("STOP", {"R02"}, "G6002")


def test_t04_a_deleted_code_in_2026():
    found = judged(clean(date(2026, 1, 2)), code="77014")
    assert found == ("STOP", {"R07"}, "77387-26")


def test_t05_an_office_without_modifier_warns():
    assert judged(modifiers=(), place_of_service="11") == ("WARN", {"R11"}, "77387-26")


def test_t06_a_hospital_without_modifier_stops():
    assert judged(modifiers=(), place_of_service="19") == ("STOP", {"R10"}, "77387-26")


@pytest.mark.parametrize("base", [clean(), insured()], ids=["medicare", "insured"])
def test_t07_the_technical_component_is_never_payable(base):
    disposition, numbers, _ = judged(base, modifiers=("TC",))
    assert (disposition, "R08" in numbers) == ("STOP", True)


def test_t08_both_components_on_one_line():
    disposition, numbers, _ = judged(modifiers=("26", "TC"))
    assert (disposition, "R09" in numbers) == ("STOP", True)


def test_t09_unitedhealthcare_before_and_after_march_2026():
    february = judged(insured(date(2026, 2, 28)), modifiers=(), modifier_26="either")
    march = judged(insured(date(2026, 3, 1)), modifiers=(), modifier_26="required")
    assert february[:2] == ("WARN", {"R13"})
    assert march[:2] == ("STOP", {"R12"})


def test_t10_a_payer_that_rejects_26():
    assert judged(insured(), modifier_26="rejected") == ("WARN", {"R14"}, "77387")


def test_t11_a_hospital_reports_guidance_packaged():
    assert judged(claim_type="837I", modifiers=())[:2] == ("WARN", {"R16"})


def test_t12_stereotactic_delivery_the_same_day():
    found = judged(delivery_code="77373", other_lines=(OtherLine("77373"),))
    assert found[:2] == ("STOP", {"R18"})


def test_t13_each_session_of_a_stereotactic_course():
    for fraction in range(1, 6):
        found = judged(technique="SBRT", fraction=fraction, other_lines=(OtherLine("77435"),))
        assert found[:2] == ("STOP", {"R19"})


def test_t14_twice_a_day_properly():
    assert judged()[0] == "pass"
    disposition, numbers, _ = judged(**second())
    assert (disposition, numbers) == ("HOLD", {"R28"})
    assert "appealed with the records" in review(changed(clean(), **second())).leading.sentence


def test_t15_four_hours_apart():
    assert judged(**second(first_hour=11))[:2] == ("STOP", {"R29"})


def test_t16_the_first_session_approved_after_the_second_began():
    found = judged(started_at=at(JUNE, 8), image_at=at(JUNE, 7, 56), reviewed_at=at(JUNE, 15, 30),
                   next_delivered_at=at(JUNE, 15))  # fmt: skip
    assert found[:2] == ("STOP", {"R43"})


def test_t17_twice_a_day_in_the_old_code():
    found = judged(
        clean(NEW_YEAR_EVE),
        **second(NEW_YEAR_EVE),
        code="G6002",
        modalities=("kv_pair",),
        unit_limit=UnitLimitFacts(2, 3, "2024 Q3"),
    )
    assert found[:2] == ("pass", {"R31"})


def test_t18_approved_on_monday_before_mondays_fraction():
    found = judged(
        clean(FRIDAY), reviewed_at=at(MONDAY, 7, 40), next_delivered_at=at(MONDAY, 8, 10)
    )
    assert found[0] == "pass"


def test_t19_approved_on_monday_after_mondays_fraction():
    found = judged(
        clean(FRIDAY), reviewed_at=at(MONDAY, 8, 20), next_delivered_at=at(MONDAY, 8, 10)
    )
    assert found[:2] == ("STOP", {"R43"})


def test_t20_the_next_planned_session_was_cancelled():
    wednesday, thursday = date(2026, 6, 3), date(2026, 6, 4)
    found = judged(reviewed_at=at(wednesday, 9), next_delivered_at=at(thursday, 10))
    assert found[0] == "pass"


def test_t21_unsigned_or_signed_by_a_therapist():
    unsigned = judged(reviewed_at=None, reviewer_role="", reviewer_npi="")
    assert unsigned[:2] == ("STOP", {"R42"})
    assert judged(reviewer_role="therapist")[:2] == ("STOP", {"R45"})


def test_t22_imaged_but_not_treated():
    assert judged(is_delivered=False, other_lines=())[:2] == ("STOP", {"R26"})


def test_t23_two_modalities_are_one_unit():
    facts = changed(clean(), modalities=("cbct", "kv_pair"), units=2)
    verdict = review(facts)
    assert verdict.disposition == "STOP"
    assert verdict.leading.number == "R27"
    assert verdict.leading.correction.units == 1


def test_t24_surface_guidance_alone():
    assert judged(modalities=("surface",))[:2] == ("HOLD", {"R38"})


def test_t25_a_port_image_alone():
    found = judged(modalities=("port_film",), other_lines=(OtherLine("77407"), OtherLine("77427")))
    assert found[:2] == ("STOP", {"R39"})


def test_t26_an_authorization_in_old_codes_across_the_new_year():
    monday, before = date(2026, 1, 5), date(2025, 12, 30)
    old = (
        authorized(monday, code="77014", modifier=""),
        authorized(monday, code="77385", modifier=""),
    )
    assert judged(insured(monday), lines=old, holds_unit=False)[:2] == ("HOLD", {"R49"})
    legacy = judged(insured(before), lines=old, code="77014", legacy_guidance_codes="legacy")
    assert legacy[0] == "pass"


def test_t27_the_session_after_the_last_unit():
    assert judged(insured(), holds_unit=False)[:2] == ("STOP", {"R50"})


def test_t28_the_day_after_the_window():
    line = authorized(valid_through=date(2026, 5, 31))
    found = judged(insured(), lines=(line,), holds_unit=False)
    assert found[:2] == ("STOP", {"R51"})


def test_t29_a_course_with_two_numbers_on_one_claim():
    two = (authorized(number="A"), authorized(number="B"))
    assert judged(insured(), lines=two, claim=ClaimFacts("A", "B"))[:2] == ("pass", {"R52"})
    repeated = judged(insured(), lines=two, claim=ClaimFacts("A", "A"))
    assert repeated[:2] == ("STOP", {"R52", "R53"})


@pytest.mark.parametrize(
    ("modifiers", "number"),
    [
        (("26", "59", "XE"), "R33"),
        (("26", "76", "77"), "R34"),
        (("26", "25"), "R35"),
        (("26", "95"), "R35"),
    ],
)
def test_t30_modifiers_that_do_not_go_together(modifiers, number):
    disposition, numbers, _ = judged(modifiers=modifiers)
    assert (disposition, number in numbers) == ("STOP", True)


def test_t31_a_resident_without_the_attendings_statement():
    assert judged(modifiers=("26", "GC"))[:2] == ("STOP", {"R47"})


def test_t32_superficial_treatment_has_its_own_code():
    facts = changed(clean(), delivery_code="77437", other_lines=(OtherLine("77437"),),
                    modalities=("ultrasound",))  # fmt: skip
    verdict = review(facts)
    assert verdict.disposition == "STOP"
    assert verdict.leading.number == "R23"
    assert verdict.leading.correction.code == "77439"


def test_t33_a_port_image_for_medicare():
    disposition, numbers, _ = judged(code="77417", modifiers=())
    assert (disposition, numbers) == ("WARN", {"R40"})
    assert "$0.00" in review(changed(clean(), code="77417", modifiers=())).leading.sentence


def test_t34_medicare_a_year_and_a_day_later():
    february = date(2026, 2, 28)
    found = judged(clean(february), deadline=date(2027, 2, 28), judged_on=date(2027, 3, 1))
    assert found[:2] == ("STOP", {"R54"})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CO-197", "authorization"),
        ("CO-284", "authorization"),
        ("CO-15", "authorization"),
        ("OA-18", "duplicate"),
        ("CO-45", NOT_A_DENIAL),
        ("CO-99999", "unknown"),
    ],
)
def test_t35_denials_by_cause(code, expected):
    assert cause(code) == expected


def test_t36_the_contractors_own_mistake_is_not_written_off():
    known = {"remark": "M97", "place_of_service": "22", "year": 2026}
    assert cause("CO-97", **known) == PAYER_ERROR
    assert cause("CO-97", **{**known, "place_of_service": "11"}) == "bundling"


def test_t37_a_day_of_2027():
    assert judged(clean(date(2027, 1, 4)))[:2] == ("WARN", {"R56"})


def test_t38_weekly_management_the_same_day():
    assert judged(other_lines=(OtherLine("77407"), OtherLine("77427")))[0] == "pass"


def test_t39_planning_the_same_day():
    found = judged(other_lines=(OtherLine("77407"), OtherLine("77301")))
    assert found[:2] == ("STOP", {"R20"})


def test_t40_protons_with_a_cone_beam():
    found = judged(delivery_code="77522", other_lines=(OtherLine("77522"),))
    assert found[:2] == ("HOLD", {"R25"})
