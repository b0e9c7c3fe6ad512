"""The listener: HL7 v2 over MLLP on a socket, each message stored before it is acknowledged.

Source: HL7 Transport Specification MLLP, release 1 – <VT> message <FS><CR>.
"""

from __future__ import annotations

import logging
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from django.db import connection

LOG = logging.getLogger(__name__)
START, END = b"\x0b", b"\x1c\r"
LARGEST = 4 * 1024 * 1024  # bytes of one message
CONNECTIONS = 32
IDLE_SECONDS = 3600
CHUNK = 65536
Network = IPv4Network | IPv6Network
Receive = Callable[[bytes], str | None]


class TooLarge(Exception):
    """A message that does not end."""


@dataclass
class Frames:
    """Bytes as they arrive, cut into messages; what stands between frames is passed over."""

    waiting: bytes = b""

    def messages(self, chunk: bytes) -> Iterator[bytes]:
        """The messages that this chunk completes. Raises TooLarge."""
        self.waiting += chunk
        while True:
            start = self.waiting.find(START)
            if start < 0:
                self.waiting = b""
                return
            end = self.waiting.find(END, start)
            if end < 0:
                self.waiting = self.waiting[start:]
                if len(self.waiting) > LARGEST:
                    raise TooLarge
                return
            yield self.waiting[start + 1 : end]
            self.waiting = self.waiting[end + len(END) :]


def is_inside(address: str) -> bool:
    """Whether an address is this machine's own or of a private network; any address is not."""
    found = ip_address(address)
    return (found.is_loopback or found.is_private) and not found.is_unspecified


class Connection(socketserver.BaseRequestHandler):
    """One sender's connection: a message, its acknowledgement, the next message."""

    server: Listener

    def handle(self) -> None:
        if not self.server.slots.acquire(blocking=False):
            LOG.warning("A sender was turned away: %s connections are open.", CONNECTIONS)
            return
        try:
            self.request.settimeout(IDLE_SECONDS)
            if self.server.context:
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.converse()
        except (OSError, TooLarge) as error:
            LOG.warning("A connection ended: %s", type(error).__name__)
        finally:
            self.server.slots.release()
            connection.close()

    def converse(self) -> None:
        """Answer each message once it is stored; one that cannot be stored gets no answer."""
        frames = Frames()
        while chunk := self.request.recv(CHUNK):
            for content in frames.messages(chunk):
                answer = self.server.receive(content)
                if answer is None:
                    return
                self.request.sendall(START + answer.encode() + END)


class Listener(socketserver.ThreadingTCPServer):
    """Listens on one address for the senders that are allowed."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        receive: Receive,
        *,
        allowed: Sequence[Network],
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.receive, self.allowed, self.context = receive, allowed, context
        self.slots = threading.Semaphore(CONNECTIONS)
        super().__init__(address, Connection)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether this address may send."""
        sender = ip_address(client_address[0])
        is_allowed = any(sender in network for network in self.allowed)
        if not is_allowed:
            LOG.warning("A sender at %s is not allowed.", sender)
        return is_allowed

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing of a message in the log: only that a connection ended."""
        LOG.exception("A connection ended by an error.", exc_info=False)


def tls_context(certificate: str, key: str, clients: str) -> ssl.SSLContext:
    """TLS by which both sides show a certificate. Raises OSError and ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key or None)
    context.load_verify_locations(clients)
    context.verify_mode = ssl.CERT_REQUIRED
    return context
