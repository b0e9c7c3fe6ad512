"""What a rule may look at: one charge and everything about it that was true, as plain frozen
values.

Facts carry the date of service and the date of judgement; no rule reads a clock, a setting or a
row. Where a fact is unknown it is ``None``, and a rule that needs it says so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

GUIDANCE = "77387"
METHOD_II = "85X"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """The charge line as it would be billed: code, up to four modifiers in order, units of
    service.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    place_of_service: str = "11"
    # 837P professional, 837I institutional, 85X the physician's part by method II
    claim_type: str = "837P"
    diagnoses: tuple[str, ...] = ()

    @property
    def is_professional(self) -> bool:
        """The physician's part: on a claim of its own, or on a critical access hospital's bill."""
        return self.claim_type in ("837P", METHOD_II)


@dataclass(frozen=True, slots=True)
class PayerErrorFacts:
    """A known mistake of the payer about a line, on the date and at the place of service."""

    code: str
    modifier: str = ""  # empty: with or without
    statement: str = ""  # what the payer does wrong
    denial: str = ""  # CO-97 M97
    reprocessing_until: date | None = None  # None: the payer has named no day
    source: str = ""


@dataclass(frozen=True, slots=True)
class UndecidedPolicy:
    """A matter on which the payer's policies on file cannot answer for this charge, and why."""

    topic: str  # modifier_26, second_session_modifier, …
    reason: str


@dataclass(frozen=True, slots=True)
class PayerFacts:
    """Who pays on the date of service, and the values of that payer's policies in force that
    day.
    """

    payer: str = ""  # medicare, unitedhealthcare, aetna, cigna, bcbs
    plan: str = ""
    line_of_business: str = ""  # medicare_ffs, medicare_advantage, commercial_self_funded, …
    modifier_26: str | None = None  # required | either | rejected | None: no policy on file
    legacy_guidance_codes: str | None = None  # 77387 | legacy | None: before 2026 only
    second_session_modifier: str | None = None  # 76_77 | 59 | XE | None: the general rule
    surface_guidance: str | None = None  # billable | not_billable | None
    proton_guidance: str | None = None  # billable | not_billable | None
    last_fraction_review_hours: int | None = None  # None: the general rule, 24 business hours
    diagnosis_order: str | None = None  # z510_first | malignancy_first | None
    has_coverage: bool | None = None  # on the date of service; self-pay is a coverage too
    known_errors: tuple[PayerErrorFacts, ...] = ()
    undecided: tuple[UndecidedPolicy, ...] = ()

    @property
    def is_medicare_ffs(self) -> bool:
        return self.line_of_business == "medicare_ffs"

    @property
    def is_medicare(self) -> bool:
        """Medicare itself or a Medicare Advantage plan of any payer (MCR* in the rule table)."""
        return self.line_of_business in ("medicare_ffs", "medicare_advantage")

    def doubt_about(self, topic: str) -> str:
        """Why the policies on file do not answer this; empty where they do or are silent."""
        return next((row.reason for row in self.undecided if row.topic == topic), "")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One guidance session: what was imaged, moved and treated. Shifts in mm, times aware."""

    started_at: datetime | None = None
    fraction: int | None = None
    session_of_day: int = 1
    fractions_planned: int | None = None
    is_delivered: bool = True
    delivery_code: str = ""
    modalities: tuple[str, ...] = ("cbct",)
    image_at: datetime | None = None
    has_shifts: bool = True
    facility: str = ""
    technique: str = ""
    guidance_ordered_on: date | None = None
    course_first_imaged_on: date | None = None
    has_motion_management: bool | None = None
    is_code_charged_earlier: bool = False  # for an earlier session of the course
    out_of_order_with: int | None = None  # a fraction on the wrong side of this one
    delivery_code_status: str = ""  # valid, deleted or unknown that day; empty: not looked up


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The physician's approval of images and shifts, and the treatment it had to come before."""

    reviewed_at: datetime | None = None
    reviewer_role: str = ""  # radiation_oncologist, resident, physicist, therapist, unknown
    reviewer_npi: str = ""
    next_delivered_at: datetime | None = None  # start of the next delivered session of the course
    is_last_fraction: bool = False
    has_attending_statement: bool | None = None
    has_resident: bool = False  # a resident looked at the images first
    reported_by: str = ""  # whose file reports an approval that the physician has not confirmed


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another service of the same patient on the same date of service."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What else happened to this patient that day: other lines, and the sessions before this
    one.
    """

    other_lines: tuple[OtherLine, ...] = ()
    earlier_units: int = 0  # units of this code in delivered sessions earlier that day
    earlier_started_at: datetime | None = None
    earlier_reviewer_npi: str = ""
    fractions_per_day_ordered: int = 1


@dataclass(frozen=True, slots=True)
class AuthorizedLine:
    """One authorized service the payer of that day has decided for this course."""

    code: str
    modifier: str = ""
    decision: str = "approved"  # requested, pended, approved, reduced, denied
    number: str = ""
    valid_from: date | None = None
    valid_through: date | None = None
    units_approved: int | None = None
    units_used: int | None = None
    facility: str = ""
    evidence: str = "letter"  # letter, portal, file, law, asserted, phone, none
    gives_unit: bool = False  # whether this session holds one of its units


@dataclass(frozen=True, slots=True)
class AuthorizationFacts:
    """Whether permission is required that day, what was given, and whether this session has a
    unit.
    """

    is_required: bool | None = None
    lines: tuple[AuthorizedLine, ...] = ()
    holds_unit: bool = False
    requirement_doubt: str = ""  # why the policies on file cannot say whether it is required
    # What makes a plan that the patient joined honour the course, through which day; an insurers'
    # commitment is an argument and no permission.
    honours_by_law: str = ""
    honours_by_commitment: str = ""


@dataclass(frozen=True, slots=True)
class UnitLimitFacts:
    """The published unit limit (MUE) in force: units per day and adjudication indicator 1, 2 or
    3.
    """

    units: int
    adjudication: int
    release: str = ""


@dataclass(frozen=True, slots=True)
class PairEditFacts:
    """A published pairing (NCCI) of this line with another line of the day; indicator 0, 1 or 9."""

    column_one: str
    column_two: str
    indicator: int
    release: str = ""
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """The last day on which the claim may reach the payer, and the day this is judged."""

    judged_on: date | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Where the authorization number would stand on the claim and on its line."""

    claim_number: str = ""
    line_number: str = ""


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """Everything a rule may look at for one charge on one date of service."""

    date_of_service: date
    line: LineFacts
    payer: PayerFacts = field(default_factory=PayerFacts)
    session: SessionFacts = field(default_factory=SessionFacts)
    review: ReviewFacts = field(default_factory=ReviewFacts)
    day: DayFacts = field(default_factory=DayFacts)
    authorization: AuthorizationFacts = field(default_factory=AuthorizationFacts)
    unit_limit: UnitLimitFacts | None = None
    pair_edits: tuple[PairEditFacts, ...] = ()
    pair_table: str = ""  # release of the published pairings of that day; empty: none is loaded
    filing: FilingFacts = field(default_factory=FilingFacts)
    claim: ClaimFacts | None = None
