"""A blog that leaves WordPress: imported by the command, and built."""

from tests.afterword.cli.conftest import Queue
from tests.afterword.importers.wxr.conftest import CHANNEL, comment, document, item
from tests.service import OPEN
from tests.site import Site

CATEGORIES = """<wp:category><wp:category_nicename>job</wp:category_nicename>
<wp:cat_name>Job</wp:cat_name>
<wp:category_description>What &lt;em&gt;others&lt;/em&gt; pay for.</wp:category_description>
</wp:category>
<wp:category><wp:category_nicename>pay</wp:category_nicename>
<wp:category_parent>job</wp:category_parent><wp:cat_name>Pay, not love</wp:cat_name>
</wp:category>
<wp:tag><wp:tag_slug>a</wp:tag_slug><wp:tag_name>Tea, black</wp:tag_name>
<wp:tag_description>Without milk.</wp:tag_description></wp:tag>"""
LABELS = """<category domain="category" nicename="pay">Pay, not love</category>
<category domain="post_tag" nicename="a">Tea, black</category>"""


def test_what_was_public_is_on_the_site_and_nothing_else(site: Site) -> None:
    text = document(
        item(
            1,
            comment(10),
            comment(11, parent=10, type="note", content="Between editors."),
            comment(12, approved=0, content="Not yet."),
            content='See <a href="/about/">there</a>.',
            more=LABELS,
        ),
        item(2, comment(13, content="In private."), post_name="secret", status="private"),
        item(3, post_name="later", status="future", post_date="2999-01-01 00:00:00"),
        item(4, post_name="about", post_type="page", link="https://old.example/about/"),
        item(5, post_name="", status="draft", title="Unfinished", post_date="0000-00-00 00:00:00"),
        channel=CHANNEL + CATEGORIES,
    )
    site.write({"blog.xml": text, "pelicanconf.py": OPEN})
    said = Queue(site).run("import", "wordpress", "blog.xml").stdout
    assert "8 posts, pages and descriptions added" in said
    build = site.build()
    page = build.read("first/index.html")
    assert 'id="comment-10"' in page
    assert 'href="/about/"' in page.replace("https://blog.example", "")
    shown = "".join(
        path.read_text(encoding="utf-8")
        for path in build.output.rglob("*")
        if path.suffix in {".html", ".xml", ".json"}
    )
    for hidden in ("Between editors", "Not yet", "In private", "secret", "later/", "Unfinished"):
        assert hidden not in shown
    assert "https://old.example/?p=1<" in shown
    assert "<p>What <em>others</em> pay for.</p>" in build.read("category/job/index.html")
    assert "Archives: Pay, not love" in build.read("category/job/pay-not-love/index.html")
    assert "<p>Without milk.</p>" in build.read("tag/tea-black/index.html")
    again = Queue(site).run("import", "wordpress", "blog.xml").stdout
    assert "0 added, 11 there already, 1 skipped" in again
    led = Queue(site).done("redirects", "blog.xml", "--for", "netlify").splitlines()
    for line in (
        "/blog/2012/03/first/ /first/ 301",
        "/blog/2012/03/first/feed/ /first/comments.rss.xml 301",
        "/blog/ p=1 /first/ 301!",
        "/blog/ page_id=4 /about/ 301!",
        "/blog/category/job/pay/ /category/job/pay-not-love/ 301",
    ):
        assert line in led
    assert not [line for line in led if line.startswith("/about/ ")]


def test_texts_link_to_what_the_site_has_whatever_its_file_is_called(site: Site) -> None:
    site.write(
        {
            "content/posts/2012/one.md": "Title: One\nDate: 2012-03-14\nSlug: first\n\nX",
            "content/posts/renamed.md": "Title: R\nDate: 2012-03-14\nGuid: https://old.example/?p=3\n\nX",
            "blog.xml": document(
                item(1),
                item(2, content='<a href="/?p=1">x</a> <a href="/?p=3">y</a>', post_name="second"),
                item(3, post_name="third", link="https://old.example/third/"),
            ),
            "pelicanconf.py": OPEN,
        }
    )
    site.build()
    said = Queue(site).run("import", "wordpress", "blog.xml").stdout
    assert "1 posts, pages and descriptions added" in said
    page = site.build().read("second/index.html")
    assert 'href="https://blog.example/first/"' in page
    assert 'href="https://blog.example/r/"' in page
