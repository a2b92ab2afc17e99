"""Whatever was typed once is valid HTML now, and shows the same."""

import pytest
from bs4 import BeautifulSoup

from afterword.importers.wxr.wellformed import modernise, well_formed

TABLE = "<table><tbody><tr>"
ELBAT = "</tr></tbody></table>"


def modern(html: str) -> str:
    soup = BeautifulSoup(well_formed(html), "html.parser")
    modernise(soup)
    return str(soup)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>a<div>b</div>c</p>", "<p>a</p><div>b</div>c<p></p>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"),
        ("<center><font size=7>a</font></center>", "<div>a</div>"),
        ("<tt>a</tt><strike>b</strike><blink>c</blink>", "<code>a</code><del>b</del>c"),
        ('<acronym title="b">a</acronym>', '<abbr title="b">a</abbr>'),
        ("<strong><p>a</p></strong>", "<p>a</p>"),
        ("<h2>a<p>b</p></h2><h3> </h3>", "<h2>ab</h2> "),
        ("<table><tr><th></th><th>a</th></tr></table>", f"{TABLE}<td></td><th>a</th>{ELBAT}"),
        ("<li>a</li><figcaption>b</figcaption>", "<div>a</div><p>b</p>"),
        ("<ul>a<p>b</p><li>c</li></ul>", "<ul><li>a</li><li><p>b</p></li><li>c</li></ul>"),
        ('<p style="color:#eee" onclick="x()" class="y" align="left">a</p>', "<p>a</p>"),
        ('<td width=9>a</td><p id="b">c</p>', "a<p>c</p>"),
        ("<math><mi>x</mi></math>", "<math><mi>x</mi></math>"),
        ("<pre>\n a</pre>", "<pre> a</pre>"),
        ("<h2><b>a<h2>b", "<h2>ab</h2>"),
        ("<h2><b><h2>", ""),
    ],
)
def test_tags_stand_where_they_may_and_are_those_of_today(before: str, after: str) -> None:
    assert modern(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="">a</a><a href="http://">b</a><a>c</a>', "abc"),
        ('<a href="javascript:x()">a</a><a href="data:text/html,x">b</a>', "ab"),
        ('<a href="mailto:a@b.example">a</a>', '<a href="mailto:a@b.example">a</a>'),
        ('<a name="x"></a><a href="#x">a</a>', '<span id="x"></span><a href="#x">a</a>'),
        (
            '<p id="x">a</p><p id="x">b</p><a href="#x">c</a>',
            '<p><span id="x"></span>a</p><p>b</p><a href="#x">c</a>',
        ),
        ('<h2 id="x">a</h2><h2 id="x">b</h2>', '<h2 id="x">a</h2><h2>b</h2>'),
    ],
)
def test_links_lead_somewhere_and_anchors_stand_once(before: str, after: str) -> None:
    assert modern(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img><img src="">', ""),
        ('<img src="a.png" width="100%" height="20">', '<img alt="" height="20" src="a.png"/>'),
        ('<a href="a.png"><img src="a.png"></a>', '<img alt="" src="a.png"/>'),
        (
            '<a href="/b/" title="To b"><img src="a.png" alt=" "></a>',
            '<a href="/b/" title="To b"><img alt="To b" src="a.png"/></a>',
        ),
        (
            '<a href="/b/"><img src="/x/my-cat%20.png"></a>',
            '<a href="/b/"><img alt="my cat " src="/x/my-cat%20.png"/></a>',
        ),
        (
            '<figure><a href="b"><img src="a"></a><figcaption>A <b>c</b></figcaption></figure>',
            '<figure><a href="b"><img alt="A c" src="a"/></a><figcaption>A <b>c</b></figcaption>',
        ),
        (
            '<a href="/b/"><img src="a.png">words</a>',
            '<a href="/b/"><img alt="" src="a.png"/>words</a>',
        ),
    ],
)
def test_a_link_that_is_a_picture_has_a_name(before: str, after: str) -> None:
    made = BeautifulSoup(modern(before), "html.parser")
    assert made == BeautifulSoup(after, "html.parser")


def test_what_is_too_much_is_made_less() -> None:
    made = well_formed("<div onclick='x()'>" * 30_000)
    assert made == "<div>" * 60 + " " * 29_940 + "</div>" * 60
