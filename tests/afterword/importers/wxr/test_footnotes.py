"""Footnotes of WordPress's editor as those of Markdown."""

import json

import pytest

from afterword.importers.wxr.footnotes import Footnotes

FIELD = json.dumps([{"id": "a-1", "content": "One."}, {"id": "b-2", "content": "Two\n\nparts."}])
HTML = (
    '<p>Say<sup data-fn="b-2" class="fn"><a href="#b-2" id="b-2-link">1</a></sup> it'
    "<sup class='fn' data-fn='a-1'><a>2</a></sup> x<sup>2</sup>"
    '<sup data-fn="gone">3</sup></p>\n<!-- wp:footnotes {"a":"b"} /-->'
)


def test_marks_and_texts_are_put_together() -> None:
    notes = Footnotes.read(FIELD)
    marked = notes.marked(HTML)
    assert "footnotes" not in marked
    assert "b-2" not in marked
    text = marked.removeprefix("<p>").removesuffix("</p>\n")
    assert notes.removed(text) == 'Say it x<sup>2</sup><sup data-fn="gone">3</sup>'
    assert notes.explained(text, str) == (
        'Say[^2] it[^1] x<sup>2</sup><sup data-fn="gone">3</sup>\n\n'
        "[^1]: One.\n\n[^2]: Two\n\n    parts."
    )


@pytest.mark.parametrize("field", ["", "[]", "nonsense", "{}", '"x"', "[1]", "[" * 100_000])
def test_what_is_no_list_of_footnotes_changes_nothing(field: str) -> None:
    notes = Footnotes.read(field)
    assert notes.marked(HTML) == HTML
    assert notes.explained("text", str) == "text"
