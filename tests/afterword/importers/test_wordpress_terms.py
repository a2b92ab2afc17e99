"""Descriptions of categories and tags from WordPress's exports, as the files that they become."""

from pathlib import Path

import pytest

from afterword.importers.wordpress import WordPress
from afterword.importers.wxr.desk import Desk
from afterword.importers.wxr.records import Term
from afterword.importers.wxr.terms import own_name, tag_name
from tests.afterword.importers.conftest import Target
from tests.afterword.importers.wxr.conftest import CHANNEL, document, item

FOLDERS = {"post": "posts", "page": "pages", "category": "categories", "post_tag": "tags"}


def category(slug: str, name: str, about: str = "", parent: str = "") -> str:
    return (
        f"<wp:category><wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name><![CDATA[{name}]]></wp:cat_name>"
        f"<wp:category_description><![CDATA[{about}]]></wp:category_description></wp:category>\n"
    )


def tag(slug: str, name: str, about: str = "") -> str:
    return (
        f"<wp:tag><wp:tag_slug>{slug}</wp:tag_slug><wp:tag_name><![CDATA[{name}]]></wp:tag_name>"
        f"<wp:tag_description><![CDATA[{about}]]></wp:tag_description></wp:tag>\n"
    )


def label(slug: str, domain: str = "category") -> str:
    return f'<category domain="{domain}" nicename="{slug}">x</category>'


def export(tmp_path: Path, terms: str, *items: str) -> WordPress:
    file = tmp_path / "blog.xml"
    file.write_text(document(*items, channel=CHANNEL + terms), encoding="utf-8")
    return WordPress((file,), Desk(FOLDERS))


def texts(target: Target, *folders: str) -> dict[str, str]:
    root = target.root / "content"
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((root / folder).rglob("*.md"))
    }


@pytest.fixture
def empty(target: Target) -> Target:
    """A site without any post."""
    target.entries = {}
    return target


def test_descriptions_are_files_that_say_what_they_are_of(tmp_path: Path, empty: Target) -> None:
    terms = (
        category("job", "Work &amp; Life", "What <b>one</b> does.\n\nAnd\nhow.")
        + category("wages", "Pay, or/and not", "See <a href='/?p=1'>there</a>.", parent="job")
        + category("plain", "Plain")
        + tag("tea", "Tea; black", "For <em>five</em> o'clock.")
    )
    source = export(tmp_path, terms, item(1, more=label("wages") + label("tea", "post_tag")))
    report = empty.take_from(source)
    assert texts(empty, "categories", "tags") == {
        "categories/job.md": "Describes: Work & Life\n\nWhat **one** does.\n\nAnd  \nhow.\n",
        "categories/job/wages.md": "Describes: Work & Life/Pay or-and not\n"
        "Title: Pay, or/and not\n\nSee [there]({filename}/posts/first.md).\n",
        "tags/tea.md": "Describes: Tea, black\n\nFor *five* o'clock.\n",
    }
    assert (
        "Category: Work & Life/Pay or-and not\nTags: Tea, black;\n"
        in (texts(empty, "posts")["posts/first.md"])
    )
    assert (report.entries, report.skipped, report.changed) == (4, [], [])
    again = empty.take_from(source)
    assert (again.entries, again.already, again.skipped) == (0, 4, [])


def test_two_of_one_name_are_two(tmp_path: Path, empty: Target) -> None:
    terms = category("a", "A") + category("b", "B")
    terms += category("n1", "News", parent="a") + category("n2", "News", parent="b")
    labels = "".join(map(label, ("n1", "n2"))) + "<category>x</category>"
    empty.take_from(export(tmp_path, terms, item(1, more=labels)))
    assert "Category: A/News, B/News\n" in texts(empty, "posts")["posts/first.md"]


def test_what_no_post_is_filed_under_is_not_described(tmp_path: Path, empty: Target) -> None:
    terms = category("gone", "Gone", "Nothing is here.") + tag("tea", "Tea", "Cold.")
    report = empty.take_from(
        export(tmp_path, terms, item(1, status="trash", more=label("gone")), item(2))
    )
    assert texts(empty, "categories", "tags") == {}
    assert [(each.place, each.expected) for each in report.skipped] == [
        ("category gone", True),
        ("tag tea", True),
        ("blog.xml: item 1", True),
    ]


def test_what_plugins_file_posts_under_is_named(tmp_path: Path, empty: Target) -> None:
    labels = label("dave", "author") + label("one", "series") + label("aside", "post_format")
    report = empty.take_from(export(tmp_path, "", item(1, more=labels)))
    assert "Authors: x\n" in texts(empty, "posts")["posts/first.md"]
    assert [each.why for each in report.changed] == ["is filed under series 'x', which stays out"]


def test_what_can_be_in_no_line_is_named(tmp_path: Path, empty: Target) -> None:
    source = export(tmp_path, category("odd", ",", "Said."), item(1, more=label("odd")))
    report = empty.take_from(source)
    assert texts(empty, "categories") == {}
    assert "Category" not in texts(empty, "posts")["posts/first.md"]
    assert [each.place for each in report.skipped] == ["category odd"]


def test_a_description_that_was_edited_stays_and_one_by_hand_too(
    tmp_path: Path, empty: Target
) -> None:
    terms = category("work", "Work", "Theirs.") + tag("tea", "Tea", "Theirs.")
    source = export(tmp_path, terms, item(1, more=label("work") + label("tea", "post_tag")))
    content = empty.root / "content"
    (content / "tags").mkdir(parents=True)
    (content / "tags/tea.md").write_text("Mine.\n", encoding="utf-8")
    first = empty.take_from(source)
    assert [each.place for each in first.skipped] == ["tag tea"]
    edited = "Describes: Work\n\nMine.\n"
    (content / "categories/work.md").write_text(edited, encoding="utf-8")
    assert empty.take_from(source).already == 2
    assert texts(empty, "categories", "tags") == {
        "categories/work.md": edited,
        "tags/tea.md": "Mine.\n",
    }


def test_each_description_has_a_file_of_its_own(tmp_path: Path, empty: Target) -> None:
    slugs = ["a!b", "A?b", "../x", "%F0", "x" * 150, "y" * 150]
    terms = "".join(
        category(each, f"Name {number}", "Said.", parent="x" * 150 if each[0] == "y" else "")
        for number, each in enumerate(slugs)
    )
    source = export(tmp_path, terms, item(1, more="".join(map(label, slugs))))
    report = empty.take_from(source)
    assert (report.entries, report.skipped) == (1 + len(slugs), [])
    assert len(texts(empty, "categories")) == len(slugs)
    assert f"categories/{'y' * 150}.md" in texts(empty, "categories")


def test_terms_that_stand_above_each_other_come_to_an_end(tmp_path: Path, empty: Target) -> None:
    terms = category("a", "A", "One.", parent="b") + category("b", "B", "Two.", parent="a")
    empty.take_from(export(tmp_path, terms, item(1, more=label("a"))))
    assert texts(empty, "categories") == {
        "categories/b/a.md": "Describes: B/A\n\nOne.\n",
        "categories/a/b.md": "Describes: A/B\n\nTwo.\n",
    }


def test_no_name_is_longer_than_that_of_a_folder() -> None:
    assert tag_name("x" * 300) == own_name(Term("category", "x", "x" * 300, "", "")) == "x" * 200
