"""A small made-up department as its own systems would export it, with the answer for each record.

Every difficulty of the trade stands in one course. The answers follow from how the difficulty was
made, not from the app. "Today" is Monday 2026-11-23; times are the facility's own.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.support.department_cases import DOCTOR, Case, Treated, both, cases

TREATMENT_COLUMNS = [
    *("record_id", "facility", "machine", "date", "start_time", "end_time", "mrn", "course"),
    *("fraction", "session_of_day", "delivered", "delivery_code", "image_modality", "image_time"),
    *("shift_lr_mm", "shift_si_mm", "shift_ap_mm", "pitch_deg", "roll_deg", "yaw_deg"),
    *("therapist", "reviewed_by_npi", "reviewed_by", "reviewed_at"),
]

BOOKS = {
    "facilities.csv": """code,name,place_of_service,npi,state,timezone,machines
HILL,Hillcrest Hospital Radiation Oncology,22,1100000011,IL,America/Chicago,T1|T2
BAY,Bayside Outpatient Radiation Center,19,1100000029,NY,America/New_York,V1
DALE,Dale Freestanding Radiation Center,11,1100000037,AZ,America/Phoenix,H1
""",
    "providers.csv": """npi,name,role,taxonomy
2100000019,Imre Wold,radiation_oncologist,2085R0001X
2100000027,Lena Farr,radiation_oncologist,2085R0001X
3100000017,Otto Plank,physicist,2085R0205X
,Mina Gant,therapist,2471R0002X
""",
    "plans.csv": "plan,payer,line_of_business,course_authorization_required,"
    """rejects_modifier_26,timely_filing
T-FFS,Medicare,medicare_ffs,no,no,12 calendar months
T-UHC,UnitedHealthcare,commercial_fully_insured,yes,no,90 days
T-AMA,Aetna,medicare_advantage,yes,no,120 days
T-MAX,Aetna,medicare_advantage,yes,no,12 calendar months
T-ACO,Aetna,commercial_self_funded,yes,no,120 days
T-CIG,Cigna,commercial_fully_insured,yes,no,90 days
T-BLUE,Blue Cross Blue Shield,commercial_fully_insured,yes,yes,180 days
""",
}


@dataclass
class Department:
    """The files of a department and the answers, ready to be written."""

    files: dict[str, str] = field(default_factory=dict)
    treatments: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    expected: list[tuple[str, str, str]] = field(default_factory=list)  # record, answer, billed


def build(made: list[Case] | None = None) -> Department:
    """All cases as files, rows of a day in an order that helps nobody."""
    department = Department(files=dict(BOOKS))
    tables: dict[str, list[dict[str, str]]] = {
        name: [] for name in ("patients", "coverages", "courses", "authorizations")
    }
    record, mrn = 0, ""
    for number, case in enumerate(cases() if made is None else made, 1):
        mrn = mrn if case.same_patient else f"55500{number:03d}"
        register(tables, case, mrn, number)
        for treated in case.treated:
            record += 1
            treated.record = f"TX{record:06d}"
        for treated in case.treated:
            add_treatment(department, case, mrn, treated)
    for name, rows in tables.items():
        department.files[f"{name}.csv"] = as_csv(rows)
    for rows in department.treatments.values():
        rows.sort(key=lambda row: row["record_id"][::-1])
    return department


def register(tables: dict[str, list[dict[str, str]]], case: Case, mrn: str, number: int) -> None:
    course = course_of(case, mrn)
    if not case.same_patient:
        register_patient(tables, case, mrn)
    tables["courses"].append(course_row(case, course, mrn))
    rows = both(case) if case.authorizations is None else case.authorizations
    for row in rows:
        is_pended = row["status"] == "pended"
        tables["authorizations"].append(
            {
                "authorization_number": "" if is_pended else f"N{number:06d}",
                "mrn": mrn,
                "course": course,
                "plan": case.plan,
                "facility": case.facility,
                **row,
            }
            | older(case, row)
        )


def course_of(case: Case, mrn: str) -> str:
    return f"C{mrn}B" if case.same_patient else f"C{mrn}"


def register_patient(tables: dict[str, list[dict[str, str]]], case: Case, mrn: str) -> None:
    tables["patients"].append(
        {
            "mrn": mrn,
            "last_name": "Pretend",
            "first_name": case.name.title().replace("_", ""),
            "date_of_birth": "1955-03-14",
            "sex": "F",
        }
    )
    for plan, since, through in case.coverages or [(case.plan, "2026-01-01", "")]:
        tables["coverages"].append(
            {
                "mrn": mrn,
                "plan": plan,
                "member_id": f"{plan[2:]}{mrn}",
                "rank": "primary",
                "effective_from": since,
                "effective_through": through,
            }
        )


def older(case: Case, row: dict[str, str]) -> dict[str, str]:
    """A course of the summer was asked for in the summer."""
    if case.first >= date(2026, 10, 1) or case.first < date(2026, 1, 1):
        return {}
    return {"submitted_on": "2026-07-13", "decided_on": "2026-07-17", "valid_from": "2026-07-20"}


def course_row(case: Case, course: str, mrn: str) -> dict[str, str]:
    return {
        "course": course,
        "mrn": mrn,
        "facility": case.facility,
        "physician_npi": DOCTOR[0],
        "diagnosis": case.diagnosis,
        "body_site": "prostate",
        "technique": case.technique,
        "delivery_code": case.delivery,
        "guidance_modality": case.modality,
        "guidance_ordered_on": str(case.first - timedelta(days=7)),
        "fractions_planned": str(case.planned),
        "fractions_per_day": str(case.per_day),
        "first_fraction_on": str(case.first),
        "motion_management": "no",
    }


MACHINES = {"HILL": "T1", "BAY": "V1", "DALE": "H1"}


def add_treatment(department: Department, case: Case, mrn: str, treated: Treated) -> None:
    review = treated.review()
    npi, name = treated.reviewer or ("", "")
    image = (treated.start - timedelta(minutes=4)).strftime("%H:%M") if treated.image else ""
    row = {
        "record_id": treated.record,
        "facility": case.facility,
        "machine": MACHINES[case.facility],
        "date": str(treated.start.date()),
        "start_time": treated.start.strftime("%H:%M"),
        "end_time": (treated.start + timedelta(minutes=15)).strftime("%H:%M"),
        "mrn": mrn,
        "course": course_of(case, mrn),
        "fraction": str(treated.fraction),
        "session_of_day": str(treated.session_of_day),
        "delivered": treated.delivered,
        "delivery_code": case.delivery,
        "image_modality": treated.modality,
        "image_time": image,
        **dict(zip(("shift_lr_mm", "shift_si_mm", "shift_ap_mm"), treated.shifts, strict=True)),
        "pitch_deg": "0.3",
        "roll_deg": "-0.2",
        "yaw_deg": "",
        "therapist": "Mina Gant",
        "reviewed_by_npi": npi,
        "reviewed_by": name,
        "reviewed_at": review.strftime("%Y-%m-%d %H:%M") if review else "",
    }
    row |= {k: v for k, v in treated.changes.items() if not k.startswith("is_")}
    day = department.treatments.setdefault(f"{treated.start.date()}.csv", [])
    copies = 2 if treated.changes.get("is_repeated") else 1
    day.extend([row] * copies)
    answer, _, billed = treated.expected.partition("=")
    passes = "77387-26" if answer == "pass" else ""
    department.expected.append((treated.record, answer, billed or passes))
    if copies == 2:
        department.expected.append((treated.record, "IMPORTED_ONCE", ""))


def as_csv(rows: list[dict[str, str]], columns: list[str] | None = None) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def treatment_files(department: Department) -> dict[str, str]:
    """Each day's export by file name."""
    return {name: as_csv(rows, TREATMENT_COLUMNS) for name, rows in department.treatments.items()}
