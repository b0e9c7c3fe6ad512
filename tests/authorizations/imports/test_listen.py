"""The listener: stored, then acknowledged, then taken; what cannot be taken waits in the inbox."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import system_user
from authorizations.exceptions import Refused
from authorizations.imports.inbox import receive_message, replay_message, take_messages
from authorizations.imports.machine_channels import confirm_channel, create_channel
from authorizations.imports.mllp import END, LARGEST, START, Frames, Listener, TooLarge, is_inside
from authorizations.management.commands.listen import receiver
from authorizations.models import GuidanceSession, InboundMessage
from tests import factories as make
from tests.support.hl7_messages import message

ROOT = Path(__file__).resolve().parents[3]
LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.fixture
def interface(course, approved, administrator):
    """A confirmed channel of the facility, and its credential."""
    channel, credential = create_channel(name="RV", by=system_user(), facility=course.facility)
    confirm_channel(channel=channel, by=administrator.user)
    channel.refresh_from_db()
    channel.credential = credential
    return channel


def sent(address, *contents: bytes) -> list[bytes]:
    """Each message over one connection, and its answer; empty where the line was closed."""
    answers = []
    with socket.create_connection(address, timeout=20) as line:
        for content in contents:
            line.sendall(START + content + END)
            answer = b""
            while not answer.endswith(END) and (chunk := line.recv(4096)):
                answer += chunk
            answers.append(answer)
    return answers


def is_turned_away(address) -> bool:
    """Whether the line is closed without an answer."""
    with socket.create_connection(address, timeout=20) as line:
        try:
            return line.recv(1) == b""
        except ConnectionResetError:
            return True


@pytest.fixture
def listening(interface):
    """A listener on a free port of this machine."""
    server = Listener(("127.0.0.1", 0), receiver(interface), allowed=LOOPBACK)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_message_over_a_socket_becomes_a_session(course, interface, listening):
    broken = b"MSH|^~\\&|RV|SITE|R|H|20261005||DFT^P03|C9|P|2.5.1||||||KLINGON\r"
    good, bad = sent(listening.server_address, message(course).encode(), broken)
    assert b"MSA|AA|C1" in good
    assert b"MSA|AR|C9" in bad
    assert b"ERR||MSH^1^18|103^" in bad
    assert take_messages(interface) == 1
    session = GuidanceSession.objects.get()
    assert (session.source_record, session.course) == ("R1", course)
    statuses = InboundMessage.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["taken", "refused"]


@pytest.mark.django_db(transaction=True)
def test_a_channel_that_was_ended_gets_no_answer(course, interface, listening):
    type(interface).objects.filter(pk=interface.pk).update(is_active=False)
    assert sent(listening.server_address, message(course).encode()) == [b""]
    assert not InboundMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_not_allowed_is_not_heard(course, interface):
    server = Listener(("127.0.0.1", 0), receiver(interface), allowed=[ip_network("10.0.0.0/8")])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        assert is_turned_away(server.server_address)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert not InboundMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_is_killed_loses_no_acknowledged_message(course, interface):
    where = connection.settings_dict
    port, host = where["PORT"] or 5432, where["HOST"]
    url = f"postgresql://{where['USER']}@localhost:{port}/{where['NAME']}?host={host}"
    environ = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "SECRET_KEY": "x" * 60}
    environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    environ |= {"CHANNEL_CREDENTIAL": interface.credential}
    command = [sys.executable, "manage.py", "listen", "--channel", "RV", "--port", "0"]
    child = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    try:
        at = int(child.stdout.readline().split()[-1].rstrip("."))
        contents = [message(course, record=f"R{n}", control=f"C{n}").encode() for n in range(20)]
        answers = sent(("127.0.0.1", at), *contents)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    assert all(b"MSA|AA|" in answer for answer in answers)
    assert InboundMessage.objects.count() == 20
    while take_messages(interface):
        pass
    assert not InboundMessage.objects.filter(status="received").exists()
    assert GuidanceSession.objects.filter(void_reason="").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("ADT^A04", "registration"),
        ("ADT^A08", "front desk"),
        ("ADT^A40", "one patient"),
        ("SIU^S13", "schedule"),
    ],
)
def test_what_a_person_does_waits_with_a_sentence(course, interface, event, said):
    text = message(course, kind=event).encode()
    assert "MSA|AA|C1" in receive_message(text, interface)
    row = InboundMessage.objects.get()
    assert (row.status, row.facility) == ("waiting", course.facility)
    assert said in row.sentence


@pytest.mark.django_db
def test_a_refused_message_is_replayed_when_its_patient_is_registered(
    course, interface, front_desk
):
    mrn = course.patient.mrn
    sent_as = message(course).replace(f"||{mrn}^", "||NEW1^").encode()
    receive_message(sent_as, interface)
    take_messages(interface)
    row = InboundMessage.objects.get()
    assert row.status == "refused"
    type(course.patient).objects.filter(pk=course.patient_id).update(mrn="NEW1")
    assert front_desk.post(reverse("inbound_message_replay", args=[row.pk])).status_code == 302
    take_messages(interface)
    row.refresh_from_db()
    assert row.sentence == ""
    assert (row.status, row.replays, row.replayed_by) == ("taken", 1, front_desk.user)
    assert GuidanceSession.objects.get().source_record == "R1"
    with pytest.raises(Refused, match="refused or waits"):
        replay_message(message=row, by=front_desk.user)


@pytest.mark.django_db
def test_the_inbox_shows_ones_own_facility_only_and_nothing_in_the_log(
    course, interface, elsewhere, front_desk, caplog
):
    receive_message(message(course, kind="ADT^A08").encode(), interface)
    mine = InboundMessage.objects.get()
    other = make.InboundMessageFactory(facility=elsewhere)
    page = front_desk.get(reverse("inbound_message_list")).content.decode()
    assert reverse("inbound_message", args=[mine.pk]) in page
    assert reverse("inbound_message", args=[other.pk]) not in page
    assert front_desk.get(reverse("inbound_message", args=[other.pk])).status_code == 404
    assert (
        course.patient.mrn
        in front_desk.get(reverse("inbound_message", args=[mine.pk])).content.decode()
    )
    assert "waits in the inbox" in front_desk.get(reverse("home")).content.decode()
    assert course.patient.mrn not in caplog.text
    front_desk.post(reverse("inbound_message_close", args=[mine.pk]))
    mine.refresh_from_db()
    assert (mine.closed_by, mine.status) == (front_desk.user, "waiting")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("192.168.1.4", True),
        ("0.0.0.0", False),
        ("::", False),
        ("8.8.8.8", False),
    ],
)
def test_only_addresses_inside_are_listened_on(address, inside):
    assert is_inside(address) is inside


@pytest.mark.django_db
def test_a_public_address_without_tls_is_refused(interface, monkeypatch):
    monkeypatch.setenv("CHANNEL_CREDENTIAL", interface.credential)
    with pytest.raises(CommandError, match="TLS"):
        call_command("listen", "--channel", "RV", "--address", "0.0.0.0")
    with pytest.raises(CommandError, match="both"):
        call_command("listen", "--channel", "RV", "--certificate", "a.pem")
    monkeypatch.setenv("CHANNEL_CREDENTIAL", "wrong")
    with pytest.raises(CommandError, match="not known"):
        call_command("listen", "--channel", "RV")


@given(st.lists(st.binary(max_size=40).filter(lambda b: END[:1] not in b)), st.integers(1, 9))
def test_frames_are_cut_the_same_however_the_bytes_arrive(contents, size):
    stream = b"".join(START + content + END for content in contents)
    frames = Frames()
    chunks = [stream[n : n + size] for n in range(0, len(stream), size)]
    assert [each for chunk in chunks for each in frames.messages(chunk)] == contents


def test_a_message_that_does_not_end_is_not_waited_for():
    with pytest.raises(TooLarge):
        list(Frames().messages(START + b"x" * (LARGEST + 1)))


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=300))
def test_whatever_comes_is_stored_and_answered(noise):
    channel = make.MachineChannelFactory(
        confirmed_at=timezone.now(), confirmed_by=make.UserFactory()
    )
    for content in (noise, b"MSH|^~\\&|" + noise):
        assert "\rMSA|A" in receive_message(content, channel)
        assert bytes(InboundMessage.objects.latest("pk").content) == content
    take_messages(channel)
    assert not InboundMessage.objects.filter(channel=channel, status="received").exists()
