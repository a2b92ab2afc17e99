"""Responses published in finished pages: the same bytes as in a clean build, and no more."""

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.scripts import PATIENCE
from tests.service import intake, run
from tests.site import SETTINGS, Site

OURS = (
    SETTINGS
    + 'PLUGINS = [*PLUGINS, "incremental"]\nCOMMENTS_URL = "/comments/submit"\n'
    + 'DIRECT_TEMPLATES = ["index", "archives", "sitemap"]\n'
    + 'TEMPLATE_EXTENSIONS = [".html", ".xml"]\nSITEMAP_SAVE_AS = "sitemap.xml"\n'
    + 'THEME_TEMPLATES_OVERRIDES = ["look"]\n'
    + "COMMENTS_FEED_ITEMS = 2\nCOMMENTS_MAX_DEPTH = 2\n"
)

pytestmark = pytest.mark.builds
HOSTILE = '<script>x</script> & "q" {{ 7 * 7 }} {% x %} ]]> \u202e \u00fc \U0001f600 0.1(2)'


@pytest.fixture
def blog(site: Site) -> Site:
    """A blog with some responses, built."""
    for number in range(1, 4):
        site.post(f"post-{number}", f"Text {number}.", tags="t", category="c")
    site.post("closed", comments="closed")
    for number in range(1, 5):
        site.response("post-1", str(number), f"Words {number}.", date=f"2026-01-0{number}")
    site.response("post-2", "9", "Others.")
    places = "{% for a in articles %}{{ a.url }} {{ last_changed(a) }}\n{% endfor %}"
    site.write({"pelicanconf.py": OURS, "look/sitemap.xml": places})
    build(site)
    return site


def build(site: Site, output: str = "output") -> None:
    done = site.build_with("pelicanconf.py", output=output)
    assert done.status == 0, done.log


def files(site: Site, output: str = "output") -> Mapping[str, bytes]:
    root = site.root / output
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def marks(site: Site) -> Mapping[str, tuple[int, int]]:
    """What changes with every file that is written anew, were it with the same bytes."""
    found = ((path, path.stat()) for path in (site.root / "output").rglob("*") if path.is_file())
    return {str(path): (status.st_ino, status.st_mtime_ns) for path, status in found}


def publish(site: Site, *arguments: str) -> Mapping[str, object]:
    """Publish without a build, and return what the command says of it."""
    done = run(site, "publish-responses", "--no-build", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    found: Mapping[str, object] = json.loads(done.stdout)
    return found


def is_as_built(site: Site) -> bool:
    """Whether all is as in a clean build, and the next build has nothing to write."""
    build(site, "clean")
    same = files(site) == files(site, "clean")
    shutil.rmtree(site.root / "clean")
    before = marks(site)
    build(site)
    return same and marks(site) == before


def write(site: Site, entry: str, name: str, body: str, **header: str) -> None:
    site.response(entry, name, body, **header)


def test_a_new_response_is_published_wherever_it_shows(blog: Site) -> None:
    write(blog, "post-1", "7", "A *new* word.", date="2026-02-01", author="Zo\u00eb & <b>")
    found = publish(blog, "post-1")
    assert found["entries"] == ["post-1"]
    assert {"post-1/index.html", "index.html", "comments/entries.json"} <= set(found["files"])  # type: ignore[call-overload]  # names
    assert "A <em>new</em> word." in (blog.root / "output/post-1/index.html").read_text()
    assert "post-2/index.html" not in found["files"]  # type: ignore[operator]  # names
    assert is_as_built(blog)


def test_hostile_and_odd_responses_come_out_as_in_a_build(blog: Site) -> None:
    write(blog, "post-1", "7", HOSTILE, date="2026-02-01", author="<b>&\U0001f600")
    blog.write(
        {"content/comments/post-1/8.md": b"author: C\r\ndate: 2020-01-01\r\n\r\nCR\r\n\r\nLF\r\n"}
    )
    for number in range(20, 27):  # deeper than max_depth
        write(blog, "post-1", str(number), "Deep.", date="2026-03-01", replyto=str(number - 1))
    publish(blog)
    assert is_as_built(blog)


def test_changed_and_removed_responses_and_the_last_of_all(blog: Site) -> None:
    write(blog, "post-1", "2", "Edited.", date="2026-01-02")
    (blog.root / "content/comments/post-1/1.md").unlink()
    shutil.rmtree(blog.root / "content/comments/post-2")
    assert publish(blog)["entries"] == ["post-1", "post-2"]
    assert is_as_built(blog)


def test_the_first_response_to_an_open_post(blog: Site) -> None:
    write(blog, "post-3", "1", "First!", date="2026-02-02")
    assert publish(blog, "post-3")["entries"] == ["post-3"]
    assert is_as_built(blog)


def test_what_is_published_already_is_left_alone(blog: Site) -> None:
    before = marks(blog)
    assert publish(blog)["files"] == []
    assert publish(blog, "post-1")["files"] == []
    assert marks(blog) == before


def test_what_only_a_build_can_do_is_named_and_not_half_done(blog: Site) -> None:
    write(blog, "closed", "1", "First!")
    before = marks(blog)
    done = run(blog, "publish-responses", "--no-build", "closed")
    assert done.returncode == 1
    assert re.search(r"^closed/index\.html: ", done.stderr, re.MULTILINE), done.stderr
    assert marks(blog) == before
    done = run(blog, "publish-responses", "closed")
    assert done.returncode == 0, done.stderr
    assert "First!" in (blog.root / "output/closed/index.html").read_text()
    assert is_as_built(blog)


def test_a_page_that_somebody_has_changed_needs_a_build(blog: Site) -> None:
    write(blog, "post-1", "7", "New.")
    (blog.root / "output/post-1/index.html").write_text("Hers.")
    done = run(blog, "publish-responses", "--no-build", "post-1")
    assert done.returncode == 1
    assert "post-1/index.html: its file is not as the last build left it" in done.stderr
    assert run(blog, "publish-responses", "post-1").returncode == 0
    assert is_as_built(blog)


def test_an_entry_that_there_is_not_is_named(blog: Site) -> None:
    done = run(blog, "publish-responses", "--no-build", "nosuch")
    assert done.returncode == 1
    assert "nosuch: the last build knows no post or page" in done.stderr


def test_other_settings_and_other_templates_need_a_build(blog: Site) -> None:
    write(blog, "post-1", "7", "New.")
    blog.write({"pelicanconf.py": OURS + "COMMENTS_MAX_DEPTH = 5\n"})
    done = run(blog, "publish-responses", "--no-build")
    assert done.returncode == 1
    assert "COMMENTS_MAX_DEPTH" in done.stderr
    blog.write({"pelicanconf.py": OURS})
    assert publish(blog)["entries"] == ["post-1"]


def test_a_template_that_needs_more_than_jinja_needs_a_build(blog: Site) -> None:
    blog.write({"look/comments/count.html": "{{ count|twice }}"})
    more = 'JINJA_FILTERS = {"twice": lambda n: 2 * n}\n'
    blog.write({"pelicanconf.py": OURS + more})
    build(blog)
    write(blog, "post-1", "7", "New.")
    done = run(blog, "publish-responses", "--no-build")
    assert done.returncode == 1
    assert "comments/count.html uses twice" in done.stderr


def test_where_nothing_was_built_a_build_is_needed(site: Site) -> None:
    site.write({"pelicanconf.py": OURS})
    done = run(site, "publish-responses", "--no-build")
    assert done.returncode == 1
    assert "no build has come to its end here" in done.stderr


def test_the_service_publishes_by_itself_and_builds_nothing(blog: Site) -> None:
    mark = blog.root / "pelican-was-here"
    noticing = f"import sys\nif 'pelican' in sys.modules:\n    open({str(mark)!r}, 'w').close()\n"
    blog.write({"pelicanconf.py": OURS + noticing})
    build(blog)
    mark.unlink()
    with intake(blog, {"AFTERWORD_BUILD": ""}) as service:
        service.send(entry="post-1", body="By the *service*.")
        service.log_in()
        (waiting,) = service.waiting()
        service.decide("approve", f"{waiting['id']}:{waiting['revision']}")
        unbuilt = "afterword_changes_unbuilt 0"
        service.wait_for("/metrics", lambda answer: unbuilt in answer.text)
    assert "By the <em>service</em>." in (blog.root / "output/post-1/index.html").read_text()
    assert not mark.exists()
    assert is_as_built(blog)


def test_reconciling_publishes_too(blog: Site) -> None:
    with intake(blog) as service:
        service.send(entry="post-1", body="Left to whoever comes.")
        (waiting,) = service.waiting()
        assert service.afterword("approve", str(waiting["id"])).returncode == 0
    page = blog.root / "output/post-1/index.html"
    assert "Left to whoever comes." not in page.read_text()
    done = run(blog, "reconcile")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "Left to whoever comes." in page.read_text()
    assert is_as_built(blog)


_KILLED = """
import os, signal, sys
from incremental.outputs import Outputs
write, left = Outputs.write, [int(sys.argv.pop(1))]
def killed(self, name, data):
    made = write(self, name, data)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
Outputs.write = killed
from afterword.cli import main
main()
"""


@pytest.mark.parametrize("writes", [1, 9])
def test_what_was_killed_in_the_middle_is_finished_by_the_next(blog: Site, writes: int) -> None:
    write(blog, "post-1", "7", "New.", date="2026-02-01")
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", _KILLED, str(writes), "publish-responses", "post-1"],
        cwd=blog.root,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == -signal.SIGKILL
    write(blog, "post-2", "8", "Another.", date="2026-02-02")
    assert publish(blog, "post-2")["entries"] == ["post-1", "post-2"]
    assert is_as_built(blog)


def test_what_was_killed_in_the_middle_is_finished_by_a_build(blog: Site) -> None:
    write(blog, "post-1", "7", "New.", date="2026-02-01")
    subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", _KILLED, "5", "publish-responses", "post-1"],
        cwd=blog.root,
        check=False,
        timeout=PATIENCE,
    )
    build(blog)
    assert is_as_built(blog)


def test_nothing_of_pelican_is_loaded(blog: Site) -> None:
    text = (
        "import sys\nfrom afterword.cli import main\n"
        "try:\n    main(['publish-responses', '--no-build'])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'pelican', 'docutils', 'starlette', 'sqlalchemy', 'markdown'}\n"
        "print(*heavy & sys.modules.keys())"
    )
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", text],
        cwd=blog.root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def opened(site: Site, *arguments: str) -> set[str]:
    """Which files of the blog a publishing opens, by their names."""
    text = (
        "import sys\nseen = set()\n"
        "sys.addaudithook(lambda name, of: seen.add(str(of[0])) if name == 'open' else None)\n"
        "from afterword.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sorted(seen), sep='\\n')"
    )
    done = subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", text, "publish-responses", "--no-build", *arguments],
        cwd=site.root,
        capture_output=True,
        text=True,
        check=True,
    )
    folders = ("content", "output")
    names = (Path(name) for name in done.stdout.splitlines())
    here = (each.relative_to(site.root) for each in names if each.is_relative_to(site.root))
    return {each.as_posix() for each in here if each.parts[0] in folders}


def test_no_other_post_and_no_other_response_is_read(blog: Site) -> None:
    write(blog, "post-1", "7", "New.", date="2026-02-01")
    found = opened(blog, "post-1")
    assert "output/post-1/index.html" in found
    assert not {name for name in found if name.startswith("content/posts")}
    assert {name for name in found if name.startswith("content/comments")} <= {
        f"content/comments/post-1/{number}.md" for number in (1, 2, 3, 4, 7)
    }
    assert not {name for name in found if name.startswith("output/post-2")}
