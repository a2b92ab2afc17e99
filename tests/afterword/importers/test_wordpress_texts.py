"""Posts and pages from WordPress's exports, as the files that they become."""

from dataclasses import replace
from pathlib import Path

import pytest

from afterword.errors import ImportRefused
from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.model import Status
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.conftest import CHANNEL, comment, document, item

FOLDERS = {"post": "posts", "page": "pages"}
TERMS = """<wp:category><wp:category_nicename>work</wp:category_nicename>
<wp:cat_name>Work &amp;amp; Life</wp:cat_name></wp:category>
<wp:category><wp:category_nicename>pay</wp:category_nicename>
<wp:category_parent>work</wp:category_parent><wp:cat_name>Pay, or/and not</wp:cat_name>
</wp:category>
<wp:category><wp:category_nicename>loop</wp:category_nicename>
<wp:category_parent>loop</wp:category_parent><wp:cat_name>Loop</wp:cat_name></wp:category>"""
LABELS = """<category domain="category" nicename="pay">Pay, or/and not</category>
<category domain="category" nicename="loop">Loop</category><category>Loop</category>
<category domain="post_tag" nicename="tea">Tea</category>
<category domain="post_tag" nicename="x">Milk, white</category>
<category domain="post_format" nicename="post-format-aside">Aside</category>"""


def export(tmp_path: Path, *items: str, uploads: Path | None = None, terms: str = "") -> WordPress:
    file = tmp_path / "blog.xml"
    file.write_text(document(*items, channel=CHANNEL + terms), encoding="utf-8")
    return WordPress((file,), Desk(FOLDERS, uploads))


def texts(target: Target) -> dict[str, str]:
    root = target.root / "content"
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.md"))
    }


@pytest.fixture
def empty(target: Target) -> Target:
    """A site without any post."""
    target.entries = {}
    return target


def test_a_post_is_a_file_with_all_that_is_known_of_it(tmp_path: Path, empty: Target) -> None:
    source = export(
        tmp_path,
        item(
            7,
            comment(10),
            title="Tom &amp; me<script>x()</script>",
            content="One <b>two</b>\nthree\n\nfour",
            excerpt="In <em>short</em>.\nReally.",
            post_modified="2012-03-15 10:00:00",
            post_modified_gmt="2012-03-15 09:00:00",
            comment_status="closed",
            is_sticky=1,
            more=LABELS,
        ),
        terms=TERMS,
    )
    report = empty.take_from(source)
    assert (report.entries, report.added, report.changed) == (1, {Status.APPROVED: 1}, [])
    assert texts(empty) == {
        "posts/first.md": (
            "Title: Tom &amp; me\n"
            "Date: 2012-03-14 10:00:00+01:00\n"
            "Modified: 2012-03-15 10:00:00+01:00\n"
            "Slug: first\n"
            "Category: Work & Life/Pay or-and not, Loop\n"
            "Tags: Tea; Milk, white;\n"
            "Format: aside\n"
            "Authors: Ruth Adler\n"
            "Comments: closed\n"
            "Guid: https://old.example/?p=7\n"
            "Sticky: yes\n"
            "Summary: In *short*. Really.\n"
            "\n"
            "One **two**  \nthree\n\nfour\n"
        )
    }
    assert set(empty.files()) == {"first/10.md"}
    again = empty.take_from(source)
    assert (again.entries, again.already, again.added, again.skipped) == (0, 2, {}, [])


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"status": "draft"}, "was not public (draft)"),
        ({"status": "private"}, "was not public (private)"),
        ({"status": "pending"}, "was not public (pending)"),
        ({"status": "future", "post_date": "2999-01-01 00:00:00"}, "was not public (future)"),
        ({"post_password": "secret"}, "had a password"),
    ],
)
def test_what_not_everybody_could_read_stays_out_of_the_site(
    tmp_path: Path, empty: Target, how: dict[str, str], why: str
) -> None:
    report = empty.take_from(export(tmp_path, item(7, comment(10), **how)))
    assert "\nStatus: skip\n" in texts(empty)["posts/first.md"]
    assert "secret" not in texts(empty)["posts/first.md"]
    assert report.changed[-1].why == f"{why}; its Status line keeps it out of the site"
    assert empty.files() == {}
    assert empty.get("10").status is Status.PENDING


def test_what_is_no_text_is_named_and_left_out(tmp_path: Path, empty: Target) -> None:
    source = export(
        tmp_path,
        item(1, status="trash"),
        item(2, post_type="nav_menu_item"),
        item(3, post_type="attachment", status="inherit"),
        item(4, post_type="portfolio"),
    )
    report = empty.take_from(source)
    assert [(each.reason.split(", ")[0], each.expected) for each in report.skipped] == [
        ("was in the trash there", True),
        ("is of the type 'nav_menu_item'", True),
        ("is an upload: comes along where a text shows it", True),
        ("is of the type 'portfolio'", False),
    ]
    assert not (empty.root / "content").exists()


def test_each_has_a_name_of_its_own(tmp_path: Path, empty: Target) -> None:
    source = export(
        tmp_path,
        item(1, status="draft"),
        item(2, comment(10)),
        item(3, comment(11), post_type="page"),
        item(4, post_name="", title="Très «bien»!"),
        item(5, post_name="", title="日本"),
        item(6, post_name="%e6%97%a5"),
        item(7, post_name="../../etc/passwd"),
        item(8, post_name="First"),
    )
    assert empty.take_from(source).entries == 8
    assert set(texts(empty)) == {
        "posts/first-1.md",
        "posts/first.md",
        "pages/first-3.md",
        "posts/tres-bien.md",
        "posts/post-5.md",
        "posts/日.md",
        "posts/etc-passwd.md",
        "posts/First-8.md",
    }
    assert set(empty.files()) == {"first/10.md", "first-3/11.md"}
    assert "Comments: open\n" in texts(empty)["pages/first-3.md"]


def test_links_between_posts_lead_to_files(tmp_path: Path, empty: Target) -> None:
    links = [
        "https://old.example/blog/2012/03/first/#comment-3",
        "http://www.old.example/?p=2",
        "/?page_id=3",
        "https://old.example/blog/gone/",
        "https://else.example/blog/2012/03/first/",
        "/?p=4",
        "mailto:a@b.example",
    ]
    content = " ".join(f'<a href="{each}">x</a>' for each in links)
    source = export(
        tmp_path,
        item(2),
        item(3, post_type="page", post_name="about", link="https://old.example/blog/about/"),
        item(4, status="private", post_name="secret", link="https://old.example/blog/secret/"),
        item(5, content=content, post_name="links", link="https://old.example/blog/links/"),
    )
    empty.take_from(source)
    assert texts(empty)["posts/links.md"].partition("\n\n")[2] == (
        "[x]({filename}/posts/first.md#comment-3) [x]({filename}/posts/first.md) "
        "[x]({filename}/pages/about.md) [x](https://old.example/blog/gone/) "
        "[x](https://else.example/blog/2012/03/first/) [x](/?p=4) [x](mailto:a@b.example)\n"
    )


def test_links_lead_to_where_the_site_has_a_post_already(tmp_path: Path, target: Target) -> None:
    file = tmp_path / "blog.xml"
    links = '<a href="/?p=7#end">x</a> <a href="/?p=8">y</a>'
    items = [item(7), item(8, post_name="new"), item(9, post_name="links", content=links)]
    file.write_text(document(*items), encoding="utf-8")
    there = {"first": "{filename}/notes/1?.md"}
    target.take_from(WordPress((file,), Desk(FOLDERS, there=there)))
    assert texts(target)["posts/links.md"].partition("\n\n")[2] == (
        "[x]({filename}/notes/1%3F.md#end) [y]({filename}/posts/new.md)\n"
    )


def test_uploads_that_are_shown_are_copied(tmp_path: Path, empty: Target) -> None:
    uploads = tmp_path / "uploads"
    (uploads / "2012").mkdir(parents=True)
    (uploads / "2012/cat.png").write_bytes(b"cat")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (uploads / "2012/link.png").symlink_to(tmp_path / "secret.png")
    base = "https://old.example/wp-content/uploads"
    pictures = [
        f"{base}/2012/cat-300x200.png",
        f"{base}/2012/dog.png",
        f"{base}/../secret.png",
        f"{base}/{tmp_path}/secret.png",
        f"{base}/2012/link.png",
        f"{base}/{'a' * 300}.png",
        "https://else.example/wp-content/uploads/2012/cat.png",
    ]
    content = "".join(f'<img src="{each}" alt="">' for each in pictures)
    source = export(tmp_path, item(7, content=content), uploads=uploads)
    report = empty.take_from(source)
    shown = texts(empty)["posts/first.md"].partition("\n\n")[2]
    assert shown.startswith("![]({static}/images/2012/cat.png)![](https://old.example/")
    copied = [path for path in (empty.root / "content/images").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in copied] == [b"cat"]
    assert [each.why for each in report.changed] == [
        f"needs {each}, which stays where it is" for each in pictures[1:]
    ]


def test_shortcodes_galleries_and_parts(tmp_path: Path, empty: Target) -> None:
    picture = item(
        8,
        post_type="attachment",
        status="inherit",
        post_parent=7,
        attachment_url="https://old.example/wp-content/uploads/c.png",
        more="<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key>"
        "<wp:meta_value>A cat</wp:meta_value></wp:postmeta>",
    )
    content = 'Begin.\n<!--more Go on-->\n[gallery] [form a="b"]\n<!--nextpage-->End.'
    report = empty.take_from(export(tmp_path, item(7, content=content), picture))
    head, _, body = texts(empty)["posts/first.md"].partition("\n\n")
    assert head.endswith("\nSummary: Begin.")
    assert body == (
        "Begin.\n\n<!--more-->\n\n![A cat](https://old.example/wp-content/uploads/c.png)\n\n"
        '\\[form a="b"\\]\n\n<!--nextpage-->\n\nEnd.\n'
    )
    assert "has the shortcode 'form', which stays as it is" in [each.why for each in report.changed]


def test_reusable_blocks_come_along_with_the_texts_that_show_them(
    tmp_path: Path, empty: Target
) -> None:
    blocks = [
        item(
            number,
            post_type="wp_block",
            status=status,
            content=f"<!-- wp:paragraph -->\n<p>Say <b>{words}</b>.</p>\n<!-- /wp:paragraph -->",
        )
        for number, status, words in ((8, "publish", "this"), (9, "draft", "nothing"))
    ]
    content = 'Begin.\n\n<!-- wp:block {"ref":8} /-->\n<!-- wp:block {"ref":9} /-->\n\nEnd.'
    report = empty.take_from(export(tmp_path, item(7, content=content), *blocks))
    assert texts(empty)["posts/first.md"].partition("\n\n")[2] == (
        "Begin.\n\nSay **this**.\n\nEnd.\n"
    )
    assert [each.why for each in report.changed] == [
        "has the reusable block '9', which is not there or was not public"
    ]
    assert report.clean


def test_footnotes_and_ampersands_are_what_readers_saw(tmp_path: Path, empty: Target) -> None:
    content = (
        'A<sup data-fn="x-1" class="fn"><a href="#x-1">1</a></sup> and ?a=1&para=2.\n\n<!--more-->'
        "\n\nB.\n\n<!-- wp:footnotes /-->"
    )
    field = (
        "<wp:postmeta><wp:meta_key>footnotes</wp:meta_key><wp:meta_value><![CDATA["
        '[{"content":"By <em>him</em>.","id":"x-1"}]]]></wp:meta_value></wp:postmeta>'
    )
    report = empty.take_from(export(tmp_path, item(7, content=content, more=field)))
    head, _, body = texts(empty)["posts/first.md"].partition("\n\n")
    assert head.endswith("\nSummary: A and ?a=1&para=2.")
    assert body == "A[^1] and ?a=1&para=2.\n\n<!--more-->\n\nB.\n\n[^1]: By *him*.\n"
    assert report.changed == []


def test_what_is_on_the_site_already_is_left_alone(tmp_path: Path, target: Target) -> None:
    source = export(tmp_path, item(7, comment(10)))
    report = target.take_from(source)
    assert [each.reason for each in report.skipped] == [
        "is on the site already, as it was built last, in another file"
    ]
    assert report.clean
    assert set(target.files()) == {"first/10.md"}


def test_edited_files_are_left_alone_unless_told(tmp_path: Path, empty: Target) -> None:
    source = export(tmp_path, item(7))
    empty.take_from(source)
    file = empty.root / "content/posts/first.md"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("One.", "Mine."), encoding="utf-8")
    assert empty.take_from(source).already == 1
    assert "Mine." in file.read_text(encoding="utf-8")
    assert empty.take_from(source, update=True).updated == 1
    assert file.read_text(encoding="utf-8") == before


def test_a_dry_run_writes_nothing_and_says_the_same(tmp_path: Path, empty: Target) -> None:
    source = export(tmp_path, item(7, comment(10), status="draft"))
    tried = empty.take_from(source, dry_run=True)
    assert not (empty.root / "content").exists()
    done = empty.take_from(source)
    assert (tried.entries, tried.added, tried.changed) == (done.entries, done.added, done.changed)


def test_real_exports_come_along(corpora: Path, empty: Target) -> None:
    counts = {}
    for file in sorted((corpora / "wordpress-importer").glob("*.xml")):
        source = WordPress((file,), Desk(FOLDERS))
        try:
            counts[file.stem] = empty.take_from(source, dry_run=True).entries
        except ImportRefused:
            continue
    assert counts["small-export"] == 11
    assert counts["valid-wxr-1.0"] == 6
    assert sum(counts.values()) == 41


def test_no_page_takes_the_place_of_one_of_the_site(tmp_path: Path, empty: Target) -> None:
    """Pelican refuses to make two pages at one address, and then makes none."""
    source = export(tmp_path, item(7, post_name="Archives", post_type="page"))
    assert source.desk
    desk = replace(source.desk, reserved=["archives"])
    empty.take_from(replace(source, desk=desk))
    assert texts(empty).keys() == {"pages/Archives-7.md"}


def test_what_is_no_address_stops_nothing(tmp_path: Path, empty: Target) -> None:
    enclosed = (
        "<wp:postmeta><wp:meta_key>enclosure</wp:meta_key>"
        "<wp:meta_value>http://[x</wp:meta_value></wp:postmeta>"
    )
    endless = f"&amp;#{'9' * 5000};"
    post = item(7, title=f"&#{'9' * 5000};", link="http://[x", creator=endless, more=enclosed)
    assert empty.take_from(export(tmp_path, post)).entries == 1
    assert f"Title: {endless}\n" in texts(empty)["posts/first.md"]
