"""The inbox of HL7 messages: stored before they are acknowledged, taken afterwards, replayed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.models import Facility, User, system_user
from authorizations.exceptions import Refused
from authorizations.exchange.hl7 import Message
from authorizations.exchange.hl7_acknowledgements import acknowledgement
from authorizations.exchange.hl7_framing import read_messages
from authorizations.exchange.row_reader import FileRefused, RowRefused
from authorizations.imports.actions import import_treatments
from authorizations.imports.judge_touched import judge_waiting
from authorizations.models import (
    ImportedRow,
    ImportRun,
    InboundMessage,
    InboundStatus,
    MachineChannel,
)

LOG = logging.getLogger(__name__)
TREATMENT = "DFT^P03"
TAKEN_AT_ONCE = 100
REGISTRATION = "the front desk registers the patient or corrects the registration on its page."
CALENDAR = "the front desk moves the course’s days on its page."
BY_HAND = {
    "ADT^A01": f"An admission: {REGISTRATION}",
    "ADT^A04": f"A registration: {REGISTRATION}",
    "ADT^A08": f"Changed details of a patient: {REGISTRATION}",
    "ADT^A11": "A cancelled admission: check whether the registration still stands.",
    "ADT^A13": "A cancelled discharge: check whether the course goes on.",
    "ADT^A40": "Two registrations are said to be one patient: compare both before anything is "
    "moved.",
} | {f"SIU^S{number}": f"A change of the schedule: {CALENDAR}" for number in range(12, 27)}
FAILED = (
    "It could not be taken because of an error on this side. Replay it; where that does not help, "
    "tell whoever looks after this system when it came."
)


def receive_message(content: bytes, channel: MachineChannel) -> str:
    """Store one message of a frame, then say what to answer: AA, or AR for what is not read.

    When this returns, the message is committed: a process that is killed loses nothing that was
    acknowledged.
    """
    now = timezone.now()
    message, fault = only_message(content)
    header = message.header if message else None
    row = InboundMessage(
        channel=channel,
        facility=facility_of_message(message, channel),
        received_at=now,
        control_id=header.text(10)[:60] if header else "",
        event=message.event[:20] if message else "",
        content=content,
    )
    if fault:
        row.status, row.sentence, row.handled_at = InboundStatus.REFUSED, fault.sentence[:300], now
    elif row.event in BY_HAND:
        row.status, row.sentence = InboundStatus.WAITING, BY_HAND[row.event]
        row.handled_at = now
    row.save()
    if message is None or header is None or header.name != "MSH":
        return f"MSH|^~\\&|||||{now:%Y%m%d%H%M%S}||ACK|A{row.pk}|P|2.5.1\rMSA|AR|\r"
    said = (fault.kind, fault.sentence) if fault else None
    return acknowledgement(message, said, {}, now)


def only_message(content: bytes) -> tuple[Message | None, RowRefused | None]:
    """The message of a frame, and why it cannot be read."""
    try:
        messages = read_messages(content)
    except FileRefused as refusal:
        return None, RowRefused("bad_segment", str(refusal))
    if len(messages) != 1:
        sentence = f"The frame holds {len(messages)} messages. Send each in a frame of its own."
        return (messages[0] if messages else None), RowRefused("bad_segment", sentence)
    message = messages[0]
    if message.fault or message.event == TREATMENT or message.event in BY_HAND:
        return message, message.fault
    sentence = "This message is not read. DFT^P03, ADT and SIU^S12 to S26 are."
    return message, RowRefused("other_message", sentence)


def facility_of_message(message: Message | None, channel: MachineChannel) -> Facility | None:
    """The facility a message is of: its channel's, else the one that PV1-3 names."""
    if channel.facility_id or message is None:
        return channel.facility
    return Facility.objects.filter(code=message.text("PV1", 3)[:16]).first()


def take_messages(channel: MachineChannel, most: int = TAKEN_AT_ONCE) -> int:
    """Import what the channel received and nobody took yet, oldest first; how many were taken."""
    waiting = InboundMessage.objects.filter(channel=channel, status=InboundStatus.RECEIVED)
    rows = list(waiting.order_by("pk")[:most])
    if not rows:
        return 0
    try:
        import_messages(rows, channel)
    except OperationalError:
        raise
    except Exception as error:
        LOG.error("Messages are taken one by one: %s", type(error).__name__)
        for row in rows:
            take_alone(row, channel)
    judge_waiting(by=system_user(), most=TAKEN_AT_ONCE)
    return len(rows)


def take_alone(row: InboundMessage, channel: MachineChannel) -> None:
    """One message by itself; whatever goes wrong is told in the inbox, never its content."""
    try:
        import_messages([row], channel)
    except FileRefused as refusal:
        settle(row, InboundStatus.REFUSED, str(refusal))
    except OperationalError:
        raise
    except Exception as error:
        LOG.error("Message %s could not be taken: %s", row.pk, type(error).__name__)
        settle(row, InboundStatus.WAITING, FAILED)


def import_messages(rows: Sequence[InboundMessage], channel: MachineChannel) -> None:
    """Through the same import as files; the outcome is read from the rows it left.

    Should the process be killed in between, the import knows the message by its hash again.
    """
    contents = [file_of(row) for row in rows]
    allowed = [channel.facility.code] if channel.facility else None
    import_treatments(contents, by=system_user(), allowed=allowed, channel=channel)
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    runs = {
        run.sha256: run
        for run in ImportRun.objects.filter(
            kind=ImportRun.Kind.TREATMENTS, sha256__in=digests
        ).prefetch_related("rows")
    }
    for row, digest in zip(rows, digests, strict=True):
        row.run = runs[digest]
        settle(row, *inbound_outcome(list(row.run.rows.all())))


def file_of(row: InboundMessage) -> bytes:
    """The message as a file. A file is known by its hash: a replay is another file, by as many
    empty lines, with the same message.
    """
    return bytes(row.content) + b"\r" * row.replays


def inbound_outcome(lines: Sequence[ImportedRow]) -> tuple[InboundStatus, str]:
    """What became of a message: refused where any charge was, else left to a person, or taken."""
    outcome = ImportedRow.Outcome
    for kind, status in (
        (outcome.REFUSED, InboundStatus.REFUSED),
        (outcome.CONFLICT, InboundStatus.WAITING),
    ):
        for line in lines:
            if line.outcome == kind:
                return status, line.sentence
    return InboundStatus.TAKEN, next((line.sentence for line in lines if line.sentence), "")


def settle(row: InboundMessage, status: InboundStatus, sentence: str) -> None:
    row.status, row.sentence, row.handled_at = status, sentence[:300], timezone.now()
    row.save(update_fields=("status", "sentence", "handled_at", "run"))


@transaction.atomic
def replay_message(*, message: InboundMessage, by: User) -> None:
    """Take a treatment message again, after what stood in its way was mended. Raises Refused."""
    row = InboundMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.event != TREATMENT or row.status not in (InboundStatus.REFUSED, InboundStatus.WAITING):
        raise Refused("Only a treatment message that was refused or waits is replayed.")
    if row.closed_at:
        raise Refused("This message was closed by a person. Ask the sender to send it again.")
    row.status, row.sentence, row.handled_at = InboundStatus.RECEIVED, "", None
    row.replays += 1
    row.replayed_by = by
    row.save()


@transaction.atomic
def close_message(*, message: InboundMessage, by: User) -> None:
    """A person did what a message asks for, or decided that nothing is to be done."""
    row = InboundMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if row.status not in (InboundStatus.REFUSED, InboundStatus.WAITING):
        raise Refused("Only a message that was refused or waits for a person is closed.")
    if row.closed_at is None:
        row.closed_at, row.closed_by = timezone.now(), by
        row.save(update_fields=("closed_at", "closed_by"))
