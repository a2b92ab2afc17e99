"""Levels of headings, as the outline of a page has them."""

import pytest

from afterword.importers.wxr.headings import levelled


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<h2>a</h2><h3>b</h3><h2>c</h2>", "<h2>a</h2><h3>b</h3><h2>c</h2>"),
        ("<h1>a</h1><h4 id='x'>b</h4>", "<h2>a</h2><h3 id='x'>b</h3>"),
        ("<h3>a</h3><h3>b</h3><h5>c</h5><h4>d</h4>", "<h2>a</h2><h2>b</h2><h3>c</h3><h3>d</h3>"),
        ("<H4>a <em>b</em></H4 >", "<h2>a <em>b</em></h2>"),
        ("<h2> <br></h2><h3><img src='a'></h3>", " <br><h2><img src='a'></h2>"),
        ("<h3>a</h3><!--more--><h4>b</h4>", "<h2>a</h2><!--more--><h3>b</h3>"),
        ("<h2>never closed", "<h2>never closed"),
        (
            "".join(f"<h{n}>a</h{n}>" for n in range(1, 7)),
            "<h2>a</h2><h3>a</h3><h4>a</h4><h5>a</h5><h6>a</h6><h6>a</h6>",
        ),
    ],
)
def test_each_stands_one_level_below_what_it_stands_under(before: str, after: str) -> None:
    assert levelled(before) == after
