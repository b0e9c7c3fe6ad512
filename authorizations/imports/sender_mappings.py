"""Which mapping an HL7 message is read by, and saving one that reads a sample."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from accounts.models import Facility, User
from authorizations.exceptions import Refused
from authorizations.exchange.hl7 import Message
from authorizations.exchange.hl7_framing import is_hl7, read_messages
from authorizations.exchange.hl7_places import OURS, Sender, is_place
from authorizations.exchange.row_reader import FileRefused, RowRefused, label
from authorizations.exchange.treatments_csv import RefusedRow
from authorizations.exchange.treatments_hl7 import parse_message
from authorizations.models import SenderMapping


class Senders:
    """The saved mappings of some facilities, found by MSH-3, MSH-4 and facility."""

    def __init__(self, allowed: Collection[str] | None = None, facility: str = "") -> None:
        rows = SenderMapping.objects.select_related("facility")
        if allowed is not None:
            rows = rows.filter(facility__code__in=allowed)
        if facility:
            rows = rows.filter(facility__code=facility)
        self.rows = list(rows)

    def sender_of(self, message: Message) -> Sender:
        """The mapping of a message's sender, else our own places. Raises RowRefused for two."""
        application, place = message.header.text(3), message.header.text(4)
        known = [row for row in self.rows if row.application == application]
        fitting = [row for row in known if row.sending_facility == place]
        fitting = fitting or [row for row in known if not row.sending_facility]
        here = [row for row in fitting if row.facility.code == message.text("PV1", 3)]
        chosen = here or fitting
        if len(chosen) > 1:
            names = " and ".join(row.facility.code for row in chosen)
            sentence = f"The HL7 mappings of {names} both fit this sender. Choose the facility."
            raise RowRefused("two_mappings", sentence)
        return sender_from(chosen[0]) if chosen else OURS


def sender_from(row: SenderMapping) -> Sender:
    """A saved mapping as plain values."""
    return Sender(row.facility.code, row.places, row.shift_unit, read_words(row.words))


def read_words(text: str) -> dict[str, str]:
    """Pairs of words, a line each: “delivered: Complete = yes”. Raises Refused."""
    words = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        column, _, pair = line.partition(":")
        theirs, _, ours = pair.rpartition("=")
        if not (column.strip() and theirs.strip() and ours.strip()):
            raise Refused(f"“{line}” is no pair of words. Write it as delivered: Complete = yes.")
        key = "_".join(column.lower().split())
        words[f"{key}:{theirs.strip().lower()}"] = ours.strip()
    return words


def sample_message(text: str) -> Message:
    """The first message of a sample. Raises Refused."""
    content = text.strip().encode()
    try:
        if not is_hl7(content):
            raise Refused("The sample does not begin with MSH. Paste a whole message.")
        message = read_messages(content)[0]
    except (FileRefused, IndexError) as error:
        raise Refused(str(error) or "The sample holds no message.") from error
    if message.fault:
        raise Refused(message.fault.sentence)
    if not message.header.text(3):
        raise Refused("The sample does not name its sender in MSH-3, by which it is known.")
    return message


@transaction.atomic
def save_sender_mapping(
    *, facility: Facility, sample: str, places: dict[str, str], by: User, **writing: Any
) -> SenderMapping:
    """Remember where a sender's values stand. Raises Refused where the sample lacks something."""
    message = sample_message(sample)
    wrong = [label(column) for column, place in places.items() if not is_place(place)]
    if wrong:
        raise Refused(
            f"{', '.join(wrong)}: write the place as FT1-3, PV1-3.4, OBX FRACTION or =constant."
        )
    words = read_words(writing.get("words", ""))
    sender = Sender(facility.code, places, writing.get("shift_unit", "mm"), words)
    refused = [i for i in parse_message(message, lambda _: sender) if isinstance(i, RefusedRow)]
    if refused:
        raise Refused(f"The sample cannot be read so. {refused[0].sentence}")
    row, _ = SenderMapping.objects.update_or_create(
        facility=facility,
        application=message.header.text(3),
        sending_facility=message.header.text(4),
        defaults={"places": places, "saved_by": by, **writing},
    )
    return row
