"""Fetching approved responses from a service elsewhere, for a site that is built here.

How far we have got is noted after each response is on disk, so that an interrupted pull goes
on where it stopped.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

from afterword import commentfile
from afterword.errors import AfterwordError, PullError
from afterword.model import Comment, Kind

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_TIMEOUT_SECONDS: Final = 30
_MOST_BYTES: Final = 64_000_000


@dataclass(frozen=True, slots=True)
class _Place:
    """How far we have got at a service, and in which life of its queue.

    A queue that was restored from a backup counts its changes again from there, so what was
    seen of its earlier life says nothing: the service then answers from the beginning.
    """

    after: int = 0
    queue: str = ""


def pull(url: str, token: str, root: Path, state: Path) -> int:
    """Bring the files below ``root`` in step with the service; return how many changed.

    Raises PullError, with what was fetched so far kept.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise PullError(url, "must be an https address: the token would travel in the open")
    base = url if url.endswith("/") else f"{url}/"
    seen = _read_state(state)
    done = 0
    while True:
        place = seen.get(base, _Place())
        asked = urlencode({"after": place.after, "queue": place.queue})
        answer = _fetch(f"{urljoin(base, 'approved')}?{asked}", token)
        for change in answer["changes"]:
            seen[base] = _Place(_apply(url, change, root), str(answer.get("queue", "")))
            _write_state(state, seen)
            done += 1
        if not answer["more"] or not answer["changes"]:
            return done


def _fetch(address: str, token: str) -> Mapping[str, Any]:
    request = urllib.request.Request(  # noqa: S310  # the scheme has been checked
        address, headers={"Authorization": f"Bearer {token}", "Accept": "application/json"}
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            data = json.loads(answer.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        error.close()
        raise PullError(address, f"answers {error.code} {error.reason}") from None
    except (OSError, ValueError, HTTPException) as error:
        raise PullError(address, str(error)) from error
    if (
        not isinstance(data, dict)
        or "more" not in data
        or not isinstance(data.get("changes"), list)
    ):
        raise PullError(address, "does not answer as our service does")
    return data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever it leads."""

    def redirect_request(self, *_: object) -> None:
        return None


def _apply(url: str, change: Mapping[str, Any], root: Path) -> int:
    """Do here what was done there, and return its number."""
    try:
        number = int(change["change"])
        if change.get("removed"):
            commentfile.remove(root, change["entry"], change["id"])
            return number
        comment = Comment(
            entry=change["entry"],
            id=change["id"],
            author=change["author"],
            date=datetime.fromisoformat(change["date"]).astimezone(UTC),
            body=change["body"],
            website=change["website"],
            replyto=change["replyto"],
            kind=Kind(change["kind"]),
            by_author=change["by_author"] is True,
            source=change["source"],
        )
        root.mkdir(parents=True, exist_ok=True)
        commentfile.write(root, comment, replace=True)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise PullError(url, f"sends something that is no response: {error}") from error
    except AfterwordError as error:
        raise PullError(url, str(error)) from error
    return number


def _read_state(state: Path) -> dict[str, _Place]:
    try:
        data = json.loads(state.read_text(encoding="utf-8"))
        return {str(base): _Place(int(n), str(queue)) for base, (n, queue) in data.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_state(state: Path, seen: Mapping[str, _Place]) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    temporary = state.with_suffix(".tmp")
    data = {base: astuple(place) for base, place in seen.items()}
    temporary.write_text(json.dumps(data), encoding="utf-8")
    temporary.replace(state)
