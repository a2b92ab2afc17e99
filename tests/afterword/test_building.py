"""Building aside and putting in place: never half a site, whoever reads, fails or is killed."""

import os
import select
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from afterword.building import Build, Outcome, command, into_place, pelican_build
from incremental.turns import is_used
from tests.scripts import PATIENCE, line, script
from tests.site import Site

OK = Outcome(ok=True, log="built")

Files = Mapping[str, str]


def builds(files: Files, outcome: Outcome = OK) -> Build:
    """A build that makes these files, and then ends like this."""

    def build(made: Path) -> Outcome:
        for name, text in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(text)
        return outcome

    return build


def read(output: Path) -> Files:
    found = (path for path in sorted(output.rglob("*")) if path.is_file())
    return {path.relative_to(output).as_posix(): path.read_text() for path in found}


def marks(output: Path) -> set[tuple[str, int, int]]:
    """What changes with every file that is written anew, were it with the same bytes."""
    found = ((path, path.stat()) for path in output.rglob("*"))
    return {(str(path), status.st_ino, status.st_mtime_ns) for path, status in found}


# By Pelican or by command


def test_pelican_builds_the_site_into_the_folder_it_is_given(site: Site, tmp_path: Path) -> None:
    site.post("first", "Morning.")
    site.write({"look/article.html": "{{ SITEURL }}|{{ article.content }}"})
    text = f'PATH = "content"\nTHEME_TEMPLATES_OVERRIDES = [{str(site.root / "look")!r}]\n'
    text += 'SITEURL = "https://blog.example"\nTIMEZONE = "UTC"\n'
    site.write({"settings.py": text})
    made = tmp_path / "made"
    outcome = pelican_build(str(site.root / "settings.py"))(made)
    assert outcome.ok, outcome.log
    assert (made / "first.html").read_text() == "https://blog.example|<p>Morning.</p>"
    assert not (site.root / "output").exists()


def test_a_build_by_pelican_that_fails_says_why(site: Site, tmp_path: Path) -> None:
    site.write({"settings.py": "no_such_name"})
    outcome = pelican_build(str(site.root / "settings.py"))(tmp_path / "made")
    assert not outcome.ok
    assert "no_such_name" in outcome.log


def test_a_command_is_run_in_a_shell_and_heard_out() -> None:
    assert command("echo one && echo two >&2") == Outcome(ok=True, log="one\ntwo\n")
    assert command("echo no | cat; exit 3") == Outcome(ok=False, log="no\n")


# Putting in place


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where the site lies."""
    return tmp_path / "public/site"


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """Below which it is built."""
    return tmp_path / "var/build"


def test_what_is_built_is_put_in_place_and_nothing_left_aside(output: Path, aside: Path) -> None:
    files = {"index.html": "Home.", "a/b/index.html": "Deep.", ".well-known/x": "Hidden."}
    assert into_place(builds(files), output, aside) == OK
    assert read(output) == files
    assert not list(aside.glob("build-*"))


def test_files_with_the_same_bytes_are_not_touched(output: Path, aside: Path) -> None:
    into_place(builds({"same.html": "Same.", "a/other.html": "Old."}), output, aside)
    before = marks(output)
    into_place(builds({"same.html": "Same.", "a/other.html": "New."}), output, aside)
    touched = {Path(name).name for name, _, _ in marks(output) - before}
    assert touched == {"a", "other.html"}
    before = marks(output)
    into_place(builds({"same.html": "Same.", "a/other.html": "New."}), output, aside)
    assert marks(output) == before


def test_what_is_not_built_any_more_is_removed_and_what_is_not_ours_stays(
    output: Path, aside: Path
) -> None:
    into_place(builds({"one/index.html": "One.", "two/index.html": "Two."}), output, aside)
    (output / "robots.txt").write_text("Put here by hand.")
    (output / "two/photo.jpg").write_text("This too.")
    into_place(builds({"one/index.html": "One."}), output, aside)
    assert read(output) == {
        "one/index.html": "One.",
        "robots.txt": "Put here by hand.",
        "two/photo.jpg": "This too.",
    }


def test_folders_that_are_left_empty_go_too(output: Path, aside: Path) -> None:
    into_place(builds({"index.html": "Home.", "a/b/c/index.html": "Deep."}), output, aside)
    into_place(builds({"index.html": "Home."}), output, aside)
    assert [path.name for path in output.rglob("*")] == ["index.html"]


def test_a_page_may_turn_into_a_folder_and_back(output: Path, aside: Path) -> None:
    page = {"about": "A page.", "index.html": "Home."}
    folder = {"about/index.html": "Pages.", "about/me/index.html": "Me."}
    for files in (page, folder, page):
        assert into_place(builds(files), output, aside).ok
        assert read(output) == files


def test_what_is_in_the_way_and_not_ours_is_named_and_kept(output: Path, aside: Path) -> None:
    output.mkdir(parents=True)
    (output / "about").write_text("Put here by hand.")
    outcome = into_place(builds({"about/index.html": "Pages."}), output, aside)
    assert not outcome.ok
    assert str(output / "about") in outcome.log
    assert read(output) == {"about": "Put here by hand."}


def test_what_a_killed_build_put_in_place_is_known_to_the_next(
    output: Path, aside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copyfile

    def cut(source: Path, target: Path) -> None:
        copy(source, target)
        if source.name == "b.html":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", cut)
        with pytest.raises(KeyboardInterrupt):
            into_place(builds({"a.html": "A.", "b.html": "B."}), output, aside)
    assert "a.html" in read(output)
    into_place(builds({"c.html": "C."}), output, aside)
    assert set(read(output)) == {"c.html"}


def test_what_somebody_else_removed_already_is_no_trouble(output: Path, aside: Path) -> None:
    into_place(builds({"one.html": "One.", "two.html": "Two."}), output, aside)
    (output / "two.html").unlink()
    assert into_place(builds({"one.html": "One."}), output, aside).ok
    assert read(output) == {"one.html": "One."}


def test_without_a_memory_of_what_was_built_nothing_is_removed(output: Path, aside: Path) -> None:
    into_place(builds({"one.html": "One.", "two.html": "Two."}), output, aside)
    for path in aside.glob("*.sqlite3*"):
        path.unlink()
    assert into_place(builds({"one.html": "New."}), output, aside).ok
    assert read(output) == {"one.html": "New.", "two.html": "Two."}


def test_a_build_that_fails_leaves_the_old_site_whole(output: Path, aside: Path) -> None:
    into_place(builds({"index.html": "Old.", "gone.html": "Still here."}), output, aside)
    before = marks(output)
    failed = Outcome(ok=False, log="line 3: no")
    assert into_place(builds({"index.html": "Ha"}, failed), output, aside) == failed
    assert marks(output) == before
    assert not list(aside.glob("build-*"))
    into_place(builds({"index.html": "New."}), output, aside)
    assert read(output) == {"index.html": "New."}


def test_a_build_that_breaks_off_leaves_the_old_site_whole(output: Path, aside: Path) -> None:
    into_place(builds({"index.html": "Old."}), output, aside)

    def breaks_off(made: Path) -> Outcome:
        (made / "index.html").write_text("Ha")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        into_place(breaks_off, output, aside)
    assert read(output) == {"index.html": "Old."}
    assert not list(aside.glob("build-*"))
    assert into_place(builds({"index.html": "New."}), output, aside).ok


_HANGING = """
import sys
from pathlib import Path
from afterword.building import into_place

def hangs(made):
    (made / "index.html").write_text("Ha")
    print("half done", flush=True)
    sys.stdin.read()

into_place(hangs, Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_build_that_is_killed_leaves_the_old_site_whole_and_the_next_one_clears_up(
    output: Path, aside: Path
) -> None:
    into_place(builds({"index.html": "Old."}), output, aside)
    before = marks(output)
    with script(_HANGING, str(output), str(aside)) as process:
        assert line(process.stdout) == "half done"
    assert process.returncode < 0
    assert marks(output) == before
    assert into_place(builds({"index.html": "New."}), output, aside).ok
    assert read(output) == {"index.html": "New."}
    assert not list(aside.glob("build-*"))


_BUILDING = """
import sys
from pathlib import Path
from afterword.building import into_place, pelican_build

into_place(pelican_build(sys.argv[3]), Path(sys.argv[1]), Path(sys.argv[2]))
"""
# Settings that say that they are read, and wait until they can be read to their end.
_SLOW = """
with open({told!r}, "w") as file:
    file.write("reading")
with open({wait!r}) as file:
    file.read()
"""


def test_a_folder_is_not_cleared_away_under_a_build_that_still_goes_on(
    output: Path, aside: Path, tmp_path: Path
) -> None:
    told, wait = tmp_path / "told", tmp_path / "wait"
    for pipe in (told, wait):
        os.mkfifo(pipe)
    settings = tmp_path / "settings.py"
    settings.write_text(_SLOW.format(told=str(told), wait=str(wait)))
    with script(_BUILDING, str(output), str(aside), str(settings)) as process:
        hearing = os.open(told, os.O_RDONLY | os.O_NONBLOCK)
        assert select.select([hearing], [], [], PATIENCE)[0]
        os.close(hearing)
        process.kill()
        process.wait(PATIENCE)
    (left,) = aside.glob("build-*")
    try:
        assert into_place(builds({"index.html": "New."}), output, aside).ok
        assert left.exists()
    finally:
        with os.fdopen(os.open(wait, os.O_RDWR), "w") as file:
            file.write("pass")
    while is_used(left):  # until it has ended
        pass
    assert into_place(builds({"index.html": "Newer."}), output, aside).ok
    assert not list(aside.glob("build-*"))


def test_pages_change_after_what_they_point_to(output: Path, aside: Path) -> None:
    into_place(builds({"index.html": "Old.", "style.css": "Old."}), output, aside)
    # A folder that stands in the way makes the installing stop right there.
    (output / "zebra.png").mkdir()
    files = {"index.html": "New.", "style.css": "New.", "zebra.png": "New."}
    assert "zebra.png" in into_place(builds(files), output, aside).log
    assert (output / "style.css").read_text() == "New."
    assert (output / "index.html").read_text() == "Old."


def test_a_reader_who_never_stops_reading_never_sees_a_torn_page(output: Path, aside: Path) -> None:
    size, letters = 1_000_000, "abcdefghijklmnopqrst"
    into_place(builds({"index.html": size * "a"}), output, aside)
    done = threading.Event()

    def keep_reading() -> set[tuple[int, bytes, int]]:
        seen = set()
        while not done.is_set():
            page = (output / "index.html").read_bytes()
            seen.add((len(page), page[:1], page.count(page[:1])))
        return seen

    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(keep_reading) for _ in range(3)]
        for letter in letters:
            into_place(builds({"index.html": size * letter}), output, aside)
        done.set()
        seen = set.union(*(each.result(PATIENCE) for each in reading))
    assert len(seen) > 1
    assert seen <= {(size, letter.encode(), size) for letter in letters}


def test_what_is_put_in_place_can_be_read_by_a_web_server(output: Path, aside: Path) -> None:
    usual = os.umask(0o022)
    try:
        into_place(builds({"a/index.html": "Home."}), output, aside)
    finally:
        os.umask(usual)
    assert (output / "a").stat().st_mode & 0o777 == 0o755
    assert (output / "a/index.html").stat().st_mode & 0o777 == 0o644


def test_a_site_may_be_removed_and_comes_back_whole(output: Path, aside: Path) -> None:
    files = {"index.html": "Home.", "a/index.html": "A."}
    into_place(builds(files), output, aside)
    shutil.rmtree(output)
    into_place(builds(files), output, aside)
    assert read(output) == files


def test_builds_of_one_site_never_overlap(output: Path, aside: Path) -> None:
    inside = threading.Lock()
    start = threading.Barrier(4)

    def build(made: Path) -> Outcome:
        assert inside.acquire(blocking=False)
        (made / "index.html").write_text("Home.")
        inside.release()
        return OK

    def attempt(_: int) -> bool:
        start.wait(PATIENCE)
        return all(into_place(build, output, aside).ok for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(attempt, range(4)))
