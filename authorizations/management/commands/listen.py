"""Receive HL7 v2 messages over MLLP."""

from __future__ import annotations

import os
import signal
import threading
import time
from argparse import ArgumentParser
from ipaddress import ip_network
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from authorizations.exceptions import Refused
from authorizations.imports.inbox import receive_message, take_messages
from authorizations.imports.machine_channels import asked_channel
from authorizations.imports.mllp import Listener, is_inside, tls_context
from authorizations.models import MachineChannel

ASKED_SECONDS = 1.0
PAUSE_SECONDS = 0.5
AFTER_ERROR_SECONDS = 5.0


class Command(BaseCommand):
    """One interface: each message is stored, acknowledged and then taken through the same import as
    files. The credential of its machine channel is given in CHANNEL_CREDENTIAL.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", required=True, metavar="NAME", help="Its machine channel.")
        parser.add_argument("--address", default="127.0.0.1", help="Loopback or private.")
        parser.add_argument("--port", type=int, default=2575)
        parser.add_argument(
            "--allow",
            action="append",
            default=[],
            metavar="NETWORK",
            help="From where messages are taken, as 10.1.2.3 or 10.1.0.0/16; repeatable. "
            "Without it, from this machine only.",
        )
        parser.add_argument("--certificate", default="", help="For TLS: ours, as PEM.")
        parser.add_argument("--key", default="", help="For TLS: its key, as PEM.")
        parser.add_argument(
            "--clients", default="", help="For TLS: who signs the senders' certificates, as PEM."
        )

    def handle(self, *args: object, **options: Any) -> None:
        try:
            channel = asked_channel(options["channel"])
            networks = [ip_network(each) for each in options["allow"] or ["127.0.0.0/8", "::1"]]
            context = self.asked_context(options)
            if not is_inside(options["address"]) and context is None:
                raise Refused(
                    f"{options['address']} is not a loopback or private address: patient data "
                    "would be readable on the way. Give --certificate and --clients for TLS."
                )
        except (Refused, ValueError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        os.environ.pop("CHANNEL_CREDENTIAL", None)
        assert channel is not None
        self.serve(channel, (options["address"], options["port"]), networks, context)

    def asked_context(self, options: dict[str, Any]) -> Any:
        """TLS where certificates are given. Raises Refused where one is missing."""
        given = (options["certificate"], options["clients"])
        if all(given):
            return tls_context(options["certificate"], options["key"], options["clients"])
        if any(given) or options["key"]:
            raise Refused("TLS takes both --certificate and --clients: senders show one too.")
        return None

    def serve(
        self, channel: MachineChannel, address: tuple[str, int], networks: Any, context: Any
    ) -> None:
        """Listen until the process is asked to end."""
        stop = threading.Event()
        try:
            server = Listener(address, receiver(channel), allowed=networks, context=context)
        except OSError as error:
            raise CommandError(f"Cannot listen on {address[0]}: {error.strerror}.") from error

        def end(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        with server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.stdout.write(f"Listening on {address[0]} port {server.server_address[1]}.")
            self.stdout.flush()
            self.take_until(stop, channel)
            server.shutdown()

    def take_until(self, stop: threading.Event, channel: MachineChannel) -> None:
        """Take what was received; an error of the database is waited out, nothing is lost."""
        while not stop.is_set():
            try:
                taken = take_messages(channel)
            except DatabaseError as error:
                self.stderr.write(f"Tried again soon: the database says {type(error).__name__}.")
                connection.close()
                stop.wait(AFTER_ERROR_SECONDS)
                continue
            if not taken:
                stop.wait(PAUSE_SECONDS)


def receiver(channel: MachineChannel) -> Any:
    """What a connection does with a message; None once an administrator has ended the channel.

    Whether it is still in force is asked once a second, not for each of a hundred messages.
    """
    asked: dict[str, Any] = {"at": float("-inf"), "found": None}

    def receive(content: bytes) -> str | None:
        if time.monotonic() - asked["at"] >= ASKED_SECONDS:
            found = MachineChannel.objects.in_force().select_related("facility")
            asked["found"] = found.filter(pk=channel.pk).first()
            asked["at"] = time.monotonic()
        return receive_message(content, asked["found"]) if asked["found"] else None

    return receive
