"""The message, over the wire.

An invitation leaves by the worker through a real mail server, once, and what waits
in the database meanwhile does not hold the link.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from securebase.cli.rounds import go_round
from securebase.people.accounts.actions import invite, make_account
from securebase.people.accounts.models import Role
from securebase.people.post.delivery import message_id
from securebase.people.post.models import Letter
from securebase.stories.send_invitation import send_invitation
from tests.factories import a_host

if TYPE_CHECKING:
    from pytest_django import Settings


class Mailbox:
    """Keeps what a mail server is handed."""

    def __init__(self) -> None:
        self.received: list[tuple[list[str], Message]] = []

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """Take one message."""
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 kept"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Run a mail server on this machine, and send through it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


@pytest.mark.django_db(transaction=True)
def test_an_invitation_leaves_once_and_its_link_never_lies_in_the_database(
    mailbox: Mailbox,
) -> None:
    host, now = a_host(), timezone.now()
    account = make_account(
        email="noor@example.org", name="Noor Vale", roles=[Role.PATIENT], by=host, at=now
    )
    invitation, token = invite(account=account, by=host, at=now)

    send_invitation(invitation, token)
    waiting = str(Letter.objects.values_list().get())
    go_round()
    go_round()

    [(to, message)] = mailbox.received
    assert token not in waiting
    assert to == ["noor@example.org"]
    assert message["Subject"] == "A link for you"
    assert message["Message-ID"] == message_id(Letter.objects.get())
    assert Letter.objects.get().state == Letter.State.SENT
    assert Letter.objects.get().secret is None
    assert f"/welcome/{token}/" in str(message.get_payload())
