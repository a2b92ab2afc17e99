"""Reusable blocks, put into the texts that show them."""

from afterword.importers.wxr.reusable import Reusable


def ref(number: object, more: str = "") -> str:
    return f'<!-- wp:block {{"ref":{number}{more}}} /-->'


def test_their_contents_stand_where_they_are_shown() -> None:
    blocks = Reusable({"1": f"one {ref(2)}", "2": "two"})
    text = f'a {ref(1)} b <!-- wp:core/block {{"ref":2}} /--> c <!-- wp:spacer /-->'
    assert blocks.inlined(text) == "a one two b two c <!-- wp:spacer /-->"
    assert not blocks.notes


def test_what_is_not_there_is_named() -> None:
    blocks = Reusable({"1": "one"})
    assert blocks.inlined(f'{ref(7)}<!-- wp:block {{"ref"}} /-->{ref(1)}') == "one"
    assert list(blocks.notes) == [
        "has the reusable block '7', which is not there or was not public",
        "has the reusable block '', which is not there or was not public",
    ]


def test_words_that_one_post_has_in_a_block_are_missed() -> None:
    blocks = Reusable({"1": "one"})
    assert blocks.inlined(ref(1, ',"content":{"Name":{"content":"mine"}}')) == "one"
    assert list(blocks.notes) == [
        "has the reusable block '1' with words of its own, which stay out"
    ]


def test_blocks_that_hold_each_other_come_to_an_end() -> None:
    blocks = Reusable({"1": f"a{ref(2)}", "2": f"b{ref(1)}"})
    assert blocks.inlined(ref(1)) == "ab"
    assert list(blocks.notes) == ["has the reusable block '1' again and again"]


def test_blocks_that_would_fill_the_world_do_not() -> None:
    many = {str(number): ref(number + 1) * 10 for number in range(1, 20)} | {"20": "x"}
    blocks = Reusable(many)
    assert len(blocks.inlined(ref(1))) < 10_000
    assert blocks.notes
