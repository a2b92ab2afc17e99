"""Handing letters to a mail server."""

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final, Protocol, Self
from urllib.parse import unquote, urlsplit

from afterword.errors import MailError, SettingsError
from afterword.store import Letter

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS: Final = {"smtp": 587, "smtps": 465}


class Mailer(Protocol):
    """Whatever sends a letter."""

    def send(self, letter: Letter, now: datetime) -> None:
        """Send it. Raises MailError."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server (RFC 5321). A password travels only encrypted, or not beyond this machine."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    implicit_tls: bool = False
    timeout: float = 20.0
    context: ssl.SSLContext | None = None

    @classmethod
    def from_url(cls, url: str, sender: str) -> Self:
        """Read an smtp:// or smtps:// address. Raises SettingsError; the password is not in it."""
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
            host = parts.hostname or ""
        except (ValueError, KeyError):
            host, port = "", 0
        if not host:
            raise SettingsError("AFTERWORD_SMTP_URL", "must be like smtp://user:password@host:587")
        if "@" not in parseaddr(sender)[1]:
            raise SettingsError("AFTERWORD_MAIL_FROM", "must be an e-mail address")
        return cls(
            host=host,
            port=port,
            sender=sender,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
        )

    def send(self, letter: Letter, now: datetime) -> None:
        """Send a letter. Raises MailError, which says whether it is worth trying again."""
        try:
            message = compose(letter, self.sender, now)
        except (ValueError, IndexError) as error:
            raise MailError(f"cannot be written: {type(error).__name__}", for_good=True) from None
        try:
            with self._connect() as server:
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            code = _code(error)
            raise MailError(f"refused with {code}", for_good=_is_final(error, code)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"not reached: {type(error).__name__}", for_good=False) from None

    def _connect(self) -> smtplib.SMTP:
        context = self.context or ssl.create_default_context()
        if self.implicit_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo()
            safe = self.implicit_tls
            if not safe and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                safe = True
            if self.user:
                self._log_in(server, safe=safe)
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP, *, safe: bool) -> None:
        if not safe and self.host not in _LOOPBACK:
            raise MailError("offers no encryption for the password", for_good=False)
        server.login(self.user, self.password)


def compose(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """Return the message, in plain text. Raises ValueError for what no header can hold.

    A letter that is sent again has the same Message-ID, so that a mailbox may know it.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    digest = hashlib.sha256(f"{letter.key}\n{letter.to}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text, cte="quoted-printable")
    return message


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=550)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _is_final(error: smtplib.SMTPException, code: int) -> bool:
    """Whether this letter will never go; a wrong password is the owner's to mend."""
    wrong_login = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError)
    return 500 <= code < 600 and not wrong_login  # noqa: PLR2004  # RFC 5321, section 4.2.1
