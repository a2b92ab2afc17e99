"""Releases: whole, of which one is live, and none is harmed by what comes after it."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incremental.outputs import Outputs
from incremental.releases import Published
from incremental.shelf import Refused
from incremental.state import State
from incremental.turns import taking_turns
from tests.incremental.publishing import ONE, THREE, TWO, Blog, Files, is_same, read, write
from tests.scripts import PATIENCE, line, script

# Publishing


def test_a_site_is_live_once_it_is_whole(blog: Blog) -> None:
    done = blog.publish(ONE)
    assert done == Published("2026-11-25T000000Z", files=4, new=4)
    assert blog.link.readlink() == Path("public.releases/2026-11-25T000000Z")
    assert blog.live() == ONE
    assert blog.publish(TWO) == Published("2026-11-25T000100Z", files=3, new=2)
    assert blog.live() == TWO
    assert read(blog.release(0)) == ONE


def test_what_is_the_same_is_shared_with_the_release_before_it(blog: Blog) -> None:
    blog.publish(ONE)
    before = (blog.link / "a/same.html").stat()
    blog.publish(TWO)
    assert is_same(blog.release(0) / "a/same.html", blog.release(1) / "a/same.html")
    assert (blog.link / "a/same.html").stat().st_mtime_ns == before.st_mtime_ns
    assert not is_same(blog.release(0) / "index.html", blog.release(1) / "index.html")


def test_what_is_built_is_shared_with_no_release(blog: Blog) -> None:
    blog.publish(ONE)
    built = blog.staging / "index.html"
    assert built.stat().st_nlink == 1
    assert (blog.link / "index.html").stat().st_mtime_ns == built.stat().st_mtime_ns
    with built.open("w") as file:
        file.write("Written in place.")
    assert blog.live() == ONE


def test_where_nothing_has_changed_there_is_no_new_release(blog: Blog) -> None:
    first = blog.publish(ONE)
    assert blog.publish(ONE) == Published(first.release, files=4, new=0)
    assert blog.shelf.names() == [first.release]


def test_a_release_that_only_lacks_something_is_a_new_one(blog: Blog) -> None:
    blog.publish(ONE)
    fewer = {name: text for name, text in ONE.items() if name != "old.html"}
    assert blog.publish(fewer).new == 0
    assert blog.live() == fewer
    assert read(blog.release(0)) == ONE


def test_what_somebody_did_to_a_release_is_not_in_the_next(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.link / "a/same.html").unlink()
    (blog.link / "a/same.html").write_text("Mine.")
    (blog.link / "more.html").write_text("Mine, too.")
    blog.publish(ONE)
    assert blog.live() == ONE
    assert len(blog.shelf.names()) == 2


def test_the_last_five_are_kept(blog: Blog) -> None:
    done = [blog.publish({"index.html": str(number)}).release for number in range(8)]
    assert blog.shelf.names() == done[-5:]
    assert [read(blog.release(number))["index.html"] for number in range(5)] == list("34567")
    assert blog.live() == {"index.html": "7"}


def test_fewer_are_kept_if_there_are_no_more(blog: Blog) -> None:
    for number in range(3):
        blog.publish({"index.html": str(number)})
    assert len(blog.shelf.names()) == 3


def test_nothing_old_is_left_where_only_one_is_to_be_kept(blog: Blog) -> None:
    for files in (ONE, TWO, THREE):
        blog.publish(files)
    blog.publish(THREE, keep=1)
    folders = [path for path in blog.shelf.folder.iterdir() if path.is_dir()]
    assert [read(folder) for folder in folders] == [THREE, THREE]
    assert set(folders) == {blog.staging, blog.release(0)}


def test_a_build_that_fails_changes_nothing(blog: Blog) -> None:
    blog.publish(ONE)

    def fails(folder: Path) -> None:
        write(folder, TWO)
        raise ZeroDivisionError

    for act in (blog.releases.renew, lambda build: blog.releases.publish(build, 5)):
        with pytest.raises(ZeroDivisionError):
            act(fails)
        assert blog.live() == ONE
        assert len(blog.shelf.names()) == 1


@pytest.mark.parametrize("files", [{}, {"index.html": "One."}])
def test_a_build_that_makes_nothing_is_not_published(blog: Blog, files: Files) -> None:
    if files:
        blog.publish(files)
    with pytest.raises(Refused, match="made no files"):
        blog.publish({})
    assert blog.live() == files


# Other programs


def test_a_release_cannot_be_written_to_in_place(blog: Blog) -> None:
    blog.publish(ONE)
    blog.publish(TWO)
    for path in blog.shelf.folder.glob("2*/**/*.html"):
        assert path.stat().st_mode & 0o777 == 0o444
    (blog.link / "a/same.html").chmod(0o644)
    blog.publish(THREE | {"a/same.html": "Same."})
    assert (blog.link / "a/same.html").stat().st_mode & 0o777 == 0o444


def test_a_build_into_the_live_release_leaves_the_others_alone(blog: Blog) -> None:
    blog.publish(ONE)
    blog.publish(ONE | {"old.html": "Newer."})
    with State.open(blog.root / "state") as state, Outputs(blog.link, state).building() as outputs:
        for name in ONE:
            outputs.put(name, b"Put.")
    assert set(blog.live().values()) == {"Put."}
    assert read(blog.release(0)) == ONE


# Rolling back


def test_rolling_back_twice_goes_back_two_releases_and_no_further(blog: Blog) -> None:
    names = [blog.publish(files).release for files in (ONE, TWO, THREE)]
    assert blog.releases.roll_back() == (names[2], names[1])
    assert blog.live() == TWO
    assert blog.releases.roll_back() == (names[1], names[0])
    assert blog.live() == ONE
    with pytest.raises(Refused, match=f"{names[0]} is live, and no older release"):
        blog.releases.roll_back()
    assert blog.live() == ONE


def test_any_release_can_be_named(blog: Blog) -> None:
    names = [blog.publish(files).release for files in (ONE, TWO, THREE)]
    for number in (0, 2, 2, 1):
        assert blog.releases.roll_back(names[number])[1] == names[number]
        assert blog.live() == (ONE, TWO, THREE)[number]
    for name in ("2026-11-25T000007Z", ".staging", "../public.releases", "", "."):
        if name:
            with pytest.raises(Refused, match=r"no release that is kept; there are 2026-"):
                blog.releases.roll_back(name)
    assert blog.live() == TWO


def test_there_is_nothing_to_roll_back_to_before_the_first_release(blog: Blog) -> None:
    with pytest.raises(Refused, match="no releases yet"):
        blog.releases.roll_back()
    assert list(blog.root.iterdir()) == []


def test_publishing_goes_forward_from_a_rollback(blog: Blog) -> None:
    blog.publish(ONE)
    second = blog.publish(TWO)
    blog.releases.roll_back()
    assert blog.publish(TWO).release == second.release
    assert blog.live() == TWO
    blog.releases.roll_back()
    blog.publish(THREE)
    assert blog.live() == THREE
    blog.releases.roll_back()
    assert blog.live() == TWO


def test_publishing_after_a_rollback_to_the_oldest_keeps_the_newest(blog: Blog) -> None:
    names = [blog.publish({"index.html": str(number)}).release for number in range(5)]
    blog.releases.roll_back(names[0])
    newest = blog.publish({"index.html": "5"}).release
    assert blog.shelf.names() == [*names[1:], newest]
    assert blog.live() == {"index.html": "5"}


# Renewing


def test_renewing_changes_the_live_release_and_no_other(blog: Blog) -> None:
    blog.publish(ONE)
    second = blog.publish(ONE | {"index.html": "Other."})
    assert blog.renew(TWO) == Published(second.release, files=3, new=2)
    assert blog.live() == TWO
    assert read(blog.release(0)) == ONE
    assert len(blog.shelf.names()) == 2
    assert blog.renew(TWO).new == 0
    assert blog.publish(TWO) == Published(second.release, files=3, new=0)


def test_renewing_leaves_alone_what_somebody_else_has_put_there(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.link / ".well-known").mkdir()
    (blog.link / ".well-known/challenge").write_text("Hers.")
    for files in (TWO, THREE):
        blog.renew(files)
        assert blog.live() == files | {".well-known/challenge": "Hers."}


def test_renewing_puts_right_what_somebody_else_has_changed(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.link / "index.html").unlink()
    (blog.link / "a/same.html").chmod(0o644)
    (blog.link / "a/same.html").write_text("Hers")
    blog.renew(ONE)
    assert blog.live() == ONE


def test_without_its_memory_renewing_removes_nothing(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.shelf.folder / ".memory.json").unlink()
    blog.renew({"index.html": "Two."})
    assert blog.live() == ONE | {"index.html": "Two."}


def test_renewing_makes_the_first_release(blog: Blog) -> None:
    blog.renew(ONE)
    assert blog.live() == ONE


def test_what_was_taken_back_does_not_return_unasked(blog: Blog) -> None:
    blog.publish(ONE)
    blog.publish(TWO)
    blog.releases.roll_back()

    def build(_: Path) -> None:
        pytest.fail("there is nothing to build for")

    with pytest.raises(Refused, match=r"was put live again and .* is newer"):
        blog.releases.renew(build)
    assert blog.live() == ONE
    blog.publish(THREE)
    blog.renew(TWO)
    assert blog.live() == TWO
    assert read(blog.release(0)) == ONE


def test_a_page_changes_after_what_it_points_to(blog: Blog) -> None:
    blog.publish({"index.html": "One.", "style.css": "One."})
    # What stands in the way stops it right there.
    (blog.link / "zebra.png").mkdir()
    (blog.link / "zebra.png/hers").write_text("Hers.")
    files = {"index.html": "Two.", "style.css": "Two.", "zebra.png": "Two."}
    with pytest.raises(OSError, match=r"zebra\.png"):
        blog.renew(files)
    assert blog.live() == {"index.html": "One.", "style.css": "Two.", "zebra.png/hers": "Hers."}
    (blog.link / "zebra.png/hers").unlink()
    blog.renew(files)
    assert blog.live() == files


# Amending


def test_amending_changes_the_live_release_and_no_other(blog: Blog) -> None:
    blog.publish(ONE)
    blog.publish(ONE | {"index.html": "Other."})
    for files in (TWO, THREE, THREE | {"index.html": "Four."}, ONE):
        blog.amend(files)
        assert blog.live() == files
        assert read(blog.release(0)) == ONE
    assert len(blog.shelf.names()) == 2
    assert blog.publish(ONE).new == 0


def test_amending_looks_at_nothing_but_what_has_changed(blog: Blog) -> None:
    blog.publish(ONE)

    def act(folder: Path) -> list[str]:
        for name in ONE:
            (folder / name).write_text("Two.")
        return ["index.html"]

    blog.releases.amend(act)
    assert blog.live() == ONE | {"index.html": "Two."}


def test_amending_looks_at_everything_where_nobody_knows_what_has_changed(blog: Blog) -> None:
    blog.publish(ONE)
    blog.releases.amend(lambda folder: write(folder, TWO))
    assert blog.live() == TWO

    def fails(folder: Path) -> list[str]:
        write(folder, THREE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        blog.releases.amend(fails)
    assert blog.live() == TWO
    blog.releases.amend(lambda _: [])
    assert blog.live() == THREE


def test_what_was_added_by_amending_goes_by_renewing_and_what_is_hers_stays(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.link / "hers.html").write_text("Hers.")
    blog.amend(ONE | {"new.html": "New."})
    blog.renew(ONE)
    assert blog.live() == ONE | {"hers.html": "Hers."}


def test_amending_makes_the_first_release_and_none_after_a_rollback(blog: Blog) -> None:
    blog.amend(ONE)
    assert blog.live() == ONE
    blog.publish(TWO)
    blog.releases.roll_back()
    with pytest.raises(Refused, match="was put live again"):
        blog.amend(THREE)
    assert blog.live() == ONE
    blog.releases.roll_back(blog.shelf.newest())
    blog.amend(THREE)
    assert blog.live() == THREE


# Names that are now files and now folders, as renamed posts make them.
_parts = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
_sites = st.dictionaries(_parts, st.sampled_from(["", "One.", "Two."]), min_size=1, max_size=6)
_steps = st.tuples(
    st.sampled_from(["publish", "renew", "amend", "roll back"]),
    _sites.filter(lambda files: not any(b.startswith(f"{a}/") for a in files for b in files)),
    st.integers(1, 4),
)


@given(steps=st.lists(_steps, min_size=1, max_size=8))
def test_whatever_is_done_each_release_is_what_it_was(
    steps: list[tuple[str, Files, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    blog = Blog(tmp_path_factory.mktemp("site"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)  # a disk is slow, and no power is lost
        _hold(blog, steps)
    shutil.rmtree(blog.root)


def _hold(blog: Blog, steps: list[tuple[str, Files, int]]) -> None:
    made: dict[str, Files] = {}
    for act, files, keep in steps:
        try:
            if act == "publish":
                made[blog.publish(files, keep).release] = files
            elif act == "renew":
                made[blog.renew(files).release] = files
            elif act == "amend":
                blog.amend(files)
                made[str(blog.shelf.live())] = files
            else:
                blog.releases.roll_back()
        except Refused:
            assert act != "publish"
        assert {name: read(blog.shelf.folder / name) for name in blog.shelf.names()} == {
            name: made[name] for name in blog.shelf.names()
        }
        assert blog.shelf.live() is not None or not made
        assert len(blog.shelf.names()) <= keep or act != "publish"


# Readers, power losses, other processes


def test_a_reader_who_follows_the_link_sees_a_whole_site(blog: Blog) -> None:
    names = [f"page-{number}.html" for number in range(10)]
    blog.publish(dict.fromkeys(names, "0"))
    done = threading.Event()

    def keep_reading() -> set[frozenset[str]]:
        seen = set()
        while not done.is_set():
            folder = os.open(blog.link, os.O_DIRECTORY)
            try:
                handles = [os.open(name, os.O_RDONLY, dir_fd=folder) for name in names]
                texts = [os.read(handle, 10).decode() for handle in handles]
                for handle in handles:
                    os.close(handle)
            finally:
                os.close(folder)
            seen.add(frozenset(texts))
        return seen

    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(keep_reading) for _ in range(3)]
        try:
            for number in range(1, 10):
                # None is removed: that would be no fault, but no site either.
                blog.publish(dict.fromkeys(names, str(number)), keep=99)
                blog.releases.roll_back()
                blog.releases.roll_back(blog.shelf.newest())
        finally:
            done.set()
        seen = set.union(*(each.result(PATIENCE) for each in reading))
    assert all(len(texts) == 1 for texts in seen)
    assert len(seen) > 1


def test_the_second_waits_for_the_first(blog: Blog) -> None:
    blog.publish(ONE)
    with ThreadPoolExecutor(1) as second:
        with taking_turns(blog.shelf.folder / ".lock"):
            started = second.submit(blog.publish, TWO)
            while not blog.waited:
                assert not started.done()
            assert blog.live() == ONE
        started.result(PATIENCE)
    assert blog.live() == TWO


_PUBLISHING = """
import json, os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from incremental.releases import Releases
from incremental.shelf import Shelf

releases = Releases(Shelf.at(Path(sys.argv[1])), lambda: datetime(2026, 11, 25, tzinfo=UTC))
lasting = {"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"}
left = 0

def count(event, arguments):
    global left
    if event in lasting:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

def build(folder):
    global left
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    left = at

sys.addaudithook(count)
for request in sys.stdin:
    act, at, files, names = json.loads(request)
    child = os.fork()
    if child == 0:
        if act == "renew":
            releases.renew(build)
        elif act == "amend":
            releases.amend(lambda folder: build(folder) or names)
        elif act == "publish":
            releases.publish(build, 2)
        else:
            left = at
            releases.roll_back()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def steps_until_whole(blog: Blog, act: str, sites: list[Files]) -> Iterator[tuple[Files, int]]:
    """Publish one site after the other, each killed one step later; yield how each ended."""
    with script(_PUBLISHING, str(blog.link)) as process:
        assert process.stdin
        names = {name for files in sites for name in files}
        for number in count(1):
            own = {"number.html": str(number), f"only-{number}.html": "New."}
            files = sites[number % len(sites)] | own
            process.stdin.write(json.dumps([act, number, files, sorted(names | own.keys())]) + "\n")
            process.stdin.flush()
            status = int(line(process.stdout))
            assert status in {0, -signal.SIGKILL}
            yield files, status
            if status == 0:
                return


@pytest.mark.builds
def test_wherever_it_is_killed_the_old_or_the_new_site_is_live(blog: Blog) -> None:
    for files in (ONE, TWO, THREE):
        blog.publish(files, keep=2)
    old, ends = blog.live(), []
    for files, status in steps_until_whole(blog, "publish", [ONE, TWO, THREE]):
        assert blog.live() in (old, files)
        old = blog.live()
        ends.append(status)
        last = files
    assert len(ends) > 20
    # Nothing is left of all that was killed.
    blog.publish(last, keep=2)
    assert blog.live() == last
    names = {*blog.shelf.names(), ".staging", ".next", ".memory.json", ".agreed", ".lock"}
    assert {path.name for path in blog.shelf.folder.iterdir()} <= names
    assert {path.name for path in blog.root.iterdir()} == {"public", "public.releases"}
    assert len(blog.shelf.names()) == 2
    blog.publish(THREE, keep=1)
    assert blog.live() == THREE


@pytest.mark.builds
@pytest.mark.parametrize("act", ["renew", "amend"])
def test_wherever_renewing_is_killed_each_file_is_the_old_or_the_new_one(
    blog: Blog, act: str
) -> None:
    blog.publish(ONE)
    blog.publish(TWO)
    old, ends = blog.live(), []
    for files, status in steps_until_whole(blog, act, [ONE, TWO, THREE]):
        for name, text in blog.live().items():
            assert text in (old.get(name), files.get(name))
        assert read(blog.release(0)) == ONE
        old = blog.live()
        ends.append(status)
    assert len(ends) > 10
    assert blog.live() == files


@pytest.mark.builds
def test_wherever_amending_is_killed_the_next_one_makes_up_for_it(blog: Blog) -> None:
    blog.publish(ONE)
    ends = []
    for files, status in steps_until_whole(blog, "amend", [ONE, TWO, THREE]):
        if status:
            blog.releases.amend(lambda _: [])
            built = read(blog.staging)
            assert blog.live() == built
        else:
            assert blog.live() == files
        ends.append(status)
    assert len(ends) > 10


@pytest.mark.builds
def test_wherever_publishing_is_killed_renewing_goes_on_from_there(blog: Blog) -> None:
    for files in (ONE, TWO):
        blog.publish(files)
    finished = 0
    for files, status in steps_until_whole(blog, "publish", [ONE, TWO, THREE]):
        was = blog.shelf.live()
        blog.renew(files | {"renewed.html": "Yes."})
        assert blog.live() == files | {"renewed.html": "Yes."}
        finished += status != 0 and blog.shelf.live() != was
    assert finished > 0


@pytest.mark.builds
def test_wherever_rolling_back_is_killed_the_one_or_the_other_release_is_live(blog: Blog) -> None:
    for files in (ONE, TWO):
        blog.publish(files)
    ends = []
    for _, status in steps_until_whole(blog, "roll back", [ONE]):
        ends.append(status)
        if blog.live() == TWO:
            blog.renew(TWO)
    assert blog.live() == ONE
    assert len(ends) > 2
    with pytest.raises(Refused, match="was put live again"):
        blog.renew(TWO)
    assert blog.live() == ONE


def test_what_a_killed_publishing_has_left_goes_even_if_there_is_nothing_to_do(blog: Blog) -> None:
    blog.publish(ONE)
    (blog.shelf.folder / ".parts").mkdir()
    (blog.shelf.folder / ".parts/0").write_text("Half.")
    (blog.root / ".public.next").symlink_to("public.releases/2026-11-25T000009Z")
    blog.publish(ONE)
    assert not (blog.shelf.folder / ".parts").exists()
    assert {path.name for path in blog.root.iterdir()} == {"public", "public.releases"}


def test_renewing_while_the_first_release_is_made_renews_that_one(blog: Blog) -> None:
    with ThreadPoolExecutor(1) as second:

        def build(folder: Path) -> None:
            write(folder, ONE)
            started.append(second.submit(blog.renew, TWO))
            while not blog.waited:
                assert not started[0].done()

        started: list[Future[Published]] = []
        first = blog.releases.publish(build, 5)
        assert started[0].result(PATIENCE).release == first.release
    assert blog.live() == TWO
