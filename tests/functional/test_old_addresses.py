"""Redirects from old addresses, given by the servers that they are written for."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from tests.afterword.cli.conftest import Queue
from tests.afterword.importers.wxr.conftest import CHANNEL, comment, document, item
from tests.fronts import nginx_around, running, where_installed
from tests.service import OPEN, Service, free_port
from tests.site import Site

OLD = "https://old.example/blog"
ARCHIVES = """
YEAR_ARCHIVE_URL = "archives/{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = "archives/{date:%Y}/index.html"
MONTH_ARCHIVE_URL = "archives/{date:%Y}/{date:%m}/"
MONTH_ARCHIVE_SAVE_AS = "archives/{date:%Y}/{date:%m}/index.html"
"""

TERMS = """<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>job</wp:category_nicename>
<wp:cat_name>Job</wp:cat_name></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>wages</wp:category_nicename>
<wp:category_parent>job</wp:category_parent>
<wp:cat_name>Pay &amp;amp; Päy</wp:cat_name></wp:category>
<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug>tea-black</wp:tag_slug>
<wp:tag_name>Tea, black</wp:tag_name></wp:tag>"""
LABELS = """<category domain="category" nicename="wages">Pay</category>
<category domain="post_tag" nicename="tea-black">Tea, black</category>"""
# What no slug of WordPress holds, and a file that somebody has made may.
HOSTILE = (
    *('/a";} return 200 owned; #/', "/b'$uri$arg_p/", "/c{env.HOME}{path}/", "/d;e/", "/~.*/"),
    *(
        "/f\\g/",
        "/h\nreturn 200;/",
        "/(.+)+[i]?*|^$/",
        "/:j/*/",
        "/k l/",
        "/#m/",
        "/n%o/",
        "/../p/",
    ),
    *('/default ""/', "/`q`/", "/<r>/", "/s\x00/", "//t/", "/include u/", f"/{'v' * 999}/"),
)


def export() -> str:
    """A blog of a sub-directory, with everything that had an address there."""
    hostile = [
        item(100 + n, post_name=f"hostile-{n}", link=f"https://old.example{quote(path)}")
        for n, path in enumerate(HOSTILE)
    ]
    return document(
        item(
            1,
            comment(10),
            content=f'a<!--nextpage-->b <img src="{OLD}/wp-content/uploads/2012/03/x-300x200.jpg">',
            more=LABELS,
        ),
        item(2, post_name="n%C3%BC", link=f"{OLD}/2012/03/n%c3%bc/"),
        item(3, post_type="page", post_name="about", link="https://old.example/About/"),
        item(4, post_name="big", link=f"{OLD}/2012/Big.html"),
        item(5, post_name="small", link=f"{OLD}/2012/big.html"),
        item(
            6,
            post_type="attachment",
            link=f"{OLD}/2012/03/first/x/",
            attachment_url=f"{OLD}/wp-content/uploads/2012/03/x.jpg",
            post_parent=1,
        ),
        item(
            7,
            post_type="attachment",
            link=f"{OLD}/2012/03/first/lost/",
            post_parent=1,
            attachment_url=f"{OLD}/wp-content/uploads/2012/03/lost.jpg",
        ),
        *hostile,
        channel=CHANNEL + TERMS,
    )


@contextmanager
def nginx(served: Service, redirects: str) -> Iterator[Service]:
    """The configuration where the documentation says to put it."""
    port, folder = free_port(), served.site.root / "nginx"
    folder.mkdir()
    (folder / "redirects.conf").write_text(redirects, encoding="utf-8")
    block = (
        f"include redirects.conf;\nserver {{ listen 127.0.0.1:{port};\n"
        f"root {served.site.root / 'output'}; absolute_redirect off;\n"
        "if ($old_address) { return 301 $old_address; } }"
    )
    (folder / "nginx.conf").write_text(nginx_around(folder, block), encoding="utf-8")
    with running(served, port, "nginx", "-p", str(folder), "-c", "nginx.conf") as one:
        yield one


@contextmanager
def caddy(served: Service, redirects: str) -> Iterator[Service]:
    """The configuration where the documentation says to put it."""
    port, folder = free_port(), served.site.root / "caddy"
    folder.mkdir()
    (folder / "redirects.conf").write_text(redirects, encoding="utf-8")
    text = (
        "{\n\tadmin off\n\tauto_https off\n}\n"
        f"http://127.0.0.1:{port} {{\n\troot * {served.site.root / 'output'}\n\tfile_server\n"
        "\timport redirects.conf\n}\n"
    )
    file = folder / "Caddyfile"
    file.write_text(text, encoding="utf-8")
    with running(
        served, port, "caddy", "run", "--config", str(file), "--adapter", "caddyfile"
    ) as one:
        yield one


@dataclass(frozen=True)
class Moved:
    """A blog that has moved, and where its old addresses lead, as Netlify is told."""

    site: Site
    led: dict[str, str]

    def redirects(self, server: str) -> str:
        return Queue(self.site).run("redirects", "blog.xml", "--for", server).stdout


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    site = Site(tmp_path_factory.mktemp("moved"))
    site.write({"blog.xml": export(), "pelicanconf.py": OPEN + ARCHIVES, "up/2012/03/x.jpg": b"x"})
    Queue(site).run("import", "wordpress", "blog.xml", "--uploads", "up")
    build = site.build_with("pelicanconf.py")
    assert build.status == 0, build.log
    lines = Queue(site).run("redirects", "blog.xml", "--for", "netlify").stdout.splitlines()
    led = {}
    for line in lines:
        path, *asked, target, status = line.split(" ")
        # Other servers know no folders: a feed, a page of a list, or what else hung on a post.
        path = path.replace("/feed/*", "/feed/rdf/").replace("/page/*", "/page/2/")
        path = path.replace("/*", "/amp/")
        assert status == ("301!" if asked else "301")
        led[path + ("?" if asked else "") + "&".join(asked)] = target
    return Moved(site, led)


@pytest.mark.parametrize("start", where_installed(caddy, nginx))
def test_servers_lead_where_they_are_told_to_and_nowhere_else(start: type, moved: Moved) -> None:
    away = subprocess.Popen(["true"], text=True)  # noqa: S607  # nobody who answers
    away.wait()
    nobody = Service(moved.site, 0, away, moved.site.root / "log")
    with start(nobody, moved.redirects(start.__name__)) as server:
        for old, target in moved.led.items():
            answer = server.get(old)
            assert (answer.status, answer.headers.get("location")) == (301, target), old
            assert server.get(target).status == 200, old
        for path in HOSTILE:
            if quote(path) not in moved.led:
                answer = server.get(quote(path))
                assert "location" not in answer.headers, path
                assert "owned" not in answer.text
        for page in (moved.site.root / "output").rglob("index.html"):
            place = page.parent.relative_to(moved.site.root / "output").as_posix()
            assert server.get(f"/{quote(place)}/".replace("/./", "/")).status == 200, place
