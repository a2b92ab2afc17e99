"""What the rules look at."""

from dataclasses import dataclass
from datetime import timedelta

from afterword.store import Facts, Tally
from afterword.submission import Submission


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a response was sent, beside what was sent.

    ``honeypot`` is what stands in the field that people do not see. ``form_age`` is the time
    since the form's signed token was made; None without a token, or with a forged one.
    """

    honeypot: str
    form_age: timedelta | None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of the site has set: see the settings of the same names."""

    max_links: int = 2
    moderation_words: tuple[str, ...] = ()
    blocklist: tuple[str, ...] = ()
    auto_approve: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is known about a submission when it is judged."""

    submission: Submission
    circumstances: Circumstances
    policy: Policy
    facts: Facts
    tally: Tally
    words: frozenset[int] = frozenset()
