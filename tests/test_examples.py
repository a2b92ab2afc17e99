"""The operator's examples, really started in front of the real service."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fronts import nginx_around, running, where_installed
from tests.service import Service, blog, free_port, intake, token_of
from tests.site import Site

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
POLICY = "content-security-policy"


@contextmanager
def caddy(service: Service) -> Iterator[Service]:
    """The Caddyfile with this machine's ports and folders."""
    port = free_port()
    text = (EXAMPLES / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n", 1)
    text = text.replace("blog.example {", f"http://127.0.0.1:{port} {{")
    file = _placed(service, text, "Caddyfile")
    with running(service, port, "caddy", "run", "--config", file, "--adapter", "caddyfile") as one:
        yield one


@contextmanager
def nginx(service: Service) -> Iterator[Service]:
    """The server block with this machine's ports and folders, without TLS."""
    port, folder = free_port(), service.site.root / "nginx"
    folder.mkdir()
    text = (EXAMPLES / "nginx.conf").read_text(encoding="utf-8")
    block = text.partition("\nserver {\n    listen 80;")[0]
    lines = [line for line in block.splitlines() if "ssl_certificate" not in line]
    block = "\n".join(lines).replace("443 ssl http2", f"127.0.0.1:{port}")
    block = block.replace("/var/log/nginx/error.log", str(folder / "error.log"))
    file = _placed(service, nginx_around(folder, block), "nginx.conf")
    with running(service, port, "nginx", "-p", str(folder), "-c", file) as one:
        yield one


def _placed(service: Service, text: str, name: str) -> str:
    file = service.site.root / name
    public = service.site.root / "public"
    if not public.is_symlink():  # as a site lies that is published in releases
        public.symlink_to("output")
    text = text.replace("/srv/blog/public", str(public))
    file.write_text(text.replace("127.0.0.1:8001", f"127.0.0.1:{service.port}"), encoding="utf-8")
    return str(file)


SERVERS = where_installed(caddy, nginx)


@pytest.fixture(params=SERVERS, scope="module")
def front(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A web server as in the example, with the service behind it."""
    site = blog(Site(tmp_path_factory.mktemp("front")), "COMMENTS_FLOOD_LIMIT = 2\n")
    (site.root / "output" / "404.html").write_text("<h1>Not here</h1>")
    with intake(site) as service, request.param(service) as started:
        yield started


def test_the_site_is_served_with_a_strict_policy(front: Service) -> None:
    page = front.get("/first/")
    assert page.status == 200
    assert "The first word." in page.text
    assert "default-src 'none'" in page.headers[POLICY]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "content-type" in front.get("/feeds/all.rss.xml").headers


def test_what_is_missing_gets_the_sites_own_page(front: Service) -> None:
    missing = front.get("/nothing/here/")
    assert missing.status == 404
    assert "Not here" in missing.text
    assert "frame-ancestors 'none'" in missing.headers[POLICY]


def test_a_reader_answers_through_it_and_cannot_invent_an_address(front: Service) -> None:
    assert front.get("/comments/new?entry=first").status == 200
    answers = [
        front.post(
            "/comments/submit",
            {"entry": "first", "author": "Dave", "email": "d@example.org", "body": f"Word {n}."},
            **{"X-Forwarded-For": f"192.0.2.{n}"},
        )
        for n in range(5)
    ]
    statuses = [answer.status for answer in answers]
    assert statuses[0] == 303
    # At most one minute ends while they are sent.
    assert 429 in statuses
    path = f"/comments/status/{token_of(answers[0])}"
    assert front.get(path).status == 200
    assert token_of(answers[0]) not in _logs(front)


@pytest.mark.parametrize("path", ["/moderate/", "/moderate/nowhere", "/comments/status/none"])
def test_the_services_pages_keep_their_own_headers(front: Service, path: str) -> None:
    answer = front.get(path)
    assert answer.status in {200, 303, 404}
    assert "frame-ancestors 'none'" in answer.headers[POLICY]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_too_much_is_refused_and_private_pages_stay_inside(front: Service) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    large = front.request("POST", "/comments/submit", None, kind, b"body=" + b"x" * 2_000_000)
    assert large.status == 413
    for path in ("/metrics", "/healthz", "/readyz"):
        assert front.get(path).status == 404


@pytest.mark.parametrize("start", SERVERS)
def test_no_log_tells_a_secret_address_while_the_service_is_away(
    start: type, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = blog(Site(tmp_path_factory.mktemp("away")))
    gone = Service(site, free_port(), subprocess.Popen(["true"], text=True), site.root / "log")  # noqa: S607  # nobody who answers
    gone.process.wait()
    with start(gone) as one:
        assert one.get("/comments/status/secret-token").status == 502
        assert "secret-token" not in _logs(one)


def _logs(front: Service) -> str:
    folder = front.site.root / "nginx"
    files = [front.log, *(folder.glob("*.log") if folder.exists() else ())]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "afterword.service"
    text = (EXAMPLES / "afterword.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/srv/blog/.venv/bin/afterword", "/bin/true"), encoding="utf-8")
    run = subprocess.run(  # noqa: S603  # our own words
        ["systemd-analyze", "verify", str(unit)],  # noqa: S607  # where the system has it
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in run.stderr.splitlines() if "afterword.service:" in line] == []
