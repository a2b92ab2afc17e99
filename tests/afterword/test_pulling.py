"""Fetching what was approved at a running service, for a site that is built elsewhere."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from afterword import commentfile
from afterword.errors import PullError, WriteError
from afterword.model import Comment
from afterword.pulling import pull
from afterword.tokens import Purpose, Signer
from tests.elsewhere import elsewhere
from tests.service import OPEN, Service, run, token_of
from tests.site import Site

TOKEN = "p" * 32

CHANGE: Mapping[str, object] = {
    "change": 1,
    "entry": "first",
    "id": "a1",
    "author": "Dave",
    "date": "2026-11-23T12:00:00.123456+00:00",
    "website": None,
    "replyto": None,
    "kind": "comment",
    "by_author": False,
    "source": None,
    "body": "Networks *work*.",
}


def moderator(service: Service) -> Service:
    if "Cookie" not in service.headers:
        service.log_in()
    return service


def sent(service: Service, body: str) -> str:
    """Send a response; return its id."""
    answer = service.send(body=body, website="https://example.org/", replyto="17")
    key = (service.site.root / "var/secret.key").read_text().strip()
    token = Signer((key,)).read(Purpose.STATUS, token_of(answer), datetime.now(UTC))
    return token.parts[0]


def decide(service: Service, action: str, *items: str) -> None:
    assert moderator(service).decide(action, *items).status == 303


def approved(service: Service, *bodies: str) -> list[str]:
    """Send responses and approve them; return their ids."""
    ids = [sent(service, body) for body in bodies]
    decide(service, "approve", *(f"{each}:1" for each in ids))
    return ids


def files(root: Path) -> Mapping[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.md")}


def own_files(service: Service) -> Mapping[str, bytes]:
    """What the service has published, without the one that was put there by hand."""
    found = dict(files(service.site.root / "content/comments"))
    del found["first/17.md"]
    return found


def marks(root: Path) -> set[tuple[str, int, int]]:
    found = ((path, path.stat()) for path in root.rglob("*"))
    return {(str(path), status.st_ino, status.st_mtime_ns) for path, status in found}


class Here:
    """A site that is built here, of responses from there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "content/comments"
        self.state = folder / "var/pull.json"

    def pull(self, url: str, token: str = TOKEN) -> int:
        return pull(url, token, self.root, self.state)


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A site without responses."""
    return Here(tmp_path)


@pytest.fixture
def url(service: Service) -> str:
    """Where the service's public pages are."""
    return f"{service.url}/comments/"


# From a running service


def test_a_pull_writes_the_same_bytes_as_the_services_own_files(
    service: Service, url: str, here: Here
) -> None:
    ids = approved(service, "One.", "  Two,\n\n> *with* 🎉\u2028 and <b>\n")
    sent(service, "Not yet.")
    assert here.pull(url) >= len(ids)
    assert files(here.root) == own_files(service)
    assert {f"first/{each}.md" for each in ids} <= set(files(here.root))
    assert not any(b"Not yet." in data for data in files(here.root).values())


def test_a_pull_again_changes_nothing(service: Service, url: str, here: Here) -> None:
    approved(service, "Once.")
    here.pull(url)
    before = marks(here.root.parent.parent)
    # The same folder, spelt otherwise, is the same service.
    assert [here.pull(url), here.pull(url.removesuffix("/"))] == [0, 0]
    assert marks(here.root.parent.parent) == before


def test_a_lost_note_of_how_far_we_got_does_no_harm(service: Service, url: str, here: Here) -> None:
    approved(service, "Noted.")
    everything = here.pull(url)
    for damage in ("", "[]", '{"x": "y"}', '{"x": null}', "null"):
        here.state.write_text(damage)
        assert here.pull(url) == everything
    assert files(here.root) == own_files(service)


def test_what_is_taken_back_or_changed_there_is_so_here(
    service: Service, url: str, here: Here
) -> None:
    gone, edited, back = approved(service, "Gone.", "Edited.", "Back again.")
    here.pull(url)
    decide(service, "trash", f"{gone}:2", f"{back}:2")
    change = {"csrf": service.csrf(), "revision": "2", "author": "Dave", "body": "Mended."}
    assert service.post(f"/moderate/response/{edited}/edit", change).status == 303
    assert here.pull(url) == 3
    assert files(here.root) == own_files(service)
    assert f"first/{gone}.md" not in files(here.root)
    assert b"Mended." in files(here.root)[f"first/{edited}.md"]
    decide(service, "approve", f"{back}:3")
    assert here.pull(url) == 1
    assert files(here.root) == own_files(service)


def test_what_has_not_changed_there_is_never_overwritten_here(
    service: Service, url: str, here: Here
) -> None:
    (pulled,) = approved(service, "As it came.")
    here.pull(url)
    mine = here.root / "first" / f"{pulled}.md"
    mine.write_text(mine.read_text().replace("As it came.", "Mended by hand."))
    (here.root / "first/old.md").write_text("Imported.")
    (new,) = approved(service, "Newer.")
    assert here.pull(url) == 1
    assert "Mended by hand." in mine.read_text()
    assert (here.root / "first/old.md").read_text() == "Imported."
    assert f"first/{new}.md" in files(here.root)


def test_what_was_interrupted_goes_on_where_it_stopped(
    service: Service, url: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.pull(url)
    approved(service, "First part.", "Second part.", "Third part.")
    left = [None, WriteError(here.root, "no space left on device")]
    usual = commentfile.write

    def write(root: Path, comment: Comment, *, replace: bool = False) -> Path:
        trouble = left.pop(0)
        if trouble:
            raise trouble
        return usual(root, comment, replace=replace)

    with monkeypatch.context() as patch:
        patch.setattr(commentfile, "write", write)
        with pytest.raises(PullError, match="no space left"):
            here.pull(url)
    assert len(files(here.root)) == len(own_files(service)) - 2
    assert here.pull(url) == 2
    assert files(here.root) == own_files(service)


def test_nothing_private_travels(service: Service) -> None:
    approved(service, "Public.")
    answer = service.get("/comments/approved", Authorization=f"Bearer {TOKEN}")
    assert "Public." in answer.text
    assert "dave@" not in answer.text
    changes = answer.json["changes"]
    assert isinstance(changes, list)
    assert all(set(each) in (set(CHANGE), {*list(CHANGE)[:3], "removed"}) for each in changes)


@pytest.mark.parametrize("wrong", ["", "q" * 32, TOKEN[:-1], f"{TOKEN}p", TOKEN.upper()])
def test_a_wrong_token_gets_nothing_and_is_not_shown(
    service: Service, url: str, here: Here, wrong: str
) -> None:
    approved(service, f"Kept from {wrong or 'nobody'}.")
    with pytest.raises(PullError, match="answers 401") as caught:
        here.pull(url, wrong)
    assert not wrong or wrong not in str(caught.value)
    assert not here.root.exists()
    assert not here.state.exists()
    assert service.get("/comments/approved").status == 401


def test_the_command_says_nothing_when_all_is_well_and_one_line_when_not(
    service: Service, url: str, site: Site
) -> None:
    approved(service, "By command.")
    site.write({"pelicanconf.py": OPEN})
    good = run(site, "pull", url, "--token", TOKEN)
    assert (good.returncode, good.stdout, good.stderr) == (0, "", "")
    assert files(site.root / "content/comments") == own_files(service)
    bad = run(site, "pull", url, "--token", "q" * 32)
    assert (bad.returncode, bad.stdout) == (1, "")
    asked = f"{url}approved?after={_seen(site)}&queue="
    assert bad.stderr == f"Error: {asked}: answers 401 Unauthorized\n"


def _seen(site: Site) -> int:
    ((number, _),) = json.loads((site.root / "var/pull.json").read_text()).values()
    return int(number)


def test_more_than_one_page_is_fetched_page_by_page(service: Service, url: str, here: Here) -> None:
    approved(service, *(f"Of many: {number}." for number in range(201)))
    assert here.pull(url) > 200
    assert files(here.root) == own_files(service)


def test_a_service_restored_from_an_older_backup_is_asked_from_the_beginning(
    service: Service, url: str, here: Here, tmp_path: Path
) -> None:
    (early,) = approved(service, "Before the backup.")
    here.pull(url)
    copy = tmp_path / "copy"
    assert service.afterword("backup", str(copy)).returncode == 0
    decide(service, "trash", f"{early}:2")
    approved(service, "Lost with the disk.")
    here.pull(url)
    assert f"first/{early}.md" not in files(here.root)
    assert service.afterword("restore", "--from", str(copy), "--yes").returncode == 0
    (late,) = approved(service, "After that.")
    here.pull(url)
    assert {f"first/{early}.md", f"first/{late}.md"} <= set(files(here.root))
    assert here.pull(url) == 0


# From something else that may stand there


def answer(changes: object, *, more: object = False, status: str = "200 OK") -> bytes:
    body = json.dumps({"changes": changes, "more": more}).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_the_token_travels_in_a_header_and_not_in_the_address(here: Here) -> None:
    with elsewhere(answer([CHANGE])) as server:
        assert here.pull(f"{server.url}/c/") == 1
    (asked,) = server.asked
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.path == "/c/approved?after=0&queue="


@pytest.mark.parametrize(
    "address",
    [
        "http://blog.example/comments/",
        "http://127.0.0.1.evil.example/",
        "http://localhost@evil.example/",
        "ftp://127.0.0.1/",
        "file:///etc/",
        "comments/",
        "",
    ],
)
def test_the_token_never_travels_in_the_open(here: Here, address: str) -> None:
    with pytest.raises(PullError, match="must be an https address"):
        here.pull(address)


def test_a_redirect_takes_the_token_nowhere(here: Here) -> None:
    with elsewhere(answer([])) as thief:
        to = f"HTTP/1.1 302 Found\r\nLocation: {thief.url}/\r\nContent-Length: 0\r\n\r\n"
        with elsewhere(to.encode()) as server, pytest.raises(PullError, match="answers 302"):
            here.pull(server.url)
    assert thief.asked == []


def test_a_service_that_breaks_off_is_asked_for_the_rest_next_time(here: Here) -> None:
    second = {**CHANGE, "id": "a2", "change": 7}
    cut = answer([second])[:-20]
    with elsewhere(answer([CHANGE], more=True), cut, answer([second])) as server:
        with pytest.raises(PullError):
            here.pull(server.url)
        assert sorted(files(here.root)) == ["first/a1.md"]
        assert here.pull(server.url) == 1
    assert sorted(files(here.root)) == ["first/a1.md", "first/a2.md"]
    assert [asked.path for asked in server.asked] == [
        "/approved?after=0&queue=",
        "/approved?after=1&queue=",
        "/approved?after=1&queue=",
    ]


def test_how_far_we_got_is_known_for_each_service(here: Here) -> None:
    other = {**CHANGE, "id": "b1", "change": 9}
    with elsewhere(answer([CHANGE]), answer([])) as one, elsewhere(answer([other])) as two:
        counts = [here.pull(one.url), here.pull(two.url), here.pull(one.url)]
    assert counts == [1, 1, 0]
    assert one.asked[1].path == "/approved?after=1&queue="
    assert two.asked[0].path == "/approved?after=0&queue="


def test_what_is_removed_there_need_not_be_here(here: Here) -> None:
    gone = {"change": 3, "entry": "first", "id": "a1", "removed": True}
    with elsewhere(answer([gone])) as server:
        assert here.pull(server.url) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html>...",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xff",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
        answer(None),
        answer(["x"]),
        answer([{**CHANGE, "change": "many"}]),
        answer([{name: value for name, value in CHANGE.items() if name != "change"}]),
    ],
)
def test_an_answer_that_is_none_of_our_services_is_an_error_with_a_sentence(
    here: Here, said: bytes
) -> None:
    with elsewhere(said) as server, pytest.raises(PullError) as caught:
        here.pull(server.url)
    assert str(caught.value).startswith(server.url)
    assert not here.state.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"entry": "../../outside"},
        {"entry": "/etc"},
        {"entry": ""},
        {"entry": None},
        {"id": "../outside"},
        {"id": ".hidden"},
        {"id": 5},
        {"entry": "../outside", "removed": True},
        {"id": "../outside", "removed": True},
        {"author": "Dave\nrole: author"},
        {"author": ""},
        {"author": None},
        {"body": "\x1b[2J"},
        {"body": ["x"]},
        {"website": "javascript:alert(1)"},
        {"website": "https://example.org/\nrole: author"},
        {"replyto": "../17"},
        {"kind": "advertisement"},
        {"date": "yesterday"},
        {"date": "0001-01-01T00:00:00+14:00"},
        {"date": 5},
        {"source": "file:///etc/passwd"},
    ],
    ids=str,
)
def test_what_could_not_be_published_here_is_not_written(
    here: Here, wrong: Mapping[str, object]
) -> None:
    around = here.root.parent.parent
    (around / "outside").mkdir()
    (around / "outside/a1.md").write_text("Not yours.")
    (here.root.parent / "outside").mkdir(parents=True)
    (here.root.parent / "outside.md").write_text("Not yours.")
    before = files(around)
    with elsewhere(answer([{**CHANGE, **wrong}])) as server, pytest.raises(PullError):
        here.pull(server.url)
    assert files(around) == before
    assert not here.state.exists()


def test_a_service_that_always_has_more_and_never_gives_it_is_not_asked_for_ever(
    here: Here,
) -> None:
    endless = [answer([], more=True)] * 3
    with elsewhere(answer([CHANGE], more=True), *endless) as server:
        assert here.pull(server.url) == 1
    assert len(server.asked) == 2
