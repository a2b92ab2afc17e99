"""A filter that learns from what this site's moderator decides.

Each word is weighed by how often it stood in what was approved and in what was spam; the most
telling ones are combined by Fisher's method, as Gary Robinson proposed ("A Statistical Approach
to the Spam Problem", Linux Journal 107, 2003).
"""

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from afterword.model import Status
from afterword.store import Lesson, Tally
from afterword.submission import Submission

# More than the first so many words say nothing new, and cost time.
_MOST_WORDS: Final = 300
_MOST_TELLING: Final = 40
_MOST_CHARACTERS: Final = 20_000
# How much a word counts before it has been seen: half, with the weight of one sighting.
_UNKNOWN: Final = 0.5
_STRENGTH: Final = 0.6
_LEAST_TELLING: Final = 0.1

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_HOST: Final = re.compile(r"https?://([^/\s?#<>\"')\]]+)", re.IGNORECASE)
_WIDE: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{2,}"
)
_LONGEST: Final = 40


def words(submission: Submission) -> frozenset[int]:
    """The words of a submission, as numbers that do not show which words they are.

    Nothing with an @ in it is among them, nor anything of the e-mail address.
    """
    found: set[str] = set()
    for word in _spelt(submission):
        found.add(word)
        if len(found) == _MOST_WORDS:
            break
    return frozenset(map(_number, found))


def probability(found: frozenset[int], tally: Tally) -> float:
    """How likely it is spam: 0 to 1; 0.5 where nothing is known."""
    if not tally.ham or not tally.spam:
        return _UNKNOWN
    weights = (_weight(*tally.words[word], tally) for word in found if word in tally.words)
    telling = [weight for weight in weights if abs(weight - _UNKNOWN) >= _LEAST_TELLING]
    telling.sort(key=lambda weight: -abs(weight - _UNKNOWN))
    telling = telling[:_MOST_TELLING]
    if not telling:
        return _UNKNOWN
    spam = _fisher([1 - weight for weight in telling])
    ham = _fisher(telling)
    return (1 + ham - spam) / 2


def lessons(found: frozenset[int], before: Status | None, after: Status | None) -> Lesson | None:
    """What is to be learnt when a decision changes; None if nothing is.

    Approval teaches ham, spam spam; anything else takes back what was taught before.
    """
    ham = (after is Status.APPROVED) - (before is Status.APPROVED)
    spam = (after is Status.SPAM) - (before is Status.SPAM)
    return Lesson(found, ham=ham, spam=spam) if ham or spam else None


def _spelt(submission: Submission) -> Iterator[str]:
    if submission.website:
        yield f"site:{_host(submission.website)}"
    yield from (f"name:{word}" for word in _plain(submission.author))
    body = submission.body[:_MOST_CHARACTERS]
    for host in _HOST.findall(body):
        yield "has:link"
        if "@" not in host:
            yield f"link:{host.casefold()}"
    yield from _plain(body)


def _plain(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    for part in folded.split():
        if "@" in part:
            continue
        for match in _WORD.finditer(part):
            word = match.group()
            if wide := _WIDE.search(word):  # scripts that put no spaces between words
                run = wide.group()
                yield from (run[at : at + 2] for at in range(len(run) - 1))
            elif 1 < len(word) <= _LONGEST:
                yield word


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _number(word: str) -> int:
    return (
        int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())
        >> 1
    )


def _weight(ham: int, spam: int, tally: Tally) -> float:
    """How much a word speaks for spam: 0 to 1."""
    in_ham, in_spam = min(1.0, ham / tally.ham), min(1.0, spam / tally.spam)
    if not in_ham and not in_spam:
        return _UNKNOWN
    share = in_spam / (in_ham + in_spam)
    seen = ham + spam
    weight = (_STRENGTH * _UNKNOWN + seen * share) / (_STRENGTH + seen)
    return min(0.99, max(0.01, weight))


def _fisher(values: list[float]) -> float:
    """The chance that so many values are as small as these (chi-square, even freedom)."""
    half = -sum(math.log(value) for value in values)
    term = total = math.exp(-half)
    for number in range(1, len(values)):
        term *= half / number
        total += term
    return min(1.0, total)
