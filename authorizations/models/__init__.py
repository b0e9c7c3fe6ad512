"""What is remembered about courses, authorizations, sessions and charges."""

from authorizations.models.authorization import (
    ANSWERED,
    IN_FORCE,
    WAITING,
    AuthorizationEvent,
    AuthorizationStatus,
    Channel,
    Evidence,
    PriorAuthorization,
    RequestType,
    Urgency,
)
from authorizations.models.charge import (
    OPEN,
    Batch,
    Charge,
    ChargeEvent,
    ChargeStatus,
    CodingReview,
    Disposition,
)
from authorizations.models.correction import SessionCorrection
from authorizations.models.course import Course, Coverage, Patient, Sex, Technique
from authorizations.models.evidence import Contact, Document
from authorizations.models.imported import ImportedRow, ImportRun
from authorizations.models.missed import MissedReason, MissedTreatment
from authorizations.models.rollup import StaleDay, TreatmentDay
from authorizations.models.schedule import JobRun, MailChoice
from authorizations.models.service import LINE_IN_FORCE, AuthorizedService, LineDecision
from authorizations.models.session import (
    LARGEST_ROTATION_DEGREES,
    LARGEST_SHIFT_MM,
    GuidanceSession,
    ImageReview,
    ReviewDecision,
)
from authorizations.models.task import SavedView, Task

__all__ = [
    "ANSWERED",
    "IN_FORCE",
    "LARGEST_ROTATION_DEGREES",
    "LARGEST_SHIFT_MM",
    "LINE_IN_FORCE",
    "OPEN",
    "WAITING",
    "AuthorizationEvent",
    "AuthorizationStatus",
    "AuthorizedService",
    "Batch",
    "Channel",
    "Charge",
    "ChargeEvent",
    "ChargeStatus",
    "CodingReview",
    "Contact",
    "Course",
    "Coverage",
    "Disposition",
    "Document",
    "Evidence",
    "GuidanceSession",
    "ImageReview",
    "ImportRun",
    "ImportedRow",
    "JobRun",
    "LineDecision",
    "MailChoice",
    "MissedReason",
    "MissedTreatment",
    "Patient",
    "PriorAuthorization",
    "RequestType",
    "ReviewDecision",
    "SavedView",
    "SessionCorrection",
    "Sex",
    "StaleDay",
    "Task",
    "Technique",
    "TreatmentDay",
    "Urgency",
]
