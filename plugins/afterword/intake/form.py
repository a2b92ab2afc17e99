"""What was typed into the form, and what is wrong with it. Pure.

The limits are WordPress's, so that whatever fits there fits here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from email_validator import EmailNotValidError, validate_email

from afterword import markup
from afterword.errors import InvalidComment
from afterword.model import FORBIDDEN_IN_TEXT, Comment
from afterword.submission import Submission, fingerprint

MAX_AUTHOR: Final = 245
MAX_EMAIL: Final = 100
MAX_WEBSITE: Final = 200
MAX_BODY_BYTES: Final = 65_536
# A body of 64 KB with every byte written as %XX, and the other fields.
MAX_REQUEST_BYTES: Final = 3 * MAX_BODY_BYTES + 16_384

_SPACES: Final = re.compile(r"\s+")
_LINE_ENDS: Final = re.compile("\r\n?")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as they came, so that they can be shown again."""

    entry: str = ""
    replyto: str = ""
    author: str = ""
    email: str = ""
    website: str = ""
    body: str = ""
    token: str = ""
    url_confirm: str = ""
    wants_mail: bool = False

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> Self:
        """Take what the form has from what was sent; a field that is no text counts as empty."""
        text = {name: value for name, value in fields.items() if isinstance(value, str)}
        names = ("entry", "replyto", "author", "email", "website", "body", "token", "url_confirm")
        return cls(
            **{name: text.get(name, "") for name in names},
            wants_mail=bool(fields.get("wants_mail")),
        )

    @property
    def values(self) -> Mapping[str, str]:
        """What the form is filled with when it is shown again."""
        return {
            "author": self.author,
            "email": self.email,
            "website": self.website,
            "body": self.body,
            "wants_mail": "on" if self.wants_mail else "",
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """The form's fields, cleaned, and what is wrong with them by field, in the form's order."""

    author: str
    email: str
    website: str | None
    body: str
    errors: Mapping[str, str]


def check(typed: Typed) -> Checked:
    """Clean what was typed and find what is wrong with it."""
    errors: dict[str, str] = {}
    body = _text(typed.body)
    if not body:
        errors["body"] = "Please type your response."
    elif (size := len(body.encode())) > MAX_BODY_BYTES:
        errors["body"] = (
            f"Your response is {size - MAX_BODY_BYTES:,} bytes too long; {MAX_BODY_BYTES:,} fit."
        )
    author = _line(typed.author)
    if not author:
        errors["author"] = "Please enter your name."
    elif len(author) > MAX_AUTHOR:
        errors["author"] = f"A name has at most {MAX_AUTHOR} characters."
    email = _email(typed.email, errors)
    website = _website(typed.website, errors)
    return Checked(author, email, website, body, errors)


def submission(typed: Typed, checked: Checked, address: str) -> Submission:
    """Return what is sent in, still without an id and a date of its own."""
    replyto = typed.replyto or None
    return Submission(
        id="new",
        entry=typed.entry,
        author=checked.author,
        email=checked.email,
        website=checked.website,
        body=checked.body,
        replyto=replyto,
        date=datetime.fromtimestamp(0, UTC),
        address=address,
        wants_mail=typed.wants_mail,
        fingerprint=fingerprint(
            typed.entry, replyto, checked.author, checked.email, checked.website, checked.body
        ),
    )


def _text(value: str) -> str:
    """Running text as it is kept: LF alone ends lines, and none is empty at either end."""
    text = FORBIDDEN_IN_TEXT.sub("", _LINE_ENDS.sub("\n", value))
    lines = text.rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)


def _line(value: str) -> str:
    return _SPACES.sub(" ", FORBIDDEN_IN_TEXT.sub("", _LINE_ENDS.sub("\n", value))).strip()


def _email(value: str, errors: dict[str, str]) -> str:
    email = _line(value)
    if not email:
        errors["email"] = "Please enter your e-mail address."
    elif len(email) > MAX_EMAIL:
        errors["email"] = f"An e-mail address has at most {MAX_EMAIL} characters here."
    else:
        try:
            # No look-up in the DNS: nothing goes out because of what a stranger typed.
            return validate_email(
                email, check_deliverability=False, test_environment=True
            ).normalized
        except EmailNotValidError:
            errors["email"] = "Please enter a valid e-mail address, such as name@example.org."
    return email


def _website(value: str, errors: dict[str, str]) -> str | None:
    website = _line(value)
    if not website:
        return None
    if "://" not in website:
        website = f"https://{website}"
    if len(website) > MAX_WEBSITE:
        errors["website"] = f"A web address has at most {MAX_WEBSITE} characters here."
    elif not _publishable(website):
        errors["website"] = "Please enter a full web address, such as https://example.org/."
    return website


def _publishable(website: str) -> bool:
    try:
        Comment("e", "i", "a", datetime.fromtimestamp(0, UTC), "b", website=website)
    except InvalidComment:
        return False
    return markup.link(website) is not None
