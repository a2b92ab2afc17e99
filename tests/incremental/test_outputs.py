"""The output folder: what was made is there, whole, and nothing else of ours."""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incremental.outputs import Outputs
from incremental.state import State
from tests.scripts import PATIENCE, line, script


class Site:
    """A site that is built again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "output"
        self.memory = root / "var/state.sqlite3"

    @contextmanager
    def building(self) -> Iterator[Outputs]:
        with State.open(self.memory) as state, Outputs(self.output, state).building() as outputs:
            yield outputs

    def build(self, files: Mapping[str, str]) -> None:
        with self.building() as outputs:
            for name, text in files.items():
                outputs.put(name, text.encode())

    def break_off(self, files: Mapping[str, str]) -> None:
        """A build that gets no further than this."""
        with suppress(KeyboardInterrupt), self.building() as outputs:
            for name, text in files.items():
                outputs.put(name, text.encode())
            raise KeyboardInterrupt

    def files(self) -> dict[str, str]:
        found = (path for path in self.output.rglob("*") if path.is_file())
        return {path.relative_to(self.output).as_posix(): path.read_text() for path in found}

    def marks(self) -> dict[str, tuple[int, int]]:
        """What changes with every file that is written anew, were it with the same bytes."""
        found = ((path, path.stat()) for path in self.output.rglob("*") if path.is_file())
        return {path.name: (status.st_ino, status.st_mtime_ns) for path, status in found}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that was never built."""
    return Site(tmp_path)


def test_unchanged_bytes_are_not_touched(site: Site) -> None:
    site.build({"a/same": "Same.", "other": "Old."})
    before = site.marks()
    site.build({"a/same": "Same.", "other": "New."})
    assert site.marks()["same"] == before["same"]
    assert site.marks()["other"] != before["other"]
    assert site.files() == {"a/same": "Same.", "other": "New."}


def test_without_its_memory_a_build_touches_as_little(site: Site) -> None:
    site.build({"same": "Same."})
    before = site.marks()
    shutil.rmtree(site.memory.parent)
    site.build({"same": "Same."})
    assert site.marks() == before


def test_a_file_that_somebody_else_changed_is_put_right(site: Site) -> None:
    site.build({"a": "Ours.", "b": "Ours."})
    kept = (site.output / "a").stat()
    (site.output / "a").write_text("Hers.")
    os.utime(site.output / "a", ns=(kept.st_atime_ns, kept.st_mtime_ns))
    (site.output / "b").unlink()
    site.build({"a": "Ours.", "b": "Ours."})
    assert site.files() == {"a": "Ours.", "b": "Ours."}


def test_a_link_in_place_of_a_file_is_replaced_and_what_it_points_to_left_alone(
    site: Site,
) -> None:
    site.build({"a": "Ours."})
    elsewhere = site.root / "elsewhere"
    elsewhere.write_text("Ours.")
    (site.output / "a").unlink()
    (site.output / "a").symlink_to(elsewhere)
    site.build({"a": "New."})
    assert elsewhere.read_text() == "Ours."
    assert not (site.output / "a").is_symlink()
    assert site.files() == {"a": "New."}


def test_a_copy_is_what_it_is_of(site: Site) -> None:
    source = site.root / "photo"
    for data in ("One.", "Two."):
        source.write_text(data)
        with site.building() as outputs:
            outputs.copy("images/photo", source)
        assert site.files() == {"images/photo": data}
    before = site.marks()
    with site.building() as outputs:
        outputs.copy("images/photo", source)
    assert site.marks() == before


def test_what_others_have_put_there_stays(site: Site) -> None:
    site.build({"a/one": "One.", "b/two": "Two."})
    (site.output / "b/photo").write_text("Put here by hand.")
    site.build({"a/one": "One."})
    assert site.files() == {"a/one": "One.", "b/photo": "Put here by hand."}
    (site.output / "b/photo").unlink()
    site.build({"b/two/three": "Three."})
    assert [path.name for path in sorted(site.output.rglob("*"))] == ["b", "two", "three"]


def test_a_build_that_breaks_off_removes_nothing_and_the_next_one_knows(site: Site) -> None:
    site.build({"old": "Old."})
    site.break_off({"new": "New."})
    assert site.files() == {"old": "Old.", "new": "New."}
    site.build({"third": "Third."})
    assert site.files() == {"third": "Third."}


_KILLED = """
import os, signal, sys
from pathlib import Path
from incremental.outputs import Outputs
from incremental.state import State

output, memory = Path(sys.argv[1]), Path(sys.argv[2])
with State.open(memory) as state, Outputs(output, state).building() as outputs:
    outputs.put("a/new", b"New.")
    outputs.put("old", b"Newer.")
    Path(output, "a/.making-1").write_text("half a fi")
    print("half done", flush=True)
    sys.stdin.read()
"""


def test_a_killed_build_is_repaired_by_the_next(site: Site) -> None:
    site.build({"old": "Old.", "older": "Older."})
    with script(_KILLED, str(site.output), str(site.memory)) as process:
        assert line(process.stdout) == "half done"
    assert process.returncode < 0
    site.build({"old": "Old."})
    assert site.files() == {"old": "Old."}


_KILLED_IN_WRITING = """
import os, signal, sys
from pathlib import Path
from incremental.outputs import Outputs
from incremental.state import State

output, memory = Path(sys.argv[1]), Path(sys.argv[2])
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with State.open(memory) as state, Outputs(output, state).building() as outputs:
    outputs.put("a/old", b"Newer.")
"""


def test_what_a_killed_build_was_writing_goes_even_if_the_next_one_writes_nothing(
    site: Site,
) -> None:
    site.build({"a/old": "Old."})
    with script(_KILLED_IN_WRITING, str(site.output), str(site.memory)) as process:
        process.wait(PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert len(site.files()) == 2
    site.build({"a/old": "Old."})
    assert site.files() == {"a/old": "Old."}


def test_only_a_build_that_was_killed_has_the_next_one_look_for_remains(site: Site) -> None:
    site.build({"a": "Old."})
    (site.output / ".making-1").write_text("Hers.")
    site.build({"a": "New."})
    assert ".making-1" in site.files()


def test_a_write_that_fails_leaves_the_old_file_and_no_trace(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build({"a": "Old."})

    def full(path: Path, _: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            site.build({"a": "New."})
    assert site.files() == {"a": "Old."}
    site.build({"a": "New."})
    assert site.files() == {"a": "New."}


def test_something_of_somebody_elses_in_the_way_is_named_and_kept(site: Site) -> None:
    site.output.mkdir()
    (site.output / "about").write_text("Hers.")
    with pytest.raises(OSError, match="about"):
        site.build({"about/index.html": "Ours."})
    (site.output / "contact").mkdir()
    (site.output / "contact/photo").write_text("Hers.")
    with pytest.raises(OSError, match="contact"):
        site.build({"contact": "Ours."})
    assert site.files() == {"about": "Hers.", "contact/photo": "Hers."}


# Names that are now files and now folders, as renamed posts make them.
_parts = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)


def _possible(names: set[str]) -> bool:
    return not any(other.startswith(f"{name}/") for name in names for other in names)


_builds = st.lists(
    st.dictionaries(_parts, st.sampled_from(["", "One.", "Two."]), max_size=6).filter(
        lambda files: _possible(set(files))
    ),
    min_size=1,
    max_size=5,
)


@given(_builds, st.data())
def test_after_any_builds_there_is_what_the_last_has_made(
    tmp_path_factory: pytest.TempPathFactory, builds: list[dict[str, str]], data: st.DataObject
) -> None:
    site = Site(tmp_path_factory.mktemp("site"))
    for files in builds:
        if data.draw(st.booleans()):
            half = list(files.items())[: data.draw(st.integers(0, 6))]
            site.break_off(dict(half))
        site.build(files)
        assert site.files() == files
        folders = [path for path in site.output.rglob("*") if path.is_dir()]
        assert all(any(folder.iterdir()) for folder in folders)
