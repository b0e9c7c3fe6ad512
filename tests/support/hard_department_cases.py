"""Difficulties of another kind: years, courses, windows, components and times that cross."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.support.department_cases import Case, both, line

MONDAY = date(2026, 11, 2)


def hard_cases() -> list[Case]:
    """Every difficulty once; two courses of one patient stand side by side."""
    return [*year_cases(), *permission_cases(), *patient_cases(), *time_cases()]


def year_cases() -> list[Case]:
    """A course that crosses the New Year, approved in the old code, in both, and in none."""
    found = []
    for name, codes, after in (
        ("new_year", ("77014",), "HOLD:R49"),
        ("new_year_both_codes", ("77014", "77387"), "pass"),
    ):
        case = Case(name, plan="T-MAX", delivery="77386", first=date(2025, 12, 29), planned=5)
        case.coverages = [("T-MAX", "2025-01-01", "")]
        case.days().expect("pass=77014-26", 1, 2, 3).expect(after, 4, 5)
        for fraction in (4, 5):
            case.change(fraction, changes={"delivery_code": "77407"})
        given = {
            "submitted_on": "2025-12-10", "decided_on": "2025-12-15",
            "valid_from": "2025-12-20", "valid_through": "2026-01-31",
        }  # fmt: skip
        case.authorizations = [line("77386", "", 5, **given)]
        case.authorizations += [line(code, "26", 5, **given) for code in codes]
        found.append(case)
    return found


def permission_cases() -> list[Case]:
    """Components, windows, proofs and coverages."""
    technical = Case("technical_line").days().expect("STOP:R48")
    technical.authorizations = [line("77407", "", 8), line("77387", "TC", 8)]
    either = Case("both_components").days()
    either.authorizations = [*both(either), line("77387", "TC", 8)]
    windows = Case("two_windows").days()
    windows.authorizations = [
        line("77407", "", 8),
        line("77387", "26", 4, valid_through="2026-11-30"),
        line("77387", "26", 4, valid_from="2026-11-06", submitted_on="2026-11-03",
             decided_on="2026-11-05"),
    ]  # fmt: skip
    confirmed = Case("call_then_letter").days()
    confirmed.authorizations = [*both(confirmed, evidence="phone"), both(confirmed)[1]]
    ports = Case("port_images_hold_no_unit").days().change(2, modality="port_film")
    ports.change(5, modality="port_film").expect("STOP:R39", 2, 5)
    ports.authorizations = both(ports, units_approved="6")
    ended = Case("covered_no_more").days().expect("HOLD:R77", 5, 6, 7, 8)
    ended.coverages = [("T-CIG", "2026-01-01", "2026-11-05")]
    advantage = Case("advantage_after_its_dates", plan="T-AMA").days()
    advantage.authorizations = both(advantage, valid_through="2026-11-05")
    advantage.expect("HOLD:R51", 5, 6, 7, 8)
    return [technical, either, windows, confirmed, ports, ended, advantage]


def patient_cases() -> list[Case]:
    """Two courses of one patient on the same days."""
    found = []
    for name, hour, answer in (("near", 14, "STOP:R29"), ("apart", 16, "HOLD:R28")):
        found.append(Case(f"two_sites_{name}_first").days())
        second = Case(f"two_sites_{name}_second").days(hour=hour).expect(answer)
        second.same_patient = True
        found.append(second)
    stereotactic = Case("radiosurgery", delivery="77373", technique="SBRT", planned=3)
    found.append(stereotactic.days().expect("STOP:R18"))
    beside = Case("beside_radiosurgery").days(hour=16)
    beside.same_patient = True
    found.append(beside.expect("STOP:R18", 1, 2, 3))
    return found


def time_cases() -> list[Case]:
    """The last fraction in time, times that cannot be, and codes that are gone."""
    swapped = Case("last_in_time").days().expect("WARN:R66=77387-26", 7, 8)
    seventh, eighth = swapped.at(7), swapped.at(8)
    seventh.start, eighth.start = eighth.start, seventh.start
    swapped.change(7, reviewed=seventh.start + timedelta(days=3), expected="HOLD:R44")
    times = Case("times_that_cannot_be").days()
    times.change(2, changes={"image_time": "09:20"}, expected="HOLD:R63")
    times.change(4, reviewed=datetime(2026, 11, 5, 8, 40), expected="HOLD:R64")
    times.change(6, changes={"image_time": "03:00"}, expected="WARN:R65=77387-26")
    codes = Case("delivery_codes").days()
    codes.change(3, changes={"delivery_code": "77386"}, expected="WARN:R78=77387-26")
    codes.change(5, changes={"delivery_code": "77999"}, expected="WARN:R78=77387-26")
    return [swapped, times, codes]
