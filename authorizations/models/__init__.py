"""What is remembered about courses, authorizations, sessions and charges."""

from authorizations.models.authorization import (
    ANSWERED,
    APPROVED,
    CONTESTED,
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
    Channel,
    Evidence,
    PriorAuthorization,
    Proof,
    RequestType,
    Urgency,
)
from authorizations.models.authorization_event import AuthorizationEvent
from authorizations.models.awaited import AwaitedReview
from authorizations.models.batch import Batch
from authorizations.models.channel import MachineChannel
from authorizations.models.charge import OPEN, Charge, ChargeStatus, Disposition, ReturnedTo
from authorizations.models.charge_event import ChargeEvent, CodingReview
from authorizations.models.correction import SessionCorrection
from authorizations.models.course import Course, Coverage, Patient, Sex, Technique
from authorizations.models.coverage_event import CoverageEvent, CoverageVerb
from authorizations.models.day import DayGap, GapKind, PaperEntry, SheetDraft
from authorizations.models.decision import LINE_IN_FORCE, LineDecision
from authorizations.models.evidence import Contact, Document
from authorizations.models.imported import ImportedRow, ImportRun
from authorizations.models.missed import MissedReason, MissedTreatment
from authorizations.models.queue import ChargeAssignment, ChargeVisit, RememberedView
from authorizations.models.records import (
    ColumnMapping,
    DateFormat,
    DecimalMark,
    Delimiter,
    RecordStanding,
    ShiftUnit,
    TreatmentRecord,
    WaitingJudgement,
)
from authorizations.models.rejudge import ChangedVerdict, RejudgeRun
from authorizations.models.rollup import CountedSubject, KeptCount, OpenRow, StaleDay
from authorizations.models.schedule import JobRun, MailChoice
from authorizations.models.service import AuthorizedService, released_units
from authorizations.models.session import (
    ANSWERS,
    LARGEST_ROTATION_DEGREES,
    LARGEST_SHIFT_MM,
    GuidanceSession,
    ImageReview,
    ReviewDecision,
    ReviewSource,
)
from authorizations.models.task import SAVED_PAGES, SavedView, Task

__all__ = [
    "ANSWERED",
    "ANSWERS",
    "APPROVED",
    "CONTESTED",
    "LARGEST_ROTATION_DEGREES",
    "LARGEST_SHIFT_MM",
    "LINE_IN_FORCE",
    "OPEN",
    "SAVED_PAGES",
    "TAKEN_BACK",
    "WAITING",
    "AuthorizationEvent",
    "AuthorizationStatus",
    "AuthorizedService",
    "AwaitedReview",
    "Batch",
    "ChangedVerdict",
    "Channel",
    "Charge",
    "ChargeAssignment",
    "ChargeEvent",
    "ChargeStatus",
    "ChargeVisit",
    "CodingReview",
    "ColumnMapping",
    "Contact",
    "CountedSubject",
    "Course",
    "Coverage",
    "CoverageEvent",
    "CoverageVerb",
    "DateFormat",
    "DayGap",
    "DecimalMark",
    "Delimiter",
    "Disposition",
    "Document",
    "Evidence",
    "GapKind",
    "GuidanceSession",
    "ImageReview",
    "ImportRun",
    "ImportedRow",
    "JobRun",
    "KeptCount",
    "LineDecision",
    "MachineChannel",
    "MailChoice",
    "MissedReason",
    "MissedTreatment",
    "OpenRow",
    "PaperEntry",
    "Patient",
    "PriorAuthorization",
    "Proof",
    "RecordStanding",
    "RejudgeRun",
    "RememberedView",
    "RequestType",
    "ReturnedTo",
    "ReviewDecision",
    "ReviewSource",
    "SavedView",
    "SessionCorrection",
    "Sex",
    "SheetDraft",
    "ShiftUnit",
    "StaleDay",
    "Task",
    "Technique",
    "TreatmentRecord",
    "Urgency",
    "WaitingJudgement",
    "released_units",
]
