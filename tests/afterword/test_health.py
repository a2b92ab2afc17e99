"""Whether the service lives, is ready, and how it is doing, as machines ask it."""

import re
import shutil
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from afterword import entries
from afterword.book import Book
from afterword.errors import StoreBusy, StoreError
from afterword.gate import Traffic
from afterword.health import Health
from afterword.model import Status
from afterword.store.memory import MemoryStore
from tests.afterword.store.conftest import Clock
from tests.afterword.store.samples import approved, letter, received, sample
from tests.service import Service

# One line of Prometheus's text format: a comment, or a name, labels and a number.
LINE = re.compile(
    r"# TYPE [a-z_]+ (gauge|counter)"
    r'|[a-z_]+(\{([a-z]+="[^"\\\n]*",?)*\})? -?[0-9]+(\.[0-9]+)?'
)


@dataclass(frozen=True)
class Asked:
    """A service's health, and what can be changed about it."""

    client: TestClient
    store: MemoryStore
    traffic: Traffic
    listing: Path
    folder: Path

    def metrics(self) -> list[str]:
        return self.client.get("/metrics").text.splitlines()

    def troubles(self) -> tuple[int, list[str]]:
        answer = self.client.get("/readyz")
        said = answer.json()
        assert said["ready"] is not bool(said["troubles"])
        return answer.status_code, said["troubles"]


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    """A service that is well."""
    path = tmp_path / "entries.json"
    path.write_text(entries.dump([]))
    folder, traffic = tmp_path / "var", Traffic()
    folder.mkdir()
    with closing(MemoryStore(Clock())) as store:
        health = Health(store, Book(lambda: path), folder, traffic)
        client = TestClient(Starlette(routes=list(health.routes)))
        yield Asked(client, store, traffic, path, folder)


def test_a_service_that_answers_lives_whatever_else_is_wrong(asked: Asked) -> None:
    asked.listing.unlink()
    shutil.rmtree(asked.folder)
    answer = asked.client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "alive\n")


def test_a_service_that_is_well_is_ready(asked: Asked) -> None:
    assert asked.troubles() == (200, [])


def test_a_service_without_a_list_of_entries_is_not_ready_until_it_has_one(asked: Asked) -> None:
    whole = asked.listing.read_text()
    for broken in ("", "{}", '{"version": 2}'):
        asked.listing.write_text(broken)
        status, (trouble,) = asked.troubles()
        assert status == 503
        assert trouble.endswith("build the site first")
    asked.listing.write_text(whole)
    assert asked.troubles() == (200, [])


@pytest.mark.parametrize("error", [StoreError("no space left"), StoreBusy("locked")])
def test_a_service_that_cannot_write_is_not_ready(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, error: StoreError
) -> None:
    def check(_: MemoryStore) -> None:
        raise error

    monkeypatch.setattr(MemoryStore, "check", check)
    assert asked.troubles() == (503, [str(error)])


def test_a_disk_that_is_nearly_full_is_said_before_it_is_full(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", ["total", "used", "free"])  # noqa: PYI024  # as shutil has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 49_999_999))
    assert asked.troubles() == (503, ["the disk is nearly full"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 50_000_000))
    assert asked.troubles() == (200, [])


def test_all_troubles_are_named_at_once(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: MemoryStore) -> None:
        raise StoreError("gone")

    monkeypatch.setattr(MemoryStore, "check", check)
    asked.listing.unlink()
    status, troubles = asked.troubles()
    assert (status, len(troubles)) == (503, 2)


def test_a_private_folder_that_nothing_has_been_put_into_yet_is_no_trouble(asked: Asked) -> None:
    # As with PostgreSQL, and a key from the environment.
    asked.folder.rmdir()
    assert asked.troubles() == (200, [])
    assert not asked.folder.exists()


def test_metrics_tell_how_long_the_queues_are(asked: Asked) -> None:
    for number, status in enumerate([*Status, Status.PENDING]):
        each = sample(number, status=status)
        asked.store.add(each, received(each))
    asked.store.post([letter("k1"), letter("k2")], "cursor", None, "1")
    lines = asked.metrics()
    assert [line for line in lines if line.startswith("afterword_submissions")] == [
        'afterword_submissions{status="pending"} 2',
        'afterword_submissions{status="approved"} 1',
        'afterword_submissions{status="spam"} 1',
        'afterword_submissions{status="trash"} 1',
    ]
    assert "afterword_mail_waiting 2" in lines


def test_metrics_tell_how_far_the_built_site_is_behind(asked: Asked) -> None:
    each = sample(1)
    asked.store.add(each, received(each))
    after, row = approved(each)
    asked.store.change(after, row)
    asked.store.settle(after.id, after.revision)
    assert "afterword_changes_unbuilt 1" in asked.metrics()
    asked.store.built(1)
    assert "afterword_changes_unbuilt 0" in asked.metrics()


def test_metrics_count_answers_by_method_route_and_status(asked: Asked) -> None:
    asked.traffic.answers["POST", "/comments/submit", 303] = 7
    asked.traffic.answers["GET", "/comments/status/{token}", 200] = 3
    asked.traffic.seconds, asked.traffic.busy = 1.5, 2
    text = re.sub(r'process="\d+"', "P", "\n".join(asked.metrics()))
    for line in (
        'afterword_requests_total{P,method="POST",route="/comments/submit",status="303"} 7',
        'afterword_requests_total{P,method="GET",route="/comments/status/{token}",status="200"} 3',
        "afterword_request_seconds_total{P} 1.500000",
        "afterword_requests_in_progress{P} 2",
    ):
        assert line in text


def test_metrics_are_in_the_format_that_they_name(asked: Asked) -> None:
    asked.traffic.answers["GET", "/comments/status/{token}", 200] = 3
    answer = asked.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert answer.text.endswith("\n")
    wrong = [line for line in answer.text.splitlines() if not LINE.fullmatch(line)]
    assert wrong == []
    declared = re.findall(r"# TYPE ([a-z_]+)", answer.text)
    used = re.findall(r"^([a-z_]+)", answer.text, re.MULTILINE)
    assert len(declared) == len(set(declared))
    assert set(used) == set(declared)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_running_service_is_well_and_takes_no_orders_here(service: Service, path: str) -> None:
    assert service.get(path).status == 200
    assert service.post(path, {}).status == 405


def test_a_running_service_tells_machines_nothing_about_anybody(service: Service) -> None:
    assert service.send(body="Unmistakable.", email="drusilla@example.org").status == 303
    text = "".join(service.get(path).text for path in ("/healthz", "/readyz", "/metrics"))
    assert 'afterword_submissions{status="pending"}' in text
    for private in ("@", "Unmistakable", "10.0.0."):
        assert private not in text
