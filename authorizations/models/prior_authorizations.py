"""The payer's permission: the request, its lines, its events, the calls and letters about it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import legal_moves, tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.courses import Course
from authorizations.models.line_decisions import LINE_IN_FORCE
from authorizations.models.machine_channels import MachineChannel
from authorizations.models.request_choices import Channel as Channel
from authorizations.models.request_choices import RequestType as RequestType
from authorizations.models.request_choices import Urgency as Urgency
from authorizations.models.request_statuses import (
    ANSWERED,
    APPROVED,
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
)
from authorizations.models.searchable import NumberToSearch, searched_by
from authorizations.models.triggers.decision_evidence import (
    DOCUMENTED,
    PROVES_APPROVAL,
)
from authorizations.models.triggers.decision_evidence import Evidence as Evidence
from authorizations.models.triggers.decision_evidence import Proof as Proof
from authorizations.models.triggers.figure_counts import counts_by_request
from authorizations.models.triggers.first_answers import keeps_first_answer, passes_on_first_answer
from authorizations.workflow import AUTHORIZATION_MOVES, UNDO_MOVES
from payers.models import Plan


def is_past_due(now: datetime) -> Q:
    """No first answer came by the payer's deadline; whether one is still awaited is not asked."""
    return Q(due_at__lt=now, first_answer="")


class PriorAuthorizationQuerySet(models.QuerySet):
    """Requests as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(course__facility__in=facilities_of(user, permission, *others))

    def waiting(self) -> Self:
        """The payer has not answered yet."""
        return self.filter(status__in=WAITING)

    def asserted(self) -> Self:
        """Approvals said to rest on a letter or the portal, of which no document is here."""
        documents = self.model.documents.rel.related_model.objects
        rows = self.with_approval().filter(evidence__in=DOCUMENTED, evidence_channel__isnull=True)
        return rows.exclude(models.Exists(documents.proving(models.OuterRef("pk"))))

    def overdue(self, now: datetime) -> Self:
        """The payer should have answered first by now; an appeal has no clock of its own here."""
        return self.waiting().filter(is_past_due(now))

    def with_approval(self) -> Self:
        """A line is approved, whatever is contested beside it, and nothing replaced the request."""
        over = (*TAKEN_BACK, AuthorizationStatus.SUPERSEDED)
        approved = self.model.objects.filter(
            pk=models.OuterRef("pk"), lines__decision__in=LINE_IN_FORCE
        )
        return self.exclude(status__in=over).filter(models.Exists(approved.order_by()))


@tracked
class PriorAuthorization(models.Model):
    """The payer's permission, asked before treating: one request, one or more lines."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="authorizations")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="authorizations")
    facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        related_name="authorizations",
        help_text="The place the payer was told.",
    )
    number = models.CharField("authorization number", max_length=30, blank=True)
    number_to_follow = models.BooleanField(
        default=False,
        help_text="Approved by telephone or by law; the number comes later. It feeds no claim yet.",
    )
    status = models.CharField(
        max_length=20, choices=AuthorizationStatus, default=AuthorizationStatus.DRAFT
    )
    request_type = models.CharField(max_length=16, choices=RequestType, default=RequestType.INITIAL)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    superseded_from = models.DateField(
        "replaced from",
        null=True,
        blank=True,
        help_text="The first day for which another authorization, or another plan, counts instead.",
    )
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.STANDARD)
    urgency_reason = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    reference = models.CharField("case reference", max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_on = models.DateTimeField("received by the payer", null=True, blank=True)
    due_at = models.DateTimeField("payer must answer by", null=True, blank=True)
    clock_rule = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    first_answer = models.CharField(
        max_length=20,
        blank=True,
        editable=False,
        help_text="Kept by the database: what the payer first answered, whatever came of it later.",
    )
    first_answered_on = models.DateField(null=True, blank=True, editable=False)
    answer_corrections = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="How often the answer was typed in wrongly and mended, each time with a reason.",
    )
    moves_undone = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="How often the latest move was undone: only with it the status goes back.",
    )
    evidence = models.CharField(max_length=8, choices=Evidence, default=Evidence.NONE)
    evidence_channel = models.ForeignKey(
        MachineChannel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The machine channel whose file brought the decision; none for a person's.",
    )
    who_acts = models.CharField(max_length=10, default="us")
    next_touch_on = models.DateField("follow-up", null=True, blank=True)
    next_touch_set_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The person who set the follow-up; none where it was computed.",
    )
    pend_reason = models.CharField(max_length=200, blank=True)
    denial_reason = models.CharField(max_length=200, blank=True)
    appeal_level = models.PositiveSmallIntegerField(
        default=0, help_text="0 none, 1 the payer itself, 2 independent, 3 and up by law."
    )
    note = models.TextField(blank=True)

    objects = PriorAuthorizationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            one_of("authorization_status_known", "status", AuthorizationStatus),
            one_of("authorization_request_type_known", "request_type", RequestType),
            one_of("authorization_urgency_known", "urgency", Urgency),
            one_of("authorization_evidence_known", "evidence", Evidence),
            models.CheckConstraint(
                condition=Q(channel="") | Q(channel__in=Channel.values),
                name="authorization_channel_known",
            ),
            paired("authorization_submitted_pair", "submitted_at", "submitted_by"),
            models.UniqueConstraint(
                fields=("plan", "number"),
                condition=~Q(number="") & Q(supersedes__isnull=True),
                name="authorization_number_once_per_plan",
                violation_error_message="Another request already has this authorization number.",
            ),
            ExclusionConstraint(
                expressions=(("plan", "="), ("number", "="), ("course", "<>")),
                condition=~Q(number=""),
                name="authorization_number_of_one_course",
                violation_error_message="Another course already has this authorization number.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=APPROVED) | ~Q(number="") | Q(number_to_follow=True),
                name="authorization_approved_has_number",
                violation_error_message="An approval carries the payer's authorization number.",
            ),
            models.CheckConstraint(
                condition=Q(number_to_follow=False)
                | Q(number="") & Q(evidence__in=(Evidence.LAW, Evidence.PHONE, Evidence.NONE)),
                name="authorization_number_to_follow_unproven",
                violation_error_message="A number to follow is known by telephone or by law only.",
            ),
            models.CheckConstraint(
                condition=Q(status=AuthorizationStatus.SUPERSEDED, superseded_from__isnull=False)
                | ~Q(status=AuthorizationStatus.SUPERSEDED) & Q(superseded_from__isnull=True),
                name="authorization_superseded_from_a_day",
                violation_error_message="A superseded authorization has the day it is replaced.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ANSWERED) | Q(decided_on__isnull=False),
                name="authorization_decided_has_date",
            ),
            models.CheckConstraint(
                condition=Q(first_answer="", first_answered_on__isnull=True)
                | Q(first_answer__in=ANSWERED, first_answered_on__isnull=False),
                name="authorization_first_answer_pair",
            ),
            models.CheckConstraint(
                condition=~Q(urgency=Urgency.EXPEDITED) | ~Q(urgency_reason=""),
                name="authorization_expedited_has_reason",
                violation_error_message="Say why the request is expedited.",
            ),
            models.CheckConstraint(
                condition=Q(next_touch_set_by__isnull=True) | Q(next_touch_on__isnull=False),
                name="authorization_follow_up_set_has_day",
            ),
            models.CheckConstraint(
                condition=Q(who_acts__in=("us", "payer", "physician", "patient", "nobody")),
                name="authorization_who_acts_known",
            ),
        )
        triggers = (
            legal_moves(
                "authorization_legal_moves",
                AUTHORIZATION_MOVES,
                condition=pgtrigger.Condition("OLD.moves_undone = NEW.moves_undone"),
            ),
            legal_moves(
                "authorization_legal_undo",
                UNDO_MOVES,
                condition=pgtrigger.Condition("OLD.moves_undone <> NEW.moves_undone"),
            ),
            keeps_first_answer(ANSWERED),
            passes_on_first_answer(),
            counts_by_request(),
        )
        indexes = (
            searched_by(
                "authorization_search", NumberToSearch("number"), NumberToSearch("reference")
            ),
            models.Index(
                fields=("plan", "due_at"),
                condition=Q(status__in=WAITING),
                name="authorization_waiting",
            ),
            models.Index(fields=("decided_on",), name="authorization_decided"),
            models.Index(fields=("first_answered_on",), name="authorization_first_answered"),
            models.Index(
                fields=("decided_on",),
                condition=Q(status__in=("denied", "partially_approved")),
                name="authorization_lost",
            ),
            models.Index(
                fields=("plan",), condition=Q(appeal_level__gt=0), name="authorization_appealed"
            ),
        )

    @property
    def replaces_what_it_follows(self) -> bool:
        """A revision or renewal takes the place of the request it follows; an extension adds."""
        follows = self.supersedes_id is not None
        return follows and self.request_type in (RequestType.REVISION, RequestType.RENEWAL)

    def __str__(self) -> str:
        return self.number or f"request {self.pk}"

    @property
    def has_approved_line(self) -> bool:
        """Whether a line is approved, in full or with changes, whatever is contested beside it."""
        return any(line.decision in LINE_IN_FORCE for line in self.lines.all())

    def proof(self, *, has_document: bool) -> Proof:
        """On what its answer rests, knowing whether a document of it is attached."""
        if self.evidence not in DOCUMENTED:
            return Proof(self.evidence)
        if has_document:
            return Proof(self.evidence)
        return Proof.FILE if self.evidence_channel_id else Proof.ASSERTED

    @property
    def proof_here(self) -> Proof:
        """On what its answer rests, by the documents that are attached."""
        kinds = {document.kind for document in self.documents.all()}
        wanted = set(PROVES_APPROVAL)
        if not self.has_approved_line:
            wanted.add("denial_letter")
        return self.proof(has_document=bool(kinds & wanted))
