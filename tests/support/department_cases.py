"""Every difficulty of the trade as one course: how it is treated and what must come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

DOCTOR, OTHER_DOCTOR = ("2100000019", "Imre Wold"), ("2100000027", "Lena Farr")


TODAY = date(2026, 11, 23)


PHYSICIST = ("3100000017", "Otto Plank")


@dataclass
class Treated:
    """One line of a day's export, before it is written."""

    start: datetime
    fraction: int
    record: str = ""
    session_of_day: int = 1
    delivered: str = "yes"
    modality: str = "cbct"
    image: str = "early"
    shifts: tuple[str, str, str] = ("1.2", "-2.3", "0.4")
    reviewer: tuple[str, str] | None = DOCTOR
    reviewed: datetime | None = None
    expected: str = "pass"
    changes: dict[str, str] = field(default_factory=dict)

    def review(self) -> datetime | None:
        if self.reviewer is None:
            return None
        return self.reviewed or self.start + timedelta(hours=2)


@dataclass
class Case:
    """One course: how it is registered, authorized, treated, and what must come out."""

    name: str
    plan: str = "T-CIG"
    facility: str = "HILL"
    delivery: str = "77407"
    technique: str = "IMRT"
    diagnosis: str = "C61"
    modality: str = "cbct"
    planned: int = 8
    per_day: int = 1
    first: date = date(2026, 11, 2)
    treated: list[Treated] = field(default_factory=list)
    authorizations: list[dict[str, str]] | None = None
    coverages: list[tuple[str, str, str]] | None = None
    same_patient: bool = False  # a second course of the patient of the case before

    def days(self, count: int | None = None, hour: int = 9) -> Case:
        """Treat on consecutive weekdays from the first day."""
        day = self.first
        for fraction in range(1, (count or self.planned) + 1):
            while day.weekday() > 4:
                day += timedelta(days=1)
            start = datetime.combine(day, time(hour, 10))
            self.treated.append(Treated(start, fraction, modality=self.modality))
            day += timedelta(days=1)
        return self

    def twice_daily(self, hours: tuple[int, int]) -> Case:
        single = self.days(self.planned // 2, hours[0]).treated
        self.treated = [
            Treated(at.start.replace(hour=hour), 2 * index + nth, session_of_day=nth)
            for index, at in enumerate(single)
            for nth, hour in enumerate(hours, 1)
        ]
        return self

    def expect(self, answer: str, *fractions: int) -> Case:
        for treated in self.treated:
            if not fractions or treated.fraction in fractions:
                treated.expected = answer
        return self

    def at(self, fraction: int) -> Treated:
        return next(t for t in self.treated if t.fraction == fraction)

    def change(self, fraction: int, **values: object) -> Case:
        for name, value in values.items():
            setattr(self.at(fraction), name, value)
        return self


def line(code: str, modifier: str, units: int, **given: str) -> dict[str, str]:
    """A row of the front desk's spreadsheet."""
    approved = given.get("status", "approved") == "approved"
    return {
        "status": "approved",
        "urgency": "standard",
        "submitted_on": "2026-10-12",
        "decided_on": "2026-10-16" if given.get("status") != "pended" else "",
        "code": code,
        "modifier": modifier,
        "units_requested": str(units),
        "units_approved": str(units) if approved else "",
        "valid_from": "2026-10-19" if approved else "",
        "valid_through": "2026-12-31" if approved else "",
        "evidence": "letter",
        "notes": "",
        **given,
    }


def both(case: Case, **guidance: str) -> list[dict[str, str]]:
    """Delivery and guidance lines; the guidance line as told."""
    return [
        line(case.delivery, "", case.planned),
        line("77387", "26", case.planned, **guidance),
    ]


def cases() -> list[Case]:
    """Every difficulty once, each in a course of its own."""
    monday = date(2026, 11, 2)
    made = [
        Case("clean").days(),
        Case("clean_freestanding", plan="T-UHC", facility="DALE").days(),
        Case("medicare_needs_none", plan="T-FFS", facility="BAY", authorizations=[]).days(),
        Case("payer_without_26", plan="T-BLUE", facility="DALE").days().expect("pass=77387"),
        Case("two_modalities", plan="T-ACO").days().change(3, modality="cbct+kv_pair"),
        Case("running").days(5),
        Case("unsigned").days().change(4, reviewer=None, expected="STOP:R42"),
        Case("physicist").days().change(2, reviewer=PHYSICIST, expected="STOP:R45"),
        Case("therapist").days().change(6, reviewer=("", "Mina Gant"), expected="STOP:R45"),
        Case("port_film").days().change(5, modality="port_film", expected="STOP:R39"),
        Case("surface").days().change(7, modality="surface", expected="HOLD:R38"),
        Case("no_shifts").days().change(1, shifts=("", "", ""), expected="STOP:R46"),
        Case("no_image_time").days().change(2, image="", expected="STOP:R46"),
        Case("imaged_only").days().change(3, delivered="no", expected="STOP:R26"),
        Case("no_request", authorizations=[]).days().expect("STOP:R48"),
        Case("stereotactic", delivery="77373", technique="SBRT", planned=5)
        .days()
        .expect("STOP:R18"),
        Case("protons", plan="T-AMA", delivery="77523", technique="proton")
        .days()
        .expect("HOLD:R25"),
        Case("skin", delivery="77437", technique="superficial", modality="ultrasound")
        .days()
        .expect("STOP:R23"),
        Case("friday").days().change(5, reviewed=datetime(2026, 11, 9, 8, 30)),
        Case("late").days().change(5, reviewed=datetime(2026, 11, 9, 9, 10), expected="STOP:R43"),
        Case("last_late").days().change(8, reviewed=datetime(2026, 11, 13, 9), expected="HOLD:R44"),
        Case("too_old", plan="T-UHC", first=date(2026, 8, 3)).days().expect("STOP:R54"),
    ]
    made += authorization_cases(monday) + day_cases()
    return made


def authorization_cases(monday: date) -> list[Case]:
    """Difficulties of permission: denied, pended, short, ended, elsewhere, in old codes."""
    denied = Case("denied").days().expect("STOP:R48")
    denied.authorizations = both(denied, status="denied", notes="not medically necessary")
    pended = Case("pended").days().expect("STOP:R48")
    pended.authorizations = [
        line(code, modifier, 8, status="pended", evidence="portal")
        for code, modifier in (("77407", ""), ("77387", "26"))
    ]
    short = Case("short").days().expect("STOP:R50", 7, 8)
    short.authorizations = both(short, units_approved="6")
    spared = Case("short_but_one_not_treated").days().expect("STOP:R50", 8)
    spared.change(2, delivered="no", expected="STOP:R26")
    spared.authorizations = both(spared, units_approved="6")
    ended = Case("ended").days().expect("STOP:R51", 5, 6, 7, 8)
    ended.authorizations = both(ended, valid_through="2026-11-05")
    site = Case("other_site", facility="BAY").days().expect("HOLD:R59")
    site.authorizations = [{**row, "facility": "HILL"} for row in both(site)]
    legacy = Case("old_codes").days().expect("HOLD:R49")
    legacy.authorizations = [line("77385", "", 8), line("77014", "26", 8)]
    moved = Case("plan_changed").days().expect("STOP:R48", 6, 7, 8)
    moved.coverages = [("T-CIG", "2026-01-01", "2026-11-08"), ("T-UHC", "2026-11-09", "")]
    return [denied, pended, short, spared, ended, site, legacy, moved]


def day_cases() -> list[Case]:
    """Difficulties of the day: twice daily, doubles, and rows nobody can take."""
    second = (2, 4, 6, 8)
    twice = Case("twice", per_day=2).twice_daily((8, 15)).expect("HOLD:R28", *second)
    hurried = Case("twice_hurried", per_day=2).twice_daily((8, 15)).expect("HOLD:R28", *second)
    hurried.change(4, start=hurried.at(4).start.replace(hour=12), expected="STOP:R29")
    other = Case("twice_two_doctors", per_day=2).twice_daily((8, 15)).expect("HOLD:R28", *second)
    for fraction in second:
        other.change(fraction, reviewer=OTHER_DOCTOR)
    overlap = Case("twice_late", per_day=2).twice_daily((8, 15)).expect("HOLD:R28", *second)
    late = overlap.at(3).start.replace(hour=15, minute=30)
    overlap.change(3, reviewed=late, expected="STOP:R43")
    unordered = Case("twice_not_ordered").twice_daily((8, 15)).expect("STOP:R29", *second)
    return [twice, hurried, other, overlap, unordered, bad_rows(), doubled()]


def bad_rows() -> Case:
    """A clean course beside whose rows stand nine that cannot be taken."""
    case = Case("bad_rows", facility="DALE", plan="T-AMA").days()
    wrong = {
        "unknown_mrn": {"mrn": "99999999", "course": "C99999999"},
        "bad_date": {"date": "2026-13-45"},
        "bad_shift": {"shift_lr_mm": "3,7mm"},
        "bad_modality": {"image_modality": "clairvoyance"},
        "future": {"date": "2027-03-01"},
        "blank_course": {"course": ""},
        "fraction_out_of_range": {"fraction": "500"},
        "huge_shift": {"shift_ap_mm": "9999"},
        "bad_time": {"start_time": "25:00"},
    }
    start = datetime(2026, 11, 20, 14, 40)
    for kind, changes in wrong.items():
        row = Treated(start, 8, expected=f"ROW_ERROR:{kind}", changes=changes)
        case.treated.append(row)
    return case


def doubled() -> Case:
    """The same fraction under a second record number, and the same record twice."""
    case = Case("doubled").days()
    twin = case.at(3)
    case.treated.append(
        Treated(twin.start, 3, expected="ROW_ERROR:duplicate_fraction", changes={"is_twin": "yes"})
    )
    case.at(6).changes = {"is_repeated": "yes"}
    return case
