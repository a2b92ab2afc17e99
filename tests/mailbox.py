"""A real mail server for tests, which keeps what it gets."""

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.service import PATIENCE, free_port


@dataclass
class Box:
    """A mail server that keeps what it gets, or refuses it."""

    refusal: str = ""
    got: list[EmailMessage] = field(default_factory=list)
    users: list[object] = field(default_factory=list)
    # Whether each mail came encrypted.
    safe: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: Any, _: Any, envelope: Any) -> str:  # noqa: N802, ANN401  # as aiosmtpd has it
        if self.refusal:
            return self.refusal
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.got.append(message)
        self.safe.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 OK"

    def let_in(self, *arguments: Any) -> AuthResult:  # noqa: ANN401  # as aiosmtpd has it
        data = arguments[-1]
        self.users.append(data)
        known = isinstance(data, LoginPassword) and data.password == b"p w"
        # What is not "handled" the server itself refuses.
        return AuthResult(success=known, handled=False)

    def wait_for(self, number: int) -> EmailMessage:
        """The mail of this number, from 1 on, once it is there."""
        deadline = time.monotonic() + PATIENCE
        while len(self.got) < number:
            assert time.monotonic() < deadline, [str(each["Subject"]) for each in self.got]
        return self.got[number - 1]


@contextmanager
def mail_server(box: Box, port: int = 0, **options: Any) -> Iterator[int]:  # noqa: ANN401  # aiosmtpd's
    """Run the server until the block ends; gives its port."""
    port = port or free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def encrypted(box: Box, context: ssl.SSLContext) -> dict[str, Any]:
    """Options of a server that takes the password ``p w``, and only over STARTTLS."""
    return {"tls_context": context, "authenticator": box.let_in, "auth_required": True}


def link(mail: EmailMessage, start: str) -> str:
    """The path of the first link in a mail whose path starts like this."""
    found = re.search(rf"https?://[^/\s]+({re.escape(start)}\S*)", mail.get_content())
    assert found, mail.get_content()
    return found[1]
