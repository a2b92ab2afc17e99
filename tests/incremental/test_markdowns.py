"""One parser for many texts finds in each what a new one would."""

import random
from pathlib import Path
from typing import Any

import pytest
from pelican.readers import MarkdownReader, RstReader
from pelican.settings import DEFAULT_CONFIG

from incremental import markdowns
from incremental.markdowns import Shared, can_share

# Each leaves something behind that the next one must not see.
TEXTS = [
    "Title: A\nSummary: *Short* HTML[^1]\nTags: a, b\n\n# A\n\nText[^1] of HTML.\n\n[^1]: Note.\n",
    "Title: B\n\n[TOC]\n\n# A\n\n## B {#b .c}\n\n*[HTML]: Hyper\n\nHTML, [a][ref].\n\n[ref]: /r\n",
    "Title: C\nSummary: HTML, [a][ref] and\n    [[Wiki]]\n\nHTML, [a][ref]. [[Wiki]] 'so' -- o\n",
    "Title: D\n\n!!! note\n    Mind this:\n\n    - a\n    - b\n\n      more\n",
    "Title: E\n\nAfter it.\n\n    code\n\n```python\nx = 1\n```\n\n~~~\nplain\n~~~\n",
    "Title: F\n\na | b\n--|--\n1 | 2\n\nTerm\n:   Meaning\n\n3. three\n4. four\n\n* a\n\n1. b\n",
    'Title: G\n\n<div markdown="1">\n*in*\n\n<span markdown="span">*x*</span>\n</div>\n<b>raw</b>',
    "Title: H\nwiki_base_url: /w/\n\n[[Wiki]] <!-- open\n\n<div markdown=1>\nnever closed\n",
    "",
    "   \n",
    "No metadata, *text* only.\n",
    "Title: I\nTitle: J\nOther: x\n    y\n\nLine  \nbreak_in_word_ &copy; & < >\n",
]
EXTENSIONS = sorted(markdowns._ANEW)


def settings(names: list[str], **given: object) -> dict[str, Any]:
    markdown = {"extension_configs": {name: {} for name in names}, "extensions": [], **given}
    return {**DEFAULT_CONFIG, "MARKDOWN": markdown}


def sharing(made: dict[str, Any]) -> bool:
    return can_share(MarkdownReader(made), made)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("all_of_them", [True, False])
def test_texts_are_the_same_in_any_order(tmp_path: Path, seed: int, all_of_them: bool) -> None:  # noqa: FBT001  # a parameter
    chance = random.Random(seed)  # noqa: S311  # a seed for a test
    names = EXTENSIONS if all_of_them else chance.sample(EXTENSIONS, 6)
    reader = MarkdownReader(settings(names))
    shared = Shared(MarkdownReader(settings(names)))
    paths = []
    for number, text in enumerate(TEXTS):
        paths.append(tmp_path / f"{number}.md")
        paths[-1].write_text(text)
    for path in chance.choices(paths, k=60):
        assert repr(shared.read(str(path))[0]) == repr(reader.read(str(path))[0]), path
        usual, ours = reader.read(str(path))[1], shared.read(str(path))[1]
        assert list(ours) == list(usual)
        assert {name: str(value) for name, value in ours.items()} == {
            name: str(value) for name, value in usual.items()
        }


def test_after_a_failure_there_is_a_new_parser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = settings(["markdown.extensions.toc"])
    shared, path = Shared(MarkdownReader(made)), tmp_path / "a.md"
    path.write_text(TEXTS[0])
    first = shared.read(str(path))[0]
    with monkeypatch.context() as patch:
        patch.setattr(MarkdownReader, "process_metadata", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shared.read(str(path))
    assert shared.read(str(path))[0] == first
    with pytest.raises(FileNotFoundError):
        shared.read(str(tmp_path / "none.md"))
    assert shared.read(str(path))[0] == first


def test_only_parsers_that_begin_anew_are_shared() -> None:
    assert sharing(settings(EXTENSIONS))
    assert not sharing(settings(["somebody.elses"]))
    assert not sharing(settings([], extensions=[object()]))
    config = {"markdown.extensions.extra": {"footnotes": {"UNIQUE_IDS": True}}}
    assert not sharing(settings([], extension_configs=config))
    config = {"markdown.extensions.toc": {"slugify": str}}  # type: ignore[dict-item]  # a function
    assert not sharing(settings([], extension_configs=config))
    made = settings([])
    assert not can_share(RstReader(made), made)
    assert not can_share(type("MarkdownReader", (MarkdownReader,), {})(made), made)
