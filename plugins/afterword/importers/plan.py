"""What becomes of each response of a source: decided before anything is written, and pure."""

from collections.abc import Mapping, Sequence

from afterword.importers.ancestry import Ancestry
from afterword.importers.claims import Claims, Holdings, Place
from afterword.importers.findings import Skipped
from afterword.importers.matching import Match
from afterword.importers.survey import Row, Survey


def plan(
    survey: Survey, matches: Mapping[str, Match], source: str, holdings: Holdings
) -> Sequence[Place | Skipped]:
    """Decide about each row, in their order.

    The same id with the same date is the same response, whatever has been done to it since.
    """
    claims = Claims(source, holdings)
    fates = [_fate(row, survey, matches, claims) for row in survey.rows]
    ancestry = Ancestry(survey, fates, claims.status)
    return [
        fate if isinstance(fate, Skipped) else ancestry.answered(number, fate)
        for number, fate in enumerate(fates)
    ]


def _fate(
    row: Row, survey: Survey, matches: Mapping[str, Match], claims: Claims
) -> Place | Skipped:
    if row.thread not in survey.threads:
        return Skipped(row.place, f"answers the thread {row.thread!r}, which is not there")
    match = matches[row.thread]
    if not match.key:
        thread = survey.threads[row.thread]
        return Skipped(row.place, f"{thread.url or thread.id}: {match.how}")
    if row.over:
        return Skipped(row.place, f"its text has more than {row.over:,} bytes")
    return claims.claim(row, match.key)
