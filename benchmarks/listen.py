"""HL7 messages a second through the listener, beside the same inserts without a socket, as a ratio.

Makes a database of its own and drops it. ``--count`` messages (1,000), ``--connections`` (4).
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from authorizations.imports.mllp import END, START, Listener
from authorizations.management.commands.listen import receiver
from authorizations.models import InboundMessage, MachineChannel
from tests import factories as make
from tests.support.hl7_messages import message

WANTED = 100  # messages a second


def send(address: tuple[str, int], contents: list[bytes]) -> None:
    """Each message after the acknowledgement of the one before, as senders do."""
    with socket.create_connection(address) as line:
        for content in contents:
            line.sendall(START + content + END)
            answer = b""
            while not answer.endswith(END):
                answer += line.recv(4096)


def sent_in(channel: MachineChannel, contents: list[bytes], connections: int) -> float:
    """Seconds from the first message to the last acknowledgement."""
    server = Listener(("127.0.0.1", 0), receiver(channel), allowed=[ip_network("127.0.0.0/8")])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parts = [contents[n::connections] for n in range(connections)]
    address = ("127.0.0.1", server.server_address[1])
    senders = [threading.Thread(target=send, args=(address, part)) for part in parts]
    began = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = time.perf_counter() - began
    server.shutdown()
    server.server_close()
    return took


def inserted_in(channel: MachineChannel, contents: list[bytes]) -> float:
    """Seconds for the same rows, one committed INSERT each, without a socket or reading."""
    began = time.perf_counter()
    for content in contents:
        InboundMessage.objects.create(
            channel=channel, received_at=timezone.now(), content=content, event="DFT^P03"
        )
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=4)
    given = parser.parse_args()
    before = setup_databases(verbosity=0, interactive=False)
    try:
        channel = make.MachineChannelFactory(
            confirmed_at=timezone.now(), confirmed_by=make.UserFactory()
        )
        contents = [message(record=f"R{n}", control=f"C{n}").encode() for n in range(given.count)]
        took = sent_in(channel, contents, given.connections)
        plain = inserted_in(channel, contents)
        stored = InboundMessage.objects.count()
        assert stored == 2 * given.count, stored
        rate = given.count / took
        sys.stdout.write(
            f"{rate:.0f} messages a second, {rate / WANTED:.1f} times the {WANTED} wanted; "
            f"{took / plain:.1f} times the time of the bare inserts.\n"
        )
    finally:
        connection.close()
        time.sleep(0.5)  # the threads of the listener close theirs
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main()
