"""Akismet, for those who want it: asked about each response, over https, and never waited for long.

Opt-in: it hands what readers send to a third party. See akismet.com/developers for its protocol.
"""

import logging
import urllib.parse
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from afterword.antispam.evidence import Circumstances
from afterword.submission import Reason, Submission

log: Final = logging.getLogger(__name__)

_TIMEOUT_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Akismet:
    """Asks Akismet. ``blog`` is the site's address; ``server`` where Akismet is."""

    key: str
    blog: str
    server: str = "https://rest.akismet.com/1.1/"

    def __call__(self, submission: Submission, circumstances: Circumstances) -> Iterable[Reason]:
        """What it says: a reason, or none when it does not answer."""
        fields = {
            "api_key": self.key,
            "blog": self.blog,
            "user_ip": "0.0.0.0",  # noqa: S104  # required by the protocol, and none of its business
            "user_agent": circumstances.agent,
            "comment_type": "reply" if submission.replyto else "comment",
            "comment_author": submission.author,
            "comment_author_email": submission.email,
            "comment_author_url": submission.website or "",
            "comment_content": submission.body,
        }
        request = urllib.request.Request(  # noqa: S310  # https, or the address of a test
            f"{self.server}comment-check",
            data=urllib.parse.urlencode(fields, errors="replace").encode(),
            headers={"User-Agent": "Afterword"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310  # as above
                said = answer.read(100).strip()
                sure = answer.headers.get("X-akismet-pro-tip") == "discard"
        except OSError as error:
            log.warning("Akismet does not answer", extra={"reason": type(error).__name__})
            return ()
        if said == b"true":
            points, word = (9.0, "sure") if sure else (6.0, "inclined")
            return (Reason("akismet", points, f"Akismet is {word} to call it spam"),)
        return (Reason("akismet", -1, "Akismet sees no spam"),) if said == b"false" else ()
