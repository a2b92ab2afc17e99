"""How submissions are shown in a terminal, and to scripts."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from afterword.errors import visible
from afterword.moderation import Report
from afterword.submission import Decision, Submission

_EXCERPT = 60
# Controls, marks that turn a line around, and halves of characters, which cannot be printed.
_UNSEEN: Final = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def as_json(data: object) -> str:
    """JSON for scripts: every character as it is, but for those that command a terminal."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def record(each: Submission) -> Mapping[str, Any]:
    """A submission as scripts get it."""
    return {
        "id": each.id,
        "status": each.status,
        "entry": each.entry,
        "replyto": each.replyto,
        "author": each.author,
        "email": each.email,
        "website": each.website,
        "date": each.date.isoformat(),
        "body": each.body,
        "kind": each.kind,
        "by_author": each.by_author,
        "score": each.score,
        "reasons": [
            {"rule": reason.rule, "points": reason.points, "why": reason.why}
            for reason in each.reasons
        ],
        "revision": each.revision,
        "settled": each.settled,
    }


def decision_record(each: Decision) -> Mapping[str, Any]:
    """A decision as scripts get it."""
    return {
        "at": each.at.isoformat(),
        "action": each.action,
        "by": each.by,
        "door": each.door,
        "before": each.before,
        "after": each.after,
        "why": each.why,
    }


def line(each: Submission) -> str:
    """A submission in one line that no text in it can break, or use to command a terminal."""
    excerpt = " ".join(each.body.split())
    excerpt = excerpt if len(excerpt) <= _EXCERPT else excerpt[:_EXCERPT] + "…"
    when = each.date.strftime("%Y-%m-%d %H:%M")
    facts = f"{each.id}  {when}  {each.status:<8}  {each.score:+5.1f}"
    return visible(f"{facts}  {each.entry}  {each.author}: {excerpt}")


def page(each: Submission) -> str:
    """A submission with all that is known about it."""
    head = {
        "id": each.id,
        "status": f"{each.status}, score {each.score:+.1f}",
        "date": each.date.strftime("%Y-%m-%d %H:%M UTC"),
        "entry": each.entry,
        "answers": each.replyto,
        "author": each.author + (" (author)" if each.by_author else ""),
        "e-mail": each.email,
        "website": each.website,
    }
    lines = [f"{name + ':':<9} {visible(str(value))}" for name, value in head.items() if value]
    lines += [
        f"{reason.points:+9.1f} {visible(f'{reason.rule}: {reason.why}')}"
        for reason in each.reasons
    ]
    return "\n".join([*lines, "", *(visible(text) for text in each.body.split("\n")), ""])


def history(decisions: Iterable[Decision]) -> str:
    """A submission's history, a decision a line."""
    return "\n".join(visible(_decision(each)) for each in decisions)


def unfinished(report: Report) -> Sequence[str]:
    """What the files do not show as it was decided, a line each."""
    failed = [visible(f"{each}: {why}") for each, why in report.failed]
    return [*failed, *(f"{each}: approved, but its file is gone" for each in report.missing)]


def _decision(each: Decision) -> str:
    when = each.at.strftime("%Y-%m-%d %H:%M:%S UTC")
    why = f": {each.why}" if each.why else ""
    return f"{when}  {each.action:<8}  {each.after:<8}  {each.by} ({each.door}){why}"
