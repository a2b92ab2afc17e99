"""New texts in finished files: in their places, whole, and as if a build had put them there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incremental.fragments import Fragment, Piece
from incremental.journal import recover
from incremental.outputs import Outputs
from incremental.packed import pack
from incremental.splicing import Interfered, Splice
from incremental.state import State
from incremental.traces import FRAGMENT, Inputs, Read, Trace

# A page is texts that stay and fragments, in their order.
Page = Sequence[str | Fragment]

ONE, TWO = Fragment("thread", "one"), Fragment("count", "two", "5")
PAGES: Mapping[str, Page] = {
    "a/index.html": ["<p>", ONE, "</p>", TWO, ONE, "."],
    "b.html": [TWO],
    "c.html": ["No fragment."],
}


@dataclass
class Site:
    """Pages with fragments in them, built once and changed after."""

    root: Path
    pages: Mapping[str, Page]
    texts: dict[Fragment, str] = field(default_factory=dict)

    @contextmanager
    def state(self) -> Iterator[State]:
        with State.open(self.root / "var/state.sqlite3") as state:
            yield state

    @property
    def output(self) -> Path:
        return self.root / "output"

    def text(self, fragment: Fragment) -> str:
        return self.texts.get(fragment, f"{fragment.kind} of {fragment.key}")

    def page(self, name: str) -> tuple[str, Trace]:
        """What a build makes of a page now."""
        data, pieces = b"", []
        for part in self.pages[name]:
            text = (part if isinstance(part, str) else self.text(part)).encode()
            if isinstance(part, Fragment):
                pieces.append(Piece(part, len(data), len(text)))
            data += text
        keys = sorted({piece.fragment.key for piece in pieces})
        reads = (*(Read(FRAGMENT + key, (), b"1") for key in keys), Read("Post:x", ("title",), b""))
        return data.decode(), Trace(Inputs(frame=b"in"), reads, tuple(pieces))

    def build(self) -> None:
        with self.state() as state, Outputs(self.output, state).building() as outputs:
            for name in self.pages:
                text, trace = self.page(name)
                outputs.claim([name])
                outputs.have(name, outputs.write(name, text.encode()), pack(trace))
            outputs.subjects = {"Post:x": b"", FRAGMENT + "one": b"1", FRAGMENT + "two": b"1"}

    @contextmanager
    def splice(self, *keys: str) -> Iterator[tuple[Splice, State]]:
        """A splice in which all fragments with these keys are renewed."""
        with self.state() as state:
            splice = Splice(self.output, state)
            splice.renew(dict.fromkeys(keys, b"2"), self.text)
            yield splice, state

    def renew(self, *keys: str) -> Sequence[str]:
        with self.splice(*keys) as (splice, _):
            assert splice.refusals == {}
            return splice.write({})

    def refusals(self, *keys: str) -> Mapping[str, str]:
        with self.splice(*keys) as (splice, _):
            return splice.refusals

    def is_right(self) -> bool:
        """Whether all pages are as a build would make them."""
        return all((self.output / name).read_text() == self.page(name)[0] for name in self.pages)

    def marks(self) -> dict[str, tuple[int, int]]:
        found = ((path, path.stat()) for path in self.output.rglob("*") if path.is_file())
        return {path.name: (status.st_ino, status.st_mtime_ns) for path, status in found}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that was built."""
    one = Site(tmp_path, PAGES)
    one.build()
    return one


def test_new_texts_stand_where_the_old_ones_stood(site: Site) -> None:
    site.texts[ONE] = "longer than before, and not ASCII: \u00fc\U0001f600"
    before = site.marks()
    assert site.renew("one") == ["a/index.html"]
    assert site.is_right()
    assert site.marks()["b.html"] == before["b.html"]
    site.texts |= {ONE: "s", TWO: "x"}
    assert site.renew("two", "one") == ["a/index.html", "b.html"]
    assert site.is_right()


def test_what_is_renewed_without_being_another_is_not_touched(site: Site) -> None:
    before = site.marks()
    assert site.renew("one", "two") == []
    assert site.marks() == before
    assert site.renew("nobody has this key") == []


def test_a_build_that_follows_has_nothing_to_do(site: Site) -> None:
    site.texts[ONE] = "new"
    site.renew("one")
    with site.state() as state:
        outputs = Outputs(site.output, state)
        before = site.marks()
        assert all(outputs.keep(name) for name in PAGES)
        assert state.known().subjects[FRAGMENT + "one"] == b"2"
        assert state.known().subjects[FRAGMENT + "two"] == b"1"
        assert dict(state.readers(FRAGMENT + "one"))["a/index.html"].digest == b"2"
        assert list(state.intended()) == []
    site.build()
    assert site.marks() == before


def test_a_file_that_somebody_else_has_changed_is_refused(site: Site) -> None:
    path = site.output / "a/index.html"
    path.write_text(path.read_text())
    assert site.refusals("one") == {}
    path.write_text("Hers.")
    assert site.refusals("one") == {"a/index.html": "its file is not as the last build left it"}
    assert site.refusals("two") == site.refusals("one")
    path.unlink()
    assert site.refusals("one") == {"a/index.html": "its file is not as the last build left it"}


def test_a_file_that_somebody_changes_meanwhile_is_not_written(site: Site) -> None:
    site.texts[ONE] = "new"
    with site.splice("one") as (splice, state):
        (site.output / "a/index.html").write_text("Hers.")
        with pytest.raises(Interfered, match=r"a/index\.html"):
            splice.write({"topic": {"key": "fact"}})
        assert state.version("one") == b"1"
        assert state.facts.get("topic", "key") is None
    assert (site.output / "a/index.html").read_text() == "Hers."


def test_what_a_template_looks_into_is_refused(site: Site) -> None:
    with site.state() as state, state.changing():
        trace = Trace(Inputs(), (), (Piece(TWO, 0, 12),), frozenset({ONE}))
        state.remake({"b.html": trace})
    more = "its template does more with thread of one than show it, or there was none"
    assert site.refusals("one") == {"b.html": more}
    assert site.refusals("two") == {}


def test_what_becomes_empty_is_refused(site: Site) -> None:
    site.texts[TWO] = ""
    gone = "there is no count of two any more"
    assert site.refusals("two") == {"a/index.html": gone, "b.html": gone}
    assert site.refusals("one") == {}


def test_what_nobody_can_make_is_refused(site: Site) -> None:
    def make(_: Fragment) -> str:
        raise ValueError

    with site.state() as state:
        splice = Splice(site.output, state)
        splice.renew({"two": b"2"}, make)
        assert set(splice.refusals.values()) == {"nobody here can make count of two"}


def test_what_has_read_an_attribute_is_refused(site: Site) -> None:
    with site.splice("one") as (splice, _):
        splice.look("Post:x", [])
        splice.look("Post:x", ["comments", "count"])
        splice.look("Post:y", ["title"])
        assert splice.refusals == {}
        splice.look("Post:x", ["count", "title"])
        assert set(splice.refusals) == set(PAGES)
        assert splice.refusals["c.html"] == "its template looks at title of x"


def test_documents_are_made_if_they_were_made_from_something_else(site: Site) -> None:
    made: list[str] = []

    def document(name: str, inputs: bytes, text: str) -> tuple[str, bytes, Callable[[], str]]:
        def make() -> str:
            made.append(name)
            return text

        return name, inputs, make

    for expected in (["feed", "b.html"], []):
        with site.splice() as (splice, state):
            splice.put([document("feed", b"x", "Feed."), document("c.html", b"in", "Never.")])
            splice.put([document("b.html", b"in2", "A document now.")])
            assert sorted(splice.write({"topic": {"key": "fact"}})) == sorted(expected)
            assert state.facts.get("topic", "key") == "fact"
        assert made == expected
        made.clear()
    assert (site.output / "feed").read_text() == "Feed."
    assert (site.output / "b.html").read_text() == "A document now."
    (site.output / "feed").write_text("Hers.")
    with site.splice("two") as (splice, _):
        splice.put([document("feed", b"x", "Feed.")])
        splice.drop(["c.html", "never"])
        assert splice.write({}) == ["c.html", "feed"]
    assert not (site.output / "c.html").exists()
    with site.state() as state:
        assert set(state.files()) == {"a/index.html", "b.html", "feed"}


@pytest.mark.parametrize("killed_at", range(8))
def test_whoever_comes_next_finishes_what_was_interrupted(
    site: Site, killed_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is interrupted before or after any of the writes, or with one half done."""
    steps = iter(range(100))

    def interrupted(self: Outputs, name: str, data: bytes) -> object:
        if next(steps) == killed_at:
            raise KeyboardInterrupt
        made = write(self, name, data)
        if next(steps) == killed_at:
            (self.folder / name).with_name(".making-1").write_text("half")
            raise KeyboardInterrupt
        return made

    write = Outputs.write
    site.texts |= {ONE: "new one", TWO: "new two"}
    with monkeypatch.context() as patch, site.splice("one", "two") as (splice, _):
        patch.setattr(Outputs, "write", interrupted)
        patch.setattr("incremental.splicing._AT_ONCE", 10)
        splice.put([("feed", b"x", lambda: "Feed.")])
        try:
            splice.write({})
        except KeyboardInterrupt:
            assert killed_at < 6
        else:
            assert killed_at >= 6
    with site.state() as state:
        assert recover(site.output, state) == ({"one", "two"} if killed_at < 6 else set())
        assert recover(site.output, state) == set()
        assert list(state.intended()) == []
    assert not list(site.output.rglob(".making-*"))
    site.texts[TWO] = "newest two"
    site.renew("one", "two")
    assert site.is_right()


def test_a_build_after_an_interruption_needs_no_journal(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    site.texts[ONE] = "new"
    with monkeypatch.context() as patch, site.splice("one") as (splice, _):
        patch.setattr(State, "have", full)
        with pytest.raises(OSError, match="No space"):
            splice.write({})
    site.build()
    assert site.is_right()
    with site.state() as state:
        assert recover(site.output, state) == set()


fragments = st.sampled_from(
    [Fragment(kind, key) for kind in ("thread", "count") for key in ("one", "two", "three")]
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)


@given(
    pages=st.lists(st.lists(fragments | texts, max_size=6), min_size=1, max_size=4),
    edits=st.lists(st.dictionaries(fragments, texts), max_size=4),
)
def test_pages_are_always_as_a_build_would_make_them(
    pages: list[Page], edits: list[dict[Fragment, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("site")
    site = Site(root, {f"{number}.html": page for number, page in enumerate(pages)})
    site.build()
    for edit in edits:
        before = {name: site.page(name)[0] for name in site.pages}
        site.texts |= edit
        changed = {name for name, text in before.items() if site.page(name)[0] != text}
        assert set(site.renew(*{fragment.key for fragment in edit})) == changed
        for name in site.pages:
            assert (site.output / name).read_bytes() == site.page(name)[0].encode()


def test_what_it_costs_does_not_depend_on_the_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    read = Path.read_bytes

    def watch(path: Path) -> bytes:
        opened.append(path)
        return read(path)

    def cost(others: int) -> tuple[int, int]:
        """Steps of the database, and files that were opened, for a site with so many others."""
        many = {f"{number}.html": [Fragment("thread", str(number))] for number in range(others)}
        site = Site(tmp_path / str(others), {**many, **PAGES})
        site.build()
        site.texts[ONE] = "new"
        opened.clear()
        with site.state() as state:
            rows = _count_rows(state)
            splice = Splice(site.output, state)
            splice.renew({"one": b"2"}, site.text)
            splice.write({})
            return rows(), len(opened)

    monkeypatch.setattr(Path, "read_bytes", watch)
    assert cost(3) == cost(300)


def _count_rows(state: State) -> Callable[[], int]:
    """Return what tells how many steps the database's machine has made since, by thousands."""
    counted = []
    state._connection.set_progress_handler(lambda: counted.append(1), 10)
    return lambda: len(counted)
