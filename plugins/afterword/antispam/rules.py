"""The rules: each looks at one thing, and says why it thinks ill or well of it.

Points add up. A response of HOLD or more would wait even where known commenters need not; one
of SPAM or more goes to the spam folder. No rule reaches that alone, but for the owner's own
blocklist and the filter once it has learnt enough to be sure.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from afterword.antispam import bayes, wordlist
from afterword.antispam.evidence import Evidence
from afterword.submission import Reason

SPAM: Final = 10.0
HOLD: Final = 1.0

_LINK: Final = re.compile(r"https?://|www\.|<a\s|\[url\b", re.IGNORECASE)
_TOO_FAST: Final = timedelta(seconds=3)
_NAMED: Final = 60
# So many decisions of each kind before the filter may say anything, and to be trusted fully.
_LEARNT: Final = 10
_WELL_LEARNT: Final = 30

Rule = Callable[[Evidence], Iterator[Reason]]


def honeypot(evidence: Evidence) -> Iterator[Reason]:
    """The field that people do not see is filled."""
    if evidence.circumstances.honeypot:
        why = "the hidden field is filled, as programs do"
        yield Reason("honeypot", 6, why)


def form_age(evidence: Evidence) -> Iterator[Reason]:
    """How long the form was open."""
    age = evidence.circumstances.form_age
    if age is None:
        yield Reason("form-age", 0.5, "sent without the form page's token")
    elif age < _TOO_FAST:
        yield Reason("form-age", 3, f"written in {age.total_seconds():.1f} seconds")


def links(evidence: Evidence) -> Iterator[Reason]:
    """How many links the text has."""
    number = len(_LINK.findall(evidence.submission.body))
    if number >= evidence.policy.max_links:
        points = min(8.0, 2.0 + number - evidence.policy.max_links)
        yield Reason("links", points, f"has {number} links")


def moderation_words(evidence: Evidence) -> Iterator[Reason]:
    """A word of the owner's list stands in it."""
    if word := _listed(evidence.policy.moderation_words, evidence):
        yield Reason("moderation-word", 2, f"has the listed word “{word[:_NAMED]}”")


def blocklist(evidence: Evidence) -> Iterator[Reason]:
    """A word of the owner's blocklist stands in it."""
    if word := _listed(evidence.policy.blocklist, evidence):
        yield Reason("blocklist", SPAM, f"has the blocked word “{word[:_NAMED]}”")


def repeated_text(evidence: Evidence) -> Iterator[Reason]:
    """The same text came before."""
    times = evidence.facts.same_text
    if times:
        points = min(6.0, 1.5 * times)
        yield Reason("repeated-text", points, f"the same text was sent {_times(times)} before")


def flood(evidence: Evidence) -> Iterator[Reason]:
    """Many come from the same address."""
    times = evidence.facts.from_address
    if times >= 3:  # noqa: PLR2004  # a conversation has two or three
        points = min(4.0, times / 3)
        yield Reason("flood", points, f"{times} others came from the same address today")


def known_commenter(evidence: Evidence) -> Iterator[Reason]:
    """Earlier ones of the same name and e-mail were approved."""
    times = evidence.facts.approved
    if times and not evidence.facts.refused:
        yield Reason("known-commenter", -3, f"approved {_times(times)} before")


def refused_before(evidence: Evidence) -> Iterator[Reason]:
    """Earlier ones of the same e-mail were spam."""
    times = evidence.facts.refused
    if times:
        points = min(6.0, 3.0 * times)
        yield Reason("refused-before", points, f"marked as spam {_times(times)} before")


def learnt(evidence: Evidence) -> Iterator[Reason]:
    """What the words say, by what was decided before."""
    tally = evidence.tally
    least = min(tally.ham, tally.spam)
    if least < _LEARNT:
        return
    chance = bayes.probability(evidence.words, tally)
    trust = min(1.0, least / _WELL_LEARNT)
    why = f"its words look like spam to {chance:.1%}, after {tally.ham + tally.spam:,} decisions"
    if chance >= 0.99:  # noqa: PLR2004  # sure enough to decide alone, once well taught
        yield Reason("bayes", round(6 + 4 * trust, 1), why)
    elif chance >= 0.8:  # noqa: PLR2004  # likely
        yield Reason("bayes", round(4 * trust, 1), why)
    elif chance <= 0.1:  # noqa: PLR2004  # likely not
        yield Reason("bayes", round(-3 * trust, 1), why)


RULES: Final[Sequence[Rule]] = (
    honeypot,
    form_age,
    links,
    moderation_words,
    blocklist,
    repeated_text,
    flood,
    known_commenter,
    refused_before,
    learnt,
)


def _listed(words: tuple[str, ...], evidence: Evidence) -> str | None:
    """A word of a list in all that was typed, and in what program, where WordPress looks too."""
    if not words:
        return None
    each = evidence.submission
    texts = (each.author, each.email, each.website or "", each.body, evidence.circumstances.agent)
    return wordlist.found(words, wordlist.searched(texts))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
