"""Who wrote a post."""

import pytest

from afterword.importers.wxr.reader import records
from afterword.importers.wxr.records import Author, Item
from afterword.importers.wxr.writers import guest, names
from tests.afterword.importers.wxr.conftest import Written, item

WRITERS = {
    "ruth": Author("3", "ruth", "", "Ruth Adler"),
    "dave-b": Author("", "dave-b", "", "Dave B."),
}


def label(slug: str, name: str) -> str:
    return f'<category domain="author" nicename="{slug}">{name}</category>'


def read(written: Written, text: str) -> Item:
    (found,) = [each for each in records(written(text)) if isinstance(each, Item)]
    return found


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        ((), ["Ruth Adler"]),
        ((label("cap-ruth", "ruth"), label("cap-dave-b", "Dave")), ["Ruth Adler", "Dave B."]),
        ((label("cap-eve", "eve"),), ["eve"]),
        ((label("cap-eve", ""),), ["eve"]),
    ],
)
def test_it_is_shown_by_the_names_of_its_authors(
    written: Written, labels: tuple[str, ...], shown: list[str]
) -> None:
    assert names(read(written, item(1, more="".join(labels))), WRITERS) == shown


def test_a_guest_is_an_author(written: Written) -> None:
    meta = "".join(
        f"<wp:postmeta><wp:meta_key>cap-{key}</wp:meta_key><wp:meta_value>{value}"
        "</wp:meta_value></wp:postmeta>"
        for key, value in (("display_name", "Dave B."), ("user_login", "dave-b"))
    )
    kept = item(9, post_type="guest-author", post_name="cap-dave", title="Dave", more=meta)
    assert guest(read(written, kept)) == WRITERS["dave-b"]
    bare = item(9, post_type="guest-author", post_name="cap-dave", title="Dave")
    assert guest(read(written, bare)) == Author("", "dave", "", "Dave")
