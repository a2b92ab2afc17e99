"""Changes: each is one that a build can be asked to show, and none looks like another."""

from pathlib import Path

import pytest

from bench.changes import Blog, Proof, page_of
from bench.corpus import Corpus, write
from bench.layouts import LAYOUTS

LAYOUT_NAMES = sorted(LAYOUTS)


def blog(layout: str, folder: Path) -> Blog:
    corpus = Corpus(12)
    write(corpus, folder, LAYOUTS[layout])
    return Blog(corpus, LAYOUTS[layout], folder, corpus.ordinary())


def texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in folder.rglob("*") if path.suffix in {".md", ".json"}}


@pytest.mark.parametrize("kind", ["response", "edit"])
@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_change_is_in_one_file_and_its_words_are_new(
    layout: str, kind: str, tmp_path: Path
) -> None:
    one = blog(layout, tmp_path / "site")
    for number in (1, 2):
        before = texts(one.folder)
        one, proof = one.change(kind, number)
        after = texts(one.folder)
        (changed,) = [path for path in after if before.get(path) != after[path]]
        assert proof.words in after[changed]
        assert proof.page == page_of(one.post)
        assert all(proof.words not in text for text in before.values())


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_change_keeps_those_before_it(layout: str, tmp_path: Path) -> None:
    one, first = blog(layout, tmp_path / "site").change("response", 1)
    one, second = one.change("response", 2)
    one, third = one.change("edit", 3)
    text = "\n".join(texts(one.folder).values())
    assert all(proof.words in text for proof in (first, second, third))


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_new_post_is_the_newest(layout: str, tmp_path: Path) -> None:
    one = blog(layout, tmp_path / "site")
    before = texts(one.folder)
    _, proof = one.change("post", 1)
    (new,) = texts(one.folder).keys() - before.keys()
    assert proof.words in new.read_text()
    assert one.corpus.post(one.corpus.size + 1).date > max(p.date for p in one.corpus.posts())


@pytest.mark.parametrize("layout", ["hugo-data", "hugo-pages"])
def test_a_template_gets_an_empty_line(layout: str, tmp_path: Path) -> None:
    one = blog(layout, tmp_path / "site")
    template = one.folder / one.layout.template
    before = template.read_text()
    one.change("template", 1)
    assert template.read_text().replace("\n\n", "\n") == before.replace("\n\n", "\n")
    assert len(template.read_text()) == len(before) + 1


def test_our_template_has_the_line_that_gets_another() -> None:
    layout = LAYOUTS["pelican"]
    assert layout.line in Path(layout.template).read_text()


@pytest.mark.parametrize(
    ("proof", "before", "after", "holds"),
    [
        (Proof("a", "new"), "old", "old new", True),
        (Proof("a", "new"), "", "new", True),
        (Proof("a", "new"), "old", "old", False),
        (Proof("a", "new"), "new", "new", False),
        (Proof("a"), "old", "other", True),
        (Proof("a"), "old", "old", False),
    ],
)
def test_a_proof_wants_what_was_not_there_before(
    proof: Proof, before: str, after: str, *, holds: bool
) -> None:
    assert proof.holds(before, after) is holds
