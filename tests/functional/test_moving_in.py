"""A blog that moves in: from an export to pages, with every response in its place."""

import re
import sqlite3
from contextlib import closing

from tests.service import OPEN, run
from tests.site import Site

DEEP = 10


def test_responses_stand_in_their_threads_at_their_old_anchors(site: Site) -> None:
    site.post("first")
    site.write({"pelicanconf.py": OPEN})
    assert site.build_with("pelicanconf.py").status == 0
    with closing(sqlite3.connect(site.root / "comments.db")) as db:
        db.executescript(
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR, title VARCHAR);"
            "CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT,"
            " mode INTEGER, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR);"
            "INSERT INTO threads VALUES (1, '/first/', 'First');"
        )
        db.executemany(
            "INSERT INTO comments VALUES (1, ?, ?, ?, 1, ?, 'Dave', 'dave@example.org', '')",
            [(100 + n, 99 + n, 1331717213 + n, f"Level {n} <b>.") for n in range(DEEP)],
        )
        db.commit()
    done = run(site, "import", "isso", "comments.db")
    # The first answers what is not there.
    assert (done.returncode, done.stdout) == (
        0,
        "isso: 10 read; 10 added (10 approved), 0 there already, 0 skipped\n",
    )
    assert run(site, "check").stdout == ""
    build = site.build_with("pelicanconf.py")
    assert build.status == 0, build.log
    page = build.read("first/index.html")
    assert re.findall(r'id="comment-(\d+)"', page) == [str(100 + n) for n in range(DEEP)]
    assert "Level 9 &lt;b&gt;." in page
    # Each stands below the one before.
    assert page.index('id="comment-109"') < page.index("</ol>")
    everything = b"".join(build.files().values())
    everything += b"".join(path.read_bytes() for path in (site.root / "content").rglob("*.md"))
    assert b"dave@example.org" not in everything
    again = run(site, "import", "isso", "comments.db")
    assert "0 added, 10 there already" in again.stdout
