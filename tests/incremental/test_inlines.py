"""What stands within lines is found as Markdown finds it."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.inlinepatterns import Pattern, SimpleTagInlineProcessor, SimpleTagPattern
from markdown.treeprocessors import InlineProcessor

from incremental.inlines import Brief, be_brief

_EXTENSIONS: Final = [
    f"markdown.extensions.{name}"
    for name in ("extra", "legacy_attrs", "nl2br", "sane_lists", "smarty", "toc", "wikilinks")
]
# What has a meaning within lines, alone and together.
_PIECES: Final = st.sampled_from(
    [
        *"*_`\\[]()<>!&\"'{}:|-. ab\n",
        *("**", "__", "--", "...", "[[", "]]", "](u)", "![", "[^1]", "http://x.y", "<b>", "</b>"),
        *("&amp;", "  \n", "\n\n", "[a]: u\n", "*[ab]: long\n", "[^1]: note\n", "{: #id }", "- "),
        *("1. ", "> ", "# ", "<a@b.c>", "\u2003", "\x02", "\x03", "klzzwxh:0001"),
    ]
)


def parser(*, brief: bool) -> Markdown:
    one = Markdown(extensions=_EXTENSIONS, output_format="html")
    if brief:
        be_brief(one)
    return one


# Something that each pattern finds.
_EVERYTHING: Final = r"""
`code` and \\* ![i][a] ![i](u "t") [l][a] [l](<u> "t") ![a] [a] <http://x.y> <a@b.c> a$
b&amp;c <b>d</b> *e **f*** __g__ _h_ ***i j*** a_b_c * _ [[Wiki Word]] [^1] x{@a=b}
'q' "r" -- --- ... << >> don't "'s'" *k*{: .m } l **n**o ~~p~~ HTML

[a]: http://u.example "title"
[^1]: A note.
*[HTML]: Long
""".replace("$", "  ")


@example([_EVERYTHING])
@given(st.lists(st.lists(_PIECES, max_size=40).map("".join), min_size=1, max_size=3))
def test_any_text_comes_out_the_same(texts: list[str]) -> None:
    usual, brief = parser(brief=False), parser(brief=True)
    for text in texts:
        assert brief.reset().convert(text) == usual.reset().convert(text)


def test_all_that_look_into_lines_are_brief() -> None:
    kinds = [type(each) for each in parser(brief=True).treeprocessors]
    assert kinds.count(Brief) == 2  # Markdown's own, and that of the typographer
    assert InlineProcessor not in kinds


@pytest.mark.parametrize(
    "pattern",
    [SimpleTagPattern(r"(%)(.+?)%", "i"), SimpleTagInlineProcessor(r"()%(.+?)%", "i")],
)
def test_patterns_of_either_kind_are_asked_also_where_they_come_late(pattern: Pattern) -> None:
    for brief in (False, True):
        one = parser(brief=brief)
        assert one.convert("some %text%") == "<p>some %text%</p>"
        one.inlinePatterns.register(pattern, "late", 1)
        assert one.reset().convert("some %text% *and %more%*") == (
            "<p>some <i>text</i> <em>and <i>more</i></em></p>"
        )
