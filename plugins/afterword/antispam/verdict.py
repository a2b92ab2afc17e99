"""What all rules together make of a submission."""

from collections.abc import Iterable

from afterword.antispam.evidence import Evidence
from afterword.antispam.rules import HOLD, RULES, SPAM
from afterword.model import Status
from afterword.submission import Reason, Verdict


def judge(evidence: Evidence, further: Iterable[Reason] = ()) -> Verdict:
    """Return whether it waits or goes to the spam folder, and why. Nothing is ever dropped.

    Only where the owner wants it so does a known commenter, with nothing said against them,
    need not wait. ``further`` are reasons from elsewhere.
    """
    reasons = tuple(reason for rule in RULES for reason in rule(evidence)) + tuple(further)
    score = round(sum(reason.points for reason in reasons), 1)
    return Verdict(_status(evidence, score, reasons), score, reasons)


def _status(evidence: Evidence, score: float, reasons: tuple[Reason, ...]) -> Status:
    blocked = any(reason.rule == "blocklist" for reason in reasons)
    if blocked or score >= SPAM:
        return Status.SPAM
    known = any(reason.rule == "known-commenter" for reason in reasons)
    ill = any(reason.points >= HOLD for reason in reasons)
    if evidence.policy.auto_approve and known and not ill:
        return Status.APPROVED
    return Status.PENDING
