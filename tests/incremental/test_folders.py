"""Folders of files: read when something has changed, and only then, and never wrongly."""

import json
import multiprocessing
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incremental import folders
from incremental.folders import Folders
from incremental.holdings import Holding, OnDisk
from incremental.workers import spread


@dataclass
class Texts:
    """Reads files as text, and counts."""

    root: Path
    version: bytes = b"1"
    read_files: list[str] = field(default_factory=list)

    def read(self, folder: str, name: str) -> tuple[object, bool]:
        self.read_files.append(f"{folder}/{name}" if folder else name)
        try:
            return (self.root / folder / name).read_text(errors="surrogateescape"), True
        except OSError as error:
            return error.strerror, False

    def sum_up(self, folder: str, files: Mapping[str, Any]) -> str:
        return json.dumps([folder, files])


class Place:
    """Folders of files that are looked at again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root / "texts"
        self.memory = root / "var/texts.sqlite3"
        self.root.mkdir()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def folders(self, *, memory: bool = True, version: bytes = b"1") -> tuple[Folders, Texts]:
        reader = Texts(self.root, version)
        return Folders(self.root, reader, self.memory if memory else None), reader

    def look(
        self, *, memory: bool = True, version: bytes = b"1"
    ) -> tuple[dict[str, dict[str, str]], list[str]]:
        """What is in each folder, and which files had to be read for that."""
        found, reader = self.folders(memory=memory, version=version)
        summaries = found.look()
        for name, summary in summaries.items():
            assert json.loads(summary) == [name, found.files(name)]
        return {name: dict(found.files(name)) for name in summaries}, sorted(reader.read_files)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place where the clock ticks so finely that no stamp is too young to be trusted."""
    monkeypatch.setattr(folders, "_TICK", -1)
    return Place(tmp_path)


ALL = {"a": {"1": "One.", "2": "Two."}, "b/c": {"3": "Three."}}


@pytest.fixture
def filled(place: Place) -> Place:
    """A place with some files."""
    for folder, files in ALL.items():
        for name, text in files.items():
            place.write(f"{folder}/{name}", text)
    return place


def test_what_has_not_changed_is_not_read_again(filled: Place) -> None:
    assert filled.look() == (ALL, ["a/1", "a/2", "b/c/3"])
    assert filled.look() == (ALL, [])
    assert filled.look(memory=False) == (ALL, ["a/1", "a/2", "b/c/3"])


def test_a_change_costs_the_files_that_have_changed(filled: Place) -> None:
    filled.look()
    filled.write("a/2", "Too.")
    filled.write("a/4", "Four.")
    (filled.root / "b/c/3").unlink()
    found = {"a": {"1": "One.", "2": "Too.", "4": "Four."}}
    assert filled.look() == (found, ["a/2", "a/4"])
    assert filled.look() == (found, [])


def test_another_version_of_the_reader_reads_all_anew(filled: Place) -> None:
    filled.look()
    assert filled.look(version=b"2") == (ALL, ["a/1", "a/2", "b/c/3"])


def test_a_damaged_memory_is_begun_anew(filled: Place) -> None:
    filled.look()
    filled.memory.write_bytes(b"no database " * 1000)
    assert filled.look() == (ALL, ["a/1", "a/2", "b/c/3"])


def test_where_there_is_nothing_nothing_is_found(place: Place) -> None:
    place.root.rmdir()
    assert place.look() == ({}, [])
    assert place.folders()[0].look_at("a") is None


def test_a_look_at_one_folder_reads_no_other(filled: Place) -> None:
    some, reader = filled.folders()
    assert json.loads(some.look_at("a") or "") == ["a", ALL["a"]]
    assert reader.read_files == ["a/1", "a/2"]
    assert some.look_at("a") == some.look_at("a")
    assert reader.read_files == ["a/1", "a/2"]
    assert some.files("b/c") == {}
    filled.write("a/1", "Won.")
    assert json.loads(some.look_at("a") or "")[1]["1"] == "Won."
    (filled.root / "a/1").unlink()
    (filled.root / "a/2").unlink()
    assert some.look_at("a") is None
    assert some.files("a") == {}
    assert filled.look() == ({"b/c": ALL["b/c"]}, ["b/c/3"])


def test_a_file_that_has_just_changed_is_read_once_more(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(folders, "_TICK", 3600 * 10**9)
        filled.look()
        assert filled.look() == (ALL, ["a/1", "a/2", "b/c/3"])
    assert filled.look() == (ALL, ["a/1", "a/2", "b/c/3"])
    assert filled.look() == (ALL, [])


@pytest.mark.parametrize(
    ("changed", "tells"),
    [(1_900_000_000, False), (1_899_999_999, True), (0, False), (-1, True), (1_000_000_000, False)],
)
def test_dates_in_whole_seconds_tell_of_a_clock_that_ticks_slowly(
    changed: int, *, tells: bool
) -> None:
    assert folders._tells([1, changed, changed, 1], 2_000_000_000) is tells


def test_a_file_may_change_within_a_tick_and_keep_its_stamp(
    filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_TICK", 100_000_000)
    filled.look()
    filled.write("a/1", "Two.")
    now = (filled.root / "a/1").stat()
    # Had the clock stood still, its stamp would be this one already.
    held = OnDisk(filled.memory, b"1")
    files, short = dict(held.files("a")), held.short("a")
    assert short
    stamp = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    held.change([Holding("a", short, {**files, "1": [*stamp, *files["1"][4:]]})], [])
    assert filled.look()[0]["a"]["1"] == "Two."


def test_what_is_in_linked_files_is_never_taken_for_known(filled: Place) -> None:
    elsewhere = filled.root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x").write_text("Here.")
    (filled.root / "a/9").symlink_to(elsewhere / "x")
    (filled.root / "linked").symlink_to(elsewhere)
    assert filled.look()[0] == {**ALL, "a": {**ALL["a"], "9": "Here."}}
    (elsewhere / "x").write_text("There.")
    assert filled.look() == ({**ALL, "a": {**ALL["a"], "9": "There."}}, ["a/9"])


def test_what_could_not_be_read_is_tried_again(filled: Place) -> None:
    (filled.root / "a/9").symlink_to("nowhere")
    assert filled.look()[0]["a"]["9"] == "No such file or directory"
    assert filled.look()[1] == ["a/9"]


def test_names_that_begin_with_a_dot_are_passed_over(filled: Place) -> None:
    filled.write("a/.1.tmp", "Being written.")
    filled.write(".git/x", "No.")
    assert filled.look()[0] == ALL


@pytest.mark.parametrize("name", ["\u00fc", "\n", "\udcff", "'\"", "\U0001f600", "a b"])
def test_any_name_will_do(place: Place, name: str) -> None:
    place.write(f"x/{name}/{name}1", "Text.")
    found = {f"x/{name}": {f"{name}1": "Text."}}
    assert place.look() == (found, [f"x/{name}/{name}1"])
    assert place.look() == (found, [])


def _in_a_fork(some: Folders, names: list[str], answers: "Queue[object]") -> None:
    answers.put([dict(some.files(name)) for name in names])


def test_forked_processes_find_what_was_read(filled: Place) -> None:
    some, _ = filled.folders()
    names = sorted(some.look())
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [context.Process(target=_in_a_fork, args=(some, names, answers)) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert [answers.get(timeout=30) for _ in workers] == 3 * [[ALL[name] for name in names]]
    for worker in workers:
        worker.join()
    assert [dict(some.files(name)) for name in names] == [ALL[name] for name in names]


@given(data=st.data())
def test_the_memory_is_never_wrong(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever happens to the files, what is found is what is there."""
    place = Place(tmp_path_factory.mktemp("place"))
    names = st.sampled_from(["a/1", "a/2", "b/1", "b/c/1", "1"])
    for _ in range(data.draw(st.integers(1, 8))):
        name, deed = data.draw(names), data.draw(st.sampled_from(["write", "remove", "look at"]))
        path = place.root / name
        if deed == "write" and not path.is_dir():
            place.write(name, data.draw(st.sampled_from(["x", "y", "zz"])))
        elif deed == "remove":
            path.unlink(missing_ok=True)
        else:
            place.folders()[0].look_at(os.path.dirname(name))  # noqa: PTH120  # as names are here
        assert place.look()[0] == place.look(memory=False)[0]


@pytest.mark.usefixtures("alone")
def test_several_processes_read_what_one_would(place: Place) -> None:
    for number in range(60):
        place.write(f"{number}/1.md", f"No. {number}")
    reader = Texts(place.root)
    many = Folders(place.root, reader, place.memory, partial(spread, processes=2))
    found = many.look()
    assert not reader.read_files  # they were read elsewhere
    assert {name: list(many.files(name)) for name in found} == {f"{n}": ["1.md"] for n in range(60)}
    alone, reader = place.folders(memory=False)
    assert alone.look() == found
