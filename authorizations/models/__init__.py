"""What is remembered about courses, authorizations, sessions and charges."""

from authorizations.models.authorization_events import AuthorizationEvent
from authorizations.models.authorized_services import AuthorizedService, released_units
from authorizations.models.awaited_reviews import AwaitedReview
from authorizations.models.batches import Batch
from authorizations.models.charge_events import ChargeEvent, CodingReview
from authorizations.models.charge_queue import ChargeAssignment, ChargeVisit, RememberedView
from authorizations.models.charges import OPEN, Charge, ChargeStatus, Disposition, ReturnedTo
from authorizations.models.course_choices import (
    CANCEL_REASONS,
    END_REASONS,
    EndReason,
    Weekday,
)
from authorizations.models.course_events import CourseEvent, CourseHold, CourseVerb, HoldReason
from authorizations.models.course_milestones import CourseMilestone, MilestoneKind
from authorizations.models.courses import Course, Technique
from authorizations.models.coverage_events import CoverageEvent, CoverageVerb
from authorizations.models.coverages import Coverage, Relationship, joined_on
from authorizations.models.day_sheets import DayGap, GapKind, PaperEntry, SheetDraft
from authorizations.models.documents import Contact, Document
from authorizations.models.figure_counts import CountedSubject, KeptCount, OpenRow, StaleDay
from authorizations.models.hl7_interfaces import InboundMessage, InboundStatus, SenderMapping
from authorizations.models.import_runs import ImportedRow, ImportRun
from authorizations.models.information_requests import AskedItem, InformationRequest
from authorizations.models.line_decisions import LINE_DECIDED, LINE_IN_FORCE, LineDecision
from authorizations.models.machine_channels import MachineChannel
from authorizations.models.missed_treatments import MissedReason, MissedTreatment
from authorizations.models.patient_contacts import ContactRole, PatientContact
from authorizations.models.patient_merges import PatientMerge
from authorizations.models.patients import Patient, Sex
from authorizations.models.peer_to_peers import CallOutcome, PeerToPeer
from authorizations.models.prior_authorizations import (
    Channel,
    Evidence,
    PriorAuthorization,
    Proof,
    RequestType,
    Urgency,
)
from authorizations.models.record_corrections import CorrectedRecord, RecordCorrection
from authorizations.models.rejudging import ChangedVerdict, RejudgeRun
from authorizations.models.release_runs import ReleaseAnswer, ReleaseRun
from authorizations.models.request_packets import RequestPacket
from authorizations.models.request_statuses import (
    ANSWERED,
    APPROVED,
    CONTESTED,
    EVER_GRANTED,
    MAY_BE_CONTESTED,
    NEVER_ANSWERED,
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
)
from authorizations.models.scheduled_jobs import JobRun, MailChoice
from authorizations.models.session_corrections import SessionCorrection
from authorizations.models.sessions import (
    ANSWERS,
    LARGEST_ROTATION_DEGREES,
    LARGEST_SHIFT_MM,
    GuidanceSession,
    ImageReview,
    ReviewDecision,
    ReviewSource,
)
from authorizations.models.sheet_matches import DateOrder, SheetMatch
from authorizations.models.tasks import SAVED_PAGES, SavedView, Task
from authorizations.models.treatment_records import (
    ColumnMapping,
    DateFormat,
    DecimalMark,
    Delimiter,
    RecordStatus,
    ShiftUnit,
    TreatmentRecord,
    WaitingJudgement,
)

__all__ = [
    "ANSWERED",
    "ANSWERS",
    "APPROVED",
    "CANCEL_REASONS",
    "CONTESTED",
    "END_REASONS",
    "EVER_GRANTED",
    "LARGEST_ROTATION_DEGREES",
    "LARGEST_SHIFT_MM",
    "LINE_DECIDED",
    "LINE_IN_FORCE",
    "MAY_BE_CONTESTED",
    "NEVER_ANSWERED",
    "OPEN",
    "SAVED_PAGES",
    "TAKEN_BACK",
    "WAITING",
    "AskedItem",
    "AuthorizationEvent",
    "AuthorizationStatus",
    "AuthorizedService",
    "AwaitedReview",
    "Batch",
    "CallOutcome",
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
    "ContactRole",
    "CorrectedRecord",
    "CountedSubject",
    "Course",
    "CourseEvent",
    "CourseHold",
    "CourseMilestone",
    "CourseVerb",
    "Coverage",
    "CoverageEvent",
    "CoverageVerb",
    "DateFormat",
    "DateOrder",
    "DayGap",
    "DecimalMark",
    "Delimiter",
    "Disposition",
    "Document",
    "EndReason",
    "Evidence",
    "GapKind",
    "GuidanceSession",
    "HoldReason",
    "ImageReview",
    "ImportRun",
    "ImportedRow",
    "InboundMessage",
    "InboundStatus",
    "InformationRequest",
    "JobRun",
    "KeptCount",
    "LineDecision",
    "MachineChannel",
    "MailChoice",
    "MilestoneKind",
    "MissedReason",
    "MissedTreatment",
    "OpenRow",
    "PaperEntry",
    "Patient",
    "PatientContact",
    "PatientMerge",
    "PeerToPeer",
    "PriorAuthorization",
    "Proof",
    "RecordCorrection",
    "RecordStatus",
    "RejudgeRun",
    "Relationship",
    "ReleaseAnswer",
    "ReleaseRun",
    "RememberedView",
    "RequestPacket",
    "RequestType",
    "ReturnedTo",
    "ReviewDecision",
    "ReviewSource",
    "SavedView",
    "SenderMapping",
    "SessionCorrection",
    "Sex",
    "SheetDraft",
    "SheetMatch",
    "ShiftUnit",
    "StaleDay",
    "Task",
    "Technique",
    "TreatmentRecord",
    "Urgency",
    "WaitingJudgement",
    "Weekday",
    "joined_on",
    "released_units",
]
