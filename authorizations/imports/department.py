"""Import a department: reference data, patients and courses, and the front desk's spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Facility, Provider, User
from accounts.readers import shown_text
from authorizations.exchange.department_csv import TABLES, Refusal, Row, Table, read_row, read_table
from authorizations.exchange.row_reader import NOT_FOUND_KIND, Line, RowRefused, not_found_here
from authorizations.imports.spreadsheet import AuthorizationSheet
from authorizations.models import Course, Coverage, GuidanceSession, MachineChannel, Patient
from authorizations.verdicts.judge_course import judge_course
from authorizations.worklists.sync_tasks import (
    in_one_pass,
    sync_courses,
    sync_tasks,
    with_name,
)
from payers.models import AuthorizationPolicy, CodingPolicy, Payer, Plan

BOOK_SOURCE = "The department's own plan list"


@dataclass
class DepartmentReport:
    """What an import did: rows by file that were added, that brought the payer's answer to a
    request, that were there already, that stand in the file twice; and rows refused.
    """

    added: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)


@transaction.atomic
def import_department(
    files: Mapping[str, bytes], *, by: User, channel: MachineChannel | None = None
) -> DepartmentReport:
    """Load the files that are given, in the order in which they need each other.

    A bad row is refused with its line and reason and the others are kept; a row that is already
    there changes nothing. Raises FileRefused for a file that cannot be read at all.
    """
    with in_one_pass():
        report = Importer(by, channel=channel).run(files)
    sync_tasks()
    return report


class Importer:
    """One import: each table has a method that adds a row or refuses it with the reason."""

    def __init__(
        self,
        by: User,
        allowed: Collection[str] | None = None,
        channel: MachineChannel | None = None,
        *,
        is_trial: bool = False,
    ) -> None:
        """``is_trial`` leaves out the judging: what is written will be taken back."""
        self.by, self.is_trial = by, is_trial
        self.report = DepartmentReport()
        self.sheet = AuthorizationSheet(by, allowed, channel)
        self.first_day = timezone.localdate()

    def run(self, files: Mapping[str, bytes]) -> DepartmentReport:
        adders: dict[str, Callable[[Row], bool]] = {
            "facilities.csv": self.add_facility,
            "providers.csv": self.add_provider,
            "plans.csv": self.add_plan,
            "patients.csv": self.add_patient,
            "coverages.csv": self.add_coverage,
            "courses.csv": self.add_course,
        }
        self.first_day = earliest_coverage(files) or self.first_day
        for table in TABLES:
            if table.name in adders and table.name in files:
                self.load(table, files[table.name], adders[table.name])
            elif table.name in files:
                self.load_authorizations(table, files[table.name])
        return self.report

    def run_sheet(
        self, table: Table, items: Iterable[Line | tuple[int, RowRefused]]
    ) -> DepartmentReport:
        """The rows of a spreadsheet under our columns, numbered as people see them."""
        self.load_requests(table, [read_row(table, item) for item in items])
        return self.report

    def load(self, table: Table, content: bytes, add: Callable[[Row], bool]) -> None:
        for item in read_table(table, content):
            if isinstance(item, Refusal):
                self.report.refused.append(item)
                continue
            number, row = item
            try:
                with transaction.atomic():
                    is_new = add(row)
            except (RowRefused, ValidationError, IntegrityError, DataError) as error:
                self.report.refused.append(refusal(table, number, error))
                continue
            (self.report.added if is_new else self.report.unchanged)[table.name] += 1

    def add_facility(self, row: Row) -> bool:
        return add_or_compare(Facility, {"code": row["code"]}, row)

    def add_provider(self, row: Row) -> bool:
        key = {"npi": row["npi"]} if row["npi"] else {"npi": "", "name": row["name"]}
        return add_or_compare(Provider, key, row)

    def add_plan(self, row: Row) -> bool:
        payer = find(Payer, "unknown_payer", name=row["payer"])
        is_new = add_or_compare(
            Plan,
            {"code": row["code"]},
            {
                "payer": payer,
                "line_of_business": row["line_of_business"],
                "name": f"{payer.name} {row['line_of_business'].replace('_', ' ')}",
            },
        )
        if is_new:
            self.add_policies(Plan.objects.get(code=row["code"]), row)
        return is_new

    def add_policies(self, plan: Plan, row: Row) -> None:
        """What the department's list has about a plan, as policies of that plan."""
        common = {
            "payer": plan.payer,
            "plan": plan,
            "effective_from": self.first_day,
            "source": BOOK_SOURCE,
            "verified_on": timezone.localdate(),
        }
        requirement = "required" if row["is_required"] else "not_required"
        save_checked(AuthorizationPolicy(requirement=requirement, **common))
        answers = {"timely_filing": row["timely_filing"]}
        if row["rejects_26"]:
            answers["modifier_26"] = "rejected"
        for topic, value in answers.items():
            save_checked(CodingPolicy(topic=topic, value=value, **common))

    def add_patient(self, row: Row) -> bool:
        return add_or_compare(Patient, {"mrn": row["mrn"]}, row)

    def add_coverage(self, row: Row) -> bool:
        key = {
            "patient": find_patient(row["mrn"]),
            "plan": find(Plan, "unknown_plan", code=row["plan"]),
            "rank": row["rank"],
            "effective_from": row["effective_from"],
        }
        rest = {k: row[k] for k in ("member_id", "effective_through")}
        return add_or_compare(Coverage, key, rest)

    def add_course(self, row: Row) -> bool:
        values = {k: v for k, v in row.items() if k not in ("mrn", "facility", "physician_npi")}
        patient = find_patient(row["mrn"])
        values |= {
            "facility": find(Facility, "unknown_facility", code=row["facility"]),
            "physician": find(Provider, "unknown_physician", npi=row["physician_npi"]),
        }
        only_new = {"registered_by": self.by}
        return add_or_compare(Course, {"code": row["code"], "patient": patient}, values, only_new)

    def load_authorizations(self, table: Table, content: bytes) -> None:
        """The rows of a file of our own."""
        self.load_requests(table, read_table(table, content))

    @in_one_pass()
    def load_requests(self, table: Table, items: Iterable[tuple[int, Row] | Refusal]) -> None:
        """Rows of one number are one request; its courses are judged again at the end."""
        rows: list[tuple[int, Row]] = []
        for item in items:
            if isinstance(item, Refusal):
                self.report.refused.append(item)
            else:
                rows.append(item)
        for number, outcome in self.sheet.load(rows):
            if isinstance(outcome, Exception):
                self.report.refused.append(refusal(table, number, outcome))
            else:
                counts: Counter[str] = getattr(self.report, outcome)
                counts[table.name] += 1
        if not self.is_trial:
            self.judge()

    def judge(self) -> None:
        """Judge the charges of each course whose requests changed, each course once."""
        treated = GuidanceSession.objects.filter(course=OuterRef("pk"))
        for course in Course.objects.filter(Exists(treated), pk__in=self.sheet.touched):
            judge_course(course, by=self.by)
        sync_courses(self.sheet.touched, with_name("A spreadsheet was loaded.", self.by))


def earliest_coverage(files: Mapping[str, bytes]) -> date | None:
    """The first day any coverage of the import is in force: since then its plans are known."""
    table = next(table for table in TABLES if table.name == "coverages.csv")
    if table.name not in files:
        return None
    rows = (item for item in read_table(table, files[table.name]) if not isinstance(item, Refusal))
    return min((row["effective_from"] for _, row in rows), default=None)


def find_patient(mrn: str) -> Patient:
    """The patient of this MRN; of one that was merged, who was kept. Raises RowRefused."""
    found: Patient | None = Patient.objects.of_mrn(mrn).first()
    if found is None:
        raise not_found_here()
    return found


def find(model: type, kind: str, **key: Any) -> Any:
    """The row with that key. Raises RowRefused where the book has none."""
    found = model.objects.filter(**key).first()
    if found is None:
        name = ", ".join(str(value) for value in key.values())
        if kind == NOT_FOUND_KIND:
            raise not_found_here()
        sentence = (
            f"{model._meta.verbose_name.capitalize()} “{shown_text(name)}” is not known here."
        )
        raise RowRefused(kind, sentence)
    return found


def add_or_compare(
    model: type, key: dict[str, Any], values: dict[str, Any], only_new: dict[str, Any] | None = None
) -> bool:
    """Add the row (True) or find it unchanged (False). Raises RowRefused where it
    differs.
    """
    found = model.objects.filter(**key).first()
    if found is None:
        save_checked(model(**{**values, **key, **(only_new or {})}))
        return True
    different = [name for name, value in values.items() if getattr(found, name) != value]
    if different:
        names = ", ".join(name.replace("_", " ") for name in different)
        raise RowRefused(
            "different", f"This row is already here with another {names}. Change it on its page."
        )
    return False


def save_checked(row: Any) -> None:
    """Check like a form would, then save."""
    row.full_clean(validate_unique=True)
    row.save()


def describe_error(error: ValidationError) -> str:
    """What a row's check found, each with the name of its column."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    named = [
        message if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ').capitalize()}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]
    return " ".join(named)


def refusal(table: Table, number: int, error: Exception) -> Refusal:
    """The error of one row as a sentence, without the values of the row."""
    if isinstance(error, RowRefused):
        return Refusal(table.name, number, error.kind, error.sentence)
    if isinstance(error, ValidationError):
        return Refusal(table.name, number, "invalid", describe_error(error))
    return Refusal(
        table.name, number, "refused", "The database refused this row: it contradicts another."
    )
