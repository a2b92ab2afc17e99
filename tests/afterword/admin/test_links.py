"""Links from mails: they show on GET, decide on POST, once, and only what they were made for."""

import random
import string
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from afterword.errors import BadToken
from afterword.store import Query, Store
from afterword.store.sqlite import SqliteStore
from afterword.submission import Submission
from afterword.tokens import Purpose, Signer
from tests.service import Service


@pytest.fixture
def store(service: Service) -> Iterator[Store]:
    """The service's own queue."""
    path = service.site.root / "var/queue.sqlite3"
    with closing(SqliteStore(path, lambda: datetime.now(UTC))) as one:
        yield one


@pytest.fixture
def signer(service: Service) -> Signer:
    """What the service signs with."""
    return Signer(((service.site.root / "var/secret.key").read_text().strip(),))


def sent(service: Service, store: Store, body: str) -> Submission:
    assert service.send(body=body).status == 303
    (found,) = store.find(Query(text=body)).submissions
    return found


def token(signer: Signer, each: Submission, action: str = "approve", age: float = 0) -> str:
    made = datetime.now(UTC) - timedelta(days=age)
    return signer.sign(Purpose.ACT, (action, each.id, each.digest), made)


def published(service: Service, each: Submission) -> Path:
    return service.site.root / f"content/comments/first/{each.id}.md"


def test_a_link_decides_once_and_only_by_post(
    service: Service, store: Store, signer: Signer
) -> None:
    each = sent(service, store, "By mail.")
    path = f"/moderate/act/{token(signer, each)}"
    for _ in range(3):  # scanners follow links
        page = service.get(path)
        assert page.status == 200
        assert "By mail." in page.text
        assert page.headers["referrer-policy"] == "no-referrer"
    assert not published(service, each).exists()
    assert service.post(path, {}).status == 200
    assert published(service, each).exists()
    assert service.afterword("trash", each.id).returncode == 0
    assert service.post(path, {}).status == 403
    assert service.get(path).status == 403
    assert not published(service, each).exists()
    assert [d.door for d in store.history(each.id)] == ["form", "mail", "cli"]


def test_a_link_is_for_one_text_one_purpose_and_seven_days(
    service: Service, store: Store, signer: Signer
) -> None:
    each = sent(service, store, "Bound.")
    now = datetime.now(UTC)
    wrong = [
        token(signer, each, age=7.1),
        token(signer, each, age=-1),
        signer.sign(Purpose.STATUS, ("approve", each.id, each.digest), now),
        signer.sign(Purpose.ACT, ("approve", each.id, "other"), now),
        signer.sign(Purpose.ACT, ("approve", each.id), now),
        signer.sign(Purpose.ACT, ("burn", each.id, each.digest), now),
        Signer(("x" * 64,)).sign(Purpose.ACT, ("approve", each.id, each.digest), now),
    ]
    for one in wrong:
        assert service.post(f"/moderate/act/{one}", {}).status == 403
    right = token(signer, each)
    change = {"author": "Dave", "email": "dave@example.org", "body": "Changed.", "revision": "1"}
    status = signer.sign(Purpose.STATUS, (each.id,), each.date)
    assert service.post(f"/comments/status/{status}", change | {"action": "edit"}).status == 303
    assert service.post(f"/moderate/act/{right}", {}).status == 403
    assert not published(service, each).exists()


def mutations(text: str, number: int) -> Sequence[str]:
    choice = random.Random(5)  # noqa: S311  # a test repeats itself
    letters = string.ascii_letters + string.digits + "-_.="
    made: set[str] = {text[:-1] + letter for letter in letters} - {text}
    while len(made) < number:
        at = choice.randrange(len(text))
        letter = choice.choice(letters)
        changed = choice.choice(
            (
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at:],
            )
        )
        made.add(changed)
    return sorted(made - {text})


def test_of_ten_thousand_altered_links_none_is_accepted(signer: Signer) -> None:
    now = datetime.now(UTC)
    good = signer.sign(Purpose.ACT, ("approve", "a1", "0" * 32), now)
    assert signer.read(Purpose.ACT, good, now).parts[0] == "approve"
    for bad in mutations(good, 10_000):
        with pytest.raises(BadToken):
            signer.read(Purpose.ACT, bad, now)


def test_of_two_posts_at_once_one_counts(service: Service, store: Store, signer: Signer) -> None:
    each = sent(service, store, "Raced.")
    path = f"/moderate/act/{token(signer, each)}"
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(
            answer.status for answer in pool.map(lambda _: service.post(path, {}), range(4))
        )
    assert statuses == [200, 403, 403, 403]
    assert published(service, each).exists()
