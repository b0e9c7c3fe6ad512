"""How the lines of a batch will stand on professional claims: a preview, item by item."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.models import Facility, Provider
from authorizations.batches.rows import RELATED
from authorizations.models import Batch, Charge, ChargeStatus, Coverage, Patient
from authorizations.verdicts.image_reviews import approvals
from payers.models import Plan
from payers.policies.lookup import in_force

LINES_A_FORM = 6
POINTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class ClaimLine:
    """Items 24A to 24J of one charge."""

    charge: Charge
    rendering_npi: str

    @property
    def modifiers(self) -> str:
        return " ".join(self.charge.modifiers)

    @property
    def pointer(self) -> str:
        """To which diagnosis of item 21 the line points: a course has one."""
        return POINTERS[0]


@dataclass
class Claim:
    """One form: a patient, an authorization number, at most six lines."""

    patient: Patient
    plan: Plan
    facility: Facility
    ordering: Provider
    rendering: Provider | None
    member_id: str
    authorization: str
    diagnoses: tuple[str, ...]
    resubmission: str
    page: int = 1
    pages: int = 1
    lines: list[ClaimLine] = field(default_factory=list)

    @property
    def diagnosis_items(self) -> list[tuple[str, str]]:
        return list(zip(POINTERS, self.diagnoses, strict=False))

    @property
    def total(self) -> Decimal:
        """Item 28: the sum of 24F of this form."""
        return sum((line.charge.amount or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def units(self) -> int:
        return sum(line.charge.units for line in self.lines)


def claims_of(batch: Batch) -> list[Claim]:
    """The claims of a batch: one for each patient and authorization number, six lines a form.

    Lines that became void since stand on no claim: void_lines names them.
    """
    rows = batch.charges.exclude(status=ChargeStatus.VOID).select_related(*RELATED)
    charges = list(rows.order_by("date_of_service", "pk"))
    reviewers = {pk: row.reviewed_by for pk, row in approvals(c.session for c in charges).items()}
    groups: dict[tuple[object, ...], list[Charge]] = defaultdict(list)
    for charge in charges:
        groups[claim_key(charge, reviewers)].append(charge)
    members = coverages_of(charges)
    return [
        claim
        for charges_of_one in groups.values()
        for claim in forms_of(charges_of_one, reviewers, members, batch)
    ]


def void_lines(batch: Batch) -> list[Charge]:
    """The lines of a batch that became void after it was drawn."""
    rows = batch.charges.filter(status=ChargeStatus.VOID)
    return list(rows.select_related("session__course__patient").order_by("date_of_service", "pk"))


def claim_key(charge: Charge, reviewers: dict[int, Provider]) -> tuple[object, ...]:
    """What one claim can hold only once: patient, plan, number, place and who signs."""
    course = charge.session.course
    reviewer = reviewers.get(charge.session_id)
    return (
        course.patient_id,
        charge.plan_id,
        claim_number(charge),
        course.diagnosis,
        course.physician_id,
        charge.session.facility_id,
        reviewer.pk if reviewer else None,
        charge.replaces_id is not None,
    )


def claim_number(charge: Charge) -> str:
    """The authorization number as item 23 wants it: without spaces and hyphens."""
    line = charge.session.authorized_service
    number = line.authorization.number if line else ""
    return "".join(character for character in number if character not in " -–")


def coverages_of(charges: list[Charge]) -> dict[tuple[int, int], list[Coverage]]:
    found: dict[tuple[int, int], list[Coverage]] = defaultdict(list)
    patients = {charge.session.course.patient_id for charge in charges}
    for row in Coverage.objects.filter(patient__in=patients):
        found[row.patient_id, row.plan_id].append(row)
    return found


def forms_of(
    charges: list[Charge],
    reviewers: dict[int, Provider],
    members: dict[tuple[int, int], list[Coverage]],
    batch: Batch,
) -> list[Claim]:
    """The forms of one claim, each with the same head and up to six lines."""
    cuts = range(0, len(charges), LINES_A_FORM)
    forms = []
    for page, start in enumerate(cuts, 1):
        claim = head_of(charges[0], reviewers, members, batch)
        claim.page, claim.pages = page, len(cuts)
        for charge in charges[start : start + LINES_A_FORM]:
            reviewer = reviewers.get(charge.session_id)
            claim.lines.append(ClaimLine(charge, reviewer.npi if reviewer else ""))
        forms.append(claim)
    return forms


def head_of(
    charge: Charge,
    reviewers: dict[int, Provider],
    members: dict[tuple[int, int], list[Coverage]],
    batch: Batch,
) -> Claim:
    course = charge.session.course
    rows = members.get((course.patient_id, charge.plan_id), [])
    member = next((row.member_id for row in rows if in_force(row, charge.date_of_service)), "")
    return Claim(
        patient=course.patient,
        plan=charge.plan,
        facility=charge.session.facility,
        ordering=course.physician,
        rendering=reviewers.get(charge.session_id),
        member_id=member,
        authorization=claim_number(charge),
        diagnoses=(course.diagnosis,),
        resubmission="7" if charge.replaces_id and batch.reopens_id else "",
    )
