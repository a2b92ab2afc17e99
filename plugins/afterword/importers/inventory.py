"""What a site has already under the ids that the responses of a source may get."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from afterword.importers.claims import Held, Holdings
from afterword.importers.portions import portions
from afterword.importers.survey import Row
from afterword.model import Status
from afterword.moderation import Press, Transfer

_AT_ONCE: Final = 500
_GONE: Final = Held(None, Status.TRASH)
_UNREADABLE: Final = Held(datetime.min.replace(tzinfo=UTC), Status.APPROVED)


def inventory(transfer: Transfer, rows: Sequence[Row], source: str) -> Holdings:
    """Look these ids up in the queue, and be ready to do so among the files."""
    queued: dict[str, Held] = {}
    ids = (each for row in rows for each in row.ids(source))
    for portion in portions(ids, _AT_ONCE):
        for each, found in transfer.store.look_up(portion).items():
            queued[each] = Held(found.date, found.status) if found else _GONE
    return Holdings(queued.get, lambda entry, name: _published(transfer.press, entry, name))


def _published(press: Press, entry: str, submission_id: str) -> Held | None:
    if not press.has(entry, submission_id):
        return None
    comment = press.read(entry, submission_id)
    return Held(comment.date, Status.APPROVED) if comment else _UNREADABLE
